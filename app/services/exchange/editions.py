"""The editions of the work of a book, and which wishes are for them: `rules.exchange.wish_scope.is_covered` in SQL."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.models.base import db
from app.models.book import Book
from app.models.wish import Wish
from app.rules.exchange.wish_scope import WishScope, is_covered
from app.services.errors import NotFound

_book, _same, _wish = Book.__table__, Book.__table__.alias(), Wish.__table__


class Editions(NamedTuple):
    """A book and the ids of all editions of its work, with those that each scope of a wish for it covers."""

    book_id: int
    covered: dict[WishScope, list[int]]

    @property
    def all(self) -> list[int]:
        """Return the ids of all editions."""
        return self.covered[WishScope.ANY_EDITION]

    def is_wished(self) -> ColumnElement[bool]:
        """Return the condition that a wish is for a copy of the book."""
        in_language = self.covered[WishScope.THIS_LANGUAGE]
        return and_(
            Wish.book_id.in_(self.all),
            or_(
                Wish.book_id == self.book_id,
                Wish.scope == WishScope.ANY_EDITION,
                and_(Wish.scope == WishScope.THIS_LANGUAGE, Wish.book_id.in_(in_language)),
            ),
        )


def is_granted_by(wished: Any, edition: Any) -> ColumnElement[bool]:
    """Return the condition that a copy of an edition grants a wish; both are tables of books, the wish is joined."""
    return and_(wished.c.work_id == edition.c.work_id, covers(_wish.c.scope, wished.c.id, wished.c.language, edition))


def covers(scope: Any, wished_id: Any, language: Any, edition: Any) -> ColumnElement[bool]:
    """Return the condition that an edition grants a wish for an edition of the same work."""
    languages = (language == edition.c.language) | (language == "") | (edition.c.language == "")
    is_meant = (scope == WishScope.ANY_EDITION) | ((scope == WishScope.THIS_LANGUAGE) & languages)
    return or_(wished_id == edition.c.id, is_meant)


def select_editions(book_id: int, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select the ids, and further columns, of the editions of the work of a book."""
    of_work = select(_same.c.work_id).where(_same.c.id == book_id).scalar_subquery()
    return select(_book.c.id, *columns).where(_book.c.work_id == of_work)


def list_editions(book_id: int) -> Editions:
    """Return the editions of the work of a book.

    :raises NotFound: there is no such book.
    """
    found = select_editions(book_id, _book.c.work_id, _book.c.language)
    rows = db.session.execute(found.order_by(_book.c.id)).all()
    own = next((row for row in rows if row.id == book_id), None)
    if own is None:
        raise NotFound()
    return Editions(book_id, {scope: [row.id for row in rows if is_covered(scope, own, row)] for scope in WishScope})
