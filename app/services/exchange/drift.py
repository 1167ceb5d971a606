"""What the two sides of a drift can do. Times are in Unix seconds."""

from typing import Any

from sqlalchemy import or_, update

from app.models.base import db
from app.models.drift import Drift
from app.models.encrypted import seal
from app.models.gift import Gift
from app.models.message import Message
from app.models.shelf_place import note_copies
from app.rules.bean.transfer import PRICE_OF_A_REQUEST
from app.rules.exchange.asking import ensure_may_ask
from app.rules.exchange.audience import find_inside_refusal
from app.rules.exchange.drift import Action, CopyState, DriftState, MailKind, Role, Way
from app.rules.exchange.place import ensure_place_is_offered
from app.rules.exchange.promising import ensure_may_accept
from app.rules.exchange.refusals import AlreadyDone, CopyAlreadyReserved
from app.rules.exchange.steps import Transition, transition_for
from app.rules.exchange.thread import Withheld, ensure_may_write, is_open
from app.rules.exchange.way import ensure_meeting_is_said, ensure_way_is_offered
from app.rules.moderation.report import ReportKind
from app.rules.refusal import Refusal
from app.services.bean.first_request import reward_first_request
from app.services.delivery.hand_over import ensure_code_is_wanted, make_code, try_code
from app.services.delivery.meeting import AtPlace, Delivery, delivery_columns, way_of
from app.services.delivery.own_drift import get_own_drift
from app.services.delivery.places import list_place_ids_of
from app.services.delivery.postal_address import PostalAddress, keep_address
from app.services.delivery.thread import Draft, add_message, find_sent, lock_messages
from app.services.errors import NotFound
from app.services.exchange.deadline_settings import deadlines
from app.services.exchange.eligibility import ensure_exists_for, find_requested_gift, get_asker_facts, get_giver_facts
from app.services.exchange.locking import ensure_not_limited, lock_present, lock_readers
from app.services.exchange.mails import ExchangeMail, queue_mails
from app.services.exchange.payment import pay_for
from app.services.exchange.transition import apply_transition, find_pause, note_transitions
from app.services.exchange.wish import find_open_wish
from app.services.exchange.wish_queue import NO_OFFER
from app.services.notice.notices import hide_offer
from app.services.sight.audience import find_shared
from app.services.sight.hold import find_message_hold, hold
from app.services.sight.visible import is_blocked_by
from app.services.transaction import changed_rows, transaction


@transaction
def request_book(asker_id: int, gift_id: int, delivery: Delivery, note: str, now: int, keep: bool = False) -> int:
    """Ask for a copy and return the id of the drift; `keep` saves the address, if there is one, for next time.

    :raises NotFound: there is no such copy for the asker.
    :raises Refusal: what `rules.asking.find_refusal` returns.
    :raises WayNotOffered, PlaceNotOffered: the giver does not hand the copy over like this, or not there.
    :raises OtherWaysInCircle, NoLendingInCircle: the circle for which the copy is does not allow it.
    """
    gift = ensure_exists_for(db.session.get(Gift, gift_id), asker_id)
    lock_present(asker_id, gift.giver_id)
    db.session.refresh(gift)
    copy = find_requested_gift(gift, asker_id, now)
    ensure_may_ask(asker_id, get_asker_facts(asker_id, now), copy, now)
    ensure_way_is_offered(way_of(delivery), gift.terms.ways)
    _ensure_circles_allow(gift, asker_id, way_of(delivery))
    if isinstance(delivery, AtPlace):
        ensure_place_is_offered(delivery.place_id, list_place_ids_of(gift.id))
    _reserve(gift.id, asker_id, now)
    hide_offer(gift.id, now)
    note_copies([gift.book_id])
    drift = _new_drift(asker_id, gift, way_of(delivery), now, 0 if copy.is_free else PRICE_OF_A_REQUEST)
    drift.set_attrs(delivery_columns(delivery))
    db.session.add(drift)
    db.session.flush()
    if note:
        _add_message(drift, asker_id, gift.giver_id, Draft(note), now)
    step = transition_for(None, Action.ASK, Role.ASKER, Way(drift.way))
    note_transitions([drift], None, Action.ASK, Role.ASKER, step, {drift.id: drift.due_time}, now)
    pay_for([drift], step, now, {asker_id, gift.giver_id})
    if drift.lend_days is None and drift.beans:
        reward_first_request(drift, now)
    if keep and isinstance(delivery, PostalAddress):
        keep_address(asker_id, delivery)
    return drift.id


def _ensure_circles_allow(gift: Gift, asker_id: int, way: Way) -> None:
    shared = find_shared(gift, asker_id)
    refusal = find_inside_refusal(shared, [way], gift.lend_days is not None) if shared is not None else None
    if refusal is not None:
        raise refusal


