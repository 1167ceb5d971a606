"""The document that the index stores of a book, made from a row of the book table."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from app.search.schema import rank_bucket, row_number
from app.search.text.tokens import (
    FIELD_END,
    PERSON_END,
    canonical,
    compounds,
    is_cjk,
    stored_runs,
    words_before_subtitle,
)

_NATIONALITY = re.compile(r"^\s*[\[(（【〔].{1,12}?[\])）】〕]\s*")
_ROLE = re.compile(r"\s+(?:等|编?著|主?编|[绘图译])+\s*$")


class Document(NamedTuple):
    """A book as the index stores it.

    Rank row number, normalised title and other fields, ISBN as a number, work, whether it is on offer, language.
    """

    rowno: int
    title: str
    other: str
    isbn: int
    work: int
    is_had: int
    language: str

    @property
    def people(self) -> list[str]:
        """The authors, normalised."""
        return people_of(self.other)

    @property
    def searched(self) -> str:
        """The other fields of which the words are searched for."""
        return self.other.rpartition(FIELD_END)[0]

    @property
    def original(self) -> str:
        """The title of the original, normalised."""
        return self.other.split(FIELD_END, 5)[4]

    @property
    def joined(self) -> str:
        """The title without its subtitle and spaces, if it has several."""
        words = self.other.rpartition(FIELD_END)[2]
        return "".join(self.title.split()[: int(words)]) if words else ""

    @property
    def words(self) -> set[str]:
        """The words of titles, series and authors to which misspelt words may be corrected."""
        subtitle, people, _, _, original, series, *_ = self.other.split(FIELD_END)
        text = f"{self.title} {subtitle} {people} {original} {series}"
        words = text.split() if text.isascii() else stored_runs(text)  # separators count as spaces
        return {word for word in words if 4 <= len(word) <= 24 and word.isalpha() and not is_cjk(word)}


def people_of(other: str) -> list[str]:
    """Return the authors out of the other fields of a book."""
    return other.split(FIELD_END, 2)[1].split(PERSON_END)


def make_document(row: Sequence[Any]) -> Document:
    """Return the document of one row of `source.book_columns`."""
    book_id, isbn, title, subtitle, authors, translators, publisher, original, series, number, *facts = row
    work, language, popularity, is_gift = facts
    people, helpers = _names(authors), _names(translators)
    other = FIELD_END.join(
        (
            canonical(subtitle) if subtitle else "",
            PERSON_END.join(map(_canonical_name, people)),
            PERSON_END.join(map(_canonical_name, helpers)),
            _canonical_name(publisher) if publisher else "",
            canonical(original) if original else "",
            canonical(f"{series} {number or ''}") if series else "",
            compounds(f"{title} {subtitle or ''} {' '.join(people)}"),
            str(words_before_subtitle(title or "") or ""),
        )
    )
    rowno = row_number(book_id, rank_bucket(int(popularity or 0), bool(is_gift)))
    number = int(isbn) if str(isbn).isdecimal() else 0
    return Document(rowno, canonical(title or ""), other, number, work, int(bool(is_gift)), language or "")


def _names(names: str | None) -> list[str]:
    """Return names, given as JSON, without nationality and role ("[英] 托尔金 著")."""
    if not names or names == "[]":
        return []
    return [_ROLE.sub("", _NATIONALITY.sub("", str(name))) for name in json.loads(names) or ()]


@lru_cache(maxsize=20_000)
def _canonical_name(name: str) -> str:
    return canonical(name)
