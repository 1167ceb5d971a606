"""The editions of a work, and which of them stands for it."""

from typing import Any, NamedTuple

from sqlalchemy import Select, select

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.work import Work
from app.rules.book import local_number
from app.services.book.availability import number_of_copies
from app.services.sight.visible import PUBLIC, Sight

MOST_LISTED = 60
"""How many other editions the page of a book names."""
MOST_OF_WORK = 500
"""How many editions the page of a work lists."""

_book: Any = Book.__table__


class Edition(NamedTuple):
    """An edition among others of its work; `copies` is how many are to be had."""

    id: int
    isbn: str | None
    title: str
    publisher: str
    year: int | None
    language: str
    binding: str
    copies: int

    @property
    def number(self) -> str:
        """What names the edition in addresses."""
        return local_number.number_of(self.isbn, self.id)


def list_other_editions(book: Book, sight: Sight = PUBLIC) -> list[Edition]:
    """Return the other editions of the work of a book: those to be had first, then those in its language."""
    others = _select_editions(book.work_id, book.language, sight).where(_book.c.id != book.id)
    return [Edition(**row._asdict()) for row in db.session.execute(others.limit(MOST_LISTED), sight.values)]


def list_editions_of_work(work_id: int, language: str, sight: Sight = PUBLIC) -> list[Edition]:
    """Return the editions of a work, that to which the address of the work leads first."""
    rows = db.session.execute(_select_editions(work_id, language, sight).limit(MOST_OF_WORK), sight.values)
    return [Edition(**row._asdict()) for row in rows]


def find_best_edition(work_id: int, language: str, sight: Sight = PUBLIC) -> Edition | None:
    """Return the edition that stands for a work to readers of a language; None when there is no such work."""
    work = Work.find_by_id(work_id)
    best = _select_editions(work.id, language, sight).limit(1) if work else None
    row = None if best is None else db.session.execute(best, sight.values).first()
    return Edition(**row._asdict()) if row else None


def _select_editions(work_id: int, language: str, sight: Sight) -> Select[Any]:
    copies = number_of_copies(sight)
    columns = [_book.c[name] for name in Edition._fields if name != "copies"]
    is_in_language = (_book.c.language == language).desc()
    order = (copies > 0).desc(), is_in_language, copies.desc(), (_book.c.cover != "").desc(), _book.c.year.desc()
    live = _book.c.work_id == work_id, _book.c.status == LIVE
    return select(*columns, copies).where(*live).order_by(*order, _book.c.id)
