"""Look-ups of books that are not stored, against a stand-in catalogue that responds after 50 ms."""

import statistics
import tempfile
import threading
import time
from pathlib import Path

from flask import Flask

from app import create_app
from app.models.base import db
from config import Testing
from tests.factories import isbn13
from tests.stand_in import Call, StandIn, after, answer

LATENCY = 0.05
BOOKS = 50
READERS = 100
GOAL_MS = 30


def section() -> str:
    """Return the table of look-ups."""
    with tempfile.TemporaryDirectory() as folder, StandIn(after(LATENCY, _known)) as outside:
        app = _site(Path(folder), outside)
        cold, known = _page_times(app)
        before = len(outside.calls)
        seconds = _ask_at_once(app, isbn13(90_000_000))
        calls = len(outside.calls) - before
        with app.app_context():
            db.engine.dispose()
    rows = [
        f"| page of a book that only the catalogue knows, without its wait | {cold:.1f} ms | {GOAL_MS} ms |",
        f"| the same page once we know the book | {known:.1f} ms | |",
        f"| {READERS} readers ask for one unknown book at once: all have the page after | {seconds * 1000:.0f} ms | |",
        f"| … and the catalogue was asked | {calls} times | 1 time |",
    ]
    return "| in one process | measured | at most |\n|---|---|---|\n" + "\n".join(rows)


def _known(call: Call) -> None:
    answer({"isbn": call.path.rsplit("/", 1)[1], "title": "一本书", "author": ["一个人"], "summary": "很长" * 300})(
        call
    )


def _site(folder: Path, outside: StandIn) -> Flask:
    app = create_app(
        Testing(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'fisher.db'}",
            SEARCH_INDEX_PATH=str(folder / "search.db"),
            COVERS_PATH=str(folder / "covers"),
            BOOK_CATALOGUES=("yushu",),
            YUSHU_URL=outside.url,
        )
    )
    with app.app_context():
        db.create_all()
    return app


def _page_times(app: Flask) -> tuple[float, float]:
    """Return the median milliseconds of a page requested for the first and for the second time."""
    client = app.test_client()
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(BOOKS):
        for turn in times:
            started = time.perf_counter()
            assert client.get(f"/book/{isbn13(number)}/detail").status_code == 200
            turn.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[0]) - LATENCY * 1000, statistics.median(times[1])


def _ask_at_once(app: Flask, isbn: str) -> float:
    """Return the seconds until all readers have received the page."""
    statuses: list[int] = []

    def read() -> None:
        statuses.append(app.test_client().get(f"/book/{isbn}/detail").status_code)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    started = time.perf_counter()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert statuses == [200] * READERS
    return time.perf_counter() - started
