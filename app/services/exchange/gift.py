"""What a reader does with their own copies: list, withdraw, list again."""

from sqlalchemy import select, update

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.shelf_place import note_copies
from app.models.user import User
from app.rules.exchange import listing
from app.rules.exchange.drift import CAME_TO_NOTHING, CopyState, Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.place import ensure_places_are_chosen
from app.rules.exchange.refusals import AlreadyListed
from app.rules.exchange.way import Terms
from app.rules.moderation.hold import HoldReason
from app.rules.moderation.report import ReportKind
from app.services.copy.keeping import take_to_list
from app.services.delivery.places import list_open, name_places
from app.services.errors import NotFound
from app.services.exchange.deadlines import finish_running_step
from app.services.exchange.locking import ensure_not_limited, lock_present
from app.services.exchange.wish import find_open_wish
from app.services.exchange.wish_queue import end_offer, offer_to_next
from app.services.sight.audience import show_to
from app.services.sight.hold import find_listing_hold, hold
from app.services.transaction import changed_rows, transaction

BY_POST_ONLY = Terms()


def add_listing(
    giver_id: int,
    book_id: int,
    condition: Condition,
    note: str,
    form_key: str | None,
    now: int,
    terms: Terms = BY_POST_ONLY,
    copy_id: int | None = None,
) -> int:
    """List a copy of a book and return the id of the listing; it is offered to the longest-waiting wisher.

    Inside a transaction.

    Unless `copy_id` says which copy on the giver's shelf it is, it is a private one of that book, or a new one.

    What a new reader says first may have to wait until somebody at the desk has looked at it.

    How it is handed over is remembered for the giver's next copy.

    :raises NotFound: there is no such book, or the copy is not the giver's, not of that book, or listed already.
    :raises Limited: the people who run the site let the reader list nothing at present.
    :raises AlreadyListed: the same form was sent before.
    :raises ShelfFull: the giver holds as many copies as is allowed.
    :raises WishedForThisBook: the giver wishes for the book.
    :raises NoPlaceChosen, PlaceNotOffered: it is left at a place, and none is named, too many, or a closed one.
    :raises NotInTheseCircles: it is to be for circles alone, and the giver is not in all of them.
    """
    lock_present(giver_id)
    return list_copy(giver_id, book_id, condition, note, form_key or None, now, terms, copy_id)


def list_copy(
    giver_id: int,
    book_id: int,
    condition: Condition,
    note: str,
    form_key: str | None,
    now: int,
    terms: Terms,
    copy_id: int | None = None,
) -> int:
    """Do what `offer_gift` does, inside a transaction that has locked the giver; a key of None identifies no form."""
    ensure_not_limited(giver_id, now)
    if Book.find_by_id(book_id) is None:
        raise NotFound()
    if form_key and _is_listed(giver_id, form_key):
        raise AlreadyListed()
    listing.ensure_may_offer(find_open_wish(giver_id, book_id) is not None)
    ensure_places_are_chosen(terms.ways, terms.places, list_open(terms.places))
    gift = Gift(
        giver_id=giver_id,
        book_id=book_id,
        copy_id=take_to_list(giver_id, book_id, condition, now, copy_id).id,
        condition=condition,
        note=note,
        form_key=form_key,
        create_time=now,
    )
    put_on_list(gift, terms, now)
    db.session.get_one(User, giver_id).set_attrs({"ways": gift.ways, "meeting_words": terms.words})
    return gift.id


def put_on_list(gift: Gift, terms: Terms, now: int) -> None:
    """Store a listing, and offer it to the longest-waiting wisher unless it has to be looked at first."""
    reason = find_listing_hold(gift.giver_id, f"{gift.note}\n{terms.public_words}", now)
    gift.state = CopyState.HELD if reason else CopyState.OPEN
    gift.set_attrs(terms.handing_over | terms.lending)
    db.session.add(gift)
    db.session.flush()
    name_places(gift.id, terms.places if Way.PLACE in terms.ways else ())
    show_to(gift, terms.circles)
    if reason:
        hold(ReportKind.LISTING, gift.id, gift.giver_id, reason, now)
    offer_to_next(gift.id, now)


offer_gift = transaction(add_listing)
"""`add_listing` in a transaction of its own."""


@transaction
def withdraw_gift(giver_id: int, gift_id: int, now: int) -> None:
    """Take a copy off the list, and notify the reader to whom it was on offer.

    A request for it that the giver has just declined or cancelled cannot be taken up again after that.

    :raises NotFound: the giver has no such copy.
    :raises GiftReserved, GiftGone: see `rules.listing.ensure_may_withdraw`.
    """
    take_off(get_own_gift(giver_id, gift_id), now)


def take_off(gift: Gift, now: int) -> None:
    """Do what `withdraw_gift` does with a copy that has been locked; inside a transaction."""
    finish_ended_request(gift, now)
    listing.ensure_may_withdraw(CopyState(gift.state))
    end_offer(gift, now)
    gift.state = CopyState.WITHDRAWN


def hold_listing(gift: Gift, reason: HoldReason, now: int) -> None:
    """Take an open copy off the shelf until somebody at the desk has looked at it; inside a transaction."""
    end_offer(gift, now)
    gift.state = CopyState.HELD
    hold(ReportKind.LISTING, gift.id, gift.giver_id, reason, now)


def release_listing(gift_id: int, now: int) -> None:
    """Put a copy back on the shelf that is still held; inside a transaction."""
    back = update(Gift).where(Gift.id == gift_id, Gift.state == CopyState.HELD).values(state=CopyState.OPEN)
    if changed_rows(back):
        note_copies(db.session.scalars(select(Gift.book_id).where(Gift.id == gift_id)).all())
        offer_to_next(gift_id, now)


def finish_ended_request(gift: Gift, now: int) -> None:
    """End the time in which the end of the request for a copy can be undone, if there is one; inside a transaction."""
    finish_running_step(now, Drift.open_gift_id == gift.id, Drift.state.in_(CAME_TO_NOTHING))


@transaction
def bring_back_gift(giver_id: int, gift_id: int, now: int) -> None:
    """List a hidden copy again.

    :raises NotFound: the giver has no such copy.
    :raises Limited: the people who run the site let the reader list nothing at present.
    :raises GiftGone: it is not hidden.
    :raises WishedForThisBook: the giver wishes for the book by now.
    """
    put_back(get_own_gift(giver_id, gift_id), now)


def put_back(gift: Gift, now: int) -> None:
    """Do what `bring_back_gift` does with a copy that has been locked; inside a transaction."""
    ensure_not_limited(gift.giver_id, now)
    listing.ensure_may_bring_back(CopyState(gift.state))
    listing.ensure_may_offer(find_open_wish(gift.giver_id, gift.book_id) is not None)
    gift.state = CopyState.OPEN
    db.session.flush()
    offer_to_next(gift.id, now)


def get_own_gift(giver_id: int, gift_id: int) -> Gift:
    """Lock a giver and one of their copies, and return it; raises `NotFound` if the giver has no such copy."""
    lock_present(giver_id)
    gift = db.session.scalar(select(Gift).where(Gift.id == gift_id, Gift.giver_id == giver_id).with_for_update())
    if gift is None:
        raise NotFound()
    return gift


def _is_listed(giver_id: int, form_key: str) -> bool:
    found = select(Gift.id).where(Gift.giver_id == giver_id, Gift.form_key == form_key)
    return db.session.scalar(found) is not None
