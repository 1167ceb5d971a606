"""Suggestions while typing, over HTTP: `python -m bench.suggestions DATABASE INDEX` measures them on these files.

All beginnings of titles, authors and their pinyin are asked for, one after the other on one connection, as a reader
types; times include the server's whole answer.
"""

import json
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from pypinyin import lazy_pinyin

from bench.pages import prepare, production
from bench.search import percentiles
from bench.server import serve

TEXTS = 300
PREFIXES = 2_000
LONGEST = 30
GOAL_MS = 20


def section(database: str = "", index: str = "") -> str:
    """Return the table for the synthetic catalogue, or for a SQLite database that exists, with its index."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = production(folder)
        if database:
            environ["FISHER_SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
            environ["FISHER_SEARCH_INDEX_PATH"] = index
        else:
            prepare(folder, environ)
        count, texts = _texts(Path(database or folder / "fisher.db"))
        paths = [f"/suggest?q={quote(prefix)}" for prefix in _prefixes(texts)]
        with serve("bench.hello:app", {}) as hello, serve("fisher:app", environ) as site:
            floor, times = _times(hello, ["/"] * PREFIXES), _times(site, paths)
    rows = [_row(f"{count:,} books, {len(paths):,} beginnings", times), _row('"hello"', floor)]
    head = "| one after the other | p50 ms | p95 | p99 | worst | p99 at most |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(rows)


def _texts(database: Path) -> tuple[int, list[str]]:
    """Return the number of books, and titles, authors and pinyin of some of them."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT title, authors FROM book ORDER BY id").fetchall()
    some = random.Random(7).sample(rows, TEXTS)
    third = TEXTS // 3
    titles, authors = [title for title, _ in some], [name for _, names in some for name in json.loads(names)[:1]]
    han = [title for title in titles if not title.isascii()]
    return len(rows), [*titles[:third], *authors[:third], *("".join(lazy_pinyin(title)) for title in han[-third:])]


def _prefixes(texts: list[str]) -> list[str]:
    every = [text[:size] for text in texts for size in range(1, min(len(text), LONGEST) + 1)]
    return random.Random(7).sample(every, min(PREFIXES, len(every)))


def _times(site: str, paths: list[str]) -> list[float]:
    """Return the milliseconds of each request, after a first pass in which caches fill and code is loaded."""
    times: list[float] = []
    with closing(HTTPConnection(site.removeprefix("http://"))) as connection:
        for path in [*paths[:100], *paths]:
            started = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - started) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
    return times[100:]


def _row(name: str, times: list[float]) -> str:
    p50, p95, p99, worst = percentiles(times)
    return f"| {name} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {worst:.1f} | {GOAL_MS} |"


if __name__ == "__main__":
    print(section(*sys.argv[1:]))
