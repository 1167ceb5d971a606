"""How few taps it takes on a phone to give a shelf away, and to wish for a book."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import func, select

from app.models.base import db
from app.models.gift import Gift
from app.models.wish import Wish
from app.search.write.build import build_index
from app.search.write.source import BookSource
from tests.browser.conftest import phone_of
from tests.factories import BookFactory, UserFactory

FOR_A_SHELF, FOR_A_WISH = 25, 3
"""The most taps that they may take."""
FOR_A_CHOICE = FOR_A_PASTE = 2
"""A list opens at the first tap; words are pasted by holding the field, and by the menu that opens then."""


class Taps:
    """Counts the taps of somebody with a phone."""

    def __init__(self) -> None:
        self.count = 0

    def tap(self, what: Locator) -> None:
        self.count += 1
        what.click()

    def choose(self, what: Locator, value: str) -> None:
        self.count += FOR_A_CHOICE
        what.select_option(value)

    def paste(self, where: Locator, text: str) -> None:
        self.count += FOR_A_PASTE
        where.click()
        where.page.keyboard.insert_text(text)


@pytest.fixture
def taps() -> Taps:
    return Taps()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("scripts", [True, False])
def test_twenty_books_are_given_away_with_few_taps(phones, chromium, taps, scripts):
    app, url = phones
    with app.app_context():
        reader = UserFactory()
        me, email = reader.id, reader.email
        isbns = [book.isbn for book in BookFactory.create_batch(20)]
        db.session.remove()
    page = phone_of(chromium, url, email, scripts)
    page.goto(f"{url}/")

    taps.tap(page.locator(".phone-nav").get_by_role("link", name="Add"))
    taps.paste(page.locator("#text"), "\n".join(f"{isbn} from my shelf" for isbn in isbns))
    taps.tap(page.get_by_role("button", name="Put into the basket"))
    expect(page.locator(".book-row")).to_have_count(20)
    assert not scripts or fits(page)
    taps.choose(page.locator("#plan"), "list")
    taps.tap(page.get_by_role("button", name="Do it").first)
    expect(page.locator(".flash.success")).to_have_text("20 books are listed.")

    assert taps.count <= FOR_A_SHELF
    with app.app_context():
        listed = select(func.count(Gift.id)).where(Gift.giver_id == me, Gift.state == "open")
        assert db.session.scalar(listed) == 20
        db.session.remove()


@pytest.mark.parametrize(("scripts", "title", "typed"), [(True, "三体", "santi"), (False, "活着", "huozhe")])
def test_a_wish_is_three_taps_from_the_front_page(phones, chromium, taps, scripts, title, typed):
    """With scripts by a suggestion below the field; without, the key of the keyboard that searches is no tap."""
    app, url = phones
    with app.app_context():
        reader = UserFactory()
        me, email = reader.id, reader.email
        wanted = BookFactory(title=title).id
        build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))
        db.session.remove()
    page = phone_of(chromium, url, email, scripts)
    page.goto(f"{url}/")

    taps.tap(page.locator("#q"))
    page.keyboard.type(typed)
    if scripts:
        taps.tap(page.get_by_role("option").first)
    else:
        page.keyboard.press("Enter")
        taps.tap(page.locator("main").get_by_role("link", name=title).first)
    page.wait_for_url("**/detail")
    assert not scripts or fits(page)
    taps.tap(page.get_by_role("button", name="I want to read it"))
    expect(page.locator(".flash.success")).to_contain_text("The book is on your wish list.")

    assert taps.count <= FOR_A_WISH
    with app.app_context():
        mine = select(Wish.book_id).where(Wish.user_id == me, Wish.state == "open")
        assert db.session.scalars(mine).all() == [wanted]
        db.session.remove()
