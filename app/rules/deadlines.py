"""When the clock acts on a drift. All times are Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.drift import UNDER_WAY, Action, DriftState
from app.rules.refusals import TooEarlyToReport

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each step may take; every field is in the unit that its name says."""

    answer_days: int = 5
    mail_days: int = 7
    reminder_days: tuple[int, ...] = (7, 14, 21)
    receipt_days: int = 30
    missing_days: int = 14
    offer_hours: int = 48
    erase_days: int = 14

    def next_due(self, state: DriftState, since: int, now: int) -> int | None:
        """Return when the clock next acts on a drift that is in ``state`` since ``since``.

        None for a drift that has ended. A reminder whose day has passed is left out.
        """
        if state is DriftState.MAILED:
            reminders = [since + days * DAY for days in self.reminder_days]
            return min([since + self.receipt_days * DAY, *(due for due in reminders if due > now)])
        days = {
            DriftState.WAITING: self.answer_days,
            DriftState.ACCEPTED: self.mail_days,
        }.get(state)
        return None if days is None else since + days * DAY

    def find_due_action(self, state: DriftState, since: int, now: int) -> Action | None:
        """Return what the clock has to do now, None if nothing is due yet.

        The caller keeps the time of the next action, so that no reminder is sent twice.
        """
        first = self.next_due(state, since, since)
        if first is None or now < first:
            return None
        if state is not DriftState.MAILED:
            return Action.LAPSE
        return Action.RECEIVED if now >= since + self.receipt_days * DAY else Action.REMIND

    def missing_from(self, mailed: int) -> int:
        """Return from when on a book mailed at ``mailed`` can be reported missing."""
        return mailed + self.missing_days * DAY

    def ensure_may_report(self, mailed: int, now: int) -> None:
        """Raise TooEarlyToReport while a book may still be on its way."""
        if now < self.missing_from(mailed):
            raise TooEarlyToReport(self.missing_from(mailed))

    def offer_until(self, now: int) -> int:
        """Return until when a copy offered now is kept for one reader."""
        return now + self.offer_hours * HOUR

    def erase_time(self, state: DriftState, now: int) -> int | None:
        """Return when the address is erased if the drift enters ``state`` now; None: under way."""
        return None if state in UNDER_WAY else now + self.erase_days * DAY
