"""Asking all catalogues: in their order, side by side where it helps, within one deadline."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, wait
from dataclasses import dataclass

from app.catalogues.base import BookNotFound, BookRecord, Catalogue, Hits, fill_gaps
from app.catalogues.client import Call, CatalogueClient, Outcome, Value

# A call ends this much before the deadline, so that it can say itself what was wrong.
MARGIN = 0.05

Question = Callable[[Catalogue, float], Value]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the catalogues say about one ISBN."""

    record: BookRecord | None
    outcomes: tuple[Outcome, ...]

    @property
    def is_certain(self) -> bool:
        """Whether a missing record means an unknown book: no catalogue was out of order, limited or malformed."""
        return all(o.error is None or isinstance(o.error, BookNotFound) for o in self.outcomes)


@dataclass(frozen=True, slots=True)
class Many:
    """The records found of many ISBNs, by ISBN; `is_certain`: the others are unknown to every catalogue."""

    records: dict[str, BookRecord]
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What the catalogues have for some words: editions and works as in `Hits`, no ISBN twice, and what failed."""

    records: tuple[BookRecord, ...]
    loose_hits: tuple[BookRecord, ...]
    total: int
    outcomes: tuple[Outcome, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every catalogue answered."""
        return all(outcome.error is None for outcome in self.outcomes)


class Lookup:
    """The catalogues of a site in the order of its settings; `deadline` is in seconds, for a whole page."""

    def __init__(self, catalogues: Iterable[Catalogue], deadline: float = 3.0) -> None:
        self.clients = [CatalogueClient(catalogue) for catalogue in catalogues]
        self.deadline = deadline

    def find(self, isbn: str, seconds: float | None = None) -> Finding:
        """The first record of a 13-digit ISBN; the next catalogue is asked when one has none or is slow."""
        seconds = self.deadline if seconds is None else seconds
        until = time.monotonic() + seconds
        pause = seconds / max(len(self.clients), 1)
        waiting, flying, outcomes = list(self.clients), dict[Call, CatalogueClient](), list[Outcome]()
        next_start = time.monotonic()
        while (waiting or flying) and (now := time.monotonic()) < until:
            if waiting and (not flying or now >= next_start):
                client = waiting.pop(0)
                flying[self._ask(client, ("isbn", isbn), _find(isbn), until)] = client
                next_start = now + pause
            landed = _wait_for_one(flying, (min(until, next_start) if waiting else until) - time.monotonic())
            for call in landed:
                del flying[call]
                outcomes.append(call.result.result())
            if record := _first_record(outcomes):
                return Finding(record, tuple(outcomes))
        outcomes += [client.abandon(call) for call, client in flying.items()]
        return Finding(_first_record(outcomes), tuple(outcomes))

    def search(self, words: str, count: int, start: int = 0, seconds: float | None = None) -> Findings:
        """The hits of all catalogues, asked side by side; what is not there at the deadline is left out."""
        question = _search(words, count, start)
        seconds = self.deadline if seconds is None else seconds
        outcomes = self._ask_all(("words", words.casefold(), count, start), question, self.clients, seconds)
        hits = [outcome.value for outcome in outcomes if isinstance(outcome.value, Hits)]
        records = _by_isbn(record for hit in hits for record in hit.records)
        loose_hits = _by_isbn(loose for hit in hits for loose in hit.loose_hits if loose.isbn not in records)
        total = max((hit.total for hit in hits), default=0)
        return Findings(tuple(records.values()), tuple(loose_hits.values()), total, tuple(outcomes))

    def find_details(self, isbn: str, seconds: float = 10.0) -> Finding:
        """Everything that all catalogues know of a book in one record, for work behind the scenes."""
        outcomes = self._ask_all(("details", isbn), _details(isbn), self.clients, seconds)
        return Finding(_united(o.value for o in outcomes if isinstance(o.value, BookRecord)), tuple(outcomes))

    def find_many(self, isbns: Sequence[str], seconds: float = 30.0) -> Many:
        """The records of up to 25 books, united over the catalogues; unknown ones are missing."""
        outcomes = self._ask_all(("many", *isbns), _many(isbns), self.clients, seconds)
        answers = [outcome.value for outcome in outcomes if isinstance(outcome.value, dict)]
        united = {isbn: _united(answer[isbn] for answer in answers if isbn in answer) for isbn in isbns}
        records = {isbn: record for isbn, record in united.items() if record}
        return Many(records, all(outcome.error is None for outcome in outcomes))

    def ask_each(self, name: str | None, isbn: str | None, words: str, seconds: float) -> list[Outcome]:
        """What each catalogue, or the one called `name`, says to an ISBN or to words."""
        clients = [client for client in self.clients if name in {None, client.name}]
        if isbn:
            return self._ask_all(("isbn", isbn), _find(isbn), clients, seconds)
        return self._ask_all(("words", words.casefold(), 10, 0), _search(words, 10, 0), clients, seconds)

    def _ask_all(
        self, key: tuple[object, ...], question: Question, clients: list[CatalogueClient], seconds: float
    ) -> list[Outcome]:
        until = time.monotonic() + seconds
        calls = [(client, self._ask(client, key, question, until)) for client in clients]
        wait([call.result for _, call in calls], timeout=seconds, return_when=ALL_COMPLETED)
        return [client.abandon(call) for client, call in calls]

    def _ask(self, client: CatalogueClient, key: tuple[object, ...], question: Question, until: float) -> Call:
        return client.ask(key, lambda: question(client.catalogue, max(until - time.monotonic() - MARGIN, MARGIN)))


def _find(isbn: str) -> Question:
    return lambda catalogue, seconds: catalogue.find_book(isbn, seconds)


def _details(isbn: str) -> Question:
    return lambda catalogue, seconds: catalogue.find_details(isbn, seconds)


def _many(isbns: Sequence[str]) -> Question:
    return lambda catalogue, seconds: catalogue.find_books(isbns, seconds)


def _search(words: str, count: int, start: int) -> Question:
    return lambda catalogue, seconds: catalogue.search(words, count, start, seconds)


def _wait_for_one(flying: dict[Call, CatalogueClient], seconds: float) -> list[Call]:
    done, _ = wait([call.result for call in flying], max(seconds, 0.0), FIRST_COMPLETED)
    return [call for call in flying if call.result in done]


def _first_record(outcomes: Iterable[Outcome]) -> BookRecord | None:
    return next((outcome.value for outcome in outcomes if isinstance(outcome.value, BookRecord)), None)


def _by_isbn(records: Iterable[BookRecord]) -> dict[str, BookRecord]:
    """Each book once, as the first catalogue that has it describes it."""
    unique: dict[str, BookRecord] = {}
    for record in records:
        unique.setdefault(record.isbn, record)
    return unique


def _united(records: Iterable[BookRecord]) -> BookRecord | None:
    united: BookRecord | None = None
    for record in records:
        united = fill_gaps(united, record) if united else record
    return united
