"""A reader's shelf as a table: the columns of Goodreads' export, and three of our own."""

import csv
import io
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Row, Table, select, type_coerce

from app.catalogues.files.cells import safe_cell
from app.models.base import LIVE, db
from app.models.book import Book, Names
from app.models.copy import Copy
from app.models.gift import Gift
from app.rules.book.local_number import number_of
from app.rules.exchange.drift import CopyState
from app.rules.shelf.keeping import Show

GOODREADS = (
    "Book Id", "Title", "Author", "Author l-f", "Additional Authors", "ISBN", "ISBN13", "My Rating", "Average Rating",
    "Publisher", "Binding", "Number of Pages", "Year Published", "Original Publication Year", "Date Read", "Date Added",
    "Bookshelves", "Bookshelves with positions", "Exclusive Shelf", "My Review", "Spoiler", "Private Notes",
    "Read Count", "Owned Copies",
)  # fmt: skip
COLUMNS = (*GOODREADS, "Condition", "Mark", "State")
"""`Mark` is empty for a copy without a label; `State` is one of `Show`."""
OWNED = "owned"

_COPY, _GIFT, _BOOK = (cast("Table", table.__table__) for table in (Copy, Gift, Book))


def export_shelf(reader_id: int) -> str:
    """Return the copies that a reader holds as CSV, the oldest first; one statement.

    A cell that a spreadsheet would take for a formula has an apostrophe before it. The number has the form in which
    Goodreads writes it, because a spreadsheet would round it.
    """
    names = ("isbn", "title", "publisher", "binding", "pages", "year")
    rows = select(
        *(_BOOK.c[name] for name in names),
        _BOOK.c.id.label("book_id"),
        type_coerce(_BOOK.c.authors, Names).label("authors"),
        *(_COPY.c[name] for name in ("condition", "mark", "create_time")),
        _GIFT.c.state,
    )
    rows = rows.join_from(_COPY, _BOOK, _BOOK.c.id == _COPY.c.book_id)
    rows = rows.outerjoin(_GIFT, (_GIFT.c.listed_copy_id == _COPY.c.id) & (_GIFT.c.status == LIVE))
    held = db.session.execute(rows.where(_COPY.c.holder_id == reader_id).order_by(_COPY.c.id))
    file = io.StringIO()
    table = csv.DictWriter(file, COLUMNS, restval="")
    table.writeheader()
    table.writerows(map(_line, held))
    return file.getvalue()


def _line(row: Row[Any]) -> dict[str, str]:
    first, *more = row.authors or [""]
    said = {
        "Title": row.title,
        "Author": first,
        "Additional Authors": ", ".join(more),
        "Publisher": row.publisher,
        "Binding": row.binding,
        "Number of Pages": str(row.pages or ""),
        "Year Published": str(row.year or ""),
    }
    return {name: safe_cell(text) for name, text in said.items()} | {
        "Book Id": number_of(row.isbn, row.book_id),
        "ISBN13": f'="{row.isbn}"' if row.isbn else "",
        "Date Added": datetime.fromtimestamp(row.create_time, UTC).strftime("%Y/%m/%d"),
        "Bookshelves": OWNED,
        "Exclusive Shelf": OWNED,
        "Owned Copies": "1",
        "Condition": row.condition,
        "Mark": row.mark or "",
        "State": _state(row.state),
    }


def _state(state: str | None) -> Show:
    if state is None:
        return Show.PRIVATE
    return Show.PROMISED if state == CopyState.RESERVED else Show.OFFERED
