"""Books from any text: an e-mail, a list out of a spreadsheet, what a hand-held scanner types."""

import re
from collections.abc import Iterable, Iterator

from app.rules.book.isbn import find_all, is_scientific, with_plain_digits
from app.rules.shelf.refusals import ListTooLarge, ListTooLong
from app.rules.shelf.row import Fault, Intent, ShelfRow

MOST_ROWS = 5_000
MOST_CHARACTERS = 1_000_000
LONGEST_TITLE = 300
"""Characters; what is longer is a paragraph and no title."""
LONGEST_SAID = 80

_LINE_END = re.compile(r"\r\n|\r|\n")
_DIGITS_ALONE = re.compile(r"[^\w]*(?:isbn[\w-]*[^\w]*)?(\d[\d\s.\-‐-―−]{7,}[\dXx])[^\w]*", re.IGNORECASE)
_FEWEST_DIGITS = 9
_BULLET = re.compile(r"^\s*(?:(?:[-*•·○●□☐☑✓]|\[[ xX]?\]|\(?\d{1,3}[.)、．])\s*)+(?=\D)")
_NAMED = re.compile(r"《(?P<title>[^《》]+)》[\s,，:：/\-—]*(?P<author>[^《》]*)")
_PARTED = re.compile(r"\t+|\s+[/／|｜]\s+|\s+by\s+(?=[A-Z])")


def read_text(text: str, intent: Intent = Intent.NOTHING) -> Iterator[ShelfRow]:
    """Yield a row for each ISBN in a text, and for each number that was meant to be one; each number once.

    :raises ListTooLarge: the text is too long.
    :raises ListTooLong: there are more than `MOST_ROWS` numbers in it.
    """
    return _bounded(_unique(_numbers_in(_lines(text), intent)))


def read_titles(text: str, intent: Intent = Intent.NOTHING) -> Iterator[ShelfRow]:
    """Yield a row for each line, which is a title, with its author behind a tab, a slash or `by`, or behind `《…》`.

    :raises ListTooLarge: the text is too long.
    :raises ListTooLong: there are more than `MOST_ROWS` titles in it.
    """
    titles = (_titled(number, line.strip(), intent) for number, line in _lines(text) if line.strip())
    return _bounded(_unique(titles))


def read_pasted(text: str, intent: Intent = Intent.NOTHING) -> Iterator[ShelfRow]:
    """Yield the rows of the numbers in a text; if there is none, of its lines as titles.

    :raises ListTooLarge: the text is too long.
    :raises ListTooLong: there are more than `MOST_ROWS` rows in it.
    """
    if any(find_all(line) for _, line in _lines(text)):
        return read_text(text, intent)
    return read_titles(text, intent)


def said(text: str) -> str:
    """Return the beginning of what stands in a list, to be shown to the reader."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SAID else f"{text[: LONGEST_SAID - 1]}…"


def _lines(text: str) -> Iterator[tuple[int, str]]:
    if len(text) > MOST_CHARACTERS:
        raise ListTooLarge(MOST_CHARACTERS // 1_000_000)
    return enumerate(_LINE_END.split(text), 1)


def _numbers_in(lines: Iterable[tuple[int, str]], intent: Intent) -> Iterator[ShelfRow]:
    for number, line in lines:
        found = find_all(line)
        for bare, isbn in found:
            reason = None if isbn else Fault.WRONG_CHECK_DIGIT
            yield ShelfRow(number, isbn=isbn, intent=intent, reason=reason, said=said(bare))
        if not found and (fault := _fault_of(line)):
            yield ShelfRow(number, intent=intent, reason=fault, said=said(line))


def _fault_of(line: str) -> Fault | None:
    """Return why a line without an ISBN was meant to be one: a digit too few, or what a spreadsheet made of it."""
    text = with_plain_digits(line[: 2 * LONGEST_SAID])
    if is_scientific(text) and text.strip().startswith("9"):
        return Fault.ROUNDED_NUMBER
    alone = _DIGITS_ALONE.fullmatch(text)
    if alone and sum(c.isdigit() for c in alone[1]) >= _FEWEST_DIGITS:
        return Fault.NO_NUMBER
    return None


def _titled(number: int, line: str, intent: Intent) -> ShelfRow:
    if len(line) > LONGEST_TITLE:
        return ShelfRow(number, intent=intent, reason=Fault.TOO_LONG, said=said(line))
    line = _BULLET.sub("", line)
    if named := _NAMED.search(line):
        title, author = named["title"], named["author"]
    else:
        title, author, *_ = (*_PARTED.split(line, maxsplit=2), "")
    title, author = title.strip(), author.strip(" \t,，.。;；")
    if not title:
        return ShelfRow(number, intent=intent, reason=Fault.NO_BOOK, said=said(line))
    return ShelfRow(number, title=title, authors=(author,) if author else (), intent=intent)


def _unique(rows: Iterable[ShelfRow]) -> Iterator[ShelfRow]:
    seen: set[object] = set()
    for row in rows:
        key = row.isbn or row.said or (row.title.casefold(), row.authors)
        if key not in seen:
            seen.add(key)
            yield row


def _bounded(rows: Iterable[ShelfRow]) -> Iterator[ShelfRow]:
    for count, row in enumerate(rows):
        if count == MOST_ROWS:
            raise ListTooLong(MOST_ROWS)
        yield row
