"""Four processes search while another one writes."""

import multiprocessing
import resource
import sqlite3
import time
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import Engine, create_engine, insert, update

from app.models.book import Book, BookChange
from app.search import SearchIndex
from app.search.write.source import BookSource
from app.search.write.update import update_index
from bench.database import ranking

READERS = 4
_SECONDS = 8
_PAUSE = 0.02


def contention(database: Path, index: Path, texts: list[str]) -> str:
    """Return a line on how searches and updates affect each other."""
    spawn = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for number in range(READERS):
        ours, theirs = spawn.Pipe(duplex=False)
        part = texts[number::READERS]
        process = spawn.Process(target=_search, args=(index, part, theirs), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        pipe.recv()  # it has begun
    updates, write_errors = _write(database, index)
    results = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    searches = sorted(time for times, _, _ in results for time in times)
    errors = write_errors + sum(errors for _, errors, _ in results)
    memory = max(memory for _, _, memory in results) / 1024
    return (
        f"{READERS} reading processes beside a writer: {len(searches) / _SECONDS:,.0f} searches/s, "
        f"p50 {_at(searches, 0.5):.2f}, p99 {_at(searches, 0.99):.1f}, worst {searches[-1]:.0f} ms; "
        f"{len(updates)} updates, p50 {_at(updates, 0.5):.1f}, worst {updates[-1]:.0f} ms; "
        f"**{errors} lock errors**; a reading process takes {memory:.0f} MB at most, mapped pages included."
    )


def _search(path: Path, texts: list[str], pipe: Connection) -> None:
    index = SearchIndex(path)
    index.search("三体")
    pipe.send("begun")
    times: list[float] = []
    errors = number = 0
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        started = time.perf_counter()
        try:
            answer = index.search(texts[number % len(texts)])
            errors += answer.state != "ready"
        except sqlite3.Error:
            errors += 1
        times.append((time.perf_counter() - started) * 1000)
        number += 1
    pipe.send((times, errors, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def _write(database: Path, index: Path) -> tuple[list[float], int]:
    engine = create_engine(f"sqlite:///{database}")
    source = BookSource(engine, ranking())
    times: list[float] = []
    errors = number = 0
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        number += 1
        change_book(engine, number % 5_000 + 1, f"写着的书 {number}")
        started = time.perf_counter()
        try:
            update_index(index, source)
        except sqlite3.Error:
            errors += 1
        times.append((time.perf_counter() - started) * 1000)
        time.sleep(_PAUSE)
    engine.dispose()
    return sorted(times), errors


def change_book(engine: Engine, number: int, title: str) -> None:
    """Give a book another title, with its change row."""
    with engine.begin() as connection:
        connection.execute(update(Book).where(Book.id == number).values(title=title))
        connection.execute(insert(BookChange).values(book_id=number))


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
