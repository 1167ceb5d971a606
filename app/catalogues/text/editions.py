"""What editions of Open Library say in more ways than one, the same in its answers and in its dumps.

Only lists and texts are read; what is of another type says nothing.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from app.catalogues.text.names import clean_names, people_of, people_of_statement
from app.catalogues.text.roles import Role, may_name_translator, role_of
from app.catalogues.text.series import Series, first_series
from app.catalogues.text.subjects import clean_subjects
from app.catalogues.text.works import clean_original_title, clean_work_key

LONGEST_STATEMENT = 1_000
"""Characters of a title or a series that is read; a longer one is none."""

Edition = Mapping[str, Any]


def joined_title(prefix: str, rest: str) -> str:
    """Join a title to its `title_prefix`: `The` and `Hobbit` have a blank between them, `L'` and `Hobbit` have none."""
    glue = "" if prefix.rstrip().endswith(("'", "’", "-")) else " "
    return f"{prefix.rstrip()}{glue}{rest.lstrip()}" if prefix.strip() else rest


def original_title_of(edition: Edition, title: str, authors: Iterable[str]) -> str:
    """Return `translation_of`, else the uniform title that libraries give in `work_titles`; `other_titles` are none."""
    said = edition.get("translation_of") or edition.get("work_titles")
    return next((clean_original_title(text, title, authors) for text in _texts(said)), "") if said else ""


def series_of_edition(edition: Edition) -> Series:
    """Return the first series, of which the number may stand behind it in the list."""
    said = edition.get("series")
    return first_series(_texts(said)) if said else Series()


def subjects_of(edition: Edition, of_work: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the subjects and genres of the edition, then those of its work."""
    said = [value for name in ("subjects", "genres") if (value := edition.get(name))]
    return clean_subjects(chain(*(value if isinstance(value, list) else [value] for value in said), of_work))


def translators_of(edition: Edition) -> tuple[str, ...]:
    """Return who translated by its `contributors`, else its `contributions`, else its `by_statement`."""
    if said := edition.get("contributors"):
        entries = [entry for entry in _listed(said) if isinstance(entry, dict)]
        roles = ((entry.get("name"), entry.get("role")) for entry in entries)
        names = [name for name, role in roles if isinstance(role, str) and role_of(role) is Role.TRANSLATOR]
        if found := clean_names(names):
            return found
    if said := edition.get("contributions"):
        told = [text for text in _listed(said) if isinstance(text, str) and may_name_translator(text)]
        if told and (found := people_of(told).translators):
            return found
    statement = edition.get("by_statement")
    if isinstance(statement, str) and may_name_translator(statement):
        return people_of_statement(statement).translators
    return ()


def work_key_of(edition: Edition) -> str:
    """Return the key of the first work of an edition."""
    works = edition.get("works")
    first = works[0] if isinstance(works, list) and works else None
    return clean_work_key(first.get("key") if isinstance(first, dict) else first)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and len(text) <= LONGEST_STATEMENT]