def _reserve(gift_id: int, asker_id: int, now: int) -> None:
    is_free = or_(Gift.offered_to.is_(None), Gift.offered_to == asker_id, Gift.offer_until <= now)
    reserve = update(Gift).where(Gift.id == gift_id, Gift.state == CopyState.OPEN, is_free)
    if changed_rows(reserve.values(state=CopyState.RESERVED, **NO_OFFER)) != 1:
        raise CopyAlreadyReserved()


def _new_drift(asker_id: int, gift: Gift, way: Way, now: int, beans: int) -> Drift:
    pause = find_pause(gift.giver_id, DriftState.WAITING, way, now)
    return Drift(
        gift_id=gift.id,
        open_gift_id=gift.id,
        book_id=gift.book_id,
        wish_id=find_open_wish(asker_id, gift.book_id),
        asker_id=asker_id,
        giver_id=gift.giver_id,
        way=way,
        state=DriftState.WAITING,
        state_time=now,
        due_time=deadlines().next_due(DriftState.WAITING, way, now + pause, now),
        pause=pause,
        lend_days=gift.lend_days,
        loan_id=gift.loan_id,
        beans=beans,
        create_time=now,
    )


@transaction
def accept_request(reader_id: int, drift_id: int, now: int, meeting: str = "") -> None:
    """Promise the book to the asker, whose address the giver can now see; `meeting` says when and where the two meet.

    This and the functions below raise `NotFound` when the reader has no part in the drift,
    `NotYourMove` when it is the other side's turn, and `AlreadyDone` when the drift has moved on.

    :raises MeetingNotSaid: the two are to meet, and `meeting` is empty.
    :raises TooManyPromises: the giver has already promised as many books as allowed that have not arrived.
    :raises NoSharedCircle: the asker, or the giver, has left the circles for which the copy is.
    :raises OtherWaysInCircle, NoLendingInCircle: these have changed their rules.
    """
    drift, role = get_own_drift(reader_id, drift_id)
    way = Way(drift.way)
    transition_for(DriftState(drift.state), Action.ACCEPT, role, way)
    ensure_meeting_is_said(way, meeting)
    lock_present(drift.giver_id, drift.asker_id)
    ensure_may_accept(get_giver_facts(drift.giver_id, now))
    _ensure_circles_allow(db.session.get_one(Gift, drift.gift_id, populate_existing=True), drift.asker_id, way)
    said = {"meeting": seal(meeting)} if way is Way.MEET else {}
    apply_transition(drift, Action.ACCEPT, role, now, **said)
    if way is Way.MEET:
        make_code(drift.id)


@transaction
def reject_request(reader_id: int, drift_id: int, now: int) -> None:
    """Decline a request; the asker gets the bean back and the copy is open again."""
    _act(reader_id, drift_id, Action.REJECT, now)


@transaction
def redraw_request(reader_id: int, drift_id: int, now: int) -> None:
    """Withdraw a request before the book is mailed."""
    _act(reader_id, drift_id, Action.REDRAW, now)


@transaction
def confirm_mailed(reader_id: int, drift_id: int, tracking: str, now: int) -> None:
    """Confirm that the book has been mailed; `tracking` may be empty."""
    _act(reader_id, drift_id, Action.MAILED, now, tracking=tracking or None)


def hand_over(reader_id: int, drift_id: int, code: str, now: int) -> None:
    """Hand the book over to the asker, who shows the code; the giver is paid as for a book that has arrived.

    :raises WrongHandOverCode: it is not the code; the try is counted.
    :raises CodeRests: too many wrong codes were entered within the last hour.
    """
    refusal = _hand_over(reader_id, drift_id, code, now)
    if refusal is not None:
        raise refusal


@transaction
def _hand_over(reader_id: int, drift_id: int, code: str, now: int) -> Refusal | None:
    """Return the refusal of a wrong code, so that the try is stored."""
    drift, role = get_own_drift(reader_id, drift_id)
    ensure_code_is_wanted(drift, role, Role.GIVER)
    lock_readers(drift.asker_id, drift.giver_id)
    refusal = try_code(drift, code, now)
    if refusal is None:
        apply_transition(drift, Action.HAND_OVER, role, now)
    return refusal


@transaction
def confirm_left(reader_id: int, drift_id: int, now: int) -> None:
    """Confirm that the giver has left the book at the place on which the two agreed."""
    _act(reader_id, drift_id, Action.LEFT, now)


@transaction
def confirm_met(reader_id: int, drift_id: int, now: int) -> None:
    """Confirm that the giver has handed the book over; the asker has some time to object."""
    _act(reader_id, drift_id, Action.MET, now)


