"""Kinds of queries: how one is drawn from a book, and which hit is what it asks for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from app.rules.book.normalise import normalise
from bench.finding.library import Book, Library

COUNT = 9
_MOST_TRIES = 60_000
Types = Callable[[Book, Random, Library], str]
"""What is typed for a book; nothing if this kind of query cannot be made of it."""


def is_same_work(asked: Book, found: Book) -> bool:
    """Return whether a hit is the work that was asked for: any edition, but no book of another author."""
    if asked.work == found.work:
        return True
    if asked.families and found.families and not asked.families & found.families:
        return False
    if asked.name == found.name or normalise(asked.title) == normalise(found.title):
        return True
    is_same_head = normalise(asked.head) == normalise(found.head) and asked.name[1] == found.name[1]
    return is_same_head and bool(asked.families & found.families)


def is_same_title(asked: Book, found: Book) -> bool:
    """Return whether a hit is a work that was asked for by its title alone, so that any author is right."""
    return is_same_work(asked, found) or asked.name == found.name or normalise(asked.head) == normalise(found.head)


@dataclass(frozen=True)
class Kind:
    """A kind of queries about books of one script."""

    name: str
    script: str
    types: Types
    is_found: Callable[[Book, Book], bool] = is_same_title
    count: int = COUNT


@dataclass(frozen=True)
class Asked:
    """A query: its kind, what is typed, and the book that is asked for."""

    kind: Kind
    text: str
    book: Book


def draw_queries(kind: Kind, library: Library, seed: int) -> Iterator[Asked]:
    """Draw the queries of a kind, for different works; fewer if there are not enough books for it."""
    draw = Random(f"{seed} {kind.name}")
    books = library.by_script.get(kind.script, [])
    order = draw.sample(books, min(_MOST_TRIES, len(books)))
    works: set[int] = set()
    for book in order:
        if len(works) == kind.count:
            return
        if book.work not in works and (text := kind.types(book, draw, library)):
            works.add(book.work)
            yield Asked(kind, text, book)
