"""The search index and imports at growing sizes: `python -m bench.scale [SIZE…]` writes its section of the report.

With `--folder`, the synthetic catalogues are stored there and reused.
"""

import argparse
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

from app.search import EVERYTHING, SearchIndex
from app.search.read.pager import Pager
from app.search.read.paging import Position
from app.search.read.query import parse_query
from app.search.schema import open_reader
from app.search.write.build import build_index
from app.search.write.source import BookSource
from bench.__main__ import REPORT, write_section
from bench.baselines import bm25_times, like_times
from bench.contention import contention
from bench.database import make_database, ranking, sample_of
from bench.imports import table
from bench.plot import draw
from bench.search import ask, percentiles, queries, row, updates

SIZES = (10_000, 100_000, 1_000_000)
_HEAD = "| queries | p50 ms | p95 | p99 | worst | {0} |\n|---|---|---|---|---|---|"
_DEEP = ("出版社", "press", "的", "the")


@dataclass
class Figures:
    """The measurements at one size: times in ms, size in bytes, memory in MB."""

    books: int
    seconds: float
    size: int
    memory: float
    times: dict[str, list[float]] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def main() -> None:
    """Measure each size, then write the tables and the chart."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--folder", type=Path, help="where catalogues are kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fisher-bench-") as scratch:
        measured = [_measure(count, Path(scratch), options.folder or Path(scratch)) for count in options.sizes]
    imported = table([max(options.sizes)])
    print(imported, flush=True)
    write_section("scale", f"{_report(measured)}\n\n### Import of a dump into a new database\n\n{imported}")
    lines = {name: [(one.books, percentiles(one.times[key])[at]) for one in measured] for name, key, at in (
        ("Fisher, p50", "all", 0), ("Fisher, p99", "all", 2), ("Fisher, worst", "all", 3),
        ("bm25, worst", "bm25", 3), ("LIKE, p50", "like", 0),
    )}  # fmt: skip
    draw(REPORT.with_name("performance.svg"), "One search, by the size of the catalogue", lines)


def _measure(count: int, scratch: Path, kept: Path) -> Figures:
    started = time.monotonic()
    database, path = kept / f"{count}.db", scratch / f"{count}.search"
    engine = make_database(database, count)
    print(f"{count:,} books made in {time.monotonic() - started:.0f} s", flush=True)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:  # for the build's own peak of memory
        figures = pool.submit(_build, database, path, count).result()
    index, classes = SearchIndex(path), list(queries(sample_of(engine, count)))
    _ask_all(figures, index, classes)
    figures.remarks.append(_deep_pages(index, path))
    figures.remarks.append(updates(engine, path, BookSource(engine, ranking())))
    index.close()
    engine.dispose()
    figures.remarks.append(contention(database, path, [text for _, texts in classes for text in texts]))
    figures.times["like"] = like_times(database, classes)
    figures.times["bm25"] = bm25_times(scratch, path, classes)
    path.resolve().unlink()
    print("\n".join(_details(figures)), f"in all {time.monotonic() - started:.0f} s", sep="\n", flush=True)
    return figures


def _build(database: Path, path: Path, count: int) -> Figures:
    result = build_index(path, BookSource(make_database(database, count), ranking()))
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Figures(count, result.seconds, result.size, sum(peaks))


def _ask_all(figures: Figures, index: SearchIndex, classes: list[tuple[str, list[str]]]) -> None:
    figures.times |= {"all": [], "without totals": []}
    for name, texts in classes:
        timed = [(ask(index, text), text) for text in texts]
        times = [milliseconds for (milliseconds, _), _ in timed]
        (_, is_complete), worst = max(timed)
        figures.classes.append(row(name, times, f"`{worst}`{'' if is_complete else ' (cut short)'}"))
        figures.times["all"] += times
    with patch.object(Pager, "total", lambda _: (0, False)):
        figures.times["without totals"] = [ask(index, text)[0] for _, texts in classes for text in texts]


def _deep_pages(index: SearchIndex, path: Path) -> str:
    """Measure opening page 99 by its number, and the middle and the end of all hits by a cursor."""
    connection = open_reader(path)
    count = connection.execute("SELECT count(*) FROM doc").fetchone()[0]
    rows = connection.execute("SELECT rowno FROM doc WHERE rowno & 4294967295 IN (?, ?)", (count // 2, count - 100))
    afters = [after for (after,) in rows]
    connection.close()
    by_number, by_cursor = [], []
    for text in _DEEP:
        started = time.perf_counter()
        index.search(text, page=99)
        by_number.append((time.perf_counter() - started) * 1000)
        for after in afters:
            cursor = Position(after_row=after).encode(f"{parse_query(text).key}{EVERYTHING}")
            started = time.perf_counter()
            index.search(text, cursor=cursor)
            by_cursor.append((time.perf_counter() - started) * 1000)
    deepest = f"any depth by cursor: worst {max(by_cursor):.1f} ms."
    return f"Page 99 of very common words: worst {max(by_number):.1f} ms; {deepest}"


def _details(figures: Figures) -> list[str]:
    rows = [row(name, figures.times[key], f"{len(figures.times[key])} asked") for name, key in (
        ("all", "all"), ("all, without totals", "without totals"),
        ("`LIKE` on four columns", "like"), ("same tokens, bm25", "bm25"),
    )]  # fmt: skip
    head = _HEAD.format("worst query")
    return [
        f"### {figures.books:,} books",
        "",
        head,
        *figures.classes,
        *rows,
        "",
        *(f"- {one}" for one in figures.remarks),
    ]


def _report(measured: list[Figures]) -> str:
    lines = [
        "| books | built in | of a million | size | of a million | peak memory | p50 ms | p95 | p99 | worst |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in measured:
        millions = one.books / 1e6
        times = " | ".join(f"{time:.2f}" for time in percentiles(one.times["all"]))
        lines.append(
            f"| {one.books:,} | {one.seconds:.0f} s | {one.seconds / millions:.0f} s | {one.size / 1e6:.0f} MB "
            f"| {one.size / 1e6 / millions:.0f} MB | {one.memory:.0f} MB | {times} |"
        )
    lines += ["", "At most, at 1,000,000 books: 60 s, 350 MB, p50 0.3, p99 5, worst 20 ms.", ""]
    lines += ["![Growth](performance.svg)", "", *_details(measured[-1])]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
