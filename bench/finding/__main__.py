"""How well a real catalogue is searched: `python -m bench.finding CATALOGUE [--seed N] [--folder FOLDER]`.

Draws queries of many kinds from the catalogue, asks each three times in this process, each work being one hit, and
prints how often the first hit, or one of the first three, is what was asked for, the times, and what was missed. Times
are the medians of the computing times, because other work on the machine would change the worst of 849 most.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine

from app.search import SearchIndex
from app.search.write.build import build_index
from app.search.write.source import BookSource
from bench.finding import chinese, latin, others, pinyin
from bench.finding.asking import Asked, draw_queries
from bench.finding.library import Library, make_library
from bench.search import percentiles

KINDS = (*latin.KINDS, *chinese.KINDS, *pinyin.KINDS, *others.KINDS)
_PASSES, _HITS = 3, 15


@dataclass(frozen=True)
class Answer:
    """The place of what was asked for among the hits (0: none of them), the milliseconds, and the first hit."""

    asked: Asked
    place: int
    milliseconds: float
    first: str
    is_complete: bool


def main() -> None:
    """Import the catalogue, build its index, ask and report."""
    parser = argparse.ArgumentParser(prog="python -m bench.finding", description=__doc__)
    parser.add_argument("catalogue", type=Path, help="a CSV file, which may be packed with xz")
    parser.add_argument("--seed", type=int, default=1, help="of the queries that are drawn")
    parser.add_argument("--folder", type=Path, help="where the imported database is kept for the next time")
    parser.add_argument("--kind", default="", help="only kinds whose names contain this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fisher-bench-") as scratch:
        database, library = make_library(options.catalogue, options.folder or Path(scratch))
        path = Path(scratch) / "search.db"
        built = build_index(path, BookSource(create_engine(f"sqlite:///{database}")))
        index = SearchIndex(path)
        kinds = [kind for kind in KINDS if options.kind in kind.name]
        asked = [one for kind in kinds for one in draw_queries(kind, library, options.seed)]
        answers = [_ask(index, library, one) for one in asked]
        index.close()
    print(
        f"{built.books:,} books, index {built.size / 1e6:.1f} MB, built in {built.seconds:.0f} s; seed {options.seed}\n"
    )
    print(report(answers))


def _ask(index: SearchIndex, library: Library, asked: Asked) -> Answer:
    answer = index.search(asked.text, per_page=_HITS, by_work=True)
    times = []
    for _ in range(_PASSES):
        started = time.thread_time()
        index.search(asked.text, per_page=_HITS, by_work=True)
        times.append((time.thread_time() - started) * 1000)
    hits = [library.books[id] for id in answer.book_ids]
    place = next((at for at, hit in enumerate(hits, 1) if asked.kind.is_found(asked.book, hit)), 0)
    return Answer(asked, place, median(times), hits[0].title if hits else "", answer.is_complete)


def report(answers: Iterable[Answer]) -> str:
    """Return the table by kind, and the misses."""
    by_kind: dict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        by_kind[one.asked.kind.name].append(one)
    everything = [one for some in by_kind.values() for one in some]
    rows = [_row(name, some) for name, some in by_kind.items()]
    misses = [
        f"- {one.asked.kind.name}: `{one.asked.text}` for {one.asked.book.title}: "
        + (f"place {one.place}, " if one.place else "")
        + (f"first {one.first}" if one.first else "nothing")
        for one in everything
        if one.place not in (1, 2, 3)
    ]
    head = "| kind | asked | first | of the first 3 | p50 ms | p99 | worst |\n|---|---|---|---|---|---|---|"
    cut = sum(not one.is_complete for one in everything)
    shares = f"first {_share(everything, 1)}, of the first three {_share(everything, 3)}"
    total = f"{len(everything)} queries of {len(by_kind)} kinds: {shares}; {cut} cut short."
    return "\n".join([head, *rows, _row("all", everything), "", total, "", "Not of the first three:", *misses])


def _row(name: str, some: list[Answer]) -> str:
    p50, _, p99, worst = percentiles([one.milliseconds for one in some])
    first, three = (sum(0 < one.place <= most for one in some) for most in (1, 3))
    return f"| {name} | {len(some)} | {first} | {three} | {p50:.2f} | {p99:.2f} | {worst:.2f} |"


def _share(some: list[Answer], most: int) -> str:
    return f"{sum(0 < one.place <= most for one in some) / max(1, len(some)):.1%}"


if __name__ == "__main__":
    main()
