"""Entries of books that are shown to nobody, because of what a reader wrote in them. Times are in Unix seconds."""

from sqlalchemy import select

from app.models.base import DELETED, LIVE, db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.drift import UNDER_WAY, CopyState
from app.rules.exchange.listing import WITHDRAWABLE, WishState
from app.rules.moderation.decision import NotEnteredByHand, NothingToHide
from app.services.exchange.locking import lock_readers
from app.services.exchange.wish import end_wish
from app.services.exchange.wish_queue import end_offer


def lock_book(book_id: int) -> Book:
    """Return a book, hidden or not, that nobody else can hide until the transaction ends."""
    found = select(Book).where(Book.id == book_id).with_for_update()
    return db.session.scalars(found.execution_options(include_deleted=True, populate_existing=True)).one()


def hide_book(book_id: int, now: int) -> None:
    """Show an entry to nobody; the copies and wishes of it are off their lists. Inside a transaction.

    :raises NotEnteredByHand: a catalogue says so, and no reader.
    :raises NothingToHide: it is hidden, or a copy of it is asked for or on its way.
    """
    book = lock_book(book_id)
    if not book.entered_by_hand:
        raise NotEnteredByHand()
    wishes = select(Wish.id, Wish.user_id).where(Wish.book_id == book_id, Wish.state == WishState.OPEN)
    givers = select(Gift.giver_id).where(Gift.book_id == book_id)
    lock_readers(*db.session.scalars(givers), *(reader_id for _, reader_id in db.session.execute(wishes).tuples()))
    under_way = select(Drift.id).where(Drift.book_id == book_id, Drift.state.in_(UNDER_WAY)).limit(1)
    if book.status == DELETED or db.session.scalar(under_way) is not None:
        raise NothingToHide()
    listed = select(Gift).where(Gift.book_id == book_id, Gift.state.in_(WITHDRAWABLE)).with_for_update()
    for gift in db.session.scalars(listed.execution_options(populate_existing=True)).all():
        end_offer(gift, now)
        gift.state = CopyState.WITHDRAWN
    db.session.flush()
    for wish_id, _ in db.session.execute(wishes).tuples().all():
        end_wish(wish_id, WishState.WITHDRAWN, now)
    book.status = DELETED


def show_book(book_id: int) -> None:
    """Show an entry again; its copies and wishes stay off their lists. Inside a transaction."""
    lock_book(book_id).status = LIVE
