"""The newest open copies, as feeds for everybody list them."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, ColumnElement, Select, Table, bindparam, select, type_coerce

from app.models.base import LIVE, db
from app.models.book import Book, Names
from app.models.circle import Membership
from app.models.gift import Gift
from app.models.user import User
from app.rules.book.local_number import number_of
from app.rules.book.people import person_of
from app.rules.circle.circle import MemberState
from app.rules.exchange.drift import CopyState
from app.search.extension import site_search
from app.services.sight.visible import PUBLIC, Sight, listing_visible_to

MOST = 50
"""Entries of a feed."""
MOST_WORKS = 100
"""Works of an author whose copies are looked for."""
LONGEST = 100
"""Characters of an author's name that are searched."""


class NewCopy(NamedTuple):
    """An open copy with what visitors see of its book and its giver; `time` is in Unix seconds."""

    id: int
    time: int
    condition: str
    book_id: int
    isbn: str | None
    title: str
    authors: tuple[str, ...]
    publisher: str
    year: int | None
    giver: str

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.book_id)


def list_new_copies(sight: Sight) -> list[NewCopy]:
    """Return the newest open copies that there are for who looks, in one statement."""
    return list(map(NewCopy._make, db.session.execute(_NEWEST.where(_is_seen(sight)), sight.values)))


def list_new_copies_of(book: Book, sight: Sight) -> list[NewCopy]:
    """Return those of all editions of a book's work, in two statements."""
    return _list_of_works([book.work_id], sight)


def list_new_copies_of_members(circle_id: int) -> list[NewCopy]:
    """Return those of a circle's members that are for everybody, in one statement."""
    rows = db.session.execute(_NEWEST_OF_MEMBERS.where(_is_seen(PUBLIC)), {"circle_id": circle_id})
    return list(map(NewCopy._make, rows))


def list_new_copies_by(author: str, sight: Sight) -> list[NewCopy] | None:
    """Return those of the works by an author, however the name is spelt, in three statements; None if we know no work.

    Of an author with more works than `MOST_WORKS`, those that a search finds first.
    """
    whole = person_of(author).whole
    ids = {id for words in {author[:LONGEST], whole} if whole for id in _search(words)}
    books = db.session.execute(select(Book.work_id, Book.authors).where(Book.id.in_(ids))) if ids else ()
    works = {work for work, authors in books if whole in (person_of(name).whole for name in authors)}
    return _list_of_works(works, sight) if works else None


def _search(words: str) -> Sequence[int]:
    found = site_search().index.search(words, per_page=MOST_WORKS, by_work=True)
    return () if found.suggestion else found.book_ids


def _list_of_works(works: Collection[int], sight: Sight) -> list[NewCopy]:
    # The ids rather than a subquery: MariaDB would read all copies of the site.
    editions = db.session.scalars(select(Book.id).where(Book.work_id.in_(works))).all()
    rows = db.session.execute(_NEWEST_OF.where(_is_seen(sight)), {"editions": editions} | sight.values)
    return list(map(NewCopy._make, rows))


def _is_seen(sight: Sight) -> ColumnElement[bool]:
    return listing_visible_to(sight, _GIFT)


_GIFT, _BOOK, _GIVER = (cast("Table", table.__table__) for table in (Gift, Book, User))
_NEWEST: Select[Any] = (
    select(
        *(_GIFT.c[name] for name in ("id", "create_time", "condition", "book_id")),
        *(_BOOK.c[name] for name in ("isbn", "title")),
        type_coerce(_BOOK.c.authors, Names).label("authors"),
        *(_BOOK.c[name] for name in ("publisher", "year")),
        _GIVER.c.nickname,
    )
    .join(_BOOK, (_BOOK.c.id == _GIFT.c.book_id) & (_BOOK.c.status == LIVE))
    .join(_GIVER, (_GIVER.c.id == _GIFT.c.giver_id) & (_GIVER.c.status == LIVE))
    .where(_GIFT.c.state == CopyState.OPEN, _GIFT.c.status == LIVE)
    .order_by(_GIFT.c.id.desc())
    .limit(MOST)
)
_NEWEST_OF = _NEWEST.where(_GIFT.c.book_id.in_(bindparam("editions", type_=BigInteger, expanding=True)))
_MEMBER = cast("Table", Membership.__table__)
_NEWEST_OF_MEMBERS = _NEWEST.join(_MEMBER, _MEMBER.c.user_id == _GIFT.c.giver_id).where(
    _MEMBER.c.circle_id == bindparam("circle_id", type_=BigInteger), _MEMBER.c.state == MemberState.IN
)
