"""Slips and habits of typing, which are the same in many scripts."""

import re
from random import Random

from bench.finding.asking import Types
from bench.finding.library import Book, Library

_LETTERS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "russian": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "greek": "αβγδεζηθικλμνξοπρστυφχψω",
}
_SHORTEST = 6


def title(book: Book, _draw: Random, _library: Library) -> str:
    """The whole title."""
    return book.title


def head(book: Book, _draw: Random, _library: Library) -> str:
    """The title without brackets and subtitle."""
    return book.head


def author(book: Book, _draw: Random, _library: Library) -> str:
    """The first author."""
    return book.authors[0] if book.authors and len(book.authors[0]) > 3 else ""


def by_author(asked: Book, found: Book) -> bool:
    """Return whether a hit is by the author that was asked for."""
    return bool(asked.families & found.families)


def family_name(book: Book) -> str:
    """Return the last word of the first author's name, or nothing."""
    parts = re.split(r"[\s·•.]+", book.authors[0].strip()) if book.authors else []
    return parts[-1] if len(parts) > 1 and len(parts[-1]) > 2 else ""


def slip(text: str, kind: str, draw: Random, script: str) -> str:
    """Return a text with one letter of a long word missing, doubled, wrong, or swapped with the next one."""
    words = [found for found in re.finditer(r"[^\W\d_]+", text) if len(found[0]) >= _SHORTEST]
    if not words:
        return ""
    word = draw.choice(words)
    at = draw.randrange(word.start() + 1, word.end() - 1)
    letter, following = text[at], text[at + 1]
    if letter == following:
        return ""
    others = [other for other in _LETTERS[script] if other != letter]
    changed = {"missing": "", "doubled": letter * 2, "wrong": draw.choice(others), "swapped": following + letter}[kind]
    return text[:at] + changed + text[at + 1 + (kind == "swapped") :]


def typo(kind: str, script: str, of: Types = head) -> Types:
    """Return how a text with one slip is typed."""

    def types(book: Book, draw: Random, library: Library) -> str:
        return slip(of(book, draw, library), kind, draw, script)

    return types


def some_words(first: int | None, count: int) -> Types:
    """Return how a few words in a row are typed that few titles have: from one place, or from any."""

    def types(book: Book, draw: Random, library: Library) -> str:
        words = re.findall(r"[\w'’-]+", book.head)
        if len(words) < count + 2:
            return ""
        at = draw.randrange(1, len(words) - count + 1) if first is None else first
        text = " ".join(words[at : at + count])
        return text if library.is_rare(text) else ""

    return types


def fragment(first: int | None, count: int) -> Types:
    """Return how a few characters in a row are typed that few titles have: from one place, or from any."""

    def types(book: Book, draw: Random, library: Library) -> str:
        if len(book.head) < count + 2:
            return ""
        at = draw.randrange(1, len(book.head) - count + 1) if first is None else first
        text = book.head[at : at + count]
        return text if text.isalpha() and library.is_rare(text) else ""

    return types


def in_form(*forms: str, of: Types = head) -> Types:
    """Return how a text is typed with something around it: `{} pdf`."""

    def types(book: Book, draw: Random, library: Library) -> str:
        text = of(book, draw, library)
        return draw.choice(forms).format(text, family=family_name(book)) if len(text) > 2 and family_name(book) else ""

    return types


def original(book: Book, _draw: Random, _library: Library) -> str:
    """The title of the original of a translation."""
    return book.original_title
