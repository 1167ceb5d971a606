"""What is said of the work behind an edition: its title in the original, its key, its first year."""

import re
from collections.abc import Iterable

from app.catalogues.text.cleaning import clean_date, year_of
from app.catalogues.text.latin_names import without_stop
from app.catalogues.text.text import clean_line

EARLIEST_YEAR, LATEST_YEAR = -3000, 2100

_WORK_KEY = re.compile(r"OL[1-9]\d{0,14}W")
_PLAIN_YEAR = re.compile(r"(-?\d{1,5})(?:\.0+)?")
_LANGUAGE = re.compile(
    r"\.\s*(?:arabic|chinese|czech|danish|dutch|english|finnish|french|german|greek|hebrew|hungarian|italian|japanese|"
    r"korean|latin|norwegian|polish|portuguese|russian|spanish|swedish|turkish)(?:\s*&\s*\w+)?\.?$",
    re.IGNORECASE,
)
_COLLECTIVE = re.compile(
    r"(?:works|selections|selected works|collected works|poems|plays|novels|(?:short )?stories|essays|correspondence|"
    r"short works|prose works|speeches|laws, etc|bible)\b\W*(?:\d{4}\W*)?",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[\W_]+")


def clean_original_title(value: object, title: str, authors: Iterable[str] = (), longest: int = 250) -> str:
    """Return the title of a translation's original, "" where it says no more than `title`, or names the author.

    Libraries write `Moradas. English.` for it, and `Works.` for whatever is collected.
    """
    text = without_stop(_LANGUAGE.sub("", clean_line(value, longest)))
    if not text or _COLLECTIVE.fullmatch(text):
        return ""
    folded = _folded(text)
    names = (name.rpartition("] ")[2] for name in authors)
    return "" if not folded or folded == _folded(title) or folded in map(_folded, names) else text


def clean_work_key(value: object) -> str:
    """Return Open Library's key of a work (`OL45804W`) from the key or its address, "" for any other."""
    key = value.rpartition("/")[2].strip().upper() if isinstance(value, str) else ""
    return key if _WORK_KEY.fullmatch(key) else ""


def clean_year(value: object) -> int | None:
    """Return the year of a first publication from a number or a date; before our era it is below nought."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = str(value).strip()
    if found := _PLAIN_YEAR.fullmatch(text):
        year = int(found[1])
        return year if year and EARLIEST_YEAR <= year <= LATEST_YEAR else None
    return year_of(clean_date(text))


def _folded(text: str) -> str:
    without_origin = re.sub(r"^[\[(（【〔][^\])）】〕]{1,10}[\])）】〕]\s*", "", text)
    return _SIGNS.sub("", without_origin).casefold()
