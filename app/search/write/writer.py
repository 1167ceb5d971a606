"""Inserts documents into an index file and deletes them, inside the caller's transaction."""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from app.search.schema import block_of, block_token
from app.search.text.pinyin import Readings, sound_tokens
from app.search.text.tokens import index_tokens
from app.search.write.document import Document

Sounds = list[tuple[int, str]]


def make_sounds(documents: Iterable[Document], readings: Readings) -> Sounds:
    """Return row numbers and sound tokens of the documents that have any."""
    sounds = ((one.rowno, sound_tokens(one.title, one.people, one.original, one.joined, readings)) for one in documents)
    return [(rowno, tokens) for rowno, tokens in sounds if tokens]


def count_words(documents: Iterable[Document]) -> Counter[str]:
    """Return in how many of the documents each word occurs."""
    return Counter(word for document in documents for word in document.words)


def insert_documents(connection: sqlite3.Connection, documents: Sequence[Document], sounds: Sounds) -> None:
    """Insert documents and their tokens, in the order of their row numbers."""
    connection.executemany("INSERT INTO doc VALUES(?, ?, ?, ?, ?, ?, ?)", documents)
    _write_texts(connection, "INSERT INTO {0}(rowid, x) VALUES(?, ?)", documents, sounds)


def delete_documents(connection: sqlite3.Connection, documents: Sequence[Document], sounds: Sounds) -> None:
    """Delete documents; their sound tokens must be exactly those that were inserted."""
    connection.executemany("DELETE FROM doc WHERE rowno = ?", [(document.rowno,) for document in documents])
    _write_texts(connection, "INSERT INTO {0}({0}, rowid, x) VALUES('delete', ?, ?)", documents, sounds)


def _write_texts(connection: sqlite3.Connection, sql: str, documents: Sequence[Document], sounds: Sounds) -> None:
    titles = [(one.rowno, f"{block_token(block_of(one.rowno))} {index_tokens(one.title)}") for one in documents]
    everything = (
        (rowno, f"{title} {index_tokens(document.searched)}")
        for (rowno, title), document in zip(titles, documents, strict=True)
    )
    connection.executemany(sql.format("ft"), titles)
    connection.executemany(sql.format("fx"), everything)
    connection.executemany(sql.format("fp"), sounds)


@dataclass(frozen=True)
class Words:
    """New words with their ids and numbers of books, and the hashes by which misspelt ones are found."""

    words: list[tuple[int, str, int]]
    near: "array[int]"  # the hash in the upper 32 bits, the id in the lower


def make_words(counts: Mapping[str, int], first: int = 1) -> Words:
    """Give words ids from `first` on."""
    words = [(number, word, counts[word]) for number, word in enumerate(sorted(counts), first)]
    near = sorted(variant << 32 | number for number, word, _ in words for variant in variants(word))
    return Words(words, array("Q", near))


def insert_words(connection: sqlite3.Connection, new: Words) -> None:
    """Insert the new words, so that they are also found when misspelt."""
    connection.executemany("INSERT INTO word VALUES(?, ?, ?)", new.words)
    near = ((packed >> 32, packed & 0xFFFFFFFF) for packed in new.near)
    connection.executemany("INSERT OR IGNORE INTO near VALUES(?, ?)", near)


def add_words(connection: sqlite3.Connection, counts: Mapping[str, int]) -> None:
    """Add to the numbers of books of words, and insert new words."""
    changed = [(count, word) for word, count in counts.items() if count]
    sql = "UPDATE word SET books = books + ? WHERE spelling = ?"
    new = {word: count for count, word in changed if not connection.execute(sql, (count, word)).rowcount}
    last = connection.execute("SELECT coalesce(max(id), 0) FROM word").fetchone()[0]
    insert_words(connection, make_words(new, last + 1))


def variants(word: str) -> set[int]:
    """Return the hashes of the word and of the word without each letter; words that differ by one letter share one."""
    return {crc32(word.encode())} | {crc32((word[:at] + word[at + 1 :]).encode()) for at in range(len(word))}
