"""Entering a book without an ISBN in a real browser, from a search without hits to its page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import create_app
from app.models.base import db
from app.rules.book.local_number import number_of
from app.search.write.build import build_index
from app.search.write.source import BookSource
from config import Testing
from tests.browser.conftest import look, served
from tests.factories import PASSWORD, BookFactory, UserFactory
from tests.servers import free_port

LI = "li@example.org"


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running site with one reader and a book that looks like the one to be entered."""
    folder, port = tmp_path_factory.mktemp("shelves"), free_port()
    app = create_app(
        Testing(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/fisher.db",
            SEARCH_INDEX_PATH=f"{folder}/search.db",
            SITE_URL=f"http://127.0.0.1:{port}",
        )
    )
    with app.app_context():
        db.create_all()
        UserFactory(email=LI)
        BookFactory(title="林海雪原", authors=["曲波"], year=2004, publisher="人民文学出版社")
        BookFactory(isbn=None, title="小布头奇遇记", authors=["孙幼军"], year=1961)
        build_index(folder / "search.db", BookSource(db.engine))
        db.session.remove()
    with served(app, port) as url:
        yield url


@pytest.fixture(params=[(390, "light", "zh-CN"), (1280, "dark", "en-GB")], ids=lambda p: f"{p[0]}-{p[1]}-{p[2]}")
def page(request: pytest.FixtureRequest, chromium: Browser, shelves: str) -> Iterator[Page]:
    """A tab in which the reader is logged in."""
    width, scheme, locale = request.param
    context: BrowserContext = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale
    )
    page = context.new_page()
    page.goto(f"{shelves}/login")
    page.fill("#email", LI)
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{shelves}/")
    yield page
    context.close()


def test_a_reader_enters_an_old_book_after_a_look_at_what_looks_alike(page, shelves):
    year = "1957" if page.viewport_size["width"] == 390 else "1959"
    page.goto(f"{shelves}/book/search?q=林海雪原的故事")
    page.click(".absent a[href^='/book/new']")
    expect(page.locator("#title")).to_have_value("林海雪原的故事")

    page.fill("#title", "林海雪原")
    page.fill("#authors", "曲波")
    page.fill("#publisher", "作家出版社")
    page.fill("#year", year)
    page.select_option("#language", "zh")
    page.click("main form.form button[type=submit]")

    expect(page.locator("#look-alikes")).to_be_visible()
    expect(page.locator(".book-row h2").first).to_have_text("林海雪原")
    expect(page.locator("#publisher")).to_have_value("作家出版社")
    page.click("main form.form button[type=submit]")

    expect(page.locator("h1")).to_have_text("林海雪原")
    assert "/book/F" in page.url
    number = page.url.split("/")[-2]
    expect(page.locator(".facts")).to_contain_text(number)
    page.click(".offer summary")
    page.click(".offer button[type=submit]")
    expect(page.locator(".flash.success")).to_be_visible()
    page.goto(f"{shelves}/book/search?q={number.lower()}")
    assert page.url.endswith(f"/book/{number}/detail")


def test_its_pages_fit_and_are_accessible(page, shelves):
    found = look(page, shelves, ["/book/new?title=海边", "/my/gifts", f"/book/{number_of(None, 2)}/detail"])

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
