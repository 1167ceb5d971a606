"""Proving that no bean was created or lost, and no copy misplaced: the database recomputes it all."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Select, String, case, cast, column, exists, func, literal, or_, select, union_all

from app.models.base import db
from app.models.bean import BeanPool, BeanTransfer
from app.models.drift import IN_ESCROW, Drift, is_settled
from app.models.user import User
from app.rules.bean.transfer import ESCROW, MINT, POOL, Reason, first_book_reward, reader_account
from app.rules.exchange.drift import DriftState
from app.services.copy.audit import find_copy_faults
from app.services.transaction import begin_snapshot

MOST_NAMED = 20
"""How many faults of one kind are listed; the rest are counted."""
STREAMED = 1_000
OF_A_READER = f"{reader_account(0)[:-1]}%"

_USER, _MOVE = User.__table__, BeanTransfer.__table__


@dataclass
class Faults:
    """The faults found, counted by kind."""

    counts: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def note(self, kind: str, line: str) -> None:
        """Count a fault, and list it if it is among the first of its kind."""
        self.counts[kind] += 1
        if self.counts[kind] <= MOST_NAMED:
            self.named.append(line)

    def lines(self) -> list[str]:
        """Return one line for each listed fault, and one for each kind that has more."""
        more = [f"{count - MOST_NAMED} more {kind}" for kind, count in self.counts.items() if count > MOST_NAMED]
        return self.named + more


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The result of an audit; `faults` has a line for each of the first faults of a kind, `fault_count` counts all."""

    transfers: int
    in_circulation: int
    in_escrow: int
    in_pool: int
    asleep: int
    """Beans that the pool owes to silent readers; it may have given some of them away."""
    vesting: int
    """Beans for first books that wait until the receiver has dealt with a third reader."""
    faults: list[str]
    fault_count: int


def audit_beans() -> Audit:
    """Recompute all balances and the beans held for each drift from the ledger, and compare them; look at all copies.

    Each takes a number of statements that does not depend on the rows, and little memory.
    """
    begin_snapshot()
    faults = Faults()
    in_escrow, in_pool = _audit_own_accounts(faults)
    _audit_readers(faults)
    _audit_sleepers(faults)
    _audit_drifts(faults)
    _audit_first_books(faults)
    for kind, line in find_copy_faults():
        faults.note(kind, line)
    transfers = db.session.scalar(select(func.count()).select_from(_MOVE)) or 0
    circulation, asleep = db.session.execute(select(func.sum(_USER.c.beans), func.sum(_USER.c.asleep_beans))).one()
    return Audit(
        transfers=transfers,
        in_circulation=int(circulation or 0),
        in_escrow=in_escrow,
        in_pool=in_pool,
        asleep=int(asleep or 0),
        vesting=db.session.scalar(_VESTING) or 0,
        faults=faults.lines(),
        fault_count=faults.counts.total(),
    )


def _audit_own_accounts(faults: Faults) -> tuple[int, int]:
    """Note accounts without an owner, and balances other than the site shows; return those of escrow and pool."""
    balances: Counter[str] = Counter()
    for side, sign in ((_MOVE.c.target, 1), (_MOVE.c.source, -1)):
        totals = select(side, func.sum(_MOVE.c.amount)).where(side.not_like(OF_A_READER)).group_by(side)
        for account, beans in db.session.execute(totals):
            balances[account] += sign * int(beans)
    for account in sorted(balances.keys() - {ESCROW, MINT, POOL}):
        faults.note("accounts without a reader", f"{account} has no reader")
    held = int(db.session.scalar(select(func.sum(Drift.beans)).where(IN_ESCROW)) or 0)
    if balances[ESCROW] != held:
        faults.note("escrows", f"escrow holds {balances[ESCROW]} beans, open drifts {held}")
    shown = int(db.session.scalar(select(func.sum(BeanPool.beans))) or 0)
    if balances[POOL] != shown:
        faults.note("pools", f"the pool shows {shown} beans, the ledger {balances[POOL]}")
    return balances[ESCROW], balances[POOL]


def _audit_readers(faults: Faults) -> None:
    for reader, held, shown, accounts in db.session.execute(_READERS):
        if not accounts:
            account = reader_account(reader) if reader else "an account like a reader's"
            faults.note("accounts without a reader", f"{account} has no reader")
        elif held != shown:
            faults.note("wrong balances", f"reader {reader} shows {shown} beans, the ledger {held}")
        if shown < 0:
            faults.note("debts", f"reader {reader} owes {-shown} beans")


def _audit_sleepers(faults: Faults) -> None:
    for reader, held, shown, _ in db.session.execute(_SLEEPERS):
        faults.note("wrong sleeping beans", f"reader {reader} shows {shown} sleeping beans, the ledger {held}")


