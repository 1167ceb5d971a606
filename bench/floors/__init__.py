"""The computing time of pages beside their floors: the same HTML, made by the shortest code that could."""

import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from flask import Flask
from werkzeug.test import create_environ

from app import create_app
from app.models.base import db
from bench.catalogue import MadeBook
from bench.floors.pages import FLOORS, Floor, Floors, without_tokens
from bench.floors.site import fill, log_in
from bench.pages import prepare, production
from config import Testing

BOOKS, ROUNDS, AT_ONCE = 20_000, 25, 10
GOAL = 2.0


@dataclass(frozen=True)
class Measured:
    """The milliseconds of a page and of its floor, and the median of the ratios of pairs."""

    page: float
    floor: float
    ratio: float


def section() -> str:
    """Return the table of pages and their floors; page cache off, one process, the two in turn."""
    with tempfile.TemporaryDirectory() as name, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        site, cookie, sought = _site(Path(name), nowhere)
        floors = Floors(site)
        rows = [_row(floor, _measure(floor, site, floors, cookie, sought)) for floor in FLOORS]
        with site.app_context():
            db.engine.dispose()
    head = "| computing time, page cache off | page ms | floor ms | page / floor | at most |\n|---|---|---|---|---|\n"
    return head + "\n".join(rows)


def _site(folder: Path, log: TextIO) -> tuple[Flask, str, MadeBook]:
    """Return the site, the cookie of a reader, and a book; `log` takes the line of each request, as on a real site."""
    environ = production(folder)
    sample = prepare(folder, environ, BOOKS)
    with contextlib.redirect_stderr(log):
        site = create_app(
            Testing(
                SQLALCHEMY_DATABASE_URI=environ["FISHER_SQLALCHEMY_DATABASE_URI"],
                SEARCH_INDEX_PATH=environ["FISHER_SEARCH_INDEX_PATH"],
                PAGE_CACHE_SECONDS=0,
                LOG_JSON=True,
            )
        )
    with site.app_context():
        fill(BOOKS)
        return site, log_in(site), sample[0]


def _measure(floor: Floor, site: Flask, floors: Floors, cookie: str, sought: MadeBook) -> Measured:
    path = floor.path.replace("<isbn>", sought.isbn)
    if path == "/book/search":
        path += f"?q={quote(sought.title.split()[0])}"
    cookie = cookie if floor.is_reader else ""
    ask_page, ask_floor = _asking(site, path, cookie), _asking(floors.app, floor.root + path, cookie)
    floors.learn(floor, path, ask_page())
    if without_tokens(ask_page()) != without_tokens(ask_floor()):
        raise RuntimeError(f"{floor.path}: the floor is another page")
    pairs = [(_milliseconds(ask_page), _milliseconds(ask_floor)) for _ in range(ROUNDS)]
    pages, lowest = zip(*pairs, strict=True)
    ratio = statistics.median(page / lower for page, lower in pairs)
    return Measured(statistics.median(pages), statistics.median(lowest), ratio)


def _asking(app: Flask, path: str, cookie: str) -> Callable[[], str]:
    """Return a function that requests a page without a server or a client around it."""
    headers = {"Accept-Language": "zh"} | ({"Cookie": cookie} if cookie else {})
    environ = create_environ(path, headers=headers)
    statuses: list[str] = []

    def start(status: str, _headers: object, _error: object = None) -> Callable[[bytes], None]:
        statuses[:] = [status]
        return lambda _part: None

    def ask() -> str:
        page = b"".join(app(environ.copy(), start)).decode()
        assert statuses == ["200 OK"], statuses
        return page

    return ask


def _milliseconds(ask: Callable[[], str]) -> float:
    started = time.process_time()
    for _ in range(AT_ONCE):
        ask()
    return (time.process_time() - started) / AT_ONCE * 1000


def _row(floor: Floor, measured: Measured) -> str:
    return f"| {floor.name} | {measured.page:.2f} | {measured.floor:.2f} | {measured.ratio:.1f} | {GOAL:.0f} |"
