"""Bulk writes, on SQLite and MariaDB."""

import threading

import pytest
from sqlalchemy import select, text, update

from app.catalogues.base import BookRecord
from app.models.base import db
from app.models.book import Book, BookChange
from app.models.work import marks_of
from app.services.book.browse import PAGE, list_catalogue_page
from app.services.imports.bulk_store import preview_in_bulk, store_in_bulk
from tests.factories import isbn13

ON_MARIADB = pytest.mark.parametrize(
    "any_database_uri", [pytest.param("mariadb", marks=pytest.mark.mariadb)], indirect=True
)
"""SQLite has one writer at a time."""


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": any_database_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


@pytest.fixture
def tables(app_context):
    db.create_all()
    return app_context


def record(number, **values):
    facts = {"title": f"书{number:04}", "authors": ("甲", "乙"), "language": "zh", "source": "test"}
    return BookRecord(isbn=isbn13(number), **facts | values)


def changes():
    return list(db.session.scalars(select(BookChange.book_id).order_by(BookChange.id)))


def test_new_and_fuller_books_are_written_with_their_changes_and_the_rest_is_left_alone(tables):
    assert store_in_bulk([record(n) for n in range(1200)]) == [True] * 1200
    assert sorted(changes()) == sorted(db.session.scalars(select(Book.id)))

    assert preview_in_bulk([record(1), record(2, pages=7), record(9999)]) == [False, True, True]
    assert store_in_bulk([record(1), record(2, pages=7), record(2, pages=8)]) == [False, True, False]
    book = Book.find_by_isbn(isbn13(2))
    assert (book.pages, book.title, book.authors) == (7, "书0002", ["甲", "乙"])
    assert changes()[1200:] == [book.id]


def test_the_same_new_book_twice_in_a_batch_is_one_row(tables):
    assert store_in_bulk([record(1), record(1, summary="长"), record(1)]) == [True, True, False]
    assert [book.summary for book in db.session.scalars(select(Book))] == ["长"]


def test_a_book_that_is_completed_in_its_batch_has_the_work_of_all_that_is_said(tables):
    said = [record(1), record(1, original_title="Summer Wind"), record(2, title="夏风", original_title="Summer Wind")]
    store_in_bulk(said, work_marks=[marks_of(one._asdict()) for one in said])
    assert len(set(db.session.scalars(select(Book.work_id)))) == 1


def test_a_hidden_book_stays_hidden_and_is_not_doubled(tables):
    store_in_bulk([record(1)])
    with db.auto_commit():
        Book.find_by_isbn(isbn13(1)).delete()
    store_in_bulk([record(1, pages=3)])
    assert Book.find_by_isbn(isbn13(1)) is None


def test_two_writers_of_the_same_books_both_succeed(tables):
    records = [record(n) for n in range(300)]
    failures = []

    def write(order):
        with tables.app_context():
            try:
                for _ in range(3):
                    store_in_bulk(order)
            except Exception as error:  # noqa: BLE001 - the test names it
                failures.append(error)

    threads = [threading.Thread(target=write, args=(order,)) for order in (records, records[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(list(db.session.scalars(select(Book.id)))) == len(set(changes())) == 300


def test_the_list_is_in_the_same_order_on_every_engine(tables):
    titles = ["Zoo", "b c", "bc", "阿Q正传", "安徒生", "Äpfel", "三体", "三十年", "1984", "ノ", "Ærø"]
    store_in_bulk([record(n, title=title) for n, title in enumerate(titles)])
    store_in_bulk([record(n, title="同") for n in range(100, 100 + PAGE)])
    shelf = list_catalogue_page("zh", "zh")
    found = [book.title for book in shelf.books]
    found += [book.title for book in list_catalogue_page("zh", "zh", after=shelf.after).books]
    assert [title for title in found if title != "同"] == [
        "阿Q正传", "安徒生", "Äpfel", "b c", "bc", "三十年", "三体", "Zoo", "1984", "Ærø", "ノ",
    ]  # fmt: skip
    assert len(found) == len(titles) + PAGE


@ON_MARIADB
def test_noting_a_change_waits_for_nobody_who_writes_the_book(tables):
    store_in_bulk([record(1), record(2)])
    with db.engine.connect() as other, other.begin():
        other.execute(update(Book.__table__).where(Book.__table__.c.isbn == isbn13(1)).values(pages=7))
        with db.auto_commit():
            db.session.execute(text("SET innodb_lock_wait_timeout = 1"))
            BookChange.note_by_ids([1, 2])
    assert len(changes()) == 4


@ON_MARIADB
def test_writing_a_book_waits_for_nobody_who_notes_its_change(tables):
    store_in_bulk([record(1)])
    with db.auto_commit():
        BookChange.note_by_ids([1])
        with db.engine.connect() as other, other.begin():
            other.execute(text("SET innodb_lock_wait_timeout = 1"))
            other.execute(update(Book.__table__).where(Book.__table__.c.isbn == isbn13(1)).values(pages=7))
    assert Book.find_by_isbn(isbn13(1)).pages == 7
