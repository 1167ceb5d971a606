"""A reader's first minute, and the pages of an account, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app import create_app
from app.models.base import db
from config import Development
from tests.browser.conftest import look, served
from tests.factories import PASSWORD
from tests.servers import free_port

ACCOUNT_PAGES = [
    "/register", "/register/done", "/login", "/reset/password", "/confirm/x", "/change/email/x", "/reset/password/x",
    "/dev/mail",
]  # fmt: skip
READER_PAGES = [
    "/personal", "/personal/ledger", "/personal/settings", "/personal/sessions", "/personal/second-factor",
    "/personal/delete", "/change/password", "/change/email", "/user/1", "/my/gifts", "/my/wish", "/pending",
]  # fmt: skip


@pytest.fixture
def development(tmp_path) -> Iterator[str]:
    """The URL of a site as a developer starts it: empty, with its own worker and mailbox."""
    port = free_port()
    app = create_app(
        Development(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/fisher.db",
            SEARCH_INDEX_PATH=f"{tmp_path}/search.db",
            MAIL_FOLDER=str(tmp_path / "mail"),
            SITE_URL=f"http://127.0.0.1:{port}",
            BOOK_CATALOGUES=(),
            SEARCH_KEEPER=False,
            JOB_POLL=1,
            LOG_LEVEL="ERROR",
        )
    )
    with app.app_context():
        db.create_all()
    with served(app, port) as url:
        yield url
    app.extensions["fisher_job_worker"].stop()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB", java_script_enabled=request.param == "with scripts")
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def register(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.get_by_role("link", name="Register").click()
    page.get_by_label("Nickname").fill("小王")
    page.get_by_label("E-mail").fill("wang@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()


def open_mailbox(page: Page, site: str) -> None:
    """Reload the mailbox until the mail has arrived, because the worker needs a moment."""
    for _ in range(40):
        page.goto(f"{site}/dev/mail")
        if page.locator("article.mail").count():
            return
        page.wait_for_timeout(250)


def test_the_first_minute(page, development):
    register(page, development)
    page.get_by_role("link", name="Read the e-mails of this development site").click()
    open_mailbox(page, development)
    page.locator("article.mail a").first.click()
    page.get_by_role("button", name="Confirm e-mail").click()
    expect(page.get_by_text("Thank you, your address is confirmed. You have your first bean.")).to_be_visible()
    page.get_by_role("link", name="小王").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("小王’s page")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until a field, link or button with that name, text or URL has the focus, which has to be visible."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found, outline = page.evaluate(
            "(e => [[e.name, e.innerText, e.href].join(' '), getComputedStyle(e).outlineStyle])(document.activeElement)"
        )
        assert outline != "none", found
        if wanted in found:
            return
    pytest.fail(f"no way to {wanted} by keyboard on {page.url}")


def type_in(page: Page, **fields: str) -> None:
    """Fill in the fields in this order and send the form."""
    for name, text in fields.items():
        tab_to(page, name)
        page.keyboard.insert_text(text)
    page.keyboard.press("Enter")


def follow(page: Page, wanted: str) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def test_the_first_minute_by_keyboard_alone(chromium, development):
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{development}/")
    follow(page, "/register")
    expect(page).to_have_url(re.compile("/register$"))
    type_in(page, nickname="小王", email="wang@example.org", password=PASSWORD)
    expect(page).to_have_url(re.compile("/register/done$"))
    follow(page, "/dev/mail")
    expect(page).to_have_url(re.compile("/dev/mail$"))
    open_mailbox(page, development)
    follow(page, "/confirm/")
    expect(page).to_have_url(re.compile("/confirm/"))
    follow(page, "Confirm e-mail")
    expect(page.get_by_text("Thank you, your address is confirmed. You have your first bean.")).to_be_visible()
    expect(page.get_by_role("link", name="小王")).to_be_visible()
    follow(page, "小王")
    expect(page.get_by_role("heading", level=1)).to_have_text("小王’s page")
    follow(page, "Log out")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_every_page_of_an_account_fits_and_is_accessible(chromium, development, scheme, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="zh-CN" if width == 390 else "en-GB"
    )
    page = context.new_page()
    page.goto(f"{development}/register")
    for name, text in {"nickname": "小王", "email": "wang@example.org", "password": PASSWORD}.items():
        page.locator(f"main [name={name}]").fill(text)
    page.locator("main button").click()
    open_mailbox(page, development)
    found = look(page, development, ACCOUNT_PAGES)
    page.goto(f"{development}/dev/mail")
    page.locator("article.mail a").first.click()
    page.locator("main button").click()
    page.wait_for_url(f"{development}/")
    found |= look(page, development, READER_PAGES)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    context.close()
