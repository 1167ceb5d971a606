"""Every page, in both languages, is well-formed and accessible."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from app.models.base import db
from app.models.user import User
from app.rules.account.role import Role
from app.search.write.build import build_index
from app.search.write.source import BookSource
from tests.factories import BookFactory
from tests.site.pages import BOOK, ERROR_PAGES, LOGIN_PAGES, PUBLIC_PAGES, ROLE_PAGES, faults
from tests.site.rows import add_rows

ADDRESSES = [address for addresses in PUBLIC_PAGES.values() for address in addresses] + ERROR_PAGES


@pytest.fixture
def books(app_context):
    hostile = "<script>alert(1)</script>\"'&{{ 7*7 }}"
    BookFactory(
        isbn=BOOK, title="三体", subtitle="地球往事", summary="一\n二", entered_by_hand=True, price="23.00", pages=302
    )
    BookFactory(isbn="9787020002207", title=hostile, authors=[hostile], translators=[hostile], summary=hostile)
    BookFactory.create_batch(40)
    build_index(Path(app_context.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))


@pytest.mark.parametrize("language", ["zh", "zh_Hant", "en"])
def test_every_page_is_whole(client, books, language):
    found = {}
    for address in ADDRESSES:
        page = client.get(address, headers={"Accept-Language": language}).page
        found[address] = faults(page)
        assert page.html["lang"] == language.replace("_", "-")

    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_the_check_of_pages_sees_what_is_wrong():
    page = BeautifulSoup(
        "<html><title> · Fisher</title><h1>a</h1><h1>b</h1><main>Nov 27, 2026</main><p id=x></p><p id=x></p><h3></h3>"
        "<time>today</time>"
        "<label for=nobody></label><input name=q><a href=/></a><img src=//x.example/a.png style='x' onload=x>"
        "<form method=post action=/do></form><script>1</script></html>",
        "html.parser",
    )
    found = " ".join(faults(page))

    for complaint in (
        "2 h1", "no title", "no lang", "heading levels", "id x twice", "nobody leads nowhere", "q has no label",
        "says nothing", "lacks alt", "/do has no token", "/do has no button", "inline style", "inline script", "onload",
        "lacks its time", "no <time>",
        "is not ours",
    ):  # fmt: skip
        assert complaint in found


def test_a_page_without_books_says_so(client):
    page = client.get("/").page

    assert page.select_one(".empty-state")
    assert faults(page) == []


@pytest.mark.parametrize("language", ["zh", "zh_Hant", "en"])
def test_every_page_of_a_reader_is_whole(app, reader, language):
    with app.app_context(), db.auto_commit():
        db.session.get_one(User, reader.user_id).set_attrs({"locale": language, "role": Role.OPERATOR})
        add_rows(reader.user_id)
    found = {}
    lists = [LOGIN_PAGES, *ROLE_PAGES.values()]
    for address in (address for pages in lists for addresses in pages.values() for address in addresses):
        if address == "/desk":
            with app.app_context(), db.auto_commit():
                db.session.get_one(User, reader.user_id).totp_since = 1
        answer = reader.get(address)
        found[address] = [f"{answer.status_code}"] * (answer.status_code != 200) + faults(answer.page)
        assert answer.page.html["lang"] == language.replace("_", "-")

    assert {address: wrong for address, wrong in found.items() if wrong} == {}
