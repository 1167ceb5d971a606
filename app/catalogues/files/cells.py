"""The cells of a table: what programs wrap them in, and what they write instead of nothing."""

import re
from datetime import date, timedelta

Cells = list[object]

COLUMNS = (
    "isbn13", "title", "subtitle", "authors", "translators", "publisher", "pubdate", "pages",
    "price", "binding", "language", "summary", "original_title", "series", "series_number", "subjects", "work_key",
    "first_year",
)  # fmt: skip
OLDER_COLUMNS = COLUMNS[:12]
"""Of the exports of Fisher 1."""

_FORMULA = re.compile(r"'* *[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet computes instead of showing it (OWASP: CSV injection), also behind our own apostrophes."""
_QUOTED = re.compile(r'\s*="(.*)"\s*', re.DOTALL)
_NOTHING = re.compile(
    r"(?i)\s*(?:n/?a|#n/a|nan|none|null|nil|unknown|undefined|未知|无|暂无|-+|\?+|\[\]|\{\}|\\n|0+)?\s*"
)
_NO_TEXT = re.compile(r"(?i)\s*(?:n/a|#n/a|#ref!|#name\?|#value!|nan|null|\\n|-|\[\]|\{\})?\s*")
_NO_DATE = re.compile(r"(?:0101-01-01|0000-00-00|0001-01-01|1900-01-00)(?:\D.*)?|0+", re.DOTALL)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TEXT_OF_RECORD = ("name", "value", "title", "isbn13", "isbn_13", "isbn", "isbn10", "isbn_10")
"""What says most of a record in a cell: of a person, a value, or the identifiers of a book."""
_POINT_NOUGHT = re.compile(r"^(\d+)\.0$")
_DAY_NUMBER = re.compile(r"[1-6]\d{4}(?:\.\d+)?")
_FIRST_DAY = date(1899, 12, 30)
"""The day from which Excel counts days; a date of which the cell has lost its format is such a number."""
_TIME = re.compile(r"(?<=\d)[T ]\d\d:\d\d.*$", re.DOTALL)


def safe_cell(text: str) -> str:
    """Return the text of a cell with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """Return the text that `safe_cell` was given, or that was wrapped as `="…"` to stay a text in Excel."""
    if found := _QUOTED.fullmatch(text):
        return found[1].replace('""', '"')
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def is_no_number(text: str) -> bool:
    """Return whether a program means that it has no number: `n/a`, `0`, an id of its own."""
    return bool(_NOTHING.fullmatch(text) or _UUID.fullmatch(text))


def is_no_text(text: str) -> bool:
    """Return whether a program means that it has no text; people are named `None`, and books `0`."""
    return bool(_NO_TEXT.fullmatch(text))


def date_in(text: str) -> str:
    """The date of a cell without its time, also as Excel's number; "" for those that stand for none (`0101-01-01`)."""
    text = _TIME.sub("", _POINT_NOUGHT.sub(r"\1", text.strip()))
    if _DAY_NUMBER.fullmatch(text):
        return f"{_FIRST_DAY + timedelta(days=int(text[:5])):%Y-%m-%d}"
    return "" if _NO_DATE.fullmatch(text) or _NOTHING.fullmatch(text) else text


def number_in(text: str) -> str:
    """The whole number that a spreadsheet wrote as `212.0`."""
    return _POINT_NOUGHT.sub(r"\1", text.strip())


def flat(value: object) -> list[object]:
    """The entries of a list and of the lists in it, as JSON may have them; the value itself if it is none."""
    return [entry for part in value for entry in flat(part)] if isinstance(value, list) else [value]


def text_of(value: object) -> str:
    """The text of a cell; of JSON also numbers and lists of texts."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        return "; ".join(filter(None, map(text_of, value)))
    if isinstance(value, dict):
        return text_of(next(filter(None, map(value.get, _TEXT_OF_RECORD)), ""))
    return ""
