"""The report of what became of the rows of the lists that a reader has brought. Times are in Unix seconds."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import JSON, Table, delete, func, select, type_coerce, update

from app.catalogues.files.cells import safe_cell
from app.models.base import db
from app.models.basket import BasketLine, BroughtRow
from app.models.book import Book, Names
from app.rules.clock import DAY
from app.rules.shelf.basket import Done, LineState, Plan
from app.rules.shelf.report import Outcome, outcome_of
from app.rules.shelf.row import ShelfRow
from app.services.transaction import changed_rows, transaction

KEPT = 30 * DAY
"""How long a row is kept after it was brought."""
MOST_ROWS = 5_000
"""How many rows of a reader are kept, the newest ones."""

_ROW, _LINE, _BOOK = (cast("Table", table.__table__) for table in (BroughtRow, BasketLine, Book))


class ReportRow(NamedTuple):
    """A row that was brought, and what became of it."""

    number: int
    title: str
    authors: Sequence[str]
    said: str
    """Its ISBN, or what stands in the place of one."""
    outcome: Outcome
    reason: str
    """A `Fault` or a `Missing`, if no book was found."""
    brought_at: int


def note_brought(reader_id: int, rows: Mapping[str, ShelfRow], owned: Collection[str], now: int) -> None:
    """Keep rows for the report, by their `line_key`; of those `owned`, what is known of earlier; in a transaction."""
    mine = BroughtRow.reader_id == reader_id
    done = mine, BroughtRow.line_key.in_(list(owned)), BroughtRow.done != Done.NOT_YET
    new = rows.keys() - set(db.session.scalars(select(BroughtRow.line_key).where(*done)))
    changed_rows(delete(BroughtRow).where(mine, BroughtRow.line_key.in_(list(new))))
    db.session.add_all(_kept(reader_id, key, row, key in owned, now) for key, row in rows.items() if key in new)
    db.session.flush()
    rest = select(BroughtRow.id).where(mine).order_by(BroughtRow.id.desc()).offset(MOST_ROWS).limit(1)
    if last := db.session.scalar(rest):
        changed_rows(delete(BroughtRow).where(mine, BroughtRow.id <= last))


def _kept(reader_id: int, key: str, row: ShelfRow, is_owned: bool, now: int) -> BroughtRow:
    return BroughtRow(
        reader_id=reader_id,
        line_key=key,
        number=row.number,
        isbn=row.isbn,
        said=row.said[:80],
        title=row.title,
        authors=row.authors,
        done=Done.HAD if is_owned else Done.NOT_YET,
        create_time=now,
    )


def note_done(reader_id: int, keys: Collection[str], done: Done) -> None:
    """Note what was done with these lines of the basket, which go out of it; inside a transaction."""
    mine = BroughtRow.reader_id == reader_id, BroughtRow.line_key.in_(list(keys))
    changed_rows(update(BroughtRow).where(*mine).values(done=done))


def count_report(reader_id: int) -> int:
    """Return how many rows the report has."""
    return db.session.scalar(select(func.count()).select_from(_ROW).where(_ROW.c.reader_id == reader_id)) or 0


def list_report(reader_id: int) -> list[ReportRow]:
    """Return what became of each row that a reader has brought lately, in the order of the lists; one statement.

    A row that names no title has that of its book.
    """
    rows = select(
        *(_ROW.c[name] for name in ("number", "isbn", "said", "done", "create_time")),
        func.coalesce(func.nullif(_ROW.c.title, ""), _BOOK.c.title, "").label("title"),
        type_coerce(_ROW.c.authors, Names).label("authors"),
        type_coerce(_BOOK.c.authors, JSON).label("book_authors"),
        *(_LINE.c[name] for name in ("state", "reason", "intent")),
        _BOOK.c.id.label("book_id"),
    )
    rows = rows.outerjoin_from(
        _ROW, _LINE, (_LINE.c.reader_id == _ROW.c.reader_id) & (_LINE.c.line_key == _ROW.c.line_key)
    )
    rows = rows.outerjoin(_BOOK, _BOOK.c.isbn == _ROW.c.isbn).where(_ROW.c.reader_id == reader_id)
    return [_reported(row) for row in db.session.execute(rows.order_by(_ROW.c.id))]


def _reported(row: Any) -> ReportRow:
    state = LineState(row.state) if row.state else None
    if state is LineState.UNKNOWN and row.book_id:
        state = LineState.FOUND  # it was entered since
    outcome = outcome_of(Done(row.done), state, Plan(row.intent or ""))
    reason = (row.reason or "") if outcome is Outcome.NOT_FOUND else ""
    authors = row.authors or row.book_authors or ()
    return ReportRow(row.number, row.title, authors, row.isbn or row.said, outcome, reason, row.create_time)


def write_csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table as CSV in which no cell is a formula."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(header)
    table.writerows([safe_cell(cell) for cell in row] for row in rows)
    return file.getvalue()


@transaction
def forget_old_rows(now: int) -> int:
    """Erase the rows that were brought more than `KEPT` ago; return how many."""
    return changed_rows(delete(BroughtRow).where(BroughtRow.create_time < now - KEPT))
