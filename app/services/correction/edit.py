"""Changing what was said about a copy or an exchange, as long as nobody relies on it. Times are in Unix seconds."""

from dataclasses import dataclass

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.rules.correction.editing import ensure_may_change_address, ensure_may_change_tracking, ensure_may_edit
from app.rules.exchange.drift import Action, CopyState, DriftState, MailKind, Role, Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.place import ensure_places_are_chosen
from app.rules.exchange.refusals import NotYourMove
from app.rules.exchange.way import Terms
from app.services.delivery.own_drift import get_own_drift
from app.services.delivery.places import ShownPlace, list_choices, list_open, list_places_of, name_places
from app.services.delivery.postal_address import PostalAddress, find_address, keep_address, seal_address
from app.services.errors import NotFound
from app.services.exchange.gift import get_own_gift, hold_listing
from app.services.exchange.locking import ensure_not_limited, lock_own_drift
from app.services.exchange.mails import ExchangeMail, queue_mails
from app.services.exchange.wish_queue import offer_to_next, take_back_unseen
from app.services.sight.audience import show_to
from app.services.sight.hold import find_listing_hold
from app.services.transaction import transaction


@dataclass(frozen=True)
class GiftToEdit:
    """A copy as its giver described it; `places` can be chosen, and those with the ids `chosen` are."""

    gift: Gift
    book: Book
    places: list[ShownPlace]
    chosen: list[int]


def find_gift_to_edit(giver_id: int, gift_id: int, area: str | None) -> GiftToEdit:
    """Return a copy whose giver, who lives in `area`, may edit it.

    :raises NotFound: the giver has no such copy.
    :raises TooLateToChange: somebody has asked for it, or it is off the list.
    """
    gift = db.session.get(Gift, gift_id)
    if gift is None or gift.giver_id != giver_id:
        raise NotFound()
    ensure_may_edit(CopyState(gift.state))
    places, _ = list_choices(giver_id, area)
    own = list_places_of(gift_id)
    others = [place for place in places if place not in own]
    return GiftToEdit(gift, db.session.get_one(Book, gift.book_id), own + others, [place.id for place in own])


@transaction
def edit_gift(giver_id: int, gift_id: int, condition: Condition, note: str, terms: Terms, now: int) -> None:
    """Change what a giver says about a listed copy; raises what `find_gift_to_edit` raises.

    :raises Limited: the people who run the site let the reader write nothing at present.
    :raises NoPlaceChosen, PlaceNotOffered: it is left at a place, and none is named, too many, or a closed one.
    :raises NotInTheseCircles: it is to be for circles alone, and the giver is not in all of them.
    """
    gift = get_own_gift(giver_id, gift_id)
    ensure_not_limited(giver_id, now)
    ensure_may_edit(CopyState(gift.state))
    ensure_places_are_chosen(terms.ways, terms.places, list_open(terms.places))
    if gift.loan_id is None:  # whoever hands a borrowed book on changes nothing of what its lender has said
        gift.set_attrs(terms.lending)
    gift.set_attrs({"condition": condition, "note": note} | terms.handing_over)
    db.session.get_one(Copy, gift.copy_id).condition = condition
    reason = find_listing_hold(giver_id, f"{note}\n{terms.public_words}", now, but=gift_id)
    if reason and gift.state == CopyState.OPEN:
        hold_listing(gift, reason, now)
    name_places(gift_id, terms.places if Way.PLACE in terms.ways else ())
    if gift.loan_id is None and show_to(gift, terms.circles):
        _offer_again(gift, now)


def _offer_again(gift: Gift, now: int) -> None:
    """Take an offer back from a reader who does not see the copy any more; others who wait may see it now."""
    take_back_unseen(now, Gift.id == gift.id)
    offer_to_next(gift.id, now)


def change_condition(gift: Gift, condition: Condition, now: int) -> None:
    """Say how worn a listed copy is; inside a transaction that has locked it and its giver.

    :raises Limited: the people who run the site let the giver write nothing at present.
    :raises TooLateToChange: somebody has asked for it.
    """
    ensure_not_limited(gift.giver_id, now)
    ensure_may_edit(CopyState(gift.state))
    gift.condition = condition


@transaction
def change_tracking(reader_id: int, drift_id: int, tracking: str) -> None:
    """Enter or correct the tracking number of a book that is on its way; it may be empty.

    :raises NotFound: the reader has no part in the drift, or the book does not go by post.
    :raises NotYourMove: the reader is the asker.
    :raises TooLateToChange: the book has not been mailed yet, or the exchange has ended.
    """
    drift = _lock_by_post(reader_id, drift_id, Role.GIVER, Action.MAILED)
    ensure_may_change_tracking(DriftState(drift.state))
    drift.tracking = tracking or None


def find_address_to_change(reader_id: int, drift_id: int, now: int) -> tuple[PostalAddress | None, str]:
    """Return the address to which a book will be sent, and the book's title; raises what `change_address` raises."""
    drift, role = get_own_drift(reader_id, drift_id)
    _ensure_is_by_post(drift, role, Role.ASKER, Action.ADDRESS)
    ensure_may_change_address(DriftState(drift.state), DriftEvent.count(drift_id, Action.ADDRESS))
    return find_address(drift, reader_id, now), db.session.get_one(Book, drift.book_id).title


@transaction
def change_address(reader_id: int, drift_id: int, address: PostalAddress, now: int, keep: bool = False) -> None:
    """Let the book be sent to another address; a giver who has accepted is told. `keep` saves it for next time.

    :raises NotFound: the reader has no part in the drift, or the book does not go by post.
    :raises NotYourMove: the reader is the giver.
    :raises TooLateToChange: the book has been mailed, or the exchange has ended.
    :raises ChangedTooOften: the address has been changed before, as often as is allowed.
    """
    drift = _lock_by_post(reader_id, drift_id, Role.ASKER, Action.ADDRESS)
    state = DriftState(drift.state)
    ensure_may_change_address(state, DriftEvent.count(drift_id, Action.ADDRESS))
    drift.address = seal_address(address)
    event = {"action": Action.ADDRESS, "actor": Role.ASKER, "from_state": state, "to_state": state}
    db.session.add(DriftEvent(drift_id=drift_id, create_time=now, **event))
    if state is DriftState.ACCEPTED:
        told = ExchangeMail(MailKind.ADDRESS_CHANGED, drift.giver_id, drift_id=drift_id, since=drift.state_time)
        queue_mails([told], now)
    if keep:
        keep_address(reader_id, address)


def _lock_by_post(reader_id: int, drift_id: int, side: Role, action: Action) -> Drift:
    drift, role = lock_own_drift(reader_id, drift_id)
    _ensure_is_by_post(drift, role, side, action)
    return drift


def _ensure_is_by_post(drift: Drift, role: Role, side: Role, action: Action) -> None:
    if drift.way != Way.POST:
        raise NotFound()
    if role is not side:
        raise NotYourMove(action, role)
