import pytest
from sqlalchemy import select

from app.catalogues.base import BookRecord
from app.jobs.book import shelve
from app.jobs.registry import Job
from app.models.base import db
from app.models.gift import Gift
from app.models.shelf_place import EVERY, ShelfPlace
from app.rules.book.shelves import Shelf
from app.services.book import shelf_page
from app.services.book.shelf_page import (
    Choice,
    count_to_be_had,
    list_languages,
    list_shelf_page,
    list_shelves_to_be_had,
    list_years,
)
from app.services.book.shelving import count_unshelved, shelve_outdated
from app.services.book.store import store_books
from app.services.book.unused import remove_unused
from app.services.exchange.gift import bring_back_gift, withdraw_gift
from app.services.imports.bulk_store import store_in_bulk
from app.services.moderation.block import block
from app.services.sight.visible import Sight
from tests.exchange import NOW, ask, book, copy_of, exchange, id_of, reader


@pytest.fixture(autouse=True)
def site(any_engine_app):
    with any_engine_app.app_context():
        yield any_engine_app


def shelved(**said) -> str:
    isbn = book(**{"subjects": ["科幻"], "language": "zh", "year": 2008} | said)
    while shelve_outdated():
        pass
    return isbn


def shown(choice: Choice | None = None, sight: Sight | None = None) -> list[str]:
    """All pages, one after the other."""
    books, after = [], ""
    while after is not None:
        page = list_shelf_page(choice or Choice(), after, sight or Sight())
        books += [found.isbn for found in page.books]
        after = page.after
    return books


def places() -> list[tuple[str, int]]:
    rows = db.session.execute(select(ShelfPlace.shelf, ShelfPlace.listed).order_by(ShelfPlace.id))
    return [tuple(row) for row in rows]


SCIFI = Choice(shelf=Shelf.SCIFI)
ALL_SCIFI = Choice(shelf=Shelf.SCIFI, is_all=True)


def test_what_is_listed_last_stands_first_and_what_is_gone_is_not_shown():
    giver = reader()
    first, second, third = (shelved() for _ in range(3))
    copies = {isbn: copy_of(giver, isbn) for isbn in (first, third, second)}
    again = copy_of(giver, first)

    assert shown() == shown(SCIFI) == [first, second, third]
    withdraw_gift(giver, again, NOW)
    assert shown() == [second, third, first]
    withdraw_gift(giver, copies[third], NOW)
    assert shown() == shown(SCIFI) == [second, first]
    assert shown(ALL_SCIFI) == [second, first, third]


def test_a_copy_that_is_asked_for_is_not_to_be_had_until_it_comes_back():
    asked = exchange("waiting")
    isbn = shown(Choice())
    assert isbn == []
    assert all(listed == 0 for _, listed in places())
    other = exchange("rejected")
    assert [id_of(isbn) for isbn in shown()] == [db.session.get_one(Gift, other.gift).book_id]
    assert asked.gift != other.gift


def test_a_copy_that_was_hidden_is_there_again_when_its_giver_brings_it_back():
    done = exchange("expired")
    assert shown() == []
    bring_back_gift(done.giver, done.gift, NOW)
    assert len(shown()) == 1


def test_pages_repeat_and_leave_out_nothing_though_books_are_listed_meanwhile(monkeypatch):
    monkeypatch.setattr(shelf_page, "PAGE", 2)
    giver = reader()
    books = [shelved() for _ in range(5)]
    for isbn in books:
        copy_of(giver, isbn)
    first = list_shelf_page(Choice())
    copy_of(giver, shelved())
    second = list_shelf_page(Choice(), first.after)
    third = list_shelf_page(Choice(), second.after)

    assert [found.isbn for page in (first, second, third) for found in page.books] == books[::-1]
    assert third.after is None
    assert list_shelf_page(Choice(), "1.1").books == []


def test_a_shelf_a_language_and_a_year_go_together():
    giver = reader()
    wanted = shelved()
    others = [
        shelved(language="en"), shelved(year=1999), shelved(subjects=["历史"]), shelved(year=None), shelved(language="")
    ]  # fmt: skip
    unlisted = shelved()
    for isbn in (wanted, *others):
        copy_of(giver, isbn)
    choice = Choice(shelf=Shelf.SCIFI, language="zh", year=2008)
    assert shown(choice) == [wanted]
    assert set(shown(Choice(shelf=Shelf.SCIFI, language="zh", year=2008, is_all=True))) == {wanted, unlisted}
    assert shown(Choice(language="")) == [others[-1]]
    assert shown(Choice(year=1999)) == [others[1]]
    assert list_languages(choice) == ["", "en", "zh"]
    assert list_years(Choice()) == [2008, 1999]
    assert list_years(Choice(language="en")) == [2008]
    assert list_shelves_to_be_had() == [Shelf.SCIFI, Shelf.HISTORY]
    assert (count_to_be_had(Shelf.SCIFI), count_to_be_had(Shelf.ART)) == (5, 0)


def test_languages_and_years_of_what_is_not_to_be_had_are_offered_for_all_books_only():
    shelved(language="ja", year=1988)
    assert (list_languages(SCIFI), list_years(SCIFI), list_shelves_to_be_had()) == ([], [], [])
    assert (list_languages(ALL_SCIFI), list_years(ALL_SCIFI)) == (["ja"], [1988])


def test_who_is_apart_from_the_only_giver_does_not_see_the_book():
    me, giver, other = reader(), reader(), reader()
    hidden, seen = shelved(), shelved()
    for isbn in (hidden, seen):
        copy_of(giver, isbn)
    copy_of(other, seen)
    block(me, giver, NOW)

    assert shown(SCIFI, Sight(me, has_blocks=True)) == [seen]
    assert count_to_be_had(Shelf.SCIFI, Sight(me, has_blocks=True)) == 1
    assert shown(SCIFI) == [seen, hidden]


@pytest.mark.parametrize("store", [store_books, store_in_bulk], ids=["catalogues", "import"])
def test_what_catalogues_say_later_puts_a_book_on_its_shelf(store):
    record = BookRecord(isbn="9787536692930", title="三体", language="zh", source="test")
    store([record])
    copy_of(reader(), record.isbn)
    shelve(Job(id=1, kind="book.shelves", payload={}, attempts=1, created=0))
    assert (shown(), shown(SCIFI), count_unshelved()) == ([record.isbn], [], 0)

    store([record._replace(subjects=("科幻",), pubdate="2008-01")])
    assert count_unshelved() == 1
    shelve(Job(id=1, kind="book.shelves", payload={}, attempts=1, created=0))
    assert shown(Choice(shelf=Shelf.SCIFI, year=2008)) == [record.isbn]


def test_books_that_go_take_their_places_with_them():
    store_books([BookRecord(isbn="9787536692930", title="三体", subjects=("科幻",), source="starter")])
    shelve_outdated()
    assert places() == [("scifi", 0)]
    assert remove_unused("starter") == (1, 0)
    assert places() == []


def test_a_request_counts_only_the_copies_that_are_left():
    isbn = shelved()
    one, other = reader(), reader()
    first, second = copy_of(one, isbn), copy_of(other, isbn)
    ask(reader(), second)
    assert sorted(places()) == [(EVERY, first), ("scifi", first)]
