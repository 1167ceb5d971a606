"""Benchmark of the search index over a synthetic catalogue: `python -m bench.search [BOOKS]` prints a table.

Times are of one thread in this process: medians of three warm passes for each query, then percentiles of the queries.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from sqlalchemy import Engine

from app.search import SearchIndex
from app.search.write.build import build_index
from app.search.write.source import BookSource
from app.search.write.update import update_index
from bench.catalogue import MadeBook
from bench.contention import change_book
from bench.database import make_database, ranking, sample_of

_BATCH = 5_000
_QUERIES_PER_CLASS = 30
_PASSES = 3
_UPDATES = 50


def queries(sample: list[MadeBook]) -> Iterator[tuple[str, list[str]]]:
    """Yield the classes of queries: the name, and a sample of each."""
    draw = random.Random(7)
    han = [book for book in sample if book.language == "zh" and len(book.title) > 4]
    latin = [book for book in sample if book.language == "en" and len(book.title.split()) > 2]

    def some(make: Callable[[MadeBook], str], books: list[MadeBook]) -> list[str]:
        return [make(book) for book in draw.choices(books, k=_QUERIES_PER_CLASS)]

    def fragment(size: int) -> Callable[[MadeBook], str]:
        def cut(book: MadeBook) -> str:
            at = draw.randrange(len(book.title) - size + 1)
            return book.title[at : at + size]

        return cut

    yield "two characters", some(fragment(2), han)
    yield "fragment of 3–5", some(lambda book: fragment(draw.randint(3, 5))(book), han)
    yield "whole Chinese title", some(lambda book: book.title, han)
    yield "one character", some(lambda book: book.title[0], han)
    yield "one English word", some(lambda book: draw.choice(book.title.split()), latin)
    yield "two English words", some(lambda book: " ".join(draw.sample(book.title.split(), 2)), latin)
    yield "whole English title", some(lambda book: book.title, latin)
    yield "beginning of a word", some(lambda book: book.title.split()[-1][: draw.randint(2, 4)], latin)
    yield "author", some(lambda book: book.authors[0], sample)
    yield "author and title", some(lambda book: f"{book.authors[0]} {book.title[:12]}", sample)
    yield (
        "very common",
        ["出版社", "the", "press", "university", "人民", "house", "大学出版社", "of the", "教育", "books"],
    )
    yield "two that never meet", ["出版社 press", "press 大学", "the 人民", "books 教育"]
    yield "no hit", some(lambda book: book.title[:3] + "qqxj", latin)
    yield "one wrong letter", some(lambda book: _wrong_letter(book.title, draw), latin)
    yield "ISBN, whole and part", some(lambda book: book.isbn[: draw.choice((7, 9, 13))], sample)
    yield "pinyin", ["zhongguo", "lishi", "shijie", "renmin", "guojia", "wenxue", "shehui", "santi", "daxue", "xiandai"]
    yield "initials", ["zg", "ls", "zgls", "st", "dx", "hlm", "rm", "shyx"]


def _wrong_letter(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text))
    return text[:at] + "x" + text[at + 1 :]


def section(count: int = 10_000) -> str:
    """Build, search and update, and return the table of times."""
    with tempfile.TemporaryDirectory(prefix="fisher-bench-") as folder:
        engine = make_database(Path(folder) / "main.db", count)
        sample = sample_of(engine, count)
        path, source = Path(folder) / "search.db", BookSource(engine, ranking())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = build_index(path, source)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        built = f"{count:,} books: built in {result.seconds:.1f} s, {result.size / 1e6:.0f} MB, memory +{grown:.0f} MB."
        lines = [*_times(SearchIndex(path), sample), "", updates(engine, path, source)]
        engine.dispose()
    return "\n".join([built, "", *lines])


def _times(index: SearchIndex, sample: list[MadeBook]) -> list[str]:
    lines = ["| queries | p50 ms | p95 | p99 | worst | cut short |", "|---|---|---|---|---|---|"]
    everything: list[float] = []
    for name, texts in queries(sample):
        timed = [ask(index, text) for text in texts]
        times = [milliseconds for milliseconds, _ in timed]
        everything += times
        lines.append(row(name, times, str(sum(not is_complete for _, is_complete in timed) or "")))
    return [*lines, row("all", everything, "")]


def ask(index: SearchIndex, text: str) -> tuple[float, bool]:
    """Return the milliseconds of a search, as the median of three warm ones, and whether it was complete."""
    is_complete = index.search(text).is_complete
    passes = []
    for _ in range(_PASSES):
        started = time.perf_counter()
        index.search(text)
        passes.append((time.perf_counter() - started) * 1000)
    return median(passes), is_complete


def row(name: str, times: list[float], last: str) -> str:
    """Return a row of a table: name, p50, p95, p99, worst, and a last cell."""
    p50, p95, p99, worst = percentiles(times)
    return f"| {name} | {p50:.2f} | {p95:.2f} | {p99:.2f} | {worst:.2f} | {last} |"


def percentiles(times: list[float]) -> list[float]:
    """Return p50, p95, p99 and the worst."""
    ordered = sorted(times)
    return [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99, 1)]


def updates(engine: Engine, path: Path, source: BookSource) -> str:
    """Change books one by one, and return a line on how long each took."""
    times = []
    for number in range(1, _UPDATES + 1):
        change_book(engine, number, f"新的书 {number}")
        started = time.perf_counter()
        update_index(path, source)
        times.append((time.perf_counter() - started) * 1000)
    return f"One book changed: p50 {median(times):.1f} ms, worst {max(times):.1f} ms, with its commit to disk."


if __name__ == "__main__":
    print(section(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
