"""What a record changes in a book: the first answer is stored, fuller data wins field by field.

Merging the same records again, in any number of runs, changes nothing: a field moves only to something fuller.
"""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from app.catalogues.base import BookRecord
from app.catalogues.text.cleaning import year_of
from app.catalogues.text.name_lists import is_better
from app.catalogues.text.sorting import sort_key
from app.catalogues.text.spoilt import is_spoilt
from app.catalogues.text.subjects import joined_subjects
from app.models.base import now
from app.rules.book.identity import identity_of

SAID = (
    "title", "subtitle", "authors", "translators", "publisher", "pubdate", "pages", "price", "binding", "summary",
    "language", "original_title", "series", "series_number", "subjects", "work_key", "first_year", "cover",
)  # fmt: skip
_all_said = attrgetter(*SAID)
LISTS = ("authors", "translators", "subjects")
STORED = (*SAID, "year", "sort_key", "source", "fetched_at", "entered_by_hand", "corrected")


def new_values(record: BookRecord, by_hand: bool = False) -> dict[str, Any]:
    """The columns of a book that was not known before; `fetched_at` is in Unix seconds."""
    year = year_of(record.pubdate)
    return record._asdict() | {
        "isbn": record.isbn or None,
        "identity": None if record.isbn else identity_of(record.title, record.subtitle, record.authors, year),
        "authors": list(record.authors),
        "translators": list(record.translators),
        "subjects": list(record.subjects),
        "year": year,
        "sort_key": sort_key(record.title),
        "fetched_at": now(),
        "entered_by_hand": by_hand,
        "corrected": [],
    }


def merged_values(stored: Mapping[str, Any], record: BookRecord, corrects: bool = False) -> dict[str, Any]:
    """Only the columns that the record changes, empty when it says nothing new.

    What a record that `corrects` says wins, and catalogues never change it again. A book that was only known by hand
    becomes the catalogue's. Nothing gives way to nothing.
    """
    said = _said(record, stored, replaces=corrects or stored["entered_by_hand"])
    new = {name: value for name, value in said.items() if value != stored[name]}
    notes: dict[str, Any] = {}
    if corrects:
        corrected = sorted({*stored["corrected"], *said})
        notes = {"corrected": corrected} if corrected != stored["corrected"] else {}
    else:
        new = {name: value for name, value in new.items() if name not in stored["corrected"]}
        if not stored["entered_by_hand"]:
            new = {name: value for name, value in new.items() if _is_fuller(name, said, stored)}
    if stored["entered_by_hand"]:
        notes |= {"source": record.source, "entered_by_hand": False}
    if not new and not notes:
        return {}
    return new | _derived(new) | notes | {"fetched_at": now()}


def _said(record: BookRecord, stored: Mapping[str, Any], replaces: bool) -> dict[str, Any]:
    """What the record says, its subjects behind those that are there; a number only with the series it counts."""
    said = {name: value for name, value in zip(SAID, _all_said(record), strict=True) if value}
    for name in LISTS:
        if name in said:
            said[name] = list(said[name])
    said.pop("series_number", None)
    if record.series:
        same = record.series == stored["series"]
        said["series_number"] = record.series_number or (stored["series_number"] if same else "")
    if "subjects" in said and not replaces and said["subjects"] != stored["subjects"]:
        said["subjects"] = joined_subjects(stored["subjects"], said["subjects"])
    return said


def _derived(values: Mapping[str, Any]) -> dict[str, Any]:
    derived: dict[str, Any] = {}
    if "pubdate" in values:
        derived["year"] = year_of(values["pubdate"])
    if "title" in values:
        derived["sort_key"] = sort_key(values["title"])
    return derived


def _is_fuller(name: str, said: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    if name == "series_number":
        is_same = said["series"] == stored["series"]
        return not stored[name] if is_same else _is_fuller("series", said, stored)
    value, known = said[name], stored[name]
    if not known or (_is_spoilt(known) and not _is_spoilt(value)):
        return True
    if name in ("authors", "translators"):
        return is_better(value, known)
    if name == "summary":
        return len(value) > len(known)
    return name == "subjects" or (name == "pubdate" and value.startswith(known))


def _is_spoilt(value: Any) -> bool:
    """Return whether a text, or one of the names, was read in a wrong encoding once."""
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and is_spoilt(text) for text in texts)
