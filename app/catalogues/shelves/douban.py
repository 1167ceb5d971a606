"""The workbooks of 豆伴 and 豆坟: a sheet for each state, no ISBN, and who and when in one line."""

import re
from typing import NamedTuple

from app.catalogues.text.cleaning import clean_date, year_of
from app.rules.shelf.row import Intent

SHEETS = {"想读": Intent.WISH, "在读": Intent.NOTHING, "读过": Intent.NOTHING}
"""The sheets of books, and what they are for; those of films, music and games are not read."""

_LONGEST, _MOST_PARTS = 300, 12
_PART = re.compile(r"\s+/\s*|\s*/\s+")
_PRICE = re.compile(
    r"(?i)(?:[a-z]{2,4}\$?|[$￥¥€£]|人民币|港币|台币|定价)?[\s:：]*\d+(?:[.,]\d+)?\s*(?:元.*|円|圆|[a-z]{2,4}\$?|[€£])?"
)
_DATE = re.compile(r"(?:1[5-9]|20)\d\d(?:$|[年./\-].{0,8}$)")
_PUBLISHER = re.compile(
    r"(?i)出版|书店|書店|书局|書局|印书馆|书社|文化$|文库|公司|press\b|publish|books\b|verlag|éditions?\b|random house|"
    r"penguin|社$"
)


class Imprint(NamedTuple):
    """Who wrote an edition, who published it, and in which year."""

    author: str
    publisher: str
    year: int | None


def read_imprint(text: str) -> Imprint | None:
    """Return what `[日] 村上春树 / 林少华 / 上海译文出版社 / 2014-8 / 36.00元` says, or `刘慈欣 / 2008 / 重庆出版社`.

    Of several people the first is the author; the others may be translators. None for a text that is no such line.
    """
    parts = [part.strip() for part in _PART.split(text)] if len(text) <= _LONGEST else []
    parts = [part for part in parts if part]
    dates = [at for at, part in enumerate(parts) if _DATE.match(part)]
    publishers = [at for at, part in enumerate(parts) if at and _PUBLISHER.search(part)]
    if not 1 < len(parts) <= _MOST_PARTS or not (dates or publishers):
        return None
    year = year_of(clean_date(parts[dates[-1]])) if dates else None
    at = publishers[-1] if publishers else _place_of_publisher(parts, dates[-1])
    first = "" if at == 0 or 0 in dates else parts[0]
    return Imprint(first, parts[at] if at is not None else "", year)


def _place_of_publisher(parts: list[str], date: int) -> int | None:
    """Return where a publisher stands whose name says nothing: behind the year, or between the people and the year."""
    if date + 1 < len(parts) and not _PRICE.fullmatch(parts[date + 1]):
        return date + 1
    return date - 1 if date >= 2 else None