@transaction
def confirm_received(reader_id: int, drift_id: int, now: int) -> Transition:
    """Confirm that the book has arrived, and return what that has done.

    The giver is paid when it cannot be undone any more, or later by the rules in `rules.exchange.payment`.

    :raises NotEnoughBeans: the book was reported missing, and the returned bean has been spent since.
    """
    return _act(reader_id, drift_id, Action.RECEIVED, now)


@transaction
def report_missing(reader_id: int, drift_id: int, now: int) -> None:
    """Report that the book has not arrived, or is not where it was left; the asker gets the bean back.

    :raises TooEarlyToReport: it may still be on its way.
    :raises LookOnceMore: it may still turn up at its place.
    """
    drift, role = get_own_drift(reader_id, drift_id)
    transition_for(DriftState(drift.state), Action.MISSING, role, Way(drift.way))
    deadlines().ensure_may_report(Way(drift.way), drift.state_time, now)
    apply_transition(drift, Action.MISSING, role, now)


@transaction
def report_absent(reader_id: int, drift_id: int, now: int) -> None:
    """Say that the other side did not come, or did not leave the book; unless they object in time, the exchange ends.

    :raises MeetingMayBeAhead: the request was accepted a short time ago.
    """
    drift, role = get_own_drift(reader_id, drift_id)
    transition_for(DriftState(drift.state), Action.ABSENT, role, Way(drift.way))
    deadlines().ensure_may_say_absent(drift.state_time, now)
    apply_transition(drift, Action.ABSENT, role, now)


@transaction
def object_to(reader_id: int, drift_id: int, now: int, seen: str | None = None) -> DriftState:
    """Object to what the other side says, and return the new state.

    If the giver says that the two have met, the asker gets the bean back; if one side says that the other did not
    come, the exchange goes on. `seen` is the state on the reader's page: an old page must not do the other of the two.

    :raises AlreadyDone: the drift is not in the state that was seen.
    """
    return _act(reader_id, drift_id, Action.OBJECT, now, seen).to


@transaction
def write_message(reader_id: int, drift_id: int, draft: Draft, now: int) -> Message:
    """Write to the other side, who is told by mail of the first of the messages that they have not seen.

    A form that is sent twice is one message.

    :raises NotFound: the reader has no part in the drift.
    :raises Limited: the people who run the site let the reader write nothing but quick phrases at present.
    :raises ThreadClosed: the other side has left, or the drift ended so long ago that its messages are erased.
    :raises ThreadFull: the reader has written as many messages as allowed.
    """
    drift, _role = get_own_drift(reader_id, drift_id)
    present = lock_readers(drift.asker_id, drift.giver_id)
    if reader_id not in present:
        raise NotFound()
    if draft.phrase is None:  # a ready-made phrase can do no harm, and an exchange under way goes on
        ensure_not_limited(reader_id, now)
    db.session.refresh(drift, with_for_update=True)
    messages = lock_messages(drift_id)
    if (sent := find_sent(messages, reader_id, draft)) is not None:
        return sent
    other = drift.giver_id if reader_id == drift.asker_id else drift.asker_id
    can_write = is_open(DriftState(drift.state), drift.erase_time, now)
    ensure_may_write(can_write, other in present, sum(one.author_id == reader_id for one in messages))
    is_first = all(one.reader_id != other or one.read_time is not None or one.withheld for one in messages)
    message = _add_message(drift, reader_id, other, draft, now)
    if is_first and not message.withheld:
        queue_mails([ExchangeMail(MailKind.WRITTEN, other, drift_id=drift_id, message_id=message.id)], now)
    return message


def _add_message(drift: Drift, author_id: int, reader_id: int, draft: Draft, now: int) -> Message:
    """Store a message, which is not for its reader if they have blocked the author, or if it has to be looked at."""
    if draft.phrase is not None:  # it can do no harm
        return add_message(drift, author_id, draft, now)
    if is_blocked_by(author_id, reader_id):
        return add_message(drift, author_id, draft, now, Withheld.BLOCKED)
    reason = find_message_hold(author_id, draft.words, now)
    message = add_message(drift, author_id, draft, now, Withheld.UNCHECKED if reason else "")
    if reason:
        hold(ReportKind.MESSAGE, message.id, author_id, reason, now)
    return message


def _act(reader_id: int, drift_id: int, action: Action, now: int, seen: str | None = None, **values: Any) -> Transition:
    drift, role = get_own_drift(reader_id, drift_id)
    if seen is not None and drift.state != seen:
        raise AlreadyDone(DriftState(drift.state), action)
    is_loan, goes_on = drift.lend_days is not None, drift.loan_id is not None
    step = transition_for(DriftState(drift.state), action, role, Way(drift.way), is_loan, goes_on)
    apply_transition(drift, action, role, now, **values)
    return step
