"""One catalogue as we ask it: one flight a question, a breaker, a memory, and calls in threads of their own."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog

from app.catalogues.base import (
    AnswerMalformed,
    BookNotFound,
    BookRecord,
    Catalogue,
    CatalogueError,
    CatalogueLimited,
    CatalogueOutOfOrder,
    Hits,
)
from app.catalogues.pace import Breaker, Memory

NOT_FOUND_SECONDS = 86_400.0
FAILED_SECONDS = 60.0
FOUND_SECONDS = 60.0
MOST_AT_ONCE = 16

log = structlog.get_logger("fisher.catalogues")

Value = BookRecord | Hits | dict[str, BookRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one catalogue said: a value, or the error that says why there is none; `seconds` is how long it took."""

    catalogue: str
    value: Value | None = None
    error: CatalogueError | None = None
    seconds: float = 0.0

    @property
    def word(self) -> str:
        """`found`, `not found`, `out of order`, `limited` or `malformed`."""
        return self.error.outcome if self.error else "found"


@dataclass(slots=True, eq=False)
class Flight:
    """A question under way; everyone who asks the same waits for this one."""

    key: Hashable
    started: float
    landing: "Future[Outcome]" = field(default_factory=Future)
    is_late: bool = False


class Desk:
    """Asks one catalogue. Safe for all threads; what it learns is remembered in this process."""

    def __init__(self, catalogue: Catalogue, breaker: Breaker | None = None) -> None:
        self.catalogue = catalogue
        self.name = catalogue.name
        self.breaker = breaker or Breaker(rest=FAILED_SECONDS)
        self.counts: Counter[str] = Counter()
        self._failures: Memory[Outcome] = Memory()
        self._values: Memory[Outcome] = Memory(most=200)
        self._flights: dict[Hashable, Flight] = {}
        self._seats = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._lock = threading.Lock()

    def ask(self, key: Hashable, call: Callable[[], Value]) -> Flight:
        """Start the call, or join the same one under way; a remembered outcome has already landed."""
        with self._lock:
            if flight := self._flights.get(key):
                return flight
            flight = Flight(key, time.monotonic())
            if outcome := self._known(key):
                flight.landing.set_result(outcome)
                return flight
            self._flights[key] = flight
        try:
            threading.Thread(target=self._fly, args=(flight, call), name=f"ask-{self.name}", daemon=True).start()
        except RuntimeError:
            # This machine has no thread left: nobody shall wait for a flight that never lands.
            self._seats.release()
            self._land(flight, None, CatalogueOutOfOrder("no thread left to ask in", 1.0))
        return flight

    def _known(self, key: Hashable) -> Outcome | None:
        if outcome := self._values.get(key) or self._failures.get(key):
            return outcome
        if not self.breaker.may_pass():
            return self._refusal("resting after failures", self.breaker.seconds_to_rest())
        if not self._seats.acquire(blocking=False):
            return self._refusal("too many calls under way", 1.0)
        return None

    def _refusal(self, reason: str, seconds: float) -> Outcome:
        return Outcome(catalogue=self.name, error=CatalogueOutOfOrder(reason, seconds))

    def _fly(self, flight: Flight, call: Callable[[], Value]) -> None:
        try:
            value, error = call(), None
        except CatalogueError as failure:
            # Without its traceback, which would keep the whole answer in memory.
            value, error = None, failure.with_traceback(None)
        except Exception:
            log.exception("our own reading of an answer failed", catalogue=self.name)
            value, error = None, AnswerMalformed("our own reading of the answer failed")
        finally:
            self._seats.release()
        self._land(flight, value, error)

    def _land(self, flight: Flight, value: Value | None, error: CatalogueError | None) -> None:
        seconds = time.monotonic() - flight.started
        outcome = Outcome(catalogue=self.name, value=value, error=error, seconds=seconds)
        with self._lock:
            is_news = not flight.is_late or error is None
            if is_news:
                self._note(flight.key, outcome)
            self._flights.pop(flight.key, None)
        flight.landing.set_result(outcome)
        if is_news:
            self._tell(outcome)

    def give_up(self, flight: Flight) -> Outcome:
        """What to tell those whose deadline is over; an answer that comes later is still remembered."""
        error = CatalogueOutOfOrder("no answer in time")
        outcome = Outcome(catalogue=self.name, error=error, seconds=time.monotonic() - flight.started)
        with self._lock:
            if flight.landing.done():
                return flight.landing.result()
            is_news = not flight.is_late
            if is_news:
                flight.is_late = True
                self._note(flight.key, outcome)
        if is_news:
            self._tell(outcome)
        return outcome

    def _note(self, key: Hashable, outcome: Outcome) -> None:
        """Count, remember, and move the breaker; called with the lock held, once for each outcome."""
        self.counts[outcome.word] += 1
        error = outcome.error
        if error is None:
            self.breaker.succeeded()
            self._failures.forget(key)
            self._values.put(key, outcome, FOUND_SECONDS)
        elif isinstance(error, BookNotFound):
            self.breaker.succeeded()
            self._failures.put(key, outcome, NOT_FOUND_SECONDS)
        else:
            self.breaker.failed(error.retry_after, at_once=isinstance(error, CatalogueLimited))
            self._failures.put(key, outcome, FAILED_SECONDS if error.retry_after is None else error.retry_after)

    def _tell(self, outcome: Outcome) -> None:
        """Log what went wrong, in one line."""
        if outcome.error and not isinstance(outcome.error, BookNotFound):
            reason, seconds = outcome.error.reason, round(outcome.seconds, 2)
            log.warning("catalogue", catalogue=self.name, outcome=outcome.word, reason=reason, seconds=seconds)
