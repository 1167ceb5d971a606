"""Taking a step of drifts: the rows, their history, beans, copies and letters change together.

One drift or many: the statements are the same, so that the clock can take hundreds at once.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from app.models.base import db
from app.models.book import BookChange
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.beans import MINT, BeanMove, Transfer, reader_account, transfer_for
from app.rules.drift import UNDER_WAY, Action, CopyState, DriftState, Role, Step, step_for
from app.rules.listing import WishState
from app.rules.refusals import AlreadyDone
from app.services.bean import move_all, reward_first_books
from app.services.letter import Letter, queue_letters
from app.services.settings import deadlines
from app.services.standing import lock_readers
from app.services.wish import end_wish
from app.services.wish_queue import NO_OFFER, offer_to_next

DRIFTS = cast("Table", Drift.__table__)


def take_step(drift: Drift, action: Action, role: Role, now: int, **values: Any) -> None:
    """Take one step of a stored drift; to be called inside a transaction.

    `values` are columns to set with it. The update is conditional on the state that the step leaves,
    so that of two that race only one is taken.

    :raises NotYourMove, AlreadyDone: see `rules.drift.step_for`.
    :raises NotEnoughBeans: a late payment by an asker who has no bean.
    """
    step_for(DriftState(drift.state), action, role)
    present = lock_readers(drift.asker_id, drift.giver_id)
    take_steps([drift], action, role, now, present, **values)


def take_steps(drifts: Sequence[Drift], action: Action, role: Role, now: int, present: set[int], **values: Any) -> None:
    """Take the same step of several drifts that are in the same state; see `take_step`.

    `present` says which of their readers still have an account; the caller has locked them.
    """
    before = DriftState(drifts[0].state)
    step = step_for(before, action, role)
    due = _move_deadlines(drifts, step, now) if step.to is before else _move(drifts, before, step, now, values)
    if due is None:
        state = db.session.scalar(select(Drift.state).where(Drift.id == drifts[0].id))
        raise AlreadyDone(state, action)
    note_steps(drifts, before, action, role, step, due, now)
    pay_for(drifts, step, now, present)
    if step.copy is not None:
        _release_copies(drifts, step.copy, now)
    if step.to is DriftState.RECEIVED:
        _grant_wishes([drift for drift in drifts if drift.asker_id in present], now)


Due = dict[int, int | None]
"""When the clock next acts, by drift."""


def _move(drifts: Sequence[Drift], before: DriftState, step: Step, now: int, values: dict[str, Any]) -> Due | None:
    """Bring the drifts into the state of the step; None when one of them has moved on."""
    due = deadlines().next_due(step.to, now, now)
    columns = {"state": step.to, "state_time": now, "due_time": due} | values
    if before in UNDER_WAY and step.to not in UNDER_WAY:
        columns |= {"open_gift_id": None, "erase_time": deadlines().erase_time(step.to, now)}
    moved = db.session.execute(
        update(Drift)
        .where(Drift.id.in_([drift.id for drift in drifts]), Drift.state == before)
        .values(columns)
        .execution_options(synchronize_session=False)
    )
    is_whole = moved.rowcount == len(drifts)  # type: ignore[attr-defined]
    return dict.fromkeys((drift.id for drift in drifts), due) if is_whole else None


def _move_deadlines(drifts: Sequence[Drift], step: Step, now: int) -> Due | None:
    """Move only the deadlines, after a reminder; None when one was moved in the meantime."""
    due: Due = {drift.id: deadlines().next_due(step.to, drift.state_time, now) for drift in drifts}
    unchanged = (DRIFTS.c.id == bindparam("row"), DRIFTS.c.state == step.to, DRIFTS.c.due_time == bindparam("old"))
    rows = [{"row": drift.id, "old": drift.due_time, "due": due[drift.id]} for drift in drifts]
    moved = db.session.connection().execute(update(DRIFTS).where(*unchanged).values(due_time=bindparam("due")), rows)
    return due if moved.rowcount == len(drifts) else None


def note_steps(
    drifts: Sequence[Drift], before: DriftState | None, action: Action, role: Role, step: Step, due: Due, now: int
) -> None:
    """Write the history of a step and the letters it sends; inside a transaction."""
    event = {"action": action, "actor": role, "from_state": before, "to_state": step.to, "create_time": now}
    db.session.execute(insert(DriftEvent), [{"drift_id": drift.id, **event} for drift in drifts])
    letters = [
        Letter(kind, drift.asker_id if side is Role.ASKER else drift.giver_id, drift_id=drift.id, due=due[drift.id])
        for drift in drifts
        for side, kind in step.mails
    ]
    queue_letters(letters, now)


def pay_for(drifts: Sequence[Drift], step: Step, now: int, present: set[int]) -> None:
    """Move the beans of a step; what a giver who has left would get goes to the mint."""
    if step.beans is not None:
        move_all([(_transfer(drift, step.beans, present), drift.id) for drift in drifts], now)
    if step.to is DriftState.RECEIVED:
        reward_first_books({drift.giver_id: drift.id for drift in drifts if drift.giver_id in present}, now)


def _transfer(drift: Drift, move: BeanMove, present: set[int]) -> Transfer:
    giver = reader_account(drift.giver_id) if drift.giver_id in present else MINT
    return transfer_for(move, drift.id, drift.beans, asker=reader_account(drift.asker_id), giver=giver)


def _release_copies(drifts: Sequence[Drift], state: CopyState, now: int) -> None:
    copies = [drift.gift_id for drift in drifts]
    released = db.session.execute(
        update(Gift)
        .where(Gift.id.in_(copies), Gift.state == CopyState.RESERVED)
        .values(state=state, **NO_OFFER)
        .execution_options(synchronize_session=False)
    )
    if released.rowcount != len(drifts):  # type: ignore[attr-defined]
        raise LookupError(f"a copy of the drifts {[drift.id for drift in drifts]} was not reserved")
    BookChange.note({drift.isbn for drift in drifts})
    for copy in copies if state is CopyState.OPEN else ():
        offer_to_next(copy, now)


def _grant_wishes(drifts: Sequence[Drift], now: int) -> None:
    wanted = {Wish.key_of(drift.asker_id, drift.isbn): drift for drift in drifts}
    wishing = select(Wish.open_key).where(Wish.open_key.in_(wanted))
    for key in db.session.scalars(wishing).all():
        drift = wanted[str(key)]
        end_wish(drift.asker_id, drift.isbn, WishState.GRANTED, now)
