"""The facts of a record (dates, pages, price, language, cover address) brought from free text into one form.

`clean_text`, `clean_line`, `clean_names` and `people_of` belong to the same door and are importable from here.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from urllib.parse import urlsplit

from app.catalogues.text.names import clean_names, people_of
from app.catalogues.text.text import clean_line, clean_text

__all__ = [
    "clean_cover", "clean_date", "clean_language", "clean_line", "clean_names", "clean_pages", "clean_price",
    "clean_text", "language_of_isbn", "people_of", "year_of",
]  # fmt: skip

MOST_PAGES = 50_000

_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2}|2100)(?!\d)")
_ISO_DATE = re.compile(r"(?:1[0-9]{3}|20[0-9]{2})(?:-[0-9]{2}){0,2}")
_NUMERIC = re.compile(
    r"^[^\dA-Za-z]{0,6}c?(?P<y>1\d{3}|20\d{2})(?:\s*[-./年]\s*(?P<m>\d{1,2})(?!\d)(?:\s*[-./月]\s*(?P<d>\d{1,2})(?!\d))?)?"
)
_COMPACT = re.compile(r"^(?P<y>1\d{3}|20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])?$")
_WITH_SLASHES = re.compile(r"^(\d{1,2})/(\d{1,2})/(?P<y>1\d{3}|20\d{2})$")
_IN_WORDS = re.compile(
    r"^(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<mon>[A-Za-z]{3,9})\.?,?\s*"
    r"(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?(?!\d),?\s+)?(?P<y>1\d{3}|20\d{2})$"
)

_COUNTED_PAGES = re.compile(r"(\d[\d,]*)\s*(?:页|頁|pages?\b|pp?\b)", re.IGNORECASE)
_VOLUMES = re.compile(r"册|冊|卷|\bv\.|\bvol", re.IGNORECASE)

_LANGUAGES = {
    "ara": "ar", "chi": "zh", "zho": "zh", "cze": "cs", "ces": "cs", "dan": "da", "dut": "nl", "nld": "nl",
    "eng": "en", "fin": "fi", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "gre": "el", "ell": "el",
    "heb": "he", "hin": "hi", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "lat": "la",
    "nor": "no", "per": "fa", "fas": "fa", "pol": "pl", "por": "pt", "rum": "ro", "ron": "ro", "rus": "ru",
    "spa": "es", "swe": "sv", "tha": "th", "tib": "bo", "bod": "bo", "tur": "tr", "uig": "ug", "ukr": "uk",
    "vie": "vi", "slv": "sl", "slo": "sk", "slk": "sk", "bul": "bg", "srp": "sr", "hrv": "hr", "est": "et", "lav": "lv",
    "lit": "lt", "cat": "ca", "ice": "is", "isl": "is", "gle": "ga", "wel": "cy", "cym": "cy", "baq": "eu", "eus": "eu",
    "glg": "gl", "alb": "sq", "sqi": "sq", "mac": "mk", "mkd": "mk", "bos": "bs", "bel": "be", "geo": "ka", "kat": "ka",
    "arm": "hy", "hye": "hy", "aze": "az", "kaz": "kk", "uzb": "uz", "mon": "mn", "ben": "bn", "tam": "ta", "tel": "te",
    "mar": "mr", "urd": "ur", "nep": "ne", "sin": "si", "bur": "my", "mya": "my", "khm": "km", "lao": "lo", "may": "ms",
    "msa": "ms", "tgl": "tl", "swa": "sw", "afr": "af", "epo": "eo", "yid": "yi", "san": "sa", "kur": "ku", "amh": "am",
}  # fmt: skip
_TWO_LETTERS = frozenset(_LANGUAGES.values())
_GROUP_LANGUAGES = (
    ("9787", "zh"), ("978957", "zh"), ("978986", "zh"), ("978626", "zh"), ("978962", "zh"), ("978988", "zh"),
    ("97999937", "zh"), ("97999965", "zh"), ("9780", "en"), ("9781", "en"), ("9798", "en"), ("9782", "fr"),
    ("97910", "fr"), ("9783", "de"), ("9784", "ja"), ("9785", "ru"), ("97889", "ko"), ("97911", "ko"),
)  # fmt: skip

_PLACEHOLDER_COVER = re.compile(r"book-default|book_default|no[-_]?cover|no[-_]?image|/b/id/-1|nophoto", re.IGNORECASE)


def clean_date(value: object) -> str:
    """A publication date as `2009`, `2009-11` or `2009-11-01` (ISO 8601); what is not understood stays as given.

    Understands `2009年11月`, `1999-11-1`, `2009.11`, `20091101`, `October 1, 1988`, `1 Oct 1988`, `二〇〇九年`.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:d}"
    return _date_of_text(value[:200]) if isinstance(value, str) else ""


