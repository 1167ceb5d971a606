"""When two editions are one work: they have a key in common.

Not to join two editions costs a reader one more line on a page; to join two works gives a reader the wrong book. So a
key is given only where its parts are certain.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from app.rules.book.generic_titles import is_generic_title
from app.rules.book.people import Person, person_of
from app.rules.book.title_language import language_of_title
from app.rules.book.title_parts import TitleParts, take_apart
from app.rules.book.title_words import names_an_edition as names_an_edition

VERSION = 3
"""Increment this whenever the keys of some editions change: their works are then found anew."""
LONGEST_KEY = 300
"""Characters."""

_HAN_TITLE = re.compile("[㐀-鿿]{2}")


class KeyKind(StrEnum):
    """By what a key names a work, the strongest first."""

    OPENLIBRARY = "openlibrary"
    ORIGINAL = "original"
    TITLE = "title"
    EDITION = "edition"


class WorkKey(NamedTuple):
    """A key of a work, such as `三体|刘慈欣|zh|2`: editions with an equal one are editions of one work."""

    kind: KeyKind
    text: str


class Edition(NamedTuple):
    """What the keys are made of; `number` is what names this edition alone, its ISBN or the site's own number."""

    isbn: str | None
    title: str
    subtitle: str
    authors: Sequence[str]
    language: str
    original_title: str
    series: str
    series_number: str
    openlibrary_key: str
    number: str


def work_keys(edition: Edition) -> tuple[WorkKey, ...]:
    """Return the keys of an edition, the strongest first, or the one key that no other edition has."""
    author = person_of(edition.authors[0]) if edition.authors else Person("", "")
    if not author.family and not edition.openlibrary_key:
        return (_key(KeyKind.EDITION, edition.number),)
    parts = take_apart(edition.title, edition.subtitle, edition.series, edition.series_number)
    keys = []
    if edition.openlibrary_key:
        keys.append(_key(KeyKind.OPENLIBRARY, edition.openlibrary_key, parts.volume))
    if author.family and edition.original_title:
        original = take_apart(edition.original_title)
        if name := _name_for(original, author):
            keys.append(_key(KeyKind.ORIGINAL, original.name, name, original.volume or parts.volume))
    if author.family and (name := _name_for(parts, author)):
        language = language_of_title(edition.title, edition.isbn or "", edition.language)
        keys.append(_key(KeyKind.TITLE, parts.name, name, language, parts.volume))
    return tuple(keys) or (_key(KeyKind.EDITION, edition.number),)


def title_keys(edition: Edition, languages: Iterable[str]) -> tuple[WorkKey, ...]:
    """Return the keys by title and author that an edition has if it is in one of these languages.

    None where a title and its author may name several works.
    """
    author = person_of(edition.authors[0]) if edition.authors else Person("", "")
    parts = take_apart(edition.title, edition.subtitle, edition.series, edition.series_number)
    if not author.family or not (name := _name_for(parts, author)):
        return ()
    isbn = edition.isbn or ""
    possible = dict.fromkeys(language_of_title(edition.title, isbn, language) for language in languages)
    return tuple(_key(KeyKind.TITLE, parts.name, name, language, parts.volume) for language in possible)


def _name_for(parts: TitleParts, author: Person) -> str:
    """Return the name of the author that goes with a title; "" where both together may name several works.

    A short title needs the whole name; one of a single character, or of two letters, has none.
    """
    name = parts.name
    if len(name) < 2 or is_generic_title(name, author):
        return ""
    if len(name) == 2:
        return author.whole if _HAN_TITLE.fullmatch(name) else ""
    return author.family


def _key(kind: KeyKind, *parts: str) -> WorkKey:
    text = "|".join(parts)
    if len(text) > LONGEST_KEY:
        digest = blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
        text = f"{text[: LONGEST_KEY - len(digest)]}{digest}"
    return WorkKey(kind, text)
