"""One catalogue as we ask it: one call a question, a breaker, a memory, and calls in threads of their own."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog
from cachetools import TLRUCache

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
from app.catalogues.throttling import Breaker, Clock
from app.rules.clock import DAY

NOT_FOUND_SECONDS = float(DAY)
FAILED_SECONDS = 60.0
FOUND_SECONDS = 60.0
MOST_AT_ONCE = 16
MOST_FAILURES = 20_000
MOST_VALUES = 200

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


Remembered = TLRUCache[Hashable, Outcome, float]


def _fresh_until(_key: Hashable, outcome: Outcome, now: float) -> float:
    """Return until when an outcome is remembered, on the clock that says `now`."""
    error = outcome.error
    if error is None:
        return now + FOUND_SECONDS
    if isinstance(error, BookNotFound):
        return now + NOT_FOUND_SECONDS
    return now + (FAILED_SECONDS if error.retry_after is None else error.retry_after)


@dataclass(slots=True, eq=False)
class Call:
    """A question under way; everyone who asks the same waits for this one."""

    key: Hashable
    started: float
    result: "Future[Outcome]" = field(default_factory=Future)
    is_late: bool = False


class CatalogueClient:
    """Asks one catalogue. Safe for all threads; what it learns is remembered in this process."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.name = catalogue.name
        self.clock: Clock = time.monotonic
        self.breaker = Breaker(rest=FAILED_SECONDS, clock=self._now)
        self.counts: Counter[str] = Counter()
        self.watch: Callable[[Outcome], None] = lambda _outcome: None
        """Called with each outcome that was not remembered, after the breaker has taken note of it."""
        # Not safe for threads by themselves: read and written under the lock.
        self._failures: Remembered = TLRUCache(MOST_FAILURES, _fresh_until, self._now)
        self._values: Remembered = TLRUCache(MOST_VALUES, _fresh_until, self._now)
        self._calls: dict[Hashable, Call] = {}
        self._slots = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._lock = threading.Lock()

    def _now(self) -> float:
        return self.clock()

    def ask(self, key: Hashable, question: Callable[[], Value]) -> Call:
        """Start the call, or join the same one under way; a remembered outcome is its result at once."""
        with self._lock:
            if call := self._calls.get(key):
                return call
            call = Call(key, time.monotonic())
            if outcome := self._known(key):
                call.result.set_result(outcome)
                return call
            self._calls[key] = call
        try:
            threading.Thread(target=self._run, args=(call, question), name=f"ask-{self.name}", daemon=True).start()
        except RuntimeError:
            # This machine has no thread left: nobody shall wait for a call that never ends.
            self._slots.release()
            self._finish(call, None, CatalogueOutOfOrder("no thread left to ask in", 1.0))
        return call

    def _known(self, key: Hashable) -> Outcome | None:
        if outcome := self._values.get(key) or self._failures.get(key):
            return outcome
        if not self.breaker.may_pass():
            return self._refusal("resting after failures", self.breaker.seconds_to_rest())
        if not self._slots.acquire(blocking=False):
            return self._refusal("too many calls under way", 1.0)
        return None

    def _refusal(self, reason: str, seconds: float) -> Outcome:
        return Outcome(catalogue=self.name, error=CatalogueOutOfOrder(reason, seconds))

    def _run(self, call: Call, question: Callable[[], Value]) -> None:
        try:
            value, error = question(), None
        except CatalogueError as failure:
            # Without its traceback, which would keep the whole answer in memory.
            value, error = None, failure.with_traceback(None)
        except Exception:
            log.exception("our own reading of an answer failed", catalogue=self.name)
            value, error = None, AnswerMalformed("our own reading of the answer failed")
        finally:
            self._slots.release()
        self._finish(call, value, error)

    def _finish(self, call: Call, value: Value | None, error: CatalogueError | None) -> None:
        seconds = time.monotonic() - call.started
        outcome = Outcome(catalogue=self.name, value=value, error=error, seconds=seconds)
        with self._lock:
            is_news = not call.is_late or error is None
            if is_news:
                self._note(call.key, outcome)
            self._calls.pop(call.key, None)
        call.result.set_result(outcome)
        if is_news:
            self._tell(outcome)

    def abandon(self, call: Call) -> Outcome:
        """What to tell those whose deadline is over; an answer that comes later is still remembered."""
        error = CatalogueOutOfOrder("no answer in time")
        outcome = Outcome(catalogue=self.name, error=error, seconds=time.monotonic() - call.started)
        with self._lock:
            if call.result.done():
                return call.result.result()
            is_news = not call.is_late
            if is_news:
                call.is_late = True
                self._note(call.key, outcome)
        if is_news:
            self._tell(outcome)
        return outcome

    def _note(self, key: Hashable, outcome: Outcome) -> None:
        """Count, remember, and move the breaker; called with the lock held, once for each outcome."""
        self.counts[outcome.word] += 1
        error = outcome.error
        if error is None:
            self.breaker.succeeded()
            self._failures.pop(key, None)
            self._values[key] = outcome
            return
        self._failures[key] = outcome
        if isinstance(error, BookNotFound):
            self.breaker.succeeded()
        else:
            self.breaker.failed(error.retry_after, at_once=isinstance(error, CatalogueLimited))

    def _tell(self, outcome: Outcome) -> None:
        """Tell whoever watches, and log what went wrong, in one line."""
        self.watch(outcome)
        if outcome.error and not isinstance(outcome.error, BookNotFound):
            reason, seconds = outcome.error.reason, round(outcome.seconds, 2)
            log.warning("catalogue", catalogue=self.name, outcome=outcome.word, reason=reason, seconds=seconds)
