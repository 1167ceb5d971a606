"""What a reader does with wishes: make one, withdraw it, grant somebody else's."""

from sqlalchemy import func, select

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange import listing
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import LISTED, WishState
from app.rules.exchange.refusals import NoCopyToGive, WishGone
from app.rules.exchange.wish_queue import find_offer_refusal
from app.rules.refusal import Refusal
from app.services.errors import NotFound
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.locking import lock_present
from app.services.exchange.wish_queue import find_wishers, keep_for, release_wish
from app.services.transaction import transaction


@transaction
def wish_for_book(reader_id: int, isbn: str, now: int) -> int:
    """Put a book on the wish list and return the id of the wish.

    :raises NotFound: there is no such book.
    :raises ListsThisBook, AlreadyWished, TooManyWishes: see `rules.listing.ensure_may_wish`.
    """
    lock_present(reader_id)
    if Book.find_by_isbn(isbn) is None:
        raise NotFound()
    lists_it = select(Gift.id).where(Gift.giver_id == reader_id, Gift.isbn == isbn, Gift.state.in_(LISTED))
    open_key = Wish.key_of(reader_id, isbn)
    wishes_for_it = select(Wish.id).where(Wish.open_key == open_key)
    open_wishes = select(func.count(Wish.id)).where(Wish.user_id == reader_id, Wish.state == WishState.OPEN)
    listing.ensure_may_wish(
        db.session.scalar(lists_it.limit(1)) is not None,
        db.session.scalar(wishes_for_it) is not None,
        db.session.scalar(open_wishes) or 0,
        get_asker_facts(reader_id, now).is_newcomer,
    )
    wish = Wish(user_id=reader_id, isbn=isbn, open_key=open_key, create_time=now)
    db.session.add(wish)
    db.session.flush()
    return wish.id


@transaction
def withdraw_wish(reader_id: int, isbn: str, now: int) -> None:
    """Take a book off the wish list; a copy kept for it goes to the next reader.

    :raises WishGone: the reader has no open wish for the book.
    """
    lock_present(reader_id)
    if not end_wish(reader_id, isbn, WishState.WITHDRAWN, now):
        raise WishGone()


def end_wish(reader_id: int, isbn: str, state: WishState, now: int) -> bool:
    """End a reader's open wish for a book; inside a transaction. False: there is none."""
    wish = db.session.scalar(select(Wish).where(Wish.open_key == Wish.key_of(reader_id, isbn)).with_for_update())
    if wish is None:
        return False
    wish.state, wish.open_key = state, None
    db.session.flush()
    release_wish(wish.id, now)
    return True


@transaction
def satisfy_wish(giver_id: int, wish_id: int, now: int) -> str:
    """Keep one of the giver's open copies for a wish, and return the ISBN of the book.

    :raises NotFound: there is no such wish.
    :raises NoCopyToGive: the giver has no open copy that is promised to nobody.
    :raises Refusal: what `rules.wish_queue.find_offer_refusal` returns.
    """
    wish = db.session.get(Wish, wish_id)
    if wish is None:
        raise NotFound()
    lock_present(giver_id, wish.user_id)
    db.session.refresh(wish)
    refusal: Refusal | None = WishGone() if wish.state != WishState.OPEN else None
    for gift in _free_copies(giver_id, wish.isbn) if refusal is None else []:
        wisher = next(iter(find_wishers(gift, [wish], now)), None)
        refusal = WishGone() if wisher is None else find_offer_refusal(wisher, giver_id)
        if wisher is not None and refusal is None:
            keep_for(gift, wisher, now)
            return wish.isbn
    raise refusal or NoCopyToGive()


def _free_copies(giver_id: int, isbn: str) -> list[Gift]:
    free = (
        select(Gift)
        .where(
            Gift.giver_id == giver_id,
            Gift.isbn == isbn,
            Gift.state == CopyState.OPEN,
            Gift.offered_wish_id.is_(None),
        )
        .order_by(Gift.id)
        .limit(20)
        .with_for_update()
    )
    return list(db.session.scalars(free))
