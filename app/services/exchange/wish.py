"""What a reader does with wishes: make one, withdraw it, grant another reader's."""

from sqlalchemy import func, select, update

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange import listing
from app.rules.exchange.drift import MAY_ARRIVE, CopyState
from app.rules.exchange.listing import LISTED, WishState
from app.rules.exchange.refusals import NoCopyToGive, WishGone
from app.rules.exchange.wish_queue import find_offer_refusal
from app.rules.refusal import Refusal
from app.services.errors import NotFound
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.locking import lock_present
from app.services.exchange.wish_queue import find_wishers, keep_for, release_wish
from app.services.transaction import changed_rows, transaction


@transaction
def wish_for_book(reader_id: int, book_id: int, now: int) -> int:
    """Put a book on the wish list and return the id of the wish.

    :raises NotFound: there is no such book.
    :raises ListsThisBook, AlreadyWished, TooManyWishes: see `rules.listing.ensure_may_wish`.
    """
    lock_present(reader_id)
    if Book.find_by_id(book_id) is None:
        raise NotFound()
    lists_it = select(Gift.id).where(Gift.giver_id == reader_id, Gift.book_id == book_id, Gift.state.in_(LISTED))
    open_wishes = select(func.count(Wish.id)).where(Wish.user_id == reader_id, Wish.state == WishState.OPEN)
    listing.ensure_may_wish(
        db.session.scalar(lists_it.limit(1)) is not None,
        find_open_wish(reader_id, book_id) is not None,
        db.session.scalar(open_wishes) or 0,
        get_asker_facts(reader_id, now).is_newcomer,
    )
    wish = Wish(user_id=reader_id, book_id=book_id, open_key=Wish.key_of(reader_id, book_id), create_time=now)
    db.session.add(wish)
    db.session.flush()
    _let_drifts_grant(wish)
    return wish.id


def _let_drifts_grant(wish: Wish) -> None:
    """Link the reader's drifts under way for this book to the wish, which is granted when one of them arrives."""
    asked = Drift.asker_id == wish.user_id, Drift.book_id == wish.book_id, Drift.state.in_(MAY_ARRIVE)
    changed_rows(update(Drift).where(*asked).values(wish_id=wish.id))


def find_open_wish(reader_id: int, book_id: int) -> int | None:
    """Return the id of the reader's open wish for a book."""
    return db.session.scalar(select(Wish.id).where(Wish.open_key == Wish.key_of(reader_id, book_id)))


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
    db.session.flush()
    release_wish(wish.id, now)
    return True


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
    refusal: Refusal | None = WishGone() if wish.state != WishState.OPEN else None
    for gift in _free_copies(giver_id, wish.book_id) if refusal is None else []:
        wisher = next(iter(find_wishers(gift, [wish], now)), None)
        refusal = WishGone() if wisher is None else find_offer_refusal(wisher, giver_id)
        if wisher is not None and refusal is None:
            keep_for(gift, wisher, now)
            return gift.book_id
    raise refusal or NoCopyToGive()


def _free_copies(giver_id: int, book_id: int) -> list[Gift]:
    free = (
        select(Gift)
        .where(
            Gift.giver_id == giver_id,
            Gift.book_id == book_id,
            Gift.state == CopyState.OPEN,
            Gift.offered_wish_id.is_(None),
        )
        .order_by(Gift.id)
        .limit(20)
        .with_for_update()
    )
    return list(db.session.scalars(free))
