"""Outside hits on the search page: brought by the script, or behind a plain link."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app import create_app
from app.models.base import db
from app.search.write.build import build_index
from app.search.write.source import BookSource
from config import Testing
from tests.browser.conftest import served
from tests.factories import BookFactory
from tests.stand_in import StandIn, answer

HITS = {"books": [{"isbn": "9787506365437", "title": "活着", "author": ["余华"]}], "total": 1}


@pytest.fixture
def site(tmp_path: Path, outside: StandIn) -> Iterator[str]:
    """A site with one book that queries the stand-in for more."""
    outside.behave = answer(HITS)
    app = create_app(
        Testing(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/fisher.db",
            SEARCH_INDEX_PATH=f"{tmp_path}/search.db",
            BOOK_CATALOGUES=("yushu",),
            YUSHU_URL=outside.url,
        )
    )
    with app.app_context():
        db.create_all()
        BookFactory(title="三体")
        build_index(tmp_path / "search.db", BookSource(db.engine))
        db.session.remove()
    with served(app) as url:
        yield url
    with app.app_context():
        db.engine.dispose()


def test_the_script_adds_outside_hits_below_ours(chromium: Browser, site: str):
    context = chromium.new_context(locale="en")
    page = context.new_page()
    page.goto(f"{site}/book/search?q=三体")

    expect(page.locator(".outside .book-title")).to_have_text("活着")
    expect(page.locator(".book-title")).to_have_text(["三体", "活着"])
    expect(page.locator(".outside [data-waiting]")).to_have_count(0)
    expect(page.locator(".outside [data-invitation]")).to_have_count(0)
    context.close()


def test_the_link_stays_when_the_script_gets_no_answer(chromium: Browser, site: str):
    context = chromium.new_context(locale="en")
    page = context.new_page()
    page.route("**/book/search/outside**", lambda route: route.abort())
    page.goto(f"{site}/book/search?q=三体")

    expect(page.get_by_role("link", name="Look in other catalogues")).to_be_visible()
    context.close()


def test_without_scripts_the_link_leads_to_a_page_with_all_hits(chromium: Browser, site: str):
    context = chromium.new_context(locale="en", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/book/search?q=三体")
    page.get_by_role("link", name="Look in other catalogues").click()

    expect(page.locator(".book-title")).to_have_text(["三体", "活着"])
    context.close()
