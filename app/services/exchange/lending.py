"""What the two sides of a loan can do once the book has arrived. Times are in Unix seconds."""

from dataclasses import replace

from sqlalchemy import BigInteger, exists, func, literal, select

from app.models.base import db
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.audience import NoSharedCircle
from app.rules.exchange.drift import Action, CopyState, DriftState, Role, Way
from app.rules.exchange.lending import PromisedOn, ensure_may_pass_on, ensure_may_say_given_back, extend
from app.rules.exchange.listing import NOT_OVER, WishState, ensure_may_offer
from app.rules.exchange.refusals import AlreadyDone
from app.rules.exchange.steps import transition_for
from app.rules.shelf.keeping import terms_to_offer
from app.services.delivery.places import list_choices
from app.services.exchange.editions import list_editions
from app.services.exchange.gift import finish_ended_request, put_on_list, take_off
from app.services.exchange.locking import ensure_not_limited, lock_own_drift
from app.services.exchange.transition import apply_transition
from app.services.exchange.wish import find_open_wish
from app.services.sight.audience import find_audience
from app.services.sight.visible import are_apart, is_within_sight
from app.services.transaction import transaction


@transaction
def extend_loan(reader_id: int, drift_id: int, now: int) -> int:
    """Let the borrower keep the book for as many days more, and return when it is to be back.

    This and the functions below raise `NotFound` when the reader has no part in the drift,
    `NotYourMove` when it is the other side's turn, and `AlreadyDone` when the drift has moved on.

    :raises ExtendedBefore, LoanIsOver, SomebodyWaits: see `rules.exchange.lending.extend`.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    transition_for(DriftState(drift.state), Action.EXTEND, role, Way(drift.way))
    waits = _somebody_waits(drift)
    extensions = DriftEvent.count(drift_id, Action.EXTEND)
    until = extend(drift.lend_days or 0, drift.lent_until or 0, extensions, waits, now)
    drift.lent_until = until
    db.session.flush()
    apply_transition(drift, Action.EXTEND, role, now)
    return until


@transaction
def pass_on(reader_id: int, drift_id: int, now: int) -> Role:
    """Offer a borrowed book to whoever waits for it, if the lender allows that; or, as the lender, allow it.

    Returns who did that.

    :raises ComesHomeFirst, OfferedOn, NobodyWaits: see `rules.exchange.lending.ensure_may_pass_on`.
    :raises Limited: the people who run the site let the borrower list nothing at present.
    :raises NoWayKept: the borrower has not said how copies are handed over.
    :raises WishedForThisBook: the borrower wishes for the book.
    :raises NoSharedCircle: the borrower has left the circles for which the copy is.
    """
    drift, role = _lock_lent(reader_id, drift_id, Action.GO_ON)
    listing = db.session.get_one(Gift, drift.gift_id, with_for_update=True, populate_existing=True)
    if role is Role.GIVER:
        listing.goes_on = True
        return role
    ensure_not_limited(reader_id, now)
    ensure_may_pass_on(listing.goes_on, _find_next_listing(drift_id) is not None, _somebody_waits(drift))
    ensure_may_offer(find_open_wish(reader_id, drift.book_id) is not None)
    borrower = db.session.get_one(User, reader_id, populate_existing=True)
    _, places = list_choices(reader_id, borrower.area)
    circles = _find_circles(listing, reader_id)
    terms = replace(terms_to_offer(borrower.terms, places), lend_days=drift.lend_days, circles=circles)
    same = {name: getattr(listing, name) for name in ("book_id", "copy_id", "condition")}
    of_loan = {"loan_id": drift_id, "lender_id": drift.giver_id}
    put_on_list(Gift(**same, **of_loan, giver_id=reader_id, create_time=now), terms, now)
    return role


@transaction
def call_home(reader_id: int, drift_id: int, now: int) -> Role:
    """Take back what `pass_on` has done: as the lender, for whom a request is declined, or as the borrower.

    Returns who did that.

    :raises PromisedOn: the borrower has promised the book, or it is the borrower's turn to answer a request.
    """
    drift, role = _lock_lent(reader_id, drift_id, Action.CALL_HOME)
    if role is Role.GIVER:
        db.session.get_one(Gift, drift.gift_id, with_for_update=True, populate_existing=True).goes_on = False
    if not _take_home(drift, role, now) and role is Role.ASKER:
        raise AlreadyDone(DriftState.LENT, Action.CALL_HOME)
    return role


@transaction
def say_given_back(reader_id: int, drift_id: int, now: int) -> None:
    """Say, as the borrower, that the lender has the book back; the lender has some days to object.

    This and the two below end an offer to the next reader, and a lender declines the next reader's request so.

    :raises SaidTooOften: the lender has objected to that several times.
    :raises PromisedOn: the next reader gets the book, or has asked for it.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    transition_for(DriftState(drift.state), Action.GIVE_BACK, role, Way(drift.way))
    ensure_may_say_given_back(_count_objections(drift_id))
    _take_home(drift, role, now)
    apply_transition(drift, Action.GIVE_BACK, role, now)