def _audit_first_books(faults: Faults) -> None:
    for reader, drift in db.session.execute(_WRONG_FIRST_BOOKS):
        faults.note("wrong first books", f"{reader} was paid for a first book with drift {drift}, which is not one")


def _audit_drifts(faults: Faults) -> None:
    for id, state, beans, is_held, taken, held, released, paid in db.session.execute(_DRIFTS):
        if taken not in ((1, 2) if beans else (0,)) or held != taken * beans:
            faults.note("drifts with wrong holds", f"drift {id} did not put its {beans} beans into escrow once")
        if (released, paid) != (taken - is_held, held - is_held * beans):
            line = f"drift {id} is {state} but released {paid} beans, in {released} transfers"
            faults.note("drifts with wrong releases", line)


def _moved(side: Any, sign: int, *which: Any) -> Select[Any]:
    """Select what came into (or went out of) each reader's account, by the id in its name; 0 if it has none."""
    number = cast(func.substr(side, len(OF_A_READER)), BigInteger)
    is_plain = side == literal(OF_A_READER[:-1]).concat(cast(number, String(20)))
    columns = case((is_plain, number), else_=0).label("reader"), (sign * func.sum(_MOVE.c.amount)).label("held")
    moved = select(*columns, literal(0).label("shown"), literal(0).label("accounts"))
    return moved.where(side.like(OF_A_READER), *which).group_by(side)


def _wrong(into: Select[Any], out_of: Select[Any], shown: Any, *other_faults: Any) -> Select[Any]:
    """Select the readers whose row shows something else than the ledger says."""
    each = union_all(into, out_of, select(_USER.c.id, literal(0), shown, literal(1))).subquery()
    # Each sum has a unique name, because in HAVING one engine resolves a name to the sum, the other to a column.
    sums = [func.sum(each.c[name]).label(f"all_{name}") for name in ("held", "shown", "accounts")]
    wrong = select(each.c.reader, *sums).group_by(each.c.reader)
    wrong = wrong.having(or_(column("all_held") != column("all_shown"), *other_faults))
    return wrong.order_by(each.c.reader).execution_options(yield_per=STREAMED)


_READERS = _wrong(
    _moved(_MOVE.c.target, 1),
    _moved(_MOVE.c.source, -1),
    _USER.c.beans,
    column("all_accounts") == 0,
    column("all_shown") < 0,
)
_fell_asleep = _MOVE.c.target == POOL, _MOVE.c.reason == Reason.ASLEEP
_woke = _MOVE.c.source == POOL, _MOVE.c.reason == Reason.AWAKE
_SLEEPERS = _wrong(_moved(_MOVE.c.source, 1, *_fell_asleep), _moved(_MOVE.c.target, -1, *_woke), _USER.c.asleep_beans)

_account_of_giver = literal(OF_A_READER[:-1]).concat(cast(Drift.giver_id, String(20)))
_WRONG_FIRST_BOOKS = (
    select(_MOVE.c.target, _MOVE.c.drift_id)
    .join(Drift, Drift.id == _MOVE.c.drift_id)
    .where(_MOVE.c.reason == Reason.FIRST_BOOK)
    .where(or_(_MOVE.c.target != _account_of_giver, Drift.state != DriftState.RECEIVED))
    .order_by(_MOVE.c.id)
    .execution_options(yield_per=STREAMED, include_deleted=True)
)
_first_book = literal(first_book_reward(0).key[:-1]).concat(cast(User.id, String(20)))
_VESTING = (
    select(func.count(User.id))
    .where(exists().where(Drift.giver_id == User.id, is_settled()))
    .where(~exists().where(_MOVE.c.key == _first_book))
)

_into, _out_of = _MOVE.c.target == ESCROW, _MOVE.c.source == ESCROW
_is_held = case((IN_ESCROW & (Drift.beans > 0), 1), else_=0).label("is_held")
_DRIFTS = (
    select(
        Drift.id,
        Drift.state,
        Drift.beans,
        _is_held,
        func.sum(case((_into, 1), else_=0)).label("taken"),
        func.sum(case((_into, _MOVE.c.amount), else_=0)).label("held"),
        func.sum(case((_out_of, 1), else_=0)).label("released"),
        func.sum(case((_out_of, _MOVE.c.amount), else_=0)).label("paid"),
    )
    .outerjoin(_MOVE, _MOVE.c.drift_id == Drift.id)
    .group_by(Drift.id)
    .having(
        or_(
            column("taken").not_in((1, 2)) & (Drift.beans > 0),  # twice if it arrived after all
            (column("taken") > 0) & (Drift.beans == 0),
            column("held") != column("taken") * Drift.beans,
            column("released") != column("taken") - column("is_held"),
            column("paid") != column("held") - column("is_held") * Drift.beans,
        )
    )
    .order_by(Drift.id)
    .execution_options(yield_per=STREAMED, include_deleted=True)
)
