"""Many books at once: looked up, merged and written in a few statements, in one transaction with their changes."""

from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from app.catalogues.base import BookRecord
from app.models.base import db
from app.models.book import Book, BookChange
from app.services.merging import STORED, merged_values, new_values
from app.services.transaction import transaction

_table = cast(Table, Book.__table__)


@dataclass
class _Plan:
    """Rows to write by ISBN, and for each record whether it says anything new."""

    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_news: list[bool] = field(default_factory=list)


def preview_in_bulk(records: list[BookRecord], corrects: bool = False) -> list[bool]:
    """For each record whether storing it would change anything; nothing is written."""
    news = _plan(records, corrects).is_news
    db.session.rollback()
    return news


@transaction
def store_in_bulk(records: list[BookRecord], corrects: bool = False) -> list[bool]:
    """Store the records, merged with what is known; for each whether it changed anything."""
    plan = _plan(records, corrects)
    if plan.new:
        db.session.connection().execute(insert(_table), list(plan.new.values()))
    if plan.changed:
        columns: dict[str, Any] = {name: bindparam(name) for name in STORED}
        db.session.connection().execute(
            update(_table).where(_table.c.id == bindparam("row_id")).values(columns), list(plan.changed.values())
        )
    if plan.new or plan.changed:
        BookChange.note([*plan.new, *plan.changed])
    return plan.is_news


def _plan(records: list[BookRecord], corrects: bool) -> _Plan:
    plan = _Plan()
    known = _known(sorted({record.isbn for record in records}))
    for record in records:
        row = known.get(record.isbn)
        if row is None:
            known[record.isbn] = plan.new[record.isbn] = new_values(record)
            plan.is_news.append(True)
            continue
        changes = merged_values(row, record, corrects)
        row.update(changes)
        plan.is_news.append(bool(changes))
        if changes and record.isbn not in plan.new:
            plan.changed[record.isbn] = row
    return plan


def _known(isbns: list[str]) -> dict[str, dict[str, Any]]:
    """The rows with these ISBNs, hidden ones too, locked where the engine locks rows."""
    columns = (_table.c.isbn, _table.c.id.label("row_id"), *(_table.c[name] for name in STORED))
    rows = db.session.execute(select(*columns).where(_table.c.isbn.in_(isbns)).with_for_update())
    return {row.isbn: dict(row._mapping) for row in rows}
