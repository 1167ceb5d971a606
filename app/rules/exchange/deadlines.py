"""When the clock acts on a drift. All times are Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.clock import DAY, HOUR
from app.rules.exchange.drift import ADDRESS_SHOWN, UNDER_WAY, Action, DriftState, Way, facts_of
from app.rules.exchange.refusals import LookOnceMore, MeetingMayBeAhead, TooEarlyToReport
from app.rules.exchange.steps import clock_actions


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each state may last; the name of each field says its unit."""

    answer_days: int = 5
    mail_days: int = 7
    reminder_days: tuple[int, ...] = (7, 14, 21)
    receipt_days: int = 30
    missing_days: int = 14
    meet_days: int = 14
    meet_reminder_days: tuple[int, ...] = (10,)
    absent_days: int = 2
    objection_hours: int = 48
    place_days: int = 5
    place_reminder_days: tuple[int, ...] = (3,)
    not_there_hours: int = 24
    loan_reminder_days: tuple[int, ...] = (-3, 0, 7, 21)
    keep_days: int = 45
    return_days: int = 14
    return_reminder_days: tuple[int, ...] = (7,)
    offer_hours: int = 48
    erase_days: int = 14

    def next_due(self, state: DriftState, way: Way, since: int, now: int) -> int | None:
        """Return when the clock next acts on a drift that has been in ``state`` since ``since``.

        None for a drift that has ended. A reminder whose day has passed is left out.
        """
        end = self.end_of(state, way, since)
        return None if end is None else min([end, *(due for due in self._reminders(state, way, since) if due > now)])

    def _reminders(self, state: DriftState, way: Way, since: int) -> list[int]:
        """Return when the clock reminds; of a loan `since` is when it ends, so that some times are before it."""
        field = facts_of(state, way).reminders
        days: tuple[int, ...] = getattr(self, field) if field else ()
        return [since + day * DAY for day in days]

    def end_of(self, state: DriftState, way: Way, since: int) -> int | None:
        """Return when the clock ends a state that has lasted since ``since``; None for the state of an ended drift."""
        field = facts_of(state, way).deadline
        if field is None:
            return None
        return since + int(getattr(self, field)) * (HOUR if field.endswith("_hours") else DAY)

    def find_due_action(self, state: DriftState, way: Way, since: int, now: int) -> Action | None:
        """Return what the clock has to do now, or None if nothing is due yet.

        The caller stores the time of the next action, so that no reminder is sent twice.
        """
        end = self.end_of(state, way, since)
        if end is None or now < min([end, *self._reminders(state, way, since)]):
            return None
        is_over = now >= end
        return next(action for action in clock_actions(state, way) if (action is not Action.REMIND) is is_over)

    def missing_from(self, way: Way, mailed: int) -> int:
        """Return the time from which a book mailed, or left at a place, at ``mailed`` can be reported missing."""
        return mailed + (self.not_there_hours * HOUR if way is Way.PLACE else self.missing_days * DAY)

    def ensure_may_report(self, way: Way, mailed: int, now: int) -> None:
        """Raise `TooEarlyToReport` while a book may still be on its way, or `LookOnceMore` while it may turn up."""
        possible_from = self.missing_from(way, mailed)
        if now < possible_from:
            raise LookOnceMore(possible_from) if way is Way.PLACE else TooEarlyToReport(possible_from)

    def absent_from(self, accepted: int) -> int:
        """Return from when one side can say that the other did not come, if a request was accepted at ``accepted``."""
        return accepted + self.absent_days * DAY

    def ensure_may_say_absent(self, accepted: int, now: int) -> None:
        """Raise `MeetingMayBeAhead` while the two have hardly had time to meet."""
        if now < self.absent_from(accepted):
            raise MeetingMayBeAhead(self.absent_from(accepted))

    def offer_until(self, now: int) -> int:
        """Return the time until which a copy offered now is reserved for one reader."""
        return now + self.offer_hours * HOUR

    def erase_time(self, state: DriftState, now: int) -> int | None:
        """Return when private words are erased if the drift ends in ``state`` now; None if under way, or if at once."""
        is_kept = state in ADDRESS_SHOWN - UNDER_WAY or state is DriftState.CANCELLED
        return now + self.erase_days * DAY if is_kept else None
