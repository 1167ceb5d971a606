"""A rehearsal: what happened in the last days, once more in its order, under other numbers of the economy.

Two worlds go through the same records, one as it was and one under the other numbers. What was asked for is refused in
the second if the rules of asking refuse it there; whatever hangs on such a request then does not happen. What nobody
can know is left as it was: nobody asks for what they did not ask for, however many beans they have, and nobody answers
otherwise. A copy that stays where it is, because a request is refused, is asked for by nobody else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.rules.bean.economy import IN_FORCE, Economy
from app.rules.bean.transfer import MINT, POOL, Reason, reader_of
from app.rules.exchange.asking import AskerFacts, find_asker_refusal
from app.rules.exchange.drift import ON_LOAN, UNDER_WAY, DriftState

NUMBERS = ("price", "for_confirming", "for_first_request", "for_first_book", "from_pool", "received_per_given")
"""The numbers of `Economy` that a rehearsal can change; times are left as they were."""

MOST_BEANS = 100
"""The highest number that can be tried."""


def least_of(name: str) -> int:
    """Return the lowest value of one of the numbers that can be tried."""
    return 1 if name == "received_per_given" else 0


REWARDS = {
    Reason.CONFIRMED: "for_confirming",
    Reason.FIRST_REQUEST: "for_first_request",
    Reason.FIRST_BOOK: "for_first_book",
    Reason.FROM_POOL: "from_pool",
}
COVERED_BY_MINT = {Reason.AWAKE, Reason.MADE_WHOLE, Reason.INSURED}
"""What the pool pays even if it has to be covered."""


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the ledger."""

    source: str
    target: str
    amount: int
    reason: str
    drift_id: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an exchange into another state."""

    drift_id: int
    to: DriftState


@dataclass(slots=True)
class Exchange:
    """The sides of an exchange, and its state; None before it is asked for."""

    asker_id: int
    giver_id: int
    state: DriftState | None


@dataclass(slots=True)
class Past:
    """Numbers of books of a reader in each role, by the state of the exchange."""

    asked: Counter[DriftState] = field(default_factory=Counter)
    gave: Counter[DriftState] = field(default_factory=Counter)

    def copy(self) -> Past:
        """Return an equal one."""
        return Past(self.asked.copy(), self.gave.copy())


@dataclass(slots=True)
class Start:
    """How things stood when the days began: only what the records are about."""

    beans: dict[int, int]
    """Balances by reader."""
    pool: int
    asleep: dict[int, int]
    """Beans that the pool owes, by reader."""
    exchanges: dict[int, Exchange]
    pasts: dict[int, Past]
    """Of the readers who ask for something in these days."""


@dataclass(slots=True)
class World:
    """How things stand while the records go by; `changed` are the numbers that are not as they were."""

    changed: Mapping[str, int]
    beans: defaultdict[int, int]
    pool: int
    asleep: dict[int, int]
    exchanges: dict[int, Exchange]
    pasts: dict[int, Past]
    asked: int = 0
    arrived: int = 0
    minted: int = 0
    escrow: int = 0
    """What came into escrow, less what left it."""
    refused: Counter[str] = field(default_factory=Counter)
    dropped: set[int] = field(default_factory=set)
    """Exchanges that do not happen here."""
    owed: set[tuple[str, int]] = field(default_factory=set)
    """Rewards, with their readers, that hung on an exchange that does not happen; the next one earns them."""

    new: set[int] = field(default_factory=set)
    """Exchanges that were asked for in these days."""

    def price(self, move: Move) -> int:
        """Return what the exchange of a move costs here; one that was asked for before these days keeps its price."""
        is_new = move.reason == Reason.ASKED or move.drift_id in self.new
        return self.changed.get("price", move.amount) if is_new else move.amount

    def find_refusal(self, move: Move) -> str | None:
        """Return the code of the reason for which a request is refused here, or None."""
        asker = reader_of(move.source) or 0
        past = self.pasts.get(asker, Past())
        facts = AskerFacts(
            confirmed=True,
            beans=self.beans[asker],
            received=past.asked[DriftState.RECEIVED],
            under_way=sum(past.asked[state] for state in UNDER_WAY - ON_LOAN),
            given=past.gave[DriftState.RECEIVED],
            missing=past.asked[DriftState.MISSING],
        )
        ratio = self.changed.get("received_per_given", IN_FORCE.received_per_given)
        numbers: Economy = replace(IN_FORCE, price=self.changed.get("price", move.amount), received_per_given=ratio)
        refusal = find_asker_refusal(facts, numbers)
        return None if refusal is None else refusal.code

    def ask(self, move: Move) -> None:
        """Let a request be made."""
        drift = move.drift_id or 0
        self.asked += 1
        self.new.add(drift)
        self._transfer(move.source, move.target, self.price(move))
        self._enter(drift, DriftState.WAITING)
        if drift in self.exchanges:
            self._make_up(Reason.FIRST_REQUEST, self.exchanges[drift].giver_id)

    def drop(self, move: Move, reason: str) -> None:
        """Let a request be refused, and everything that hangs on it."""
        self.refused[reason] += 1
        self.dropped.add(move.drift_id or 0)

    def waits_for_request(self, drift_id: int) -> bool:
        """Return whether an exchange begins in these days, and has not begun yet."""
        exchange = self.exchanges.get(drift_id)
        return exchange is not None and exchange.state is None

    def step(self, step: Step) -> None:
        """Let an exchange enter another state."""
        if step.drift_id not in self.dropped:
            self._enter(step.drift_id, step.to)

    def move(self, move: Move) -> None:
        """Let beans move, if they do here, and as many as do here."""
        payer, reader = reader_of(move.source), reader_of(move.target)
        if move.drift_id in self.dropped:
            if reader is not None and move.reason in (Reason.FIRST_REQUEST, Reason.FIRST_BOOK):
                self.owed.add((move.reason, reader))
            return
        amount = self._amount(move)
        if payer is not None and amount > self.beans[payer]:  # a book that turned up late cannot be paid here
            self.dropped.add(move.drift_id or 0)
            return
        if move.reason in COVERED_BY_MINT and move.source == POOL and self.pool < amount:
            self._transfer(MINT, POOL, amount - self.pool)
        self._transfer(move.source, move.target, amount)
        if move.reason == Reason.GIVEN and reader is not None:
            self._make_up(Reason.FIRST_BOOK, reader)

    def _amount(self, move: Move) -> int:
        """Return how many beans of a move move here."""
        source, target = reader_of(move.source) or 0, reader_of(move.target) or 0
        if move.reason == Reason.COVERED:
            return 0  # the pool is covered when it pays
        if move.reason == Reason.ACCOUNT_CLOSED:
            return self.beans[source]
        if move.reason == Reason.ASLEEP:
            self.asleep[source] = self.beans[source]
            return self.beans[source]
        if move.reason == Reason.AWAKE:
            return self.asleep.pop(target, 0)
        if move.reason == Reason.FROM_POOL and (self.beans[target] or self.pool < self._reward(move)):
            return 0
        if move.reason in REWARDS:
            return self._reward(move)
        return move.amount if move.drift_id is None else self.price(move)

    def _reward(self, move: Move) -> int:
        return self.changed.get(REWARDS[Reason(move.reason)], move.amount)

    def _make_up(self, reason: str, reader: int) -> None:
        if (reason, reader) in self.owed:
            self.owed.remove((reason, reader))
            name = REWARDS[Reason(reason)]
            amount = self.changed.get(name, getattr(IN_FORCE, name))
            self._transfer(MINT, f"reader:{reader}", amount)

    def _transfer(self, source: str, target: str, amount: int) -> None:
        for account, change in ((source, -amount), (target, amount)):
            reader = reader_of(account)
            if reader is not None:
                self.beans[reader] += change
            elif account == POOL:
                self.pool += change
            elif account == MINT:
                self.minted -= change
            else:
                self.escrow += change

    def _enter(self, drift_id: int, state: DriftState) -> None:
        exchange = self.exchanges.get(drift_id)
        if exchange is None:
            return
        for now, change in ((exchange.state, -1), (state, 1)):
            if now is None:
                continue
            if exchange.asker_id in self.pasts:
                self.pasts[exchange.asker_id].asked[now] += change
            if exchange.giver_id in self.pasts:
                self.pasts[exchange.giver_id].gave[now] += change
            self.arrived += change * (now is DriftState.RECEIVED)
        exchange.state = state


@dataclass(frozen=True)
class Rehearsal:
    """The world as it was, and as it would have been."""

    was: World
    would_be: World
    unexplained: int
    """Requests that were made although the rules, as far as a rehearsal knows the facts, refused them."""


def rehearse(start: Start, records: Iterable[Move | Step], changed: Mapping[str, int]) -> Rehearsal:
    """Replay records, in their order, as they were and under changed numbers.

    :param changed: some of `NUMBERS`; those that are not named are as they were.
    """
    was, would_be = _world(start, {}), _world(start, changed)
    unexplained = 0
    early: defaultdict[int, list[Step]] = defaultdict(list)
    for record in records:
        if isinstance(record, Step):
            if was.waits_for_request(record.drift_id):  # of the same second
                early[record.drift_id].append(record)
                continue
            was.step(record)
            would_be.step(record)
        elif record.reason == Reason.ASKED:
            unexplained += _ask(was, would_be, record)
            for step in early.pop(record.drift_id or 0, ()):
                was.step(step)
                would_be.step(step)
        else:
            was.move(record)
            would_be.move(record)
    return Rehearsal(was, would_be, unexplained)


def _ask(was: World, would_be: World, move: Move) -> bool:
    """Let a request be made, or refused in the second world; return whether the rules refuse it in the first one."""
    known, refused = was.find_refusal(move), would_be.find_refusal(move)
    was.ask(move)
    if refused is None or refused == known:
        would_be.ask(move)
    else:
        would_be.drop(move, refused)
    return known is not None


def _world(start: Start, changed: Mapping[str, int]) -> World:
    return World(
        changed=changed,
        beans=defaultdict(int, start.beans),
        pool=start.pool,
        asleep=dict(start.asleep),
        exchanges={id: replace(exchange) for id, exchange in start.exchanges.items()},
        pasts={reader: past.copy() for reader, past in start.pasts.items()},
    )
