from types import SimpleNamespace

import pytest
from flask import url_for

from app.web.display.book_filters import (
    book_path,
    cites,
    counted,
    cover_path,
    facts,
    hyphenated,
    intro,
    names,
    page_numbers,
)
from app.web.page.paths import this_page

BOOK = SimpleNamespace(
    isbn="9787536692930", number="9787536692930",
    authors=["刘慈欣"], translators=[], publisher="重庆出版社", pubdate="2008-01", year=2008,
    pages=302, price="23.00", binding="", original_title="",
)  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "/books-of-the-club"])
def test_the_quick_addresses_are_those_of_the_router(app, prefix):
    with app.test_request_context(environ_overrides={"SCRIPT_NAME": prefix}):
        assert book_path(BOOK) == url_for("web.book_detail", isbn=BOOK.isbn)
        assert cover_path(BOOK) == url_for("web.book_cover", isbn=BOOK.isbn)


@pytest.mark.parametrize(
    ("people", "line"),
    [
        ([], ""),
        (["刘慈欣"], "刘慈欣"),
        (["[英] 甲", "乙"], "[英] 甲、乙"),
        (["Terry Pratchett", "Neil Gaiman"], "Terry Pratchett, Neil Gaiman"),
        (["Eric Matthes", "袁国忠"], "Eric Matthes、袁国忠"),
    ],
)
def test_names_are_joined_with_the_comma_of_their_script(people, line):
    assert names(people) == line


def test_the_intro_leaves_out_what_is_not_known():
    bare = SimpleNamespace(authors=[], publisher="", year=None, price="")

    assert intro(BOOK) == "刘慈欣 / 重庆出版社 / 2008 / 23.00"
    assert intro(bare) == ""


def test_the_facts_leave_out_what_is_not_known(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        shown = dict(facts(BOOK))

    assert shown["ISBN"] == [("978-7-5366-9293-0", "")]
    assert shown["Pages"] == [("302", "")]
    assert shown["Author"] == [("刘慈欣", "刘慈欣")]
    assert "Translator" not in shown
    assert "Binding" not in shown


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (4, 7, [1, 2, 3, 4, 5, 6, 7]),
        (5, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (50, 99, [1, None, 48, 49, 50, 51, 52, None, 99]),
        (99, 99, [1, None, 97, 98, 99]),
    ],
)
def test_the_pager_names_first_last_and_near_pages(page, pages, numbers):
    assert page_numbers(page, pages) == numbers


def test_an_isbn_is_printed_with_hyphens_and_anything_else_as_it_is():
    assert hyphenated("7536692935") == "978-7-5366-9293-0"
    assert hyphenated("<b>") == "<b>"


def test_the_language_link_comes_back_to_this_page_but_never_to_a_post(app):
    with app.test_request_context("/book/search?q=三体"):
        assert this_page() == "/book/search?q=三体"
    with app.test_request_context("/language", method="POST"):
        assert this_page() == "/"


def test_books_of_a_reader_are_counted_up_to_a_hundred():
    assert [counted(number) for number in (0, 1, 99, 100)] == ["0", "1", "99", "100+"]


@pytest.mark.parametrize(
    ("text", "title", "html"),
    [
        ("Ask for “Jane & Eyre”", "Jane & Eyre", "Ask for <cite>Jane &amp; Eyre</cite>"),
        ("Ask for “三体”", "三体", 'Ask for <cite class="upright">三体</cite>'),
        ("我想要《Jane Eyre》", "Jane Eyre", "我想要《Jane Eyre》"),
        ("A bean <b>", None, "A bean &lt;b&gt;"),
    ],
)
def test_a_title_in_an_english_sentence_is_slanted_instead_of_quoted(text, title, html):
    assert cites(text, title) == html
