"""The wish queue looks again: whoever has become able to ask is offered the open copies that they wait for."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift, WishOffer
from app.models.user import AT_ONCE, User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.asking import find_asker_refusal
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState
from app.rules.exchange.refusals import BooksStillMissing, Limited, TooManyOpenRequests
from app.rules.exchange.wish_queue import find_offer_refusal
from app.rules.exchange.wish_scope import WishScope
from app.rules.refusal import Refusal
from app.services.exchange.editions import list_editions
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.locking import lock_readers
from app.services.exchange.wish_queue import BATCH, find_wishers, is_away_at, offer_open_copy, select_refusals
from app.services.sight.audience import has_free_circle
from app.services.sight.visible import are_apart, is_within_sight
from app.services.transaction import changed_rows, transaction

_wished, _given = aliased(Book), aliased(Book)


def look_for_readers(now: int, limit: int) -> int:
    """Look for copies for readers who have become able to ask, at most `limit` of them; return how many.

    Each reader has a transaction of their own; those who wait for no book are left out together.
    """
    db.session.rollback()
    for reader_id in db.session.scalars(_due(now, limit).where(User.away_until <= now)).all():
        _end_absence(reader_id, now)
    db.session.rollback()
    waits = select(Wish.id).where(Wish.user_id == User.id, Wish.state == WishState.OPEN).exists()
    rows = db.session.execute(_due(now, limit).add_columns(or_(waits, User.away_until.is_not(None)))).all()
    _forget_looks([reader_id for reader_id, is_waiting in rows if not is_waiting], now)
    for reader_id in (reader_id for reader_id, is_waiting in rows if is_waiting):
        _look_for(reader_id, now)
    return len(rows)


def _due(now: int, limit: int) -> Select[tuple[int]]:
    return select(User.id).where(User.look_time <= now).order_by(User.look_time, User.id).limit(limit)


@transaction
def _end_absence(reader_id: int, now: int) -> None:
    lock_readers(reader_id)
    reader = db.session.get(User, reader_id, populate_existing=True)
    if reader is not None and not reader.is_away(now):
        note_return(reader)


@transaction
def _forget_looks(reader_ids: Collection[int], now: int) -> None:
    changed_rows(update(User).where(User.id.in_(reader_ids), User.look_time <= now).values(look_time=None))


@transaction
def _look_for(reader_id: int, now: int) -> None:
    """Offer the copies that a reader waits for to whoever has waited longest and may ask now.

    The reader's wishes are locked before copies are looked for, so that a copy that is being listed is either seen
    here or sees this reader.
    """
    lock_readers(reader_id)
    reader = db.session.get(User, reader_id, populate_existing=True)
    if reader is None:  # the account has just been closed
        return
    if reader.is_away(now):
        reader.look_time = reader.away_until
        return
    if reader.away_until is not None:
        note_return(reader)
    mine = select(Wish).where(Wish.user_id == reader_id, Wish.state == WishState.OPEN)
    wishes = db.session.scalars(mine.order_by(Wish.create_time, Wish.id).with_for_update()).all()
    is_to_look_again, is_free = False, has_free_circle(reader_id)
    for wish in wishes:
        refusal = find_asker_refusal(get_asker_facts(reader_id, now), is_free=is_free)
        is_to_look_again |= _ends_by_itself(refusal)
        if refusal is not None:
            break
        is_to_look_again |= _offer_one_for(wish, now)
    # Time alone changes these refusals; whatever else changes is noted when it does.
    reader.look_time = now + DAY if is_to_look_again else None


def _ends_by_itself(refusal: Refusal | None) -> bool:
    """Return whether time alone ends a refusal, as of what a reader did within the last months."""
    is_of_an_absence = isinstance(refusal, TooManyOpenRequests) and refusal.absences > 0
    return is_of_an_absence or isinstance(refusal, BooksStillMissing | Limited)


def note_return(reader: User) -> None:
    """End the absence of a reader; the queue looks for copies for them, and for those who wait for their books."""
    reader.away_until, reader.away_words, reader.look_time = None, "", AT_ONCE
    db.session.flush()
    waiting = (
        select(Wish.user_id).join(_wished, _wished.id == Wish.book_id).join(_given, _given.work_id == _wished.work_id)
    )
    waiting = waiting.join(Gift, Gift.book_id == _given.id)
    waiting = waiting.where(Gift.giver_id == reader.id, Gift.state == CopyState.OPEN, Wish.state == WishState.OPEN)
    User.note_able(set(db.session.scalars(waiting.where(is_within_sight(Gift, Wish.user_id)))))


def _offer_one_for(wish: Wish, now: int) -> bool:
    """Offer the copies that grant a wish until one of them is for its reader; return whether time may bring another."""
    has_to_rest = False
    for gift in _find_copies(wish, now):
        wisher = next(iter(find_wishers(gift, [wish], now)), None)
        if wisher is None:  # somebody has just left, or blocked the other
            continue
        if wisher.has_offer or wisher.is_getting_one:
            return False
        has_to_rest |= wisher.has_to_rest
        if find_offer_refusal(wisher, gift.giver_id) is None:
            db.session.refresh(gift, with_for_update=True)
            offer_open_copy(gift, now)
            if gift.offered_wish_id == wish.id:
                return False
    return has_to_rest


def _find_copies(wish: Wish, now: int) -> Sequence[Gift]:
    """Return the open copies that were never offered to the reader of a wish, first those of the very edition."""
    editions = list_editions(wish.book_id).covered[WishScope(wish.scope)]
    wanted = set(editions) - set(db.session.scalars(select_refusals([wish.id])))
    had = select(WishOffer.id).join(Wish, Wish.id == WishOffer.wish_id)
    had = had.where(WishOffer.gift_id == Gift.id, Wish.user_id == wish.user_id)
    away = select(User.id).where(User.id == Gift.giver_id, is_away_at(now))
    free = Gift.state == CopyState.OPEN, Gift.offered_wish_id.is_(None), Gift.giver_id != wish.user_id
    met = ~are_apart(wish.user_id, Gift.giver_id) & ~are_apart(wish.user_id, Gift.lender_id)
    met &= is_within_sight(Gift, wish.user_id)
    copies = select(Gift).where(Gift.book_id.in_(sorted(wanted)), *free, ~had.exists(), ~away.exists(), met)
    return db.session.scalars(copies.order_by((Gift.book_id == wish.book_id).desc(), Gift.id).limit(BATCH)).all()
