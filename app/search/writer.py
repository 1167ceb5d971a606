"""Puts documents into an index file and takes them out again, inside the caller's transaction."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from app.search.document import Document
from app.search.pinyin import Readings, pinyin_tokens
from app.search.tokens import index_tokens

Rows = list[tuple[int, str]]


@dataclass(frozen=True)
class Texts:
    """Row numbers and tokens for the text tables: title, everything, sound."""

    titles: Rows
    everything: Rows
    sounds: Rows


def make_texts(documents: Sequence[Document], readings: Readings) -> Texts:
    """Return what makes documents findable."""
    titles = [(document.rowno, index_tokens(document.title)) for document in documents]
    everything = [
        (rowno, f"{title} {index_tokens(document.other)}")
        for (rowno, title), document in zip(titles, documents, strict=True)
    ]
    sounds = [
        (document.rowno, sound)
        for document in documents
        if (sound := pinyin_tokens(document.title, document.people, readings))
    ]
    return Texts(titles, everything, sounds)


def count_words(documents: Iterable[Document]) -> Counter[str]:
    """Return in how many of the documents each word stands."""
    return Counter(word for document in documents for word in document.words)


def insert_texts(connection: sqlite3.Connection, texts: Texts) -> None:
    """Make documents findable."""
    _write_texts(connection, texts, "INSERT INTO {0}(rowid, x) VALUES(?, ?)")


def delete_texts(connection: sqlite3.Connection, texts: Texts) -> None:
    """Take documents out again; the texts must be exactly what was inserted."""
    _write_texts(connection, texts, "INSERT INTO {0}({0}, rowid, x) VALUES('delete', ?, ?)")


def _write_texts(connection: sqlite3.Connection, texts: Texts, statement: str) -> None:
    for table, rows in (("ft", texts.titles), ("fx", texts.everything), ("fp", texts.sounds)):
        connection.executemany(statement.format(table), rows)


def insert_documents(connection: sqlite3.Connection, documents: Iterable[Document]) -> None:
    """Store the readable copies."""
    connection.executemany("INSERT INTO doc(rowno, title_n, other_n, isbn) VALUES(?, ?, ?, ?)", documents)


def delete_documents(connection: sqlite3.Connection, documents: Iterable[Document]) -> None:
    """Remove the readable copies."""
    connection.executemany("DELETE FROM doc WHERE rowno = ?", [(document.rowno,) for document in documents])


@dataclass(frozen=True)
class Words:
    """New words with their numbers and in how many books each stands, and the traces that find one when misspelt."""

    words: list[tuple[int, str, int]]
    near: list[tuple[int, int]]


def make_words(counts: Mapping[str, int], first: int = 1) -> Words:
    """Number words from `first` on."""
    words = [(number, word, counts[word]) for number, word in enumerate(sorted(counts), first)]
    return Words(words, sorted((variant, number) for number, word, _ in words for variant in variants(word)))


def insert_words(connection: sqlite3.Connection, new: Words) -> None:
    """Make new words findable, also misspelt ones."""
    connection.executemany("INSERT INTO word VALUES(?, ?, ?)", new.words)
    connection.executemany("INSERT OR IGNORE INTO near VALUES(?, ?)", new.near)


def add_words(connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Change how often words stand in books, and insert those that are new."""
    changed = [(count, word) for word, count in counts.items() if count]
    sql = "UPDATE word SET books = books + ? WHERE spelling = ?"
    new = {word: count for count, word in changed if not connection.execute(sql, (count, word)).rowcount}
    last = connection.execute("SELECT coalesce(max(id), 0) FROM word").fetchone()[0]
    insert_words(connection, make_words(new, last + 1))


def variants(word: str) -> set[int]:
    """Return hashes of the word and of all it becomes without one letter; words that differ by a letter share one."""
    return {crc32(word.encode())} | {crc32((word[:at] + word[at + 1 :]).encode()) for at in range(len(word))}
