"""A main database with the synthetic catalogue."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Integer, column, create_engine, insert, inspect, select, table

from app.models.base import Base
from app.models.book import Book, BookChange
from app.models.work import Work
from app.search.write.source import Ranking
from bench.catalogue import Catalogue, MadeBook

_BATCH = 5_000
_SAMPLE = 2_000
_STORE = """
INSERT INTO book(id, isbn, title, subtitle, authors, publisher, language, translators, corrected, pubdate, price,
 binding, summary, cover, source, original_title, series, series_number, subjects, work_key, sort_key, fetched_at,
 entered_by_hand, create_time, status, work_id, work_version, placed_by)
VALUES(?, ?, ?, ?, ?, ?, ?, '[]', '[]', '', '', '', '', '', '', '', '', '', '[]', '', '', 0, 0, 0, 1, ?, 1, 'rules')
"""


def make_database(path: Path, count: int) -> Engine:
    """Store a catalogue of that many books with their popularity, or open an existing one."""
    engine = create_engine(f"sqlite:///{path}")
    if inspect(engine).has_table("rank"):
        return engine
    Base.metadata.create_all(engine, [Work.__table__, Book.__table__, BookChange.__table__])
    books = enumerate(Catalogue().books(count), 1)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE rank(id INTEGER PRIMARY KEY, popularity INTEGER, gift INTEGER)")
        while batch := list(islice(books, _BATCH)):
            connection.execute(insert(Work), [{"id": number} for number, _ in batch])
            connection.exec_driver_sql(_STORE, [_values(number, book) for number, book in batch])
            ranks = [(number, book.popularity, book.has_gift) for number, book in batch]
            connection.exec_driver_sql("INSERT INTO rank VALUES(?, ?, ?)", ranks)
    return engine


def _values(number: int, book: MadeBook) -> tuple[object, ...]:
    authors = json.dumps(book.authors, ensure_ascii=False)
    return number, book.isbn, book.title, book.subtitle, authors, book.publisher, book.language, number


def sample_of(engine: Engine, count: int) -> list[Any]:
    """Return a sample of the `count` books, from which queries are made."""
    step = count // _SAMPLE | 1  # an odd step, because the languages alternate
    columns = select(Book.isbn, Book.title, Book.subtitle, Book.authors, Book.publisher, Book.language)
    with engine.connect() as connection:
        return list(connection.execute(columns.where(Book.id % step == 0)))


def ranking() -> Ranking:
    """Return the popularity that the catalogue gave its books."""
    rank = table("rank", column("id", Integer), column("popularity", Integer), column("gift", Integer))

    def of(name: str) -> Any:
        return select(rank.c[name]).where(rank.c.id == Book.id).scalar_subquery()

    return Ranking(popularity=of("popularity"), has_gift=of("gift"))