@lru_cache(maxsize=4096)  # a few thousand dates make up most of a catalogue
def _date_of_text(text: str) -> str:
    given = clean_line(text, 40)
    text = given.translate(_CHINESE_DIGITS)
    if (found := _COMPACT.match(text)) or (found := _NUMERIC.match(text)):
        return _iso(found["y"], int(found["m"] or 0), int(found["d"] or 0))
    if (found := _WITH_SLASHES.match(text)) and (day_of_year := _day_of_year(int(found[1]), int(found[2]))):
        return _iso(found["y"], *day_of_year)
    if (found := _IN_WORDS.match(text)) and found["mon"][:3].lower() in _MONTH_NAMES:
        month = _MONTH_NAMES.index(found["mon"][:3].lower()) + 1
        return _iso(found["y"], month, int(found["d1"] or found["d2"] or 0))
    return given


def _day_of_year(first: int, second: int) -> tuple[int, int] | None:
    """Month and day of `16/9` and `9/16`; None for `9/10`, which Americans and Europeans read differently."""
    if first > 12 >= second or first == second:
        return second, first
    return (first, second) if second > 12 >= first else None


def year_of(pubdate: str) -> int | None:
    """The year (1000-2100) in a date of any form, None when there is none."""
    if _ISO_DATE.fullmatch(pubdate):
        return int(pubdate[:4])
    found = _YEAR.search(clean_date(pubdate))
    return int(found.group(1)) if found else None


def clean_pages(value: object) -> int | None:
    """The number of pages from a number or from text such as `386 页`, `xii, 368 p.`, `"278 "`; None when not said."""
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    if isinstance(value, str):
        text = clean_line(value, 80).translate(_CHINESE_DIGITS)
        counted = _COUNTED_PAGES.search(text)
        if counted is None and _VOLUMES.search(text):
            return None
        numbers = [counted.group(1)] if counted else re.findall(r"\d[\d,]*", text)
        value = max((int(number.replace(",", "")) for number in numbers), default=0)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value <= MOST_PAGES else None


def clean_price(value: object) -> str:
    """A price as the book prints it (`39.80元`, `USD 26.95`, `168.00（全三册）`); "" for none and for nought."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        value = f"{value:.2f}"
    text = re.sub(
        r"^(?:定\s*价|售\s*价|价格|price)\s*[:：]?\s*",
        "",
        clean_line(value, 60),
        flags=re.IGNORECASE,
    )
    text = re.sub(r"(?<=\d)\s+(?=元|（|\()", "", text)
    return text if re.search(r"[1-9]", text) else ""


def clean_language(value: object) -> str:
    """ISO 639-1 from `chi`, `/languages/chi`, `zh-CN`, or the first known one of a list; "" when unknown."""
    if isinstance(value, (list, tuple)):
        return next(filter(None, map(_language_of_one, value[:10])), "")
    return _language_of_one(value)


def _language_of_one(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("key")
    return _language_of_code(value[-40:]) if isinstance(value, str) else ""


@lru_cache(maxsize=256)
def _language_of_code(text: str) -> str:
    code = re.split(r"[-_]", text.rsplit("/", 1)[-1].strip().lower())[0]
    return code if code in _TWO_LETTERS else _LANGUAGES.get(code, "")


def language_of_isbn(isbn: str) -> str:
    """The language a 13-digit ISBN's registration group publishes in, "" where a group has several."""
    return next((language for prefix, language in _GROUP_LANGUAGES if isbn.startswith(prefix)), "")


def clean_cover(value: object) -> str:
    """The https or http address of a cover picture, "" for placeholders and for anything else."""
    address = value.strip() if isinstance(value, str) else ""
    if not 10 <= len(address) <= 500 or _PLACEHOLDER_COVER.search(address) or re.search(r"[^!-~]", address):
        return ""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        return ""
    return address if usable else ""


def _iso(year: str, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return year
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= 31 else f"{year}-{month:02}"
