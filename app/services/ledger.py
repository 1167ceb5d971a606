"""A reader's ledger: each movement of beans, what it was for, and the balance after it."""

from dataclasses import dataclass

from sqlalchemy import case, func, or_, select

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.book import Book
from app.models.drift import Drift
from app.rules.beans import Reason, reader_account


@dataclass(frozen=True)
class LedgerRow:
    """One movement. `amount` is negative when beans went away; `time` is in Unix seconds."""

    time: int
    amount: int
    reason: Reason
    balance: int
    title: str | None
    isbn: str | None


@dataclass(frozen=True)
class LedgerPage:
    """One page of movements, newest first; `page` counts from 1."""

    rows: list[LedgerRow]
    total: int
    page: int
    pages: int


def list_ledger(reader_id: int, page: int, size: int) -> LedgerPage:
    """Return what moved in a reader's account; two statements."""
    account = reader_account(reader_id)
    mine = or_(BeanTransfer.source == account, BeanTransfer.target == account)
    amount = case((BeanTransfer.target == account, BeanTransfer.amount), else_=-BeanTransfer.amount)
    balance = func.sum(amount).over(order_by=BeanTransfer.id)
    rows = db.session.execute(
        select(BeanTransfer.create_time, amount, BeanTransfer.reason, balance, Book.title, Book.isbn)
        .outerjoin(Drift, Drift.id == BeanTransfer.drift_id)
        .outerjoin(Book, Book.isbn == Drift.isbn)
        .where(mine)
        .order_by(BeanTransfer.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    shown = [
        LedgerRow(time, beans, Reason(reason), int(after), title, isbn)
        for time, beans, reason, after, title, isbn in rows
    ]
    total = db.session.scalar(select(func.count(BeanTransfer.id)).where(mine)) or 0
    return LedgerPage(shown, total, page, max(1, -(-total // size)))
