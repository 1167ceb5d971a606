"""What a reader does with wishes: make one, withdraw it, grant another reader's."""

from collections.abc import Sequence

from sqlalchemy import and_, false, func, select, update

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift, WishOffer
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange import listing
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import LISTED, WishState
from app.rules.exchange.refusals import NoCopyToGive, OfferGone, WishGone
from app.rules.exchange.steps import MAY_ARRIVE
from app.rules.exchange.wish_queue import find_offer_refusal
from app.rules.exchange.wish_scope import WishScope, default_scope
from app.rules.refusal import Refusal
from app.services.copy.questions import queue_wish
from app.services.errors import NotFound
from app.services.exchange.editions import Editions, list_editions
from app.services.exchange.eligibility import ensure_exists_for, get_asker_facts
from app.services.exchange.locking import lock_present
from app.services.exchange.wish_queue import find_wishers, keep_for, release_wish
from app.services.sight.visible import has_blocked
from app.services.transaction import changed_rows, transaction


def add_wish(reader_id: int, book_id: int, now: int, scope: WishScope | None = None) -> int:
    """Put a book on the wish list and return the id of the wish; without a scope, `default_scope` chooses one.

    Inside a transaction.

    A wish for the book that was taken off the list within the last day comes back, and keeps its place and its scope.

    :raises NotFound: there is no such book.
    :raises ListsThisBook, AlreadyWished, TooManyWishes: see `rules.listing.ensure_may_wish`.
    """
    lock_present(reader_id)
    book = Book.find_by_id(book_id)
    if book is None:
        raise NotFound()
    back, editions = _find_withdrawn(reader_id, book_id, now), list_editions(book_id)
    scope = scope or (WishScope(back.scope) if back else default_scope(book.title, book.subtitle))
    open_wishes = select(func.count(Wish.id)).where(Wish.user_id == reader_id, Wish.state == WishState.OPEN)
    listing.ensure_may_wish(
        _lists_one(reader_id, editions.covered[scope]),
        _wishes_already(reader_id, editions, scope),
        db.session.scalar(open_wishes) or 0,
        get_asker_facts(reader_id, now).is_newcomer,
    )
    wish = back or Wish(user_id=reader_id, book_id=book_id, create_time=now)
    is_open = {"state": WishState.OPEN, "open_key": Wish.key_of(reader_id, book_id), "end_time": None}
    wish.set_attrs({"scope": scope} | is_open)
    db.session.add(wish)
    db.session.flush()
    _let_drifts_grant(wish, editions.covered[scope])
    User.note_able([reader_id])
    queue_wish(wish.id, reader_id, now)
    return wish.id


wish_for_book = transaction(add_wish)
"""`add_wish` in a transaction of its own."""


def _find_withdrawn(reader_id: int, book_id: int, now: int) -> Wish | None:
    lately = Wish.state == WishState.WITHDRAWN, Wish.end_time > now - listing.PLACE_KEPT
    mine = select(Wish).where(Wish.user_id == reader_id, Wish.book_id == book_id, *lately)
    return db.session.scalar(mine.order_by(Wish.id.desc()).limit(1).with_for_update())


@transaction
def change_scope(reader_id: int, wish_id: int, scope: WishScope, now: int) -> None:
    """Let a wish be for other editions of the work; it keeps its place, and an offer that it covers.

    :raises NotFound: there is no such wish.
    :raises WishGone: the reader has no such wish, or it has ended.
    :raises ListsThisBook: the reader gives one of these editions.
    :raises AlreadyWished: the reader has another wish for one of them.
    """
    lock_present(reader_id)
    wish = db.session.get(Wish, wish_id, with_for_update=True, populate_existing=True)
    if wish is None:
        raise NotFound()
    if wish.user_id != reader_id or wish.state != WishState.OPEN:
        raise WishGone()
    editions = list_editions(wish.book_id)
    listing.ensure_may_widen(
        _lists_one(reader_id, editions.covered[scope]), _wishes_already(reader_id, editions, scope, but=wish_id)
    )
    wish.scope = scope
    db.session.flush()
    User.note_able([reader_id])
    queue_wish(wish_id, reader_id, now)
    _let_drifts_grant(wish, editions.covered[scope])
    offered = db.session.scalar(select(Gift.book_id).where(Gift.offered_wish_id == wish_id))
    if offered is not None and offered not in editions.covered[scope]:
        release_wish(wish_id, now)


def _lists_one(reader_id: int, book_ids: Sequence[int]) -> bool:
    listed = select(Gift.id).where(Gift.giver_id == reader_id, Gift.book_id.in_(book_ids), Gift.state.in_(LISTED))
    return db.session.scalar(listed.limit(1)) is not None


