"""The wish queue: an open copy is first offered to the reader who has waited longest for it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift, WishOffer
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.asking import REST
from app.rules.exchange.drift import CAME_TO_NOTHING, CopyState, MailKind
from app.rules.exchange.listing import WishState
from app.rules.exchange.mails import was_never_told
from app.rules.exchange.wish_queue import Wisher, find_next
from app.services.exchange.deadline_settings import deadlines
from app.services.exchange.editions import list_editions, select_editions
from app.services.exchange.eligibility import list_asker_facts
from app.services.exchange.locking import lock_readers
from app.services.exchange.mails import ExchangeMail, queue_mails
from app.services.notice.notices import hide_offer
from app.services.sight.audience import is_free_for
from app.services.sight.visible import are_apart, is_within_sight
from app.services.transaction import changed_rows, transaction

BATCH = 50
NO_OFFER = {"offered_to": None, "offered_wish_id": None, "offer_until": None}


class PrivateCopy(NamedTuple):
    """A copy that is not listed, so that it was never offered."""

    giver_id: int
    book_id: int
    id: None = None
    is_closed: bool = False
    lender_id: None = None


def offer_to_next(gift_id: int, now: int) -> bool:
    """Offer an open copy to the longest-waiting reader who may ask for it; inside a transaction.

    Returns False if there is none, so that the copy is open to all.
    """
    return offer_open_copy(db.session.get_one(Gift, gift_id, populate_existing=True), now)


def offer_open_copy(gift: Gift, now: int) -> bool:
    """Do the same for a copy that has been loaded."""
    is_free = gift.state == CopyState.OPEN and gift.offered_wish_id is None
    if not is_free or db.session.scalar(select(is_away_at(now)).where(User.id == gift.giver_id)):
        return False
    for wishes in _waiting(gift):
        chosen = _choose(gift, wishes, now)
        if chosen is not None:
            keep_for(gift, chosen, now)
            return True
    return False


def _choose(gift: Gift, wishes: Sequence[Wish], now: int) -> Wisher | None:
    """Return the next of these wishes for which the copy can be offered, with its reader locked.

    Without the lock, copies of several books that become open at the same time would all be offered to one reader.
    """
    wishers = find_wishers(gift, wishes, now)
    while (chosen := find_next(wishers, gift.giver_id)) is not None:
        lock_readers(chosen.reader_id)
        same = [wish for wish in wishes if wish.id == chosen.wish_id]
        if (certain := find_next(find_wishers(gift, same, now), gift.giver_id)) is not None:
            return certain
        wishers.remove(chosen)
    return None


def _waiting(gift: Gift) -> Iterator[Sequence[Wish]]:
    """Yield the open wishes for a copy in batches, the oldest first, locked against being withdrawn."""
    waiting = select(Wish).where(list_editions(gift.book_id).is_wished(), Wish.state == WishState.OPEN)
    if gift.is_closed:
        waiting = waiting.where(_sees(gift, Wish.user_id))
    waiting = waiting.order_by(Wish.create_time, Wish.id)
    offset = 0
    while batch := db.session.scalars(waiting.limit(BATCH).offset(offset).with_for_update()).all():
        yield batch
        offset += BATCH


def find_wishers(gift: Gift | PrivateCopy, wishes: Sequence[Wish], now: int) -> list[Wisher]:
    """Return the facts at `now` (Unix seconds) that the queue needs about each wish that the copy would grant.

    Wishes of readers who have left, are apart from the giver or do not see the copy are left out.
    """
    ids = [wish.id for wish in wishes]
    readers = {wish.user_id for wish in wishes}
    facts_of = list_asker_facts(readers, now)
    offered = select(Gift.offered_wish_id).where(Gift.offered_wish_id.in_(ids))
    # By reader, not by wish: a reader who withdraws a wish and makes it again was offered the copy all the same.
    offers = select(Wish.user_id).join(WishOffer, WishOffer.wish_id == Wish.id)
    before = offers.where(WishOffer.gift_id == gift.id)
    of_giver = offers.join(Gift, Gift.id == WishOffer.gift_id).where(Gift.giver_id == gift.giver_id)
    same_work = select_editions(gift.book_id)
    today = of_giver.where(Wish.user_id.in_(readers), Gift.book_id.in_(same_work), WishOffer.create_time > now - DAY)
    under_way = Drift.asker_id.in_(readers), Drift.open_gift_id.is_not(None)
    getting = select(Drift.asker_id).where(*under_way, Drift.book_id == gift.book_id)
    granting = select(Drift.wish_id).where(*under_way, Drift.wish_id.in_(ids))
    refused = select_refusals(ids).where(Gift.book_id == gift.book_id).with_only_columns(WishOffer.wish_id)
    ended = Drift.asker_id.in_(readers), Drift.state.in_(CAME_TO_NOTHING), Drift.state_time > now - REST
    lately = select(Drift.asker_id).where(Drift.gift_id == gift.id, *ended)
    apart = select(User.id).where(User.id.in_(readers), _are_kept_apart(gift, User.id))
    queries = (offered, before, today, getting, granting, refused, lately, apart)
    has_offer, had_it, had_one_today, gets_one, is_granted, refuses, rests, kept_apart = (
        set(db.session.scalars(one)) for one in queries
    )
    free = set(db.session.scalars(_select_free(gift, readers))) if gift.is_closed else set()
    return [
        Wisher(
            wish_id=wish.id,
            reader_id=wish.user_id,
            since=wish.create_time,
            facts=facts_of[wish.user_id],
            is_open=wish.state == WishState.OPEN,
            has_offer=wish.id in has_offer,
            had_this_copy=wish.user_id in had_it,
            had_one_today=wish.user_id in had_one_today,
            asked_lately=wish.user_id in rests,
            is_getting_one=wish.user_id in gets_one or wish.id in is_granted,
            refused_edition=wish.id in refuses,
            is_free=wish.user_id in free,
        )
        for wish in wishes
        if wish.user_id in facts_of and wish.user_id not in kept_apart
    ]


def _select_free(gift: Gift | PrivateCopy, readers: Collection[int]) -> Select[tuple[int]]:
    """Select those of these readers whom a closed copy costs nothing."""
    copies = select(User.id).join(Gift, Gift.id == gift.id).where(User.id.in_(readers))
    return copies.where(is_free_for(Gift, User.id))


def _sees(gift: Gift | PrivateCopy, reader: Any) -> ColumnElement[bool]:
    """Return the condition that a reader, a column, sees a copy."""
    seen = aliased(Gift)
    return select(seen.id).where(seen.id == gift.id, is_within_sight(seen, reader)).exists()


def _are_kept_apart(gift: Gift | PrivateCopy, reader: Any) -> ColumnElement[bool]:
    apart = are_apart(gift.giver_id, reader)
    if gift.lender_id is not None:  # whose copy it is, and stays
        apart |= are_apart(gift.lender_id, reader) | (reader == gift.lender_id)
    return apart | ~_sees(gift, reader) if gift.is_closed else apart


def select_refusals(wish_ids: Collection[int]) -> Select[tuple[int]]:
    """Select the editions that were offered for these wishes and are not wanted."""
    offers = select(Gift.book_id).join(WishOffer, WishOffer.gift_id == Gift.id)
    offers = offers.join(Wish, Wish.id == WishOffer.wish_id)
    return offers.where(WishOffer.wish_id.in_(wish_ids), WishOffer.refused, Wish.book_id != Gift.book_id)


def keep_for(gift: Gift, wisher: Wisher, now: int) -> None:
    """Offer a copy for a wish and notify its reader; inside a transaction.

    The unique key on the offered wish makes a second copy for the same wish fail.
    """
    gift.offered_to, gift.offered_wish_id = wisher.reader_id, wisher.wish_id
    gift.offer_until = deadlines().offer_until(now)
    db.session.add(WishOffer(gift_id=gift.id, wish_id=wisher.wish_id, create_time=now))
    db.session.flush()
    offer = ExchangeMail(MailKind.OFFERED, wisher.reader_id, gift_id=gift.id, due=gift.offer_until)
    queue_mails([offer], now)


def end_offer(gift: Gift, now: int) -> None:
    """End the offer of a copy, if any, and notify the reader to whom it was made; inside a transaction."""
    if gift.offered_to is not None:
        User.note_able([gift.offered_to])
        hide_offer(gift.id, now)
        if not was_never_told(_offered_at(gift), now):
            queue_mails([ExchangeMail(MailKind.OFFER_ENDED, gift.offered_to, gift_id=gift.id)], now)
    gift.set_attrs(NO_OFFER)


def take_back_unseen(now: int, *which: ColumnElement[bool]) -> None:
    """End the offers, of the copies on which these conditions hold, to readers who do not see them any more.

    The copies are offered to the next readers. Inside a transaction.
    """
    unseen = Gift.is_closed, Gift.offered_to.is_not(None), ~is_within_sight(Gift, Gift.offered_to)
    offered = select(Gift).where(*which, *unseen).order_by(Gift.id).with_for_update()
    for gift in db.session.scalars(offered.execution_options(populate_existing=True)).all():
        end_offer(gift, now)
        db.session.flush()
        offer_open_copy(gift, now)


def _offered_at(gift: Gift) -> int:
    offered = select(func.max(WishOffer.create_time)).where(
        WishOffer.gift_id == gift.id, WishOffer.wish_id == gift.offered_wish_id
    )
    return db.session.scalar(offered) or 0


def release_wish(wish_id: int, now: int) -> None:
    """End the offer for a wish, if any, and offer the copy to the next reader; inside a transaction."""
    kept = select(Gift).where(Gift.offered_wish_id == wish_id).with_for_update()
    gift = db.session.scalar(kept.execution_options(populate_existing=True))
    if gift is not None:
        User.note_able([gift.offered_to or 0])
        hide_offer(gift.id, now)
        gift.set_attrs(NO_OFFER)
        db.session.flush()
        offer_to_next(gift.id, now)


def lapse_offers(now: int, limit: int) -> int:
    """End the offers that have expired, each in its own transaction; return how many."""
    db.session.rollback()
    due = select(Gift.id).where(Gift.offer_until <= now).order_by(Gift.offer_until).limit(limit)
    return sum(_lapse_offer(gift_id, now) for gift_id in db.session.scalars(due).all())


@transaction
def _lapse_offer(gift_id: int, now: int) -> bool:
    gift = db.session.get_one(Gift, gift_id, populate_existing=True)
    reader_id = gift.offered_to
    end = update(Gift).where(Gift.id == gift_id, Gift.offer_until <= now).values(**NO_OFFER)
    if changed_rows(end) != 1 or reader_id is None:
        return False
    User.note_able([reader_id])
    queue_mails([ExchangeMail(MailKind.OFFER_ENDED, reader_id, gift_id=gift_id)], now)
    offer_to_next(gift_id, now)
    return True


def is_away_at(now: int) -> ColumnElement[bool]:
    """Return the condition that a reader is away."""
    return and_(User.away_until.is_not(None), User.away_until > now)
