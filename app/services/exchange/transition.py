"""Applying transitions to drifts: the rows, their history, beans, copies and mails change together.

The statements are the same for one drift or many, so that the clock can move hundreds at once. What a step that can be
undone does to beans, copies, wishes and addresses waits until it cannot be undone any more: see `undo`.
"""

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from app.models.base import db
from app.models.drift import Drift, DriftEvent, counted_from
from app.models.gift import Gift
from app.models.shelf_place import note_copies
from app.models.user import User
from app.models.wish import Wish
from app.rules.bean.transfer import BeanMove
from app.rules.exchange.away import pause_until_return
from app.rules.exchange.drift import (
    CAME_TO_NOTHING,
    ON_LOAN,
    TO_HAND_OVER,
    UNDER_WAY,
    Action,
    CopyState,
    DriftState,
    MailKind,
    Role,
    Way,
    facts_of,
    states_of_turn,
)
from app.rules.exchange.lending import end_of_loan
from app.rules.exchange.listing import WITHDRAWABLE, WishState
from app.rules.exchange.mails import was_never_told
from app.rules.exchange.payment import pay_time
from app.rules.exchange.refusals import AlreadyDone
from app.rules.exchange.steps import Transition, transition_for
from app.rules.exchange.undo import UNDO_WINDOW
from app.services.copy.keeping import hand_on
from app.services.copy.stations import write_stations
from app.services.delivery.hand_over import forget_codes
from app.services.delivery.postal_address import UNNEEDED, hide_messages
from app.services.exchange.deadline_settings import deadlines
from app.services.exchange.locking import lock_readers
from app.services.exchange.mails import ExchangeMail, queue_mails
from app.services.exchange.payment import pay_for
from app.services.exchange.wish import end_wish
from app.services.exchange.wish_queue import NO_OFFER, offer_to_next
from app.services.notice.notices import hide_overtaken
from app.services.sight.audience import take_off_unseen
from app.services.transaction import changed_rows

DRIFTS = cast("Table", Drift.__table__)
HAS_ARRIVED = (DriftState.RECEIVED, DriftState.LENT, DriftState.PASSED_ON, DriftState.RETURNED)
NO_UNDO = {"undo_until": None, "undo_since": None, "undo_due": None, "undo_pause": None}


def apply_transition(drift: Drift, action: Action, role: Role, now: int, **values: Any) -> None:
    """Apply one transition to a stored drift; inside a transaction.

    `values` are columns to set with it. The update is conditional on the state that the transition leaves,
    so that only one of two concurrent transitions is applied.

    :raises NotYourMove, AlreadyDone: see `rules.exchange.steps.transition_for`.
    :raises NotEnoughBeans: a late payment by an asker who has no bean.
    """
    transition_for(DriftState(drift.state), action, role, Way(drift.way))
    present = lock_readers(drift.asker_id, drift.giver_id)
    db.session.refresh(drift)  # somebody else may have moved it before it was locked
    apply_transitions([drift], action, role, now, present, **values)


def apply_transitions(
    drifts: Sequence[Drift], action: Action, role: Role, now: int, present: Collection[int], **values: Any
) -> None:
    """Apply the same transition to several drifts of one way in the same state; see `apply_transition`.

    Either all of them are loans, for equally many days, or none is; and all of them hand on what is lent, or none.
    `present` are those of their readers who still have an account; the caller has locked them.
    """
    before, way = DriftState(drifts[0].state), Way(drifts[0].way)
    is_loan, goes_on = drifts[0].lend_days is not None, drifts[0].loan_id is not None
    transition = transition_for(before, action, role, way, is_loan, goes_on)
    stays = transition.to is before
    due = _move_deadlines(drifts, transition, now) if stays else _move(drifts, before, transition, now, values)
    if due is None:
        state = db.session.scalar(select(Drift.state).where(Drift.id == drifts[0].id))
        raise AlreadyDone(state, action)
    note_transitions(drifts, before, action, role, transition, due, now)
    if not transition.can_be_undone:
        have_effects(drifts, transition, now, present)


