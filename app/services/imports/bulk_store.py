"""Storing many books at once: looked up, merged and written in a few statements of one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from json.encoder import encode_basestring_ascii
from typing import Any, cast

from sqlalchemy import JSON, Table, bindparam, func, select, update

from app.catalogues.base import BookRecord
from app.catalogues.text.cleaning import year_of
from app.models.base import LIVE, db, insert_rows, now
from app.models.book import Book, BookChange
from app.models.work import KEYED, Marks, Place, find_works, marks_of
from app.rules.book.identity import identity_of
from app.rules.book.placing import Placing
from app.rules.book.work_key import VERSION
from app.services.book.merging import STORED, merged_values, new_values
from app.services.transaction import transaction

MOST_AT_ONCE = 30_000
"""Most records of one call; SQLite allows 32,766 values in a statement."""

# Large enough for the index pages that a batch touches among a million books, so that SQLite writes each page once and
# checkpoints pages touched by several batches only once.
CACHE = 16_000  # kB
LOG_PAGES = 40_000

PLACED = ("work_id", "work_version", "placed_by")

_table = cast(Table, Book.__table__)
_LISTS = [column.name for column in _table.c if isinstance(column.type, JSON)]
_row = select(
    _table.c.isbn, _table.c.identity, _table.c.id.label("row_id"), *(_table.c[name] for name in (*STORED, *PLACED))
).with_for_update()
_KNOWN = {name: _row.where(_table.c[name].in_(bindparam("marks", expanding=True))) for name in ("isbn", "identity")}


@dataclass
class _Plan:
    """Rows to write by what their books are known by, and for each record whether it adds anything new."""

    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    moving: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Those of the changed rows whose work has to be found again."""
    work_marks: dict[str, Marks] = field(default_factory=dict)
    """Of those new rows that say what their record says."""
    is_news: list[bool] = field(default_factory=list)


def expect_many() -> None:
    """Let SQLite keep more pages in its cache and its write-ahead log until the process ends."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE}")
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    db.session.rollback()


def preview_in_bulk(records: list[BookRecord], corrects: bool = False) -> list[bool]:
    """Return for each record whether storing it would change anything; nothing is written."""
    news = _plan(records, [], corrects).is_news
    db.session.rollback()
    return news


@transaction
def store_in_bulk(
    records: list[BookRecord], corrects: bool = False, work_marks: Sequence[Marks | None] = ()
) -> list[bool]:
    """Merge the records, at most `MOST_AT_ONCE`, with the stored books; return for each whether it changed anything.

    :param work_marks: of the records, where they are known already.
    """
    plan = _plan(records, work_marks, corrects)
    _place(plan)
    if plan.new:
        newest = db.session.scalar(select(func.max(_table.c.id))) or 0
        _insert(plan.new.values())
        BookChange.note_after(newest)
    if plan.changed:
        columns: dict[str, Any] = {name: bindparam(name) for name in (*STORED, *PLACED)} | {"shelf_version": 0}
        db.session.connection().execute(
            update(_table).where(_table.c.id == bindparam("row_id")).values(columns), list(plan.changed.values())
        )
        BookChange.note_by_ids(row["row_id"] for row in plan.changed.values())
    return plan.is_news


def _insert(rows: Iterable[dict[str, Any]]) -> None:
    made = {"create_time": now(), "status": LIVE, "shelf_version": 0}
    values = [{**row, **made, **{name: _list_as_json(row[name]) for name in _LISTS}} for row in rows]
    insert_rows(db.session.connection(), _table, values)


def _list_as_json(texts: list[str]) -> str:
    return f"[{', '.join(map(encode_basestring_ascii, texts))}]" if texts else "[]"


def _plan(records: list[BookRecord], work_marks: Sequence[Marks | None], corrects: bool) -> _Plan:
    plan = _Plan()
    known = _known(records)
    for record, of_record in zip_longest(records, work_marks):
        mark = _mark_of(record)
        row = known.get(mark)
        if row is None:
            known[mark] = plan.new[mark] = new_values(record)
            if of_record:
                plan.work_marks[mark] = of_record
            plan.is_news.append(True)
            continue
        changes = merged_values(row, record, corrects)
        row.update(changes)
        plan.is_news.append(bool(changes))
        if changes and mark in plan.new:
            plan.work_marks.pop(mark, None)
        elif changes:
            plan.changed[mark] = row
            if row["placed_by"] == Placing.RULES and not changes.keys().isdisjoint(KEYED):
                plan.moving[mark] = row
    return plan


def _place(plan: _Plan) -> None:
    """Find the works of the new and the moving rows."""
    rows = plan.new | plan.moving
    places = [Place(plan.work_marks.get(mark) or marks_of(row)) for mark, row in rows.items()]
    works = find_works(db.session.connection(), places)
    for row, work_id in zip(rows.values(), works, strict=True):
        row |= {"work_id": work_id, "work_version": VERSION, "placed_by": Placing.RULES}


def _mark_of(record: BookRecord) -> str:
    """Return by what a book is known: its ISBN, or its identity."""
    return record.isbn or identity_of(record.title, record.subtitle, record.authors, year_of(record.pubdate))


def _known(records: list[BookRecord]) -> dict[str, dict[str, Any]]:
    """Return the stored rows of these books, even hidden ones, locked where the engine has row locks."""
    wanted = {
        "isbn": {record.isbn for record in records if record.isbn},
        "identity": {_mark_of(record) for record in records if not record.isbn},
    }
    known: dict[str, dict[str, Any]] = {}
    for name, marks in wanted.items():
        for row in db.session.execute(_KNOWN[name], {"marks": sorted(marks)}) if marks else ():
            known[row.isbn or row.identity] = dict(row._mapping)
    return known
