"""How pages and jobs grow from 10,000 to 1,000,000 readers, books and exchanges: `make bench-growth` (SIZES)."""

import argparse
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from bench.__main__ import REPORT, write_section
from bench.crowd import Size, crowded
from bench.crowd_pages import a_copy, logged_in, measure
from bench.imports import run_flask
from bench.plot import draw
from config import Testing

SIZES = (10_000, 100_000, 1_000_000)
READER = 4_321
MOST = 2.0
"""How many times the rows of the smallest size a page may examine at the largest."""
VISITOR = {
    "front page": "/",
    "search": "/book/search?q=的",
    "a book": "/book/{isbn}/detail",
    "browsing": "/books?language=zh&letter=s",
    "a reader": f"/user/{READER}",
}
OWN = {
    "asking": "/drift/{copy}",
    "my gifts": "/my/gifts",
    "my wishes": "/my/wish",
    "my exchanges": "/pending",
    "ledger": "/personal",
    "notices": "/notices",
}
JOBS = (["deadlines", "run"], ["privacy", "purge"], ["jobs", "list"])


class Figures(NamedTuple):
    """What a page took at one size."""

    milliseconds: float
    rows: int


def main() -> None:
    """Fill a database of each size, measure, and write the section of the report and its plot."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, help="readers, as many books and exchanges")
    sizes = parser.parse_args().sizes
    pages: dict[int, dict[str, Figures]] = {}
    jobs: dict[int, list[float]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as name, crowded(Path(name), of_size(size)) as uri:
            environ = os.environ | {
                "FISHER_ENV": "testing", "FISHER_SQLALCHEMY_DATABASE_URI": uri,
                "FISHER_SEARCH_INDEX_PATH": f"{name}/search.db",
            }  # fmt: skip
            run_flask(["search", "build"], environ)
            pages[size] = _pages(uri, f"{name}/search.db")
            jobs[size] = [run_flask(command, environ).seconds for command in JOBS]
            print(size, pages[size], jobs[size], flush=True)
    write_section("growth", f"{_table(pages)}\n\n{_jobs(jobs)}\n\n![Growth of pages](growth.svg)")
    lines = {
        name: [(float(size), float(of_page[name].rows)) for size, of_page in pages.items()]
        for name in ("front page", "browsing", "search", "a book", "my exchanges")
    }
    draw(REPORT.parent / "growth.svg", "Rows that a page examines", lines, "readers", "rows")


def of_size(number: int) -> Size:
    """Return a site with so many readers, books and exchanges, on which one reader does as much as on any other."""
    return Size(
        readers=number, books=number, copies=number * 3 // 10, drifts=number, wishes=number // 5,
        under_way=number // 50, own_copies=700, own_given=2_000, own_asked=1_000, on_one_book=50,
    )  # fmt: skip


def _pages(uri: str, index: str) -> dict[str, Figures]:
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=uri, SEARCH_INDEX_PATH=index, DATABASE_POOL_SIZE=1))
    with app.app_context():
        known = {"isbn": db.session.get_one(Book, 500).isbn, "copy": a_copy(Gift.giver_id != READER)}
        visitor, reader = app.test_client(), logged_in(app, READER)
        found = {}
        for client, paths in ((visitor, VISITOR), (reader, OWN)):
            for name, path in paths.items():
                measured = measure(visitor, client, path.format(**known))
                found[name] = Figures(measured.milliseconds, measured.rows)
        db.session.remove()
        db.engine.dispose()
    return found


def _table(pages: dict[int, dict[str, Figures]]) -> str:
    smallest, largest = min(pages), max(pages)
    heads = [f"{size:,}: p50 ms | rows" for size in pages]
    lines = [f"| readers, books, exchanges | {' | '.join(heads)} |", "|---" * (1 + 2 * len(pages)) + "|"]
    for name in (*VISITOR, *OWN):
        cells = [f"{of_page[name].milliseconds:.1f} | {of_page[name].rows:,}" for of_page in pages.values()]
        has_grown = pages[largest][name].rows > MOST * pages[smallest][name].rows
        lines.append(f"| {f'**{name}**' if has_grown else name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _jobs(jobs: dict[int, list[float]]) -> str:
    lines = [
        f"| seconds, with its start | {' | '.join(f'{size:,}' for size in jobs)} |",
        "|---" * (1 + len(jobs)) + "|",
    ]
    for number, command in enumerate(JOBS):
        seconds = " | ".join(f"{of_size[number]:.1f}" for of_size in jobs.values())
        lines.append(f"| `flask {' '.join(command)}` | {seconds} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
