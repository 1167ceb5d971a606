"""A small library with its own index, without the web site."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, insert, select, update

from app.models.base import Base
from app.models.book import Book, BookChange
from app.models.work import Work
from app.search import SearchIndex
from app.search.write.build import build_index
from app.search.write.source import BookSource
from app.search.write.update import update_index
from tests.factories import isbn13

STARTER_BOOKS = Path(__file__).parents[2] / "app" / "catalogues" / "starter_books.csv"
WORKS = 120


class Library:
    """A main database with books, and the index beside it."""

    def __init__(self, folder):
        self.engine = create_engine(f"sqlite:///{folder / 'main.db'}")
        Base.metadata.create_all(self.engine, [Work.__table__, Book.__table__, BookChange.__table__])
        with self.engine.begin() as connection:
            connection.execute(insert(Work).prefix_with("OR IGNORE"), [{"id": id} for id in range(1, WORKS + 1)])
        self.path = folder / "search.db"
        self.source = BookSource(self.engine)
        self.index = SearchIndex(self.path, time_limit=5)

    def add(self, *titles, **facts):
        """Store books with these titles as the site does, with their change rows; return their ids."""
        return self.add_rows([{"title": title, **facts} for title in titles])

    def add_rows(self, rows):
        with self.engine.connect().execution_options(writes=True) as connection:
            count = connection.execute(select(Book.id).order_by(Book.id.desc()).limit(1)).scalar() or 0
            ids = []
            for number, row in enumerate(rows, count + 1):
                values = {"isbn": isbn13(number), "id": number, "work_id": 1, "work_version": 1} | row
                connection.execute(insert(Book).values(**values))
                connection.execute(insert(BookChange).values(book_id=values["id"]))
                ids.append(values["id"])
            connection.commit()
        return ids

    def change(self, id, **facts):
        with self.engine.begin() as connection:
            connection.execute(update(Book).where(Book.id == id).values(**facts))
            connection.execute(insert(BookChange).values(book_id=id))

    def remove(self, id):
        with self.engine.begin() as connection:
            connection.execute(delete(Book).where(Book.id == id))
            connection.execute(insert(BookChange).values(book_id=id))

    def build(self, **options):
        return build_index(self.path, self.source, **options)

    def update(self):
        return update_index(self.path, self.source)

    def search(self, text, **options):
        """Return the titles found, best first."""
        return self.titles(self.index.search(text, **options).book_ids)

    def titles(self, ids):
        with self.engine.connect() as connection:
            titles = dict(connection.execute(select(Book.id, Book.title).where(Book.id.in_(ids))).all())
        return [titles[id] for id in ids]

    def authors(self, id):
        with self.engine.connect() as connection:
            return connection.execute(select(Book.authors).where(Book.id == id)).scalar_one()

    def close(self):
        self.engine.dispose()
        self.index.close()


@pytest.fixture
def library(tmp_path):
    """An empty library without an index."""
    library = Library(tmp_path)
    yield library
    library.close()


def starter_rows():
    with STARTER_BOOKS.open(encoding="utf-8", newline="") as file:
        return [
            {
                "isbn": row["isbn13"],
                "title": row["title"],
                "subtitle": row["subtitle"],
                "authors": row["authors"].split("|"),
                "translators": row["translators"].split("|"),
                "publisher": row["publisher"],
            }
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="session")
def starter_library(tmp_path_factory):
    """The starter books, indexed; shared by all tests, so do not change it."""
    library = Library(tmp_path_factory.mktemp("starter"))
    library.add_rows(starter_rows())
    library.build()
    yield library
    library.close()