def have_effects(drifts: Sequence[Drift], transition: Transition, now: int, present: Collection[int]) -> None:
    """Let a transition change beans, copies, wishes and messages, now that it cannot be undone (any more)."""
    pay_for(drifts, transition, now, present)
    if transition.to in HAS_ARRIVED:  # before the copy is offered again
        _grant_wishes([drift for drift in drifts if drift.asker_id in present], now)
    if drifts[0].way == Way.MEET and transition.to not in TO_HAND_OVER:
        forget_codes([drift.id for drift in drifts])
    if transition.to in CAME_TO_NOTHING:
        hide_messages([drift.id for drift in drifts], now)
    if transition.copy is not None:
        _release_copies(drifts, transition.copy, now)
    if transition.to in (DriftState.RECEIVED, DriftState.MISSING, DriftState.LOST):
        hand_on(drifts, transition.to, present)
    if transition.to in (DriftState.LENT, DriftState.PASSED_ON):
        write_stations(drifts, present)
    if transition.to in (DriftState.RECEIVED, DriftState.MISSING, DriftState.PASSED_ON):
        _end_former_loans(drifts, transition.to, now)
    if transition.to is DriftState.RECEIVED:
        _leave_to_borrowers([drift.id for drift in drifts if drift.lend_days is not None])
    if transition.to not in UNDER_WAY - ON_LOAN:
        User.note_able({side for drift in drifts for side in (drift.asker_id, drift.giver_id)})


def _end_former_loans(drifts: Sequence[Drift], to: DriftState, now: int) -> None:
    """End the loans whose books have got to the next reader, who borrows them from now on, or were lost on the way."""
    for drift in drifts:
        if drift.loan_id is None:
            continue
        loan = db.session.get_one(Drift, drift.loan_id, with_for_update=True, populate_existing=True)
        if loan.state != DriftState.LENT:  # a book that was reported missing has arrived after all
            continue
        present = lock_readers(loan.asker_id, loan.giver_id, drift.asker_id)
        if to is DriftState.PASSED_ON:
            apply_transitions([loan], Action.GO_ON, Role.CLOCK, now, present)
            _begin_next_loan(loan, drift, now, present)
        else:
            apply_transitions([loan], Action.LOST, Role.CLOCK, now, present)


def _begin_next_loan(loan: Drift, drift: Drift, now: int, present: Collection[int]) -> None:
    """Lend the book of a loan that has ended to the reader to whom a drift has brought it."""
    until = end_of_loan(DriftState.LENT, loan.lend_days, None, now)
    due = deadlines().next_due(DriftState.LENT, Way(drift.way), until or now, now)
    same = {name: getattr(loan, name) for name in ("gift_id", "book_id", "giver_id", "lend_days")}
    begun = {"state": DriftState.LENT, "state_time": now, "create_time": now, "lent_until": until, "due_time": due}
    of_asker = {"asker_id": drift.asker_id, "way": drift.way, "beans": drift.beans}
    following = Drift(**same, **begun, **of_asker, open_gift_id=loan.gift_id)
    db.session.add(following)
    db.session.flush()
    step = transition_for(None, Action.GO_ON, Role.CLOCK, Way(drift.way))
    note_transitions([following], None, Action.GO_ON, Role.CLOCK, step, {following.id: due}, now)
    pay_for([following], step, now, present)


def _leave_to_borrowers(loan_ids: Collection[int]) -> None:
    """Let what is offered or promised to next readers be their borrowers' own, whose books these are by now."""
    if loan_ids:
        changed_rows(update(Gift).where(Gift.loan_id.in_(loan_ids)).values(loan_id=None, lender_id=None))
        changed_rows(update(Drift).where(Drift.loan_id.in_(loan_ids)).values(loan_id=None))


Due = dict[int, int | None]
"""The time when the clock next acts, by drift."""


def _move(
    drifts: Sequence[Drift], before: DriftState, transition: Transition, now: int, values: dict[str, Any]
) -> Due | None:
    """Move the drifts to the new state; None if one of them has moved on."""
    way = Way(drifts[0].way)
    pause = find_pause(drifts[0].giver_id, transition.to, way, now)
    until = end_of_loan(transition.to, drifts[0].lend_days, drifts[0].lent_until, now)
    is_lent = transition.to is DriftState.LENT
    due = deadlines().next_due(transition.to, way, (until or now) if is_lent else now + pause, now)
    columns = {"state": transition.to, "state_time": now, "due_time": due, "pause": pause, "absent": transition.absent}
    if is_lent:
        columns["lent_until"] = until
    columns |= NO_UNDO | values
    if before in UNDER_WAY:
        columns["erase_time"] = deadlines().erase_time(transition.to, now)
        columns |= _undo_columns(drifts[0], transition, now) if transition.can_be_undone else end_columns(transition.to)
    move = update(Drift).where(Drift.id.in_([drift.id for drift in drifts]), Drift.state == before).values(columns)
    return dict.fromkeys((drift.id for drift in drifts), due) if changed_rows(move) == len(drifts) else None


def find_pause(giver_id: int, state: DriftState, way: Way, now: int) -> int:
    """Return the seconds by which the deadlines of a state that begins now are moved, because the giver is away."""
    if facts_of(state, way).turn is not Role.GIVER:
        return 0
    until = db.session.scalar(select(User.away_until).where(User.id == giver_id))
    return pause_until_return(deadlines().end_of(state, way, now), until)


