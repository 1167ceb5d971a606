"""The shelves on which readers look for books, and on which of them a book stands, by the words for what it is about.

The words are those of catalogues and of readers: Chinese and English subjects, the Library of Congress's headings and
the categories of booksellers. A novel stands on the shelf of its kind and not on those of what happens in it: space
travel in a novel is no science.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from app.rules.book.normalise import normalise
from app.rules.book.shelf_words import CHINESE, ENGLISH, FACT, LIFE, STORY
from app.rules.book.shelf_words import Shelf as Shelf

VERSION = 1
"""To be raised with every change of the words, so that the books that stand there already are placed anew."""

_NAMES = frozenset(map(str, Shelf))
_KINDS = frozenset({Shelf.SCIFI, Shelf.MYSTERY, Shelf.FANTASY})
_STORIES = _KINDS | {Shelf.LITERATURE}
_SIGNS = re.compile(r"[^\w']+|_+")


def _scanner(table: Iterable[tuple[str, str]], edge: str) -> re.Pattern[str]:
    """Return a pattern whose groups are named by what their words say, and by a number."""
    groups = []
    for number, (name, words) in enumerate(table):
        patterns = "|".join(word.strip() for word in words.split(","))
        groups.append(f"{edge}(?P<{name}_{number}>{patterns}){edge}")
    return re.compile("|".join(groups))


_SCANNERS = _scanner(CHINESE, ""), _scanner(ENGLISH, r"\b")


def shelves_of(subjects: Iterable[str]) -> tuple[Shelf, ...]:
    """Return the shelves of a book about these subjects, in their order; none for words that say nothing of it."""
    said: set[str] = set()
    for subject in subjects:
        said |= _said_by(subject)
    found = {Shelf(name) for name in said & _NAMES}
    is_fact = bool(said & {FACT, LIFE})
    if not is_fact:
        found = _of_a_story(found, STORY in said)
    elif LIFE in said:
        found.add(Shelf.HISTORY)
    return tuple(shelf for shelf in Shelf if shelf in (found or ({Shelf.SOCIETY} if is_fact else ())))


def _of_a_story(found: set[Shelf], is_story: bool) -> set[Shelf]:
    """Leave out what only happens in a story, and what is said of every one."""
    if Shelf.CHILDREN in found:
        return found & (_KINDS | {Shelf.CHILDREN, Shelf.HISTORY})
    if is_story or found & _KINDS:
        return found & _STORIES or {Shelf.LITERATURE}
    return found


def shelf_named(text: str) -> Shelf | None:
    """Return the shelf that a search for these words, and for no others, may be meant for."""
    words = " ".join(_SIGNS.split(normalise(text))).strip()
    for scanner in _SCANNERS:
        if found := scanner.fullmatch(words):
            name = {STORY: str(Shelf.LITERATURE), LIFE: str(Shelf.HISTORY)}.get(_name_of(found), _name_of(found))
            return Shelf(name) if name in _NAMES else None
    return None


@lru_cache(maxsize=16_384)  # a few thousand subjects make up most of a catalogue
def _said_by(subject: str) -> frozenset[str]:
    words = " ".join(_SIGNS.split(normalise(subject)))
    return frozenset(_name_of(found) for scanner in _SCANNERS for found in scanner.finditer(words))


def _name_of(found: re.Match[str]) -> str:
    return str(found.lastgroup).partition("_")[0]