def _wishes_already(reader_id: int, editions: Editions, scope: WishScope, but: int = 0) -> bool:
    """Return whether the reader waits for one of these editions, so that a second wish would be a second place."""
    mine = Wish.user_id == reader_id, Wish.state == WishState.OPEN, Wish.id != but, Wish.book_id.in_(editions.all)
    parted = Wish.scope == WishScope.THIS_EDITION, Wish.book_id != editions.book_id
    apart = and_(*parted) if scope == WishScope.THIS_EDITION else false()
    return db.session.scalar(select(Wish.id).where(*mine, ~apart).limit(1)) is not None


def _let_drifts_grant(wish: Wish, book_ids: Sequence[int]) -> None:
    """Link the reader's drifts under way for these books to the wish, which is granted when one of them arrives."""
    asked = Drift.asker_id == wish.user_id, Drift.book_id.in_(book_ids), Drift.state.in_(MAY_ARRIVE)
    changed_rows(update(Drift).where(*asked).values(wish_id=wish.id))


def find_open_wish(reader_id: int, book_id: int) -> int | None:
    """Return the id of the reader's open wish that a copy of a book grants; first the wish for this very book."""
    mine = select(Wish.id).where(Wish.user_id == reader_id, Wish.state == WishState.OPEN)
    mine = mine.where(list_editions(book_id).is_wished())
    return db.session.scalar(mine.order_by((Wish.book_id == book_id).desc(), Wish.id).limit(1))


@transaction
def withdraw_wish(reader_id: int, wish_id: int, now: int) -> None:
    """Take a wish off the list; a copy on offer for it is offered to the next reader.

    :raises WishGone: the reader has no such wish, or it has ended.
    """
    lock_present(reader_id)
    owner_id = db.session.scalar(select(Wish.user_id).where(Wish.id == wish_id))
    if owner_id != reader_id or not end_wish(wish_id, WishState.WITHDRAWN, now):
        raise WishGone()


def end_wish(wish_id: int, state: WishState, now: int) -> bool:
    """End an open wish; inside a transaction. Returns False if it had ended before."""
    is_open = Wish.id == wish_id, Wish.state == WishState.OPEN
    wish = db.session.scalar(select(Wish).where(*is_open).with_for_update())
    if wish is None:
        return False
    wish.state, wish.open_key = state, None
    wish.end_time = now if state is WishState.WITHDRAWN else None
    db.session.flush()
    release_wish(wish.id, now)
    return True


@transaction
def decline_offer(reader_id: int, gift_id: int, now: int) -> None:
    """Say that the copy on offer is not the edition that one waits for; the wish keeps its place.

    :raises NotFound: there is no such copy.
    :raises OfferGone: it is not on offer to the reader.
    """
    lock_present(reader_id)
    gift = ensure_exists_for(db.session.get(Gift, gift_id, with_for_update=True, populate_existing=True), reader_id)
    if gift.offered_to != reader_id or gift.offered_wish_id is None:
        raise OfferGone()
    offer = WishOffer.gift_id == gift_id, WishOffer.wish_id == gift.offered_wish_id
    changed_rows(update(WishOffer).where(*offer).values(refused=True))
    release_wish(gift.offered_wish_id, now)


@transaction
def satisfy_wish(giver_id: int, wish_id: int, now: int) -> int:
    """Offer one of the giver's open copies for a wish, and return the id of the copy's book.

    :raises NotFound: there is no such wish.
    :raises NoCopyToGive: the giver has no open copy that is on offer to nobody.
    :raises Refusal: what `rules.wish_queue.find_offer_refusal` returns.
    """
    wish = db.session.get(Wish, wish_id)
    if wish is None:
        raise NotFound()
    lock_present(giver_id, wish.user_id)
    db.session.refresh(wish)
    is_there = wish.state == WishState.OPEN and not has_blocked(giver_id, wish.user_id)
    refusal: Refusal | None = None if is_there else WishGone()
    covered = list_editions(wish.book_id).covered[WishScope(wish.scope)]
    for gift in _free_copies(giver_id, wish.book_id, covered) if refusal is None else []:
        wisher = next(iter(find_wishers(gift, [wish], now)), None)
        refusal = WishGone() if wisher is None else find_offer_refusal(wisher, giver_id)
        if wisher is not None and refusal is None:
            keep_for(gift, wisher, now)
            return gift.book_id
    raise refusal or NoCopyToGive()


def _free_copies(giver_id: int, wished_id: int, book_ids: Sequence[int]) -> list[Gift]:
    free = (
        select(Gift)
        .where(
            Gift.giver_id == giver_id,
            Gift.book_id.in_(book_ids),
            Gift.state == CopyState.OPEN,
            Gift.offered_wish_id.is_(None),
        )
        .order_by((Gift.book_id == wished_id).desc(), Gift.id)
        .limit(20)
        .with_for_update()
    )
    return list(db.session.scalars(free))
