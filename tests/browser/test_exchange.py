"""A reader's lists with rows in every state, and a refused button, in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update

from app import create_app
from app.models.base import db
from app.models.book import Book, now
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.exchange.drift import DriftState, Way
from app.rules.exchange.listing import Condition
from app.services.bean.transfers import grant_beans
from app.services.delivery.postal_address import PostalAddress, keep_address
from app.services.exchange.gift import offer_gift
from config import Testing
from tests.browser.conftest import look, served
from tests.exchange import HOME, LOANS, PATHS, ask, book, copy_of, exchange, id_of, reader, wish_for
from tests.factories import PASSWORD
from tests.servers import free_port

ME, OTHER, ASKER = "me@example.org", "other@example.org", "asker@example.org"


@dataclass(frozen=True)
class Site:
    """A site with one reader who has rows in every state."""

    url: str
    paths: list[str]
    free: str
    """The path of a page on which a copy can be asked for."""
    drift: int
    """A request that waits for the decision of `OTHER`."""


@pytest.fixture(scope="module")
def exchanges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site; `ME` has rows in every state, in both roles."""
    folder, port = tmp_path_factory.mktemp("exchanges"), free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(
        Testing(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/fisher.db",
            SEARCH_INDEX_PATH=f"{folder}/search.db",
            SITE_URL=url,
            ROWS_PER_PAGE=10,
        )
    )
    with app.app_context():
        db.create_all()
        site = fill(url)
        db.session.remove()
    with served(app, port):
        yield site


def fill(url: str) -> Site:
    """Store the rows."""
    me, other = reader(2, email=ME, nickname="一个名字很长很长的读者也要放得下"), reader(0, email=OTHER)
    for state in DriftState:
        reached = DriftState.RECEIVED if state is DriftState.PASSED_ON else state
        way = next((way for way in Way if reached in PATHS[way]), Way.POST)
        days = 30 if state in LOANS else None
        asked, given = (exchange(reached, now(), way, days) for _ in range(2))
        values = {"state": state, "asker_id": me, "tracking": "SF-1234567890"}
        db.session.execute(update(Drift).where(Drift.id == asked.drift).values(values))
        db.session.execute(update(Drift).where(Drift.id == given.drift).values(state=state, giver_id=me))
        db.session.execute(update(Gift).where(Gift.id == given.gift).values(giver_id=me))
        db.session.commit()
    for number in range(12):
        grant_beans(me, 1, f"gift-{number}", now())
    with db.auto_commit():
        for who in (me, reader(1, email=ASKER, nickname="读者")):
            keep_address(who, PostalAddress("王小明", "13800001111", "北京市海淀区" + "很长的路" * 25))
    wanted, given, mine = book(), book(), book()
    wish_for(me, wanted)
    kept = copy_of(other, wanted, now())
    wish_for(me, given)
    wish_for(me, book())
    for wisher in (reader(), reader()):
        wish_for(wisher, mine)
    offer_gift(me, id_of(mine), Condition.WORN, "页边有铅笔写的字，" * 20, None, now())
    taken = copy_of(me, now=now())
    waiting = reader()
    ask(waiting, taken, now(), "一点点话" * 40)
    asked = Book.get_number(db.session.get_one(Gift, taken).book_id)
    accepted = ask(reader(), copy_of(other, now=now()), now(), "请包好")
    free = copy_of(reader(0), now=now())
    pages = ["/pending", "/pending?page=2", "/my/gifts", "/my/wish", "/personal", f"/drift/{free}", f"/drift/{taken}"]
    pages += [f"/book/{isbn}/detail" for isbn in (wanted, mine, asked)]
    return Site(url, [*pages, f"/drift/{kept}"], f"/drift/{free}", accepted)


def log_in(context: BrowserContext, site: Site, email: str) -> Page:
    page = context.new_page()
    page.goto(f"{site.url}/login")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{site.url}/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "language", "lines"), [(390, "zh", 2), (1280, "en", 1)])
def test_lists_with_rows_in_every_state_fit_and_are_accessible(
    chromium: Browser, exchanges, width, language, lines, scheme
):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = log_in(context, exchanges, ME)
    page.goto(f"{exchanges.url}/language")
    page.locator(f"main input[value={language}]").check()
    page.locator("main button").click()
    found = look(page, exchanges.url, exchanges.paths)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert page.locator(".site-header").bounding_box()["height"] < 60 * lines + 10
    page.goto(f"{exchanges.url}/pending")
    expect(page.locator(".time-line")).to_have_count(10)
    context.close()


def test_a_button_that_is_refused_leads_back_to_its_list_which_says_why(chromium: Browser, exchanges):
    context = chromium.new_context(locale="en-GB")
    first = log_in(context, exchanges, OTHER)
    first.goto(f"{exchanges.url}/pending")
    second = context.new_page()
    second.goto(f"{exchanges.url}/pending?page=1")
    accept = f"button[formaction='/drift/{exchanges.drift}/accept']"
    first.locator(accept).click()
    expect(first.locator(".flash.success")).to_contain_text("You promised the book.")
    expect(first.locator(".postal")).to_contain_text(HOME.address)
    second.locator(accept).click()
    expect(second.locator(".flash.error")).to_contain_text("This has already been done")
    expect(second).to_have_url(f"{exchanges.url}/pending?page=1")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_fields_of_a_new_address_appear_when_it_is_chosen(chromium: Browser, exchanges, scheme):
    context = chromium.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    page = log_in(context, exchanges, ASKER)

    assert look(page, exchanges.url, [exchanges.free]) == {exchanges.free: []}
    expect(page.locator("#phone")).to_be_hidden()
    page.locator("[name=saved][value=new]").check()
    expect(page.locator("#phone")).to_be_visible()
    assert page.locator(".site-header").bounding_box()["height"] < 130
    context.close()