def move_for_absence(giver_id: int, until: int, now: int) -> None:
    """Move the deadlines of what waits for a giver who comes back at `until`; inside a transaction that locks them."""
    waiting = select(Drift).where(Drift.giver_id == giver_id, Drift.state.in_(states_of_turn(Role.GIVER)))
    waiting = waiting.order_by(Drift.id).with_for_update().execution_options(populate_existing=True)
    for drift in db.session.scalars(waiting).all():
        state, way = DriftState(drift.state), Way(drift.way)
        drift.pause = pause_until_return(deadlines().end_of(state, way, drift.state_time), until)
        drift.due_time = deadlines().next_due(state, way, counted_from(drift), now)


def end_columns(state: DriftState) -> dict[str, Any]:
    """Return the columns to set on drifts that end in this state for good; none for one that is under way."""
    if state in UNDER_WAY:
        return {}
    return {"open_gift_id": None} | (UNNEEDED if state in CAME_TO_NOTHING else {})


def _undo_columns(drift: Drift, transition: Transition, now: int) -> dict[str, Any]:
    """Return the columns to set on a drift that a reader moves in a way that can be undone."""
    columns = {"undo_until": now + UNDO_WINDOW, "undo_since": drift.state_time, "undo_due": drift.due_time}
    columns |= {"undo_pause": drift.pause}
    if transition.beans is not BeanMove.PAY or not drift.beans:
        return columns
    return columns | {"pay_from": pay_time(Way(drift.way), drift.create_time, drift.state_time, now)}


def _move_deadlines(drifts: Sequence[Drift], transition: Transition, now: int) -> Due | None:
    """Update only the deadlines, after a reminder; None if one was changed in the meantime."""
    next_due = deadlines().next_due
    due: Due = {drift.id: next_due(transition.to, Way(drift.way), counted_from(drift), now) for drift in drifts}
    unchanged = (
        DRIFTS.c.id == bindparam("row"),
        DRIFTS.c.state == transition.to,
        DRIFTS.c.due_time == bindparam("old"),
    )
    rows = [{"row": drift.id, "old": drift.due_time, "due": due[drift.id]} for drift in drifts]
    moved = db.session.connection().execute(update(DRIFTS).where(*unchanged).values(due_time=bindparam("due")), rows)
    return due if moved.rowcount == len(drifts) else None


def note_transitions(
    drifts: Sequence[Drift],
    before: DriftState | None,
    action: Action,
    role: Role,
    transition: Transition,
    due: Due,
    now: int,
) -> None:
    """Write the history of a transition, and queue its mails; inside a transaction."""
    event = {"action": action, "actor": role, "from_state": before, "to_state": transition.to, "create_time": now}
    db.session.execute(insert(DriftEvent), [{"drift_id": drift.id, **event} for drift in drifts])
    if transition.to is not before:
        hide_overtaken([drift.id for drift in drifts], now)
    letters = [
        ExchangeMail(
            kind,
            drift.asker_id if side is Role.ASKER else drift.giver_id,
            drift_id=drift.id,
            due=end_of_loan(transition.to, drift.lend_days, drift.lent_until, now)
            if transition.to is DriftState.LENT
            else due[drift.id],
            since=drift.state_time if transition.to is before else now,
        )
        for drift in drifts
        for side, kind in transition.mails
        if not (before is DriftState.WAITING and kind is MailKind.WITHDRAWN and was_never_told(drift.create_time, now))
    ]
    queue_mails(letters, now)


def _release_copies(drifts: Sequence[Drift], state: CopyState, now: int) -> None:
    copies = [drift.gift_id for drift in drifts]
    release = update(Gift).where(Gift.id.in_(copies), Gift.state == CopyState.RESERVED).values(state=state, **NO_OFFER)
    if changed_rows(release) != len(drifts):
        raise LookupError(f"a copy of the drifts {[drift.id for drift in drifts]} was not reserved")
    note_copies({drift.book_id for drift in drifts})
    unseen = take_off_unseen(copies) if state in WITHDRAWABLE else set()
    for copy in copies if state is CopyState.OPEN else ():
        if copy not in unseen:
            offer_to_next(copy, now)


def _grant_wishes(drifts: Sequence[Drift], now: int) -> None:
    # Loaded again, because the asker may have wished for the book since the drifts were loaded.
    granted = select(Wish.id).join(Drift, Drift.wish_id == Wish.id).where(Wish.state == WishState.OPEN)
    for wish_id in db.session.scalars(granted.where(Drift.id.in_([drift.id for drift in drifts])).distinct()).all():
        end_wish(wish_id, WishState.GRANTED, now)
