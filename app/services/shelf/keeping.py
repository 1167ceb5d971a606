"""What a reader does with copies on the shelf: offer, pass on, make private, forget. Times are in Unix seconds."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from sqlalchemy import select, update

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.drift import CopyState, DriftState
from app.rules.exchange.listing import Condition
from app.rules.refusal import Refusal
from app.rules.shelf.keeping import Change, CopyIsPrivate, CopyOnOffer, ensure_may_forget, terms_to_offer
from app.services.copy.keeping import WITH_NOBODY, find_own_copy
from app.services.correction.edit import change_condition
from app.services.delivery.places import list_choices
from app.services.errors import NotFound
from app.services.exchange.deadlines import finish_running_step
from app.services.exchange.gift import list_copy, put_back, take_off
from app.services.exchange.locking import lock_present
from app.services.transaction import transaction


@transaction
def offer_copy(holder_id: int, copy_id: int, now: int, circles: tuple[int, ...] = ()) -> int:
    """List a copy as it was described last, and return the id of the listing; a hidden one is brought back.

    A new one is for the members of `circles` alone, or for everybody without any; one brought back is as it was.

    Who has just received it passes it on; the receipt cannot be undone after that.

    :raises NotFound: the reader does not hold the copy.
    :raises CopyOnOffer: it is on the list.
    :raises NoWayKept: the reader has not said how copies are handed over.
    :raises NotInTheseCircles: the reader is not in all of these circles.
    """
    lock_present(holder_id)
    of_copy = Drift.open_gift_id == select(Gift.id).where(Gift.listed_copy_id == copy_id).scalar_subquery()
    finish_running_step(now, of_copy, Drift.asker_id == holder_id, Drift.state == DriftState.RECEIVED)
    copy, listing = find_own_copy(holder_id, copy_id), _find_listing(copy_id)
    if listing is not None and listing.state == CopyState.HIDDEN:
        put_back(listing, now)
        return listing.id
    if listing is not None:
        raise CopyOnOffer()
    holder = db.session.get_one(User, holder_id, populate_existing=True)
    _, places = list_choices(holder_id, holder.area)
    lend_days, goes_on = _find_loan(holder_id, copy_id)
    terms = replace(terms_to_offer(holder.terms, places), lend_days=lend_days, goes_on=goes_on, circles=circles)
    return list_copy(holder_id, copy.book_id, Condition(copy.condition), "", None, now, terms, copy_id)


def _find_loan(holder_id: int, copy_id: int) -> tuple[int | None, bool]:
    """Return for how many days the holder lent a copy when it was listed last, and whether it could go on.

    No number of days means that it was to be given for good.
    """
    last = select(Gift.lend_days, Gift.goes_on).where(Gift.copy_id == copy_id, Gift.giver_id == holder_id)
    row = db.session.execute(last.where(Gift.loan_id.is_(None)).order_by(Gift.id.desc()).limit(1)).one_or_none()
    return (row.lend_days, row.goes_on) if row is not None else (None, False)


def _find_listing(copy_id: int) -> Gift | None:
    """Lock the listing of a copy that is not over, and return it; None for a private copy."""
    listed = select(Gift).where(Gift.listed_copy_id == copy_id).with_for_update()
    return db.session.scalar(listed.execution_options(populate_existing=True))


@transaction
def make_private(holder_id: int, copy_id: int, now: int) -> None:
    """Take a copy off the list; it stays on the shelf.

    :raises NotFound: the reader does not hold the copy.
    :raises CopyIsPrivate: it is not on the list.
    :raises GiftReserved, GiftGone: see `withdraw_gift`.
    """
    lock_present(holder_id)
    find_own_copy(holder_id, copy_id)
    if (listing := _find_listing(copy_id)) is None:
        raise CopyIsPrivate()
    take_off(listing, now)


@transaction
def forget_copy(holder_id: int, copy_id: int, now: int) -> None:
    """Take a private copy off the shelf, because the reader no longer has it.

    :raises NotFound: the reader does not hold the copy.
    :raises GiftReserved, CopyStillListed: see `rules.shelf.keeping.ensure_may_forget`.
    """
    lock_present(holder_id)
    find_own_copy(holder_id, copy_id)
    listing = _find_listing(copy_id)
    ensure_may_forget(CopyState(listing.state) if listing else None)
    db.session.execute(update(Copy).where(Copy.id == copy_id).values(**WITH_NOBODY, since=now))


@transaction
def set_condition(holder_id: int, copy_id: int, condition: Condition, now: int) -> None:
    """Say how worn a copy is, on its listing too.

    :raises NotFound: the reader does not hold the copy.
    :raises Limited: it is listed, and the people who run the site let the reader write nothing at present.
    :raises TooLateToChange: somebody has asked for it.
    """
    lock_present(holder_id)
    copy, listing = find_own_copy(holder_id, copy_id), _find_listing(copy_id)
    if listing is not None:
        change_condition(listing, condition, now)
    copy.condition = condition


@dataclass
class Changed:
    """What became of several copies: how many were changed, and the titles of the others with the reason."""

    done: int = 0
    refused: list[tuple[str, Refusal]] = field(default_factory=list)


def change_copies(
    holder_id: int,
    copy_ids: Collection[int],
    change: Change,
    condition: Condition,
    now: int,
    circles: tuple[int, ...] = (),
) -> Changed:
    """Do the same with several copies, each in its own transaction; what the reader does not hold is left out."""
    steps: dict[Change, Callable[[int], object]] = {
        Change.OFFER: lambda copy: offer_copy(holder_id, copy, now, circles),
        Change.WITHDRAW: lambda copy: make_private(holder_id, copy, now),
        Change.FORGET: lambda copy: forget_copy(holder_id, copy, now),
        Change.CONDITION: lambda copy: set_condition(holder_id, copy, condition, now),
    }
    titles = select(Copy.id, Book.title).join(Book, Book.id == Copy.book_id)
    held = db.session.execute(titles.where(Copy.id.in_(copy_ids), Copy.holder_id == holder_id).order_by(Copy.id)).all()
    changed = Changed()
    for copy_id, title in held:
        try:
            steps[change](copy_id)
            changed.done += 1
        except NotFound:
            continue
        except Refusal as refusal:
            changed.refused.append((title, refusal))
    return changed
