"""Facts about readers, counted without the site's statements: from the history of each exchange."""

from collections import Counter, defaultdict
from statistics import median

from app.rules.trust.facts import Facts


def recount_facts(drifts, events, reader_id: int, since: int) -> Facts:
    """Return what others may know of a reader, from rows of drifts and of their histories."""
    history = defaultdict(list)
    for event in events:
        history[event.drift_id].append(event)
    told: Counter[str] = Counter()
    for drift in drifts:
        if reader_id in (drift.asker_id, drift.giver_id) and drift.undo_until is None:
            told.update(_said_of(drift, history[drift.id], drift.giver_id == reader_id))
    return Facts(since, **{name: min(count, 100) for name, count in told.items()})


def _said_of(drift, events, is_giver):
    end, done = events[-1].to_state, [event.action for event in events]
    is_mailed = drift.way == "post"
    side = "giver" if is_giver else "asker"
    if end == "received":
        yield "given" if is_giver else "received"
    if end == "missing":
        yield "lost" if is_giver else "not_arrived"
    if is_mailed and is_giver and end in ("received", "missing"):
        yield "sent"
    if is_mailed and is_giver and (end == "cancelled" or (end == "expired" and "accept" in done)):
        yield "unsent"
    if not is_mailed and end == "received":
        yield "kept"
    if "no_show" in done and [event.actor for event in events if event.action == "absent"][-1] != side:
        yield "missed"


def recount_answer(drifts, events, giver_id: int) -> int | None:
    """Return the median time in which a giver answered the last twenty requests; None if fewer than three."""
    mine = sorted((drift for drift in drifts if drift.giver_id == giver_id), key=lambda row: (row.create_time, row.id))
    waits = []
    for drift in mine[-20:]:
        own = [event for event in events if event.drift_id == drift.id and event.from_state != event.to_state]
        leaving = [event for event in own if event.from_state == "waiting"]
        if leaving and own[-1].to_state != "waiting" and leaving[-1].action in ("accept", "reject", "lapse"):
            waits.append(max(0, leaving[-1].create_time - drift.create_time))
    return int(median(waits)) if len(waits) >= 3 else None
