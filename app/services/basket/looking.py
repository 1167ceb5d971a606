"""Asking the catalogues outside for the books of a basket, as a job."""

from collections.abc import Collection

from sqlalchemy import func, select

from app.models.base import db
from app.models.basket import BasketLine
from app.models.book import Book
from app.rules.shelf.basket import LineState, Missing
from app.services.book.lookup import has_catalogues, site_lookup
from app.services.book.store import store_books
from app.services.outbox import enqueue
from app.services.transaction import transaction

LOOK = "basket.look"
AT_ONCE = 25
"""How many books the catalogues are asked for at once."""


class CatalogueSilent(Exception):
    """A catalogue has not answered, so that nobody knows whether a book is there."""


def queue_look(reader_id: int) -> None:
    """Let the books of a basket be looked up that wait for it; inside a transaction, of which the lines are flushed."""
    looking = BasketLine.reader_id == reader_id, BasketLine.state == LineState.LOOKING
    first, last = db.session.execute(select(func.min(BasketLine.id), func.max(BasketLine.id)).where(*looking)).one()
    if last is not None:
        enqueue(LOOK, {"user_id": reader_id}, f"{LOOK}:{reader_id}:{first}:{last}")


@transaction
def queue_rest(reader_id: int) -> None:
    """Let the books that still wait be looked up by another job."""
    queue_look(reader_id)


@transaction
def look_again(reader_id: int, now: int) -> int:
    """Let all books of a basket that were not found be looked up once more, and return how many; `now` in seconds."""
    if not has_catalogues():
        return 0
    unknown = select(BasketLine).where(BasketLine.reader_id == reader_id, BasketLine.state == LineState.UNKNOWN)
    lines = db.session.scalars(unknown.where(BasketLine.isbn.is_not(None)).with_for_update()).all()
    for line in lines:
        line.set_attrs({"state": LineState.LOOKING, "reason": ""})
    if lines:
        enqueue(LOOK, {"user_id": reader_id}, f"{LOOK}:{reader_id}:at:{now}")
    return len(lines)


def look_up(reader_id: int, gives_up: bool) -> bool:
    """Ask for the first `AT_ONCE` books of a basket that wait for it, and return whether there were any.

    :param gives_up: a book counts as unknown even if a catalogue does not answer.
    :raises CatalogueSilent: a catalogue did not answer; what was found is stored.
    """
    isbns = _list_waiting(reader_id)
    if not isbns:
        return False
    unknown = [isbn for isbn in isbns if isbn not in Book.map_by_isbn(isbns)]
    db.session.rollback()  # no connection is held while others think
    found = site_lookup().find_many(unknown) if unknown else None
    if found and found.records:
        store_books(list(found.records.values()))
    is_certain = found is None or found.is_certain
    _note(reader_id, isbns, (Missing.NOT_KNOWN if is_certain else Missing.NO_ANSWER) if is_certain or gives_up else "")
    if not is_certain and not gives_up:
        raise CatalogueSilent()
    return True


def _list_waiting(reader_id: int) -> list[str]:
    waiting = select(BasketLine.isbn).where(BasketLine.reader_id == reader_id, BasketLine.state == LineState.LOOKING)
    waiting = waiting.where(BasketLine.isbn.is_not(None)).order_by(BasketLine.id).limit(AT_ONCE)
    return [isbn for isbn in db.session.scalars(waiting) if isbn]


@transaction
def _note(reader_id: int, isbns: Collection[str], reason: str) -> None:
    """Note what was found; what was not is unknown for this reason, or still waits if there is none."""
    books = Book.map_by_isbn(isbns)
    mine = BasketLine.reader_id == reader_id, BasketLine.state == LineState.LOOKING, BasketLine.isbn.in_(list(isbns))
    for line in db.session.scalars(select(BasketLine).where(*mine).with_for_update()):
        if book := books.get(line.isbn or ""):
            line.set_attrs({"state": LineState.FOUND, "book_id": book.id})
        elif reason:
            line.set_attrs({"state": LineState.UNKNOWN, "reason": reason})
