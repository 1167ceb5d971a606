"""Rows of readers' lists and the books of the site that they name."""

import pytest

from app.catalogues.text.sorting import sort_key
from app.models.base import DELETED, db
from app.rules.shelf.choosing import Outcome
from app.rules.shelf.row import Fault, Intent, ShelfRow
from app.services.shelf import matching
from app.services.shelf.matching import match_rows
from tests.factories import BookFactory, isbn13
from tests.rows import statements_sent

CERTAIN, SEVERAL, NONE = Outcome.CERTAIN, Outcome.SEVERAL, Outcome.NONE


@pytest.fixture
def site(any_engine_app):
    with any_engine_app.app_context():
        yield any_engine_app


def book(title="沼中灯", authors=("[英] 例安",), year=2008, **said):
    stored = {"title": title, "authors": list(authors), "year": year, "publisher": "示例出版社"}
    return BookFactory(**{**stored, "sort_key": sort_key(title), **said})


def row(title="沼中灯", authors=("例安",), **said):
    return ShelfRow(1, title=title, authors=authors, **said)


def found(*rows):
    return [(match.outcome, list(match.book_ids)) for match in match_rows(rows)]


def test_a_number_that_is_known_names_its_book_whatever_the_row_says_else(site):
    known = book(isbn=isbn13(1))
    (match,) = match_rows([row("Something else", ("Nobody",), isbn=isbn13(1), year=1900)])
    assert (match.outcome, match.book_ids, match.work_id) == (CERTAIN, (known.id,), known.work_id)


def test_a_title_with_its_author_names_the_one_book_of_them(site):
    known = book()
    book(authors=("王小明",))
    book("沼中灯 II")
    assert found(row(), row("《沼中灯》", ("例安 著",)), row("沼中灯（纪念版）")) == [(CERTAIN, [known.id])] * 3


def test_editions_of_a_work_are_told_apart_by_year_and_publisher(site):
    old, new = book(), book(year=2014)
    assert old.work_id == new.work_id
    assert found(row(year=2014)) == [(CERTAIN, [new.id])]
    assert found(row()) == [(SEVERAL, [new.id, old.id])]
    (wish,) = match_rows([row(intent=Intent.WISH)])
    assert (wish.outcome, wish.work_id) == (CERTAIN, new.work_id)


@pytest.mark.parametrize("language", ["en", "de", ""])
def test_a_title_in_latin_letters_is_found_in_whatever_language_its_book_is(site, language):
    known = book("A Lamp in the Marsh", ("Ann Example",), isbn=None, language=language)
    assert found(row("A Lamp in the Marsh (Fen Tales, #1)", ("Example, Ann",))) == [(CERTAIN, [known.id])]


def test_titles_in_two_languages_are_to_choose_from(site):
    one = book("Dune Example", ("Ann Muster",), isbn=None, language="en")
    two = book("Dune Example", ("Ann Muster",), isbn=None, language="de", year=2010)
    assert found(row("Dune Example", ("Ann Muster",))) == [(SEVERAL, [two.id, one.id])]


def test_a_title_without_an_author_is_to_choose_from(site):
    first, second = book(), book(authors=("王小明",), year=2010)
    assert found(row(authors=())) == [(SEVERAL, [second.id, first.id])]
    assert found(row(authors=("Ann Example",))) == [(SEVERAL, [second.id, first.id])]


def test_a_title_by_somebody_else_is_another_book(site):
    book()
    assert found(row(authors=("王小明",))) == [(NONE, [])]


def test_what_is_not_here_is_none_and_faults_are_none(site):
    book(isbn=isbn13(1))
    faulty = ShelfRow(3, isbn=isbn13(1), reason=Fault.TOO_LONG)
    assert found(row("无人之书"), ShelfRow(2, isbn=isbn13(9)), faulty, ShelfRow(4)) == [(NONE, [])] * 4


def test_an_unknown_number_leaves_the_edition_to_the_reader(site):
    known = book()
    assert found(row(isbn=isbn13(999))) == [(SEVERAL, [known.id])]


def test_a_book_that_is_hidden_is_found_by_nothing(site):
    hidden = book(isbn=isbn13(1))
    hidden.status = DELETED
    db.session.commit()
    assert found(row(isbn=isbn13(1)), row(), row(authors=())) == [(NONE, [])] * 3


def test_rows_keep_their_order_over_several_batches(site, monkeypatch):
    monkeypatch.setattr(matching, "AT_ONCE", 2)
    books = [book(f"第{place}盏灯的故事") for place in "甲乙丙丁戊"]
    rows = [row(book.title) for book in books]
    assert found(*rows, *reversed(rows)) == [(CERTAIN, [book.id]) for book in (*books, *reversed(books))]
    assert [match.row for match in match_rows(rows)] == rows


def test_a_list_takes_as_many_statements_as_a_row(site):
    for place in range(20):
        book(f"灯火{place}号的故事")
    few = [row("灯火1号的故事"), row("灯火2号的故事", ()), row(isbn=isbn13(1))]
    named = [("例安",), (), ("王小明",)]
    many = few + [row(f"灯火{place}号的故事", authors) for place in range(20) for authors in named]
    with statements_sent() as of_few:
        match_rows(few)
    with statements_sent() as of_many:
        match_rows(many)
    assert len(of_few) == len(of_many) <= 5


def test_nothing_asked_is_nothing_found(site):
    with statements_sent() as statements:
        assert match_rows([]) == []
    assert statements == []
