"""A row of what a reader brings along: a list pasted, or the export of another program."""

from dataclasses import dataclass
from enum import StrEnum

from app.rules.exchange.listing import Condition


class Intent(StrEnum):
    """What a row is for: a wanted book is a wish, an owned one stands on the private shelf, a read one is neither."""

    WISH = "wish"
    PRIVATE = "private"
    NOTHING = "nothing"


class Fault(StrEnum):
    """Why a row names no book."""

    WRONG_CHECK_DIGIT = "wrong_check_digit"
    ROUNDED_NUMBER = "rounded_number"
    """A spreadsheet has made `9.78E+12` of the number; its last digits are lost."""
    NO_NUMBER = "no_number"
    """What stands in the column of the numbers is none, and there is no title."""
    NO_BOOK = "no_book"
    """Neither a number nor a title."""
    TOO_LONG = "too_long"
    """A cell is longer than any title or list of names."""
    BROKEN = "broken"
    """The line cannot be read: an open quote, another encoding, more cells than columns."""


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One book as the reader's list names it, not looked up yet; None, "" or () where the list does not say."""

    number: int
    """The line in the text, file or `sheet`, from 1; several rows may stand in one line of a text."""
    isbn: str | None = None
    """13 digits with a right check digit."""
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    """In which this edition was published, else the work."""
    publisher: str = ""
    intent: Intent = Intent.NOTHING
    reason: Fault | None = None
    """Why the row names no book; None for a row that can be looked up by its number or its title."""
    said: str = ""
    """What stands in the place of a number that is none, to be shown to the reader."""
    condition: Condition | None = None
    note: str = ""
    """A line of the reader's own about the copy."""
    sheet: str = ""
    """The sheet of a workbook of which several are read."""

    @property
    def is_lookable(self) -> bool:
        """Return whether there is something by which the book can be looked up."""
        return self.reason is None and bool(self.isbn or self.title)
