"""Baselines for the same queries without rank order: `LIKE` over the book table, and bm25 over the same tokens."""

import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from app.search.read.query import parse_query
from app.search.schema import open_reader
from app.search.text.tokens import index_tokens

_SECONDS = 20
_PER_CLASS = 3
_LIKE = "SELECT id FROM book WHERE title LIKE :q OR subtitle LIKE :q OR authors LIKE :q OR publisher LIKE :q LIMIT 15"


def like_times(database: Path, classes: Iterable[tuple[str, list[str]]]) -> list[float]:
    """Return the milliseconds of `LIKE '%q%'` on four columns; a term in most books may end it early."""
    with closing(sqlite3.connect(database)) as connection:
        return _timed(classes, lambda text: connection.execute(_LIKE, {"q": f"%{text}%"}).fetchall())


def bm25_times(folder: Path, index: Path, classes: Iterable[tuple[str, list[str]]]) -> list[float]:
    """Return the milliseconds for the fifteen best by bm25 over the same tokens, in a separate table."""
    path = folder / "bm25.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("CREATE VIRTUAL TABLE scored USING fts5(x, content='', tokenize='ascii')")
        with closing(open_reader(index)) as reader:
            rows = reader.execute("SELECT rowno, title_n, other_n FROM doc ORDER BY rowno")
            tokens = ((row, f"{index_tokens(title)} {index_tokens(other)}") for row, title, other in rows)
            connection.executemany("INSERT INTO scored(rowid, x) VALUES(?, ?)", tokens)
        connection.commit()
        sql = "SELECT rowid FROM scored WHERE scored MATCH ? ORDER BY rank LIMIT 15"
        times = _timed(classes, lambda text: connection.execute(sql, (parse_query(text).all_words,)).fetchall())
    path.unlink()
    return times


def _timed(classes: Iterable[tuple[str, list[str]]], ask: Callable[[str], object]) -> list[float]:
    """Run some queries of each class once, for a limited time."""
    times: list[float] = []
    end = time.monotonic() + _SECONDS
    for number in range(_PER_CLASS):
        for _, texts in classes:
            if time.monotonic() > end or not parse_query(texts[number % len(texts)]).runs:
                continue
            started = time.perf_counter()
            ask(texts[number % len(texts)])
            times.append((time.perf_counter() - started) * 1000)
    return times
