"""From an HTTP answer to trusted shapes, or to the error class that it means."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from email.utils import parsedate_to_datetime

from app.catalogues.api.transport import Answer
from app.catalogues.base import AnswerMalformed, BookNotFound, CatalogueLimited, CatalogueOutOfOrder
from app.catalogues.text.text import clean_line
from app.rules.book import isbn
from app.rules.clock import DAY

LONGEST_REST = float(DAY)

_NOT_JSON = re.compile(r"html|xml|image/|audio/|video/|pdf|zip", re.IGNORECASE)


def read_json(answer: Answer) -> object:
    """The JSON of a good answer; raises the error that any other status or body means."""
    ensure_ok(answer)
    return _json(answer)


def ensure_ok(answer: Answer) -> None:
    """Raise what a status says: 404 and 410 not found, 429 limited, everything else but 200 out of order."""
    status = answer.status
    if status == 200:
        return
    if status in {404, 410}:
        raise BookNotFound(f"answered {status}")
    if status == 429:
        raise CatalogueLimited("answered 429", retry_after(answer))
    raise CatalogueOutOfOrder(f"answered {status}", retry_after(answer))


def json_of(answer: Answer) -> dict[str, object]:
    """The JSON object in an answer of any status, empty when there is none: for reading error codes."""
    try:
        return mapping(_json(answer))
    except AnswerMalformed:
        return {}


def _json(answer: Answer) -> object:
    if _NOT_JSON.search(answer.headers.get("Content-Type", "")):
        raise AnswerMalformed("answer is not JSON by its content type")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise AnswerMalformed("answer is not JSON") from None


def retry_after(answer: Answer, now: Callable[[], float] = time.time) -> float | None:
    """The seconds of a Retry-After header (number or date), between 1 second and a day; None without one."""
    given = answer.headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        seconds = float(given[:9])
    else:
        try:
            seconds = parsedate_to_datetime(given).timestamp() - now()
        except (ValueError, TypeError, OverflowError, OSError):
            return None
    return min(max(seconds, 1.0), LONGEST_REST)


def mapping(value: object) -> dict[str, object]:
    """`value` as a JSON object; raises `AnswerMalformed` for anything else."""
    if not isinstance(value, dict):
        raise AnswerMalformed("an object was expected")
    return value


def mappings(value: object) -> list[dict[str, object]]:
    """The objects among the members of a JSON list; [] for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def inner(value: object) -> dict[str, object]:
    """`value` when it is a JSON object, else an empty one: for optional members."""
    return value if isinstance(value, dict) else {}


def texts(value: object) -> list[str]:
    """The texts in a JSON list, or the one text itself."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def count_of(value: object, least: int) -> int:
    """A total as a whole number of at least `least`; catalogues estimate, and some send text."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:9])
    if not isinstance(value, int) or isinstance(value, bool):
        return least
    return min(max(value, least), 10**9)


def isbns_in(given: Iterable[object]) -> list[str]:
    """The valid ones among ISBN texts of both lengths, as 13 digits, in order."""
    parsed = (isbn.parse(text) for value in given for text in texts(value) if len(text) <= 40)
    return list(dict.fromkeys(found for found in parsed if found))


def title_of(value: object) -> str:
    """A title; some records have nothing but an ISBN there, which says nothing."""
    title = clean_line(value)
    return "" if re.fullmatch(r"[\dXx -]{9,17}", title) else title
