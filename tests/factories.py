"""Rows for tests: `BookFactory()` stores a book; every attribute can be overridden by name."""

from collections.abc import Iterable
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy import insert

from app.models.area import Area
from app.models.base import db, now
from app.models.book import Book
from app.models.place import Place
from app.models.user import User
from app.models.work import Work
from app.rules.book.work_key import VERSION
from app.services.account.password import hash_password


class Factory(SQLAlchemyModelFactory):
    """Stores the rows that it makes; needs an open application context."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "commit"


def isbn13(number: int) -> str:
    """Return the ISBN-13 of a made-up book: 978-7-… with the right check digit."""
    body = f"9787{number:08d}"
    weighted = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(body))
    return body + str(-weighted % 10)


def alone(books: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Store a work for each of these rows of books, for a bulk insert, and return the rows with it."""
    rows = [{"id": number} | row for number, row in enumerate(books, 1)]
    db.session.execute(insert(Work), [{"id": row["id"]} for row in rows])
    return [row | {"work_id": row["id"], "work_version": VERSION} for row in rows]


class BookFactory(Factory):
    """A Chinese novel."""

    class Meta:
        model = Book

    isbn: Any = factory.Sequence(isbn13)
    title = factory.Sequence(lambda n: f"海边的第{n}本书")
    authors: Any = factory.LazyFunction(lambda: ["[日] 村上春树"])
    publisher = "上海译文出版社"
    pubdate = "2014-08"
    year = 2014
    language = "zh"
    summary = "一个人在海边读书。"
    source = "test"


PASSWORD = "correct horse 电池"


class AreaFactory(Factory):
    """The district Xuhui of Shanghai."""

    class Meta:
        model = Area

    path = "CN/上海市/上海市/徐汇区"
    name_zh = "中国 · 上海市 · 徐汇区"
    name_en = "Xuhui District, Shanghai, China"
    weight = 12
    sought = " xuhui district 徐汇区 shanghai 上海市 china 中国"


class PlaceFactory(Factory):
    """A shelf in a library."""

    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"Library {n}")
    words = "the shelf behind the entrance"
    opening = "Mon to Fri 8–20"


class UserFactory(Factory):
    """A reader with a confirmed address; `unconfirmed=True` for one who has just registered."""

    class Meta:
        model = User

    class Params:
        password = PASSWORD
        unconfirmed = factory.Trait(confirmed_at=None)

    nickname = factory.Sequence(lambda n: f"读者{n}")
    email = factory.Sequence(lambda n: f"reader{n}@example.org")
    password_hash: Any = factory.LazyAttribute(lambda user: hash_password(user.password))
    confirmed_at: Any = factory.LazyFunction(now)
    locale = "en"
