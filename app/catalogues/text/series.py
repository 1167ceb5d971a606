"""The series of a book and the place in it, in the ways in which catalogues, programs and readers write them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.catalogues.text.latin_names import without_stop
from app.catalogues.text.text import clean_line

LONGEST_NUMBER = 32
"""Characters."""

_DIGITS = r"(?:[A-Z]-?)?\d{1,4}(?:\.\d{1,2})?(?:\s*[-–/&]\s*\d{1,4}(?:\.\d{1,2})?)?"
_COUNTED = rf"{_DIGITS}|[ivxlc]{{1,7}}|[上中下前后後]|[一二三四五六七八九十百]{{1,4}}"
_MARK = (
    r"(?:#|№|n[°º]|no\.?|nr\.?|num(?:ber|\.)?|vol(?:umes?|\.)?|v\.?|bks?\.?|books?|band|bd\.?|tome|tomo|t\.|teil|parts?|"
    r"книга|кн\.|том|т\.|вып\.|第|卷)"
)
_BEHIND = r"\s*(?:卷|册|冊|部|辑|輯|集|种|種)?\s*\.?"
_NUMBER_ALONE = re.compile(rf"\[?(?:{_MARK}\s*)?\[?(?P<number>{_COUNTED})\]?{_BEHIND}\]?", re.IGNORECASE)
_STATEMENTS = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?P<name>.+?)(?:\s*[,;:，；：]|\s+-+|\s|(?=[#第]))\s*{_MARK}\s*\[?(?P<number>{_COUNTED})\]?{_BEHIND}",
        rf"(?P<name>.+?)(?:\s*[,;，；]|\s+--)\s*(?P<number>{_DIGITS})\.?",
        rf"(?P<name>.+?)\s*[(（]\s*(?:{_MARK}\s*)?(?P<number>{_COUNTED}){_BEHIND}[)）]",
    )
)
_UNNUMBERED = re.compile(r"\s*\(unnumbered\)\.?$", re.IGNORECASE)
_BRACKETS_BEHIND = re.compile(r"[(（](?P<inside>(?:[^()（）]|[(（][^()（）]*[)）])*)[)）]\s*$")
_COUNTS = re.compile(r"(?:^|[\s,，])#\s*\d")


class Series(NamedTuple):
    """The name of a series and the number in it, such as `2`, `1-3` or `上`; both may be empty."""

    name: str = ""
    number: str = ""


def series_of(statement: str) -> Series:
    """Read one statement: `A Book Apart, No. 2`, `Fen Tales #1`, `地球往事 第2部`."""
    text = _UNNUMBERED.sub("", clean_line(statement, 4 * len(statement)))
    if (alone := _NUMBER_ALONE.fullmatch(text)) and alone["number"] != text:
        return Series()
    for shape in _STATEMENTS:
        if found := shape.fullmatch(text):
            return Series(_clean_name(found["name"]), clean_number(found["number"]))
    return Series(_clean_name(text))


def first_series(statements: Sequence[str]) -> Series:
    """Read the first of several statements; the next one may be its number (`College outline series,`, `56`)."""
    if not statements:
        return Series()
    series = series_of(statements[0])
    if series.name and not series.number and len(statements) > 1:
        series = series._replace(number=clean_number(statements[1]))
    return series


def series_in_title(title: str) -> Series:
    """Read what Goodreads writes behind a title: `A Lamp in the Marsh (Fen Tales, #1)`; of two series the first."""
    found = _BRACKETS_BEHIND.search(title) if "#" in title else None
    if found is None or not title[: found.start()].strip() or not _COUNTS.search(found["inside"]):
        return Series()
    series = series_of(re.split(r"[;；]", found["inside"])[0])
    return series if series.number else Series()


def clean_number(text: object) -> str:
    """Return a place in a series without the words around it: `v. [2]` → `2`, `1.0` → `1`; "" when it is none."""
    found = _NUMBER_ALONE.fullmatch(clean_line(text, LONGEST_NUMBER))
    return re.sub(r"\s+|(?<=\d)\.0+(?!\d)", "", found["number"]) if found else ""


def _clean_name(text: str) -> str:
    return without_stop(text.strip(" ,;:，；：/-–")).replace("|", "/")
