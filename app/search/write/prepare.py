"""Reads books in rank order and prepares their documents, in a second process when there are many."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection

from sqlalchemy.exc import SQLAlchemyError

from app.search.text.pinyin import make_readings, readings_from
from app.search.write.document import Document, make_document
from app.search.write.source import BookSource
from app.search.write.writer import Sounds, Words, count_words, make_sounds, make_words

MANY_BOOKS = 50_000
"""Fewest books for which starting a second process pays off."""


@dataclass(frozen=True)
class Prepared:
    """A page of books, ready to be stored."""

    documents: list[Document]
    sounds: Sounds


class AllSent:
    """Marks the end of the books, so that the writer can finish its tables while the words are still being prepared."""


class ReadingFailed(RuntimeError):
    """The second process could not read all books."""


Stream = Iterator[dict[str, str] | Prepared | AllSent | Words]


def prepare_all(source: BookSource, books: int) -> Stream:
    """Yield the readings of Chinese characters, then pages of all books, best ranks first, then their words."""
    if books < MANY_BOOKS or (os.cpu_count() or 1) < 2:
        return _prepare_here(source)
    return _prepare_elsewhere(source)


def _prepare_here(source: BookSource) -> Stream:
    pairs = make_readings()
    yield pairs
    readings = readings_from(pairs.items())
    counts: Counter[str] = Counter()
    for page in source.books_by_rank():
        documents = sorted(map(make_document, page))
        counts.update(count_words(documents))
        yield Prepared(documents, make_sounds(documents, readings))
    yield AllSent()
    yield make_words(counts)


def _prepare_elsewhere(source: BookSource) -> Stream:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_send_all, args=(source, theirs), daemon=True)
    with closing(ours):  # a process whose reader has gone ends by itself
        process.start()
        theirs.close()
        try:
            while not isinstance(received := ours.recv(), str | None):
                yield received
        except (EOFError, OSError):  # at the end of a message, or within it
            received = "the process that reads them has ended"
    process.join()
    if received is not None:
        raise ReadingFailed(f"the books could not be read: {received}")


def _send_all(source: BookSource, pipe: Connection) -> None:
    try:
        for prepared in _prepare_here(source):
            pipe.send(prepared)
        pipe.send(None)
    except SQLAlchemyError as error:
        pipe.send(str(error))
    except BrokenPipeError:
        return
