"""A reader's ledger: each movement of beans, its reason, and the balance after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Subquery, func, literal_column, select, union_all

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.book import Book
from app.models.drift import Drift
from app.rules.bean.transfer import Reason, reader_account
from app.services.page import Page, Part, part_of


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """One movement. `amount` is negative when beans were paid out; `time` is in Unix seconds."""

    time: int
    amount: int
    reason: Reason
    balance: int
    title: str | None


def list_ledger(reader_id: int, page: int, size: int) -> Page[LedgerRow]:
    """Return a page of a reader's ledger, newest first; three statements, which load only the rows that are shown."""
    account = reader_account(reader_id)
    moved = [_moved(side, sign, account) for side, sign in ((_MOVE.c.target, 1), (_MOVE.c.source, -1))]
    total = int(db.session.scalar(_sum_of(func.count(), moved)) or 0)
    numbers = _numbers(moved, part_of(total, page, size))
    rows = db.session.execute(
        select(numbers.c.id, numbers.c.beans, _MOVE.c.create_time, _MOVE.c.reason, Book.title)
        .select_from(numbers)
        .join(_MOVE, _MOVE.c.id == numbers.c.id)
        .outerjoin(Drift, Drift.id == _MOVE.c.drift_id)
        .outerjoin(Book, Book.id == Drift.book_id)
        .order_by(numbers.c.id.desc())
    ).all()
    until = [each.where(_MOVE.c.id <= rows[0].id) for each in moved] if rows else []
    balance = int(db.session.scalar(_sum_of(func.sum(literal_column("beans")), until)) or 0) if until else 0
    found = []
    for row in rows:
        found.append(
            LedgerRow(
                time=row.create_time,
                amount=row.beans,
                reason=Reason(row.reason),
                balance=balance,
                title=row.title,
            )
        )
        balance -= row.beans
    return Page(found, total, page, size)


def _moved(side: ColumnElement[str], sign: int, account: str) -> Select[tuple[int, int]]:
    """Select what came into or went out of an account, from a covering index."""
    return select(_MOVE.c.id, (sign * _MOVE.c.amount).label("beans")).where(side == account)


def _sum_of(what: ColumnElement[int], moved: Sequence[Select[tuple[int, int]]]) -> Select[tuple[int]]:
    into, out_of = (func.coalesce(select(what).select_from(each.subquery()).scalar_subquery(), 0) for each in moved)
    return select(into + out_of)


def _numbers(moved: Sequence[Select[tuple[int, int]]], part: Part) -> Subquery:
    """Select the movements of one page from those of either side that may be on it."""
    reach = [each.order_by(part.order(_MOVE.c.id)).limit(part.skipped + part.size).subquery() for each in moved]
    both = union_all(*map(select, reach)).subquery()
    return select(both).order_by(part.order(both.c.id)).limit(part.size).offset(part.skipped).subquery()


_MOVE = BeanTransfer.__table__
