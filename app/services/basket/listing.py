"""What is in a reader's basket, for its page."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, func, select

from app.models.base import LIVE, db
from app.models.basket import BasketLine
from app.models.book import Book, BookSummary
from app.models.wish import Wish
from app.rules.exchange.listing import WishState
from app.rules.shelf.basket import LineState
from app.services.basket.report import count_report
from app.services.exchange.editions import is_granted_by
from app.services.page import Page
from app.services.sight.visible import PUBLIC, Sight, visible_to

_WISHED: Any = cast("Table", Book.__table__).alias("wished")
_EDITION: Any = Book.__table__
_WISH: Any = Wish.__table__


class ShownLine(NamedTuple):
    """A line of a basket; `book` is None where none is found."""

    line: BasketLine
    book: BookSummary | None
    candidates: Sequence[BookSummary]
    """The books that may be meant, if there is more than one."""
    waiting: int
    """How many other readers wait for a copy of the book."""

    @property
    def state(self) -> str:
        """What is known of the book; one that was looked for in vain may have been entered in the meantime."""
        return LineState.FOUND if self.book and not self.candidates else self.line.state


class Basket(NamedTuple):
    """A page of a basket, and how many of all its lines are in which state."""

    lines: Page[ShownLine]
    states: dict[str, int]
    reported: int
    """How many rows the report of what became of the reader's lists has."""

    @property
    def looking(self) -> int:
        """How many books are being looked up."""
        return self.states.get(LineState.LOOKING, 0)


def count_states(reader_id: int) -> dict[str, int]:
    """Return how many lines of a basket are in which state; one statement."""
    counted = select(BasketLine.state, func.count()).where(BasketLine.reader_id == reader_id)
    return Counter(dict(db.session.execute(counted.group_by(BasketLine.state)).tuples().all()))


def show_basket(reader_id: int, page: int, size: int, sight: Sight = PUBLIC) -> Basket:
    """Return a page of a reader's basket, what came last first; six statements."""
    states = count_states(reader_id)
    mine = select(BasketLine).where(BasketLine.reader_id == reader_id).order_by(BasketLine.id.desc())
    lines = db.session.scalars(mine.limit(size).offset((page - 1) * size)).all()
    shown = show_lines(lines, reader_id, sight)
    return Basket(Page(shown, sum(states.values()), page, size), states, count_report(reader_id))


def list_lines(reader_id: int, keys: Sequence[str], sight: Sight = PUBLIC) -> list[ShownLine]:
    """Return the lines of a basket with these keys."""
    mine = select(BasketLine).where(BasketLine.reader_id == reader_id, BasketLine.line_key.in_(list(keys)))
    return show_lines(db.session.scalars(mine.order_by(BasketLine.id)).all(), reader_id, sight)


def show_lines(lines: Sequence[BasketLine], reader_id: int, sight: Sight) -> list[ShownLine]:
    """Return lines with their books and with how many readers wait for these; three statements."""
    unmatched = [line.isbn for line in lines if line.book_id is None and line.isbn]
    known = {isbn: book.id for isbn, book in Book.map_by_isbn(unmatched).items()}
    own = {line.id: line.book_id or known.get(line.isbn or "") for line in lines}
    named = {id for id in own.values() if id} | {id for line in lines for id in line.candidates}
    books = {book.id: book for book in Book.list_by_ids(named)}
    waiting = count_waiting(list(books), reader_id, sight)
    return [
        ShownLine(
            line,
            books.get(own[line.id] or 0),
            [books[id] for id in line.candidates if id in books],
            waiting.get(own[line.id] or 0, 0),
        )
        for line in lines
    ]


def count_waiting(book_ids: Sequence[int], reader_id: int, sight: Sight) -> dict[int, int]:
    """Return how many readers, but for one, wait for a copy of each of these books; one statement.

    Books for which nobody does are not in it.
    """
    counted = (
        select(_EDITION.c.id, func.count())
        .join_from(_EDITION, _WISHED, _WISHED.c.work_id == _EDITION.c.work_id)
        .join(_WISH, _WISH.c.book_id == _WISHED.c.id)
        .where(_EDITION.c.id.in_(list(book_ids)), _WISH.c.state == WishState.OPEN, _WISH.c.status == LIVE)
        .where(_WISH.c.user_id != reader_id, is_granted_by(_WISHED, _EDITION), visible_to(sight, _WISH.c.user_id))
    )
    return dict(db.session.execute(counted.group_by(_EDITION.c.id), sight.values).tuples().all())
