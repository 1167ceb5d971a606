"""When to ask a catalogue at all: a breaker for the broken, a limiter for our promises."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

Clock = Callable[[], float]


class Breaker:
    """Open (nothing is asked) for `rest` seconds after `patience` failures in a row, or for as long as we were told.

    When the rest is over one call may try; its success closes the breaker, its failure opens it again.
    """

    def __init__(self, patience: int = 3, rest: float = 60.0, clock: Clock = time.monotonic) -> None:
        self._patience, self._rest, self._clock = patience, rest, clock
        self._failures = 0
        self._until = 0.0
        self._trial_until = 0.0
        self._lock = threading.Lock()

    def may_pass(self) -> bool:
        """Whether a call may go out now; while a trial call is under way nobody else may."""
        with self._lock:
            now = self._clock()
            if now < max(self._until, self._trial_until):
                return False
            if self._failures >= self._patience:
                self._trial_until = now + self._rest
            return True

    def succeeded(self) -> None:
        """Forget earlier failures and close."""
        with self._lock:
            self._failures, self._until, self._trial_until = 0, 0.0, 0.0

    def failed(self, retry_after: float | None = None, *, at_once: bool = False) -> None:
        """Count a failure; `at_once` or a known `retry_after` opens without further patience."""
        with self._lock:
            self._failures += 1
            self._trial_until = 0.0
            if at_once or retry_after is not None or self._failures >= self._patience:
                self._until = max(self._until, self._clock() + (self._rest if retry_after is None else retry_after))

    def seconds_to_rest(self) -> float:
        """How long nothing will be asked; 0 when the next call may pass."""
        with self._lock:
            return max(0.0, max(self._until, self._trial_until) - self._clock())


class Limiter:
    """At most `rate` calls a second over all threads, evenly spaced after a burst of `burst`."""

    def __init__(self, rate: float, burst: int = 1, clock: Clock = time.monotonic) -> None:
        self._gap, self._burst, self._clock = 1.0 / rate, burst, clock
        self._next = 0.0
        self._lock = threading.Lock()

    def reserve(self, longest_wait: float) -> float | None:
        """Seconds to wait before the call, taken from the budget; None, and nothing taken, if that is too long."""
        with self._lock:
            now = self._clock()
            slot = max(self._next, now - (self._burst - 1) * self._gap)
            wait = max(0.0, slot - now)
            if wait > longest_wait:
                return None
            self._next = slot + self._gap
            return wait
