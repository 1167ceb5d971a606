"""How exchanges went, by the way in which books are handed over."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Select, func, select

from app.models.base import db
from app.models.drift import Drift, DriftEvent
from app.rules.clock import HOUR
from app.rules.economy.figures import in_days, median
from app.rules.economy.report import WayFigures
from app.rules.exchange.drift import OVER, Action, DriftState, Role, Way

DRIFT: Any = Drift.__table__
_EVENT: Any = DriftEvent.__table__
ENDS = {
    DriftState.RECEIVED: "arrived",
    DriftState.RETURNED: "arrived",
    DriftState.PASSED_ON: "arrived",
    DriftState.MISSING: "lost",
    DriftState.LOST: "lost",
}
"""How a book got on, by the state in which its exchange ended; one that was lent has arrived, even if it is back."""
_ANSWERS = (Action.ACCEPT, Action.REJECT)


def read_ways(since: int, now: int) -> dict[str, WayFigures]:
    """Return the figures of each way between two times in Unix seconds; four statements."""
    asked = _read_asked(since, now)
    ended = _read_ended(since, now)
    answers, arrivals = _read_hours(_answers(since, now)), _read_hours(_arrivals(since, now))
    return {
        way: WayFigures(
            asked=asked[way],
            **{end: ended[way, end] for end in ("arrived", "lost", "no_show", "other")},
            answer_days=in_days(median(answers[way])),
            arrival_days=in_days(median(arrivals[way])),
        )
        for way in map(str, Way)
    }


def _read_asked(since: int, now: int) -> Counter[str]:
    lately = DRIFT.c.create_time.between(since, now)
    counted = select(DRIFT.c.way, func.count()).where(lately).group_by(DRIFT.c.way)
    return Counter({way: count for way, count in db.session.execute(counted)})  # noqa: C416 - rows are no tuples


def _read_ended(since: int, now: int) -> Counter[tuple[str, str]]:
    """Return how many exchanges ended for good, by way and end."""
    columns = DRIFT.c.way, DRIFT.c.state, DRIFT.c.absent.is_not(None).label("is_no_show")
    lately = DRIFT.c.state.in_(OVER), DRIFT.c.undo_until.is_(None), DRIFT.c.state_time.between(since, now)
    ended: Counter[tuple[str, str]] = Counter()
    for way, state, is_no_show, count in db.session.execute(
        select(*columns, func.count()).where(*lately).group_by(*columns)
    ):
        ended[way, "no_show" if is_no_show else ENDS.get(state, "other")] += count
    return ended


Hours = Select[tuple[str, int]]


def _answers(since: int, now: int) -> Hours:
    """Select the way, and the hours from request to first answer, of the requests that were answered between."""
    first = func.min(_EVENT.c.create_time)
    answered = select(_EVENT.c.drift_id, first.label("time")).where(_EVENT.c.action.in_(_ANSWERS))
    answer = answered.group_by(_EVENT.c.drift_id).having(first.between(since, now)).subquery()
    hours = (answer.c.time - DRIFT.c.create_time) // HOUR
    return select(DRIFT.c.way, hours.label("hours")).join(answer, answer.c.drift_id == DRIFT.c.id)


def _arrivals(since: int, now: int) -> Hours:
    """Select the way, and the hours from promise to arrival, of the books whose readers said so between."""
    of_it = _EVENT.c.drift_id == DRIFT.c.id
    promise = select(func.max(_EVENT.c.create_time)).where(of_it, _EVENT.c.action == Action.ACCEPT).scalar_subquery()
    said = _EVENT.c.to_state == DriftState.RECEIVED, _EVENT.c.actor != Role.CLOCK, _EVENT.c.action != Action.LEAVE
    is_said = select(_EVENT.c.id).where(of_it, *said).exists()
    arrived = DRIFT.c.state == DriftState.RECEIVED, DRIFT.c.undo_until.is_(None), is_said
    hours = (DRIFT.c.state_time - promise) // HOUR
    return select(DRIFT.c.way, hours.label("hours")).where(*arrived, DRIFT.c.state_time.between(since, now))


def _read_hours(chosen: Hours) -> defaultdict[str, Counter[int]]:
    """Return how often each number of hours occurs, by way."""
    each = chosen.subquery()
    counted: defaultdict[str, Counter[int]] = defaultdict(Counter)
    sums = select(each.c.way, each.c.hours, func.count()).where(each.c.hours.is_not(None))
    for way, hours, count in db.session.execute(sums.group_by(each.c.way, each.c.hours)):
        counted[way][int(hours)] += count
    return counted