@transaction
def confirm_returned(reader_id: int, drift_id: int, now: int) -> None:
    """Say, as the lender, that the book is back: the borrower gets the bean, and the copy is open again."""
    drift, role = lock_own_drift(reader_id, drift_id)
    _take_home(drift, role, now)
    apply_transition(drift, Action.RETURNED, role, now)


@transaction
def report_lost(reader_id: int, drift_id: int, now: int) -> Role:
    """Say that a lent book is lost: if its borrower says so, the lender gets the bean, otherwise the borrower.

    Returns who said so.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    _take_home(drift, role, now)
    apply_transition(drift, Action.LOST, role, now)
    return role


def is_loan(drift_id: int) -> bool:
    """Return whether the book of a drift is lent."""
    return db.session.scalar(select(Drift.lend_days).where(Drift.id == drift_id)) is not None


def _lock_lent(reader_id: int, drift_id: int, action: Action) -> tuple[Drift, Role]:
    """Lock a drift whose book is with its borrower; raises `AlreadyDone` if it is not, or not any more."""
    drift, role = lock_own_drift(reader_id, drift_id)
    if drift.state != DriftState.LENT or drift.undo_until is not None:
        raise AlreadyDone(DriftState(drift.state), action)
    return drift, role


def _find_circles(listing: Gift, reader_id: int) -> tuple[int, ...]:
    """Return those circles of a closed listing in which its borrower still is; none for one that is for everybody."""
    if not listing.is_closed:
        return ()
    circles = tuple(find_audience(reader_id, listing.id).chosen)
    if not circles:
        raise NoSharedCircle()
    return circles


def _find_next_listing(loan_id: int) -> Gift | None:
    """Lock the listing with which a borrower offers the book to the next reader, and return it, if there is one."""
    listed = select(Gift).where(Gift.loan_id == loan_id, Gift.state.in_(NOT_OVER)).with_for_update()
    return db.session.scalar(listed.execution_options(populate_existing=True))


def _take_home(loan: Drift, role: Role, now: int) -> bool:
    """Offer the book to the next reader no longer, and return whether it was offered.

    :raises PromisedOn: it is promised, or asked for, and it is not the lender who says so.
    """
    listing = _find_next_listing(loan.id)
    if listing is None:
        return False
    finish_ended_request(listing, now)
    if listing.state != CopyState.RESERVED:
        take_off(listing, now)
        return True
    asked = select(Drift).where(Drift.open_gift_id == listing.id).with_for_update()
    request = db.session.scalars(asked.execution_options(populate_existing=True)).one()
    if role is not Role.GIVER or request.state != DriftState.WAITING:
        raise PromisedOn()
    apply_transition(request, Action.CALL_HOME, Role.CLOCK, now)
    return True


def _count_objections(drift_id: int) -> int:
    objected = DriftEvent.from_state == DriftState.GIVEN_BACK, DriftEvent.action == Action.OBJECT
    return db.session.scalar(select(func.count(DriftEvent.id)).where(DriftEvent.drift_id == drift_id, *objected)) or 0


def _somebody_waits(drift: Drift) -> bool:
    """Return whether another reader, whom the lender may meet, has a wish that the copy would grant."""
    wished = exists().where(list_editions(drift.book_id).is_wished(), Wish.state == WishState.OPEN)
    others = wished.where(Wish.user_id.not_in((drift.asker_id, drift.giver_id)))
    others = others.where(~are_apart(Wish.user_id, literal(drift.giver_id, BigInteger)))
    others = others.where(Gift.id == drift.gift_id, is_within_sight(Gift, Wish.user_id))
    return bool(db.session.scalar(select(others)))
