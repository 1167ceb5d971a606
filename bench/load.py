"""Two hundred readers at once on MariaDB, Redis and Celery: `make bench-load` (MINUTES=5).

Seven in ten of what they ask for are pages for visitors, two are searches, and one is something that a reader does:
list a copy, wish, ask, answer, confirm. Everybody looks at a page for about a second. Limits are on, and each reader
has an address of their own. Afterwards the beans are audited.
"""

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPResponse
from itertools import chain, islice
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.drift import CopyState
from app.services.account.login_session import start_session
from bench.__main__ import write_section
from bench.catalogue import Catalogue
from bench.pages import flask, production
from bench.server import ROOT, free_port, memory_at, serve
from config import load_settings
from tests.servers import mariadb_database, mariadb_server, redis_server

READERS, BOOKS, WARM_UP = 200, 20_000, 20.0
LOOKS = (0.5, 1.5)
"""Seconds that a reader looks at a page."""
FORM = re.compile(r'<form[^>]* action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input[^>]* name="([^"]+)"[^>]* type="hidden"[^>]* value="([^"]*)"')
HIDDEN_OTHERWISE = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
ANSWERS = {
    "way": "meet", "ways": "meet", "condition": "good", "first_time": "周六上午，图书馆", "meeting": "周六上午，图书馆",
    "note": "谢谢", "reason": "lost",
}  # fmt: skip
"""What a reader enters, in whatever form asks for it."""
NOT_PRESSED = re.compile(r"/(logout|language|area|thread|cancel|report|search)|delete")


class Reader(threading.Thread):
    """One reader, who asks for one page after the other until the end."""

    def __init__(self, number: int, site: "Site", end: float) -> None:
        super().__init__(daemon=True)
        self.draw, self.site, self.end = random.Random(number), site, end
        self.headers = {"X-Forwarded-For": f"10.{number // 250}.{number % 250}.1", "X-Forwarded-Proto": "https"}
        self.cookie = site.cookies[number % len(site.cookies)]
        self.times: dict[str, list[float]] = defaultdict(list)
        self.answers: Counter[str] = Counter()

    def run(self) -> None:
        """Read until the end."""
        time.sleep(self.draw.uniform(0, LOOKS[1]))
        with closing(HTTPConnection(self.site.address, timeout=60)) as self.connection:
            while time.monotonic() < self.end:
                kind = self.draw.choices(("visitor", "search", "action"), (70, 20, 10))[0]
                getattr(self, f"_{kind}")()
                time.sleep(self.draw.uniform(*LOOKS))

    def _visitor(self) -> None:
        isbn = self.draw.choice(self.site.isbns)
        pages = ("/", "/books", f"/book/{isbn}/detail", f"/user/{self.draw.choice(self.site.users)}", "/places")
        self._ask("visitor", "GET", self.draw.choices(pages, (4, 1, 4, 1, 0.5))[0])

    def _search(self) -> None:
        title = self.draw.choice(self.site.titles)
        self._ask("search", "GET", f"/book/search?q={quote(title[: self.draw.randint(2, 12)])}")

    def _action(self) -> None:
        """Open a page with forms, and send one of them."""
        isbn = self.draw.choice((self.draw.choice(self.site.isbns), self.draw.choice(self.site.given)))
        path = self.draw.choice((f"/book/{isbn}/detail", "/pending", "/my/wish", "/my/gifts"))
        page = self._ask("own page", "GET", path, self.cookie)
        if asked := re.findall(r'href="(/drift/\d+)"', page):
            path = self.draw.choice(asked)
            page = self._ask("own page", "GET", path, self.cookie)
        forms = [(unescape(to), inside) for to, inside in FORM.findall(page) if not NOT_PRESSED.search(to)]
        if forms:
            to, inside = self.draw.choice(forms)
            fields = dict(HIDDEN.findall(inside)) | dict(HIDDEN_OTHERWISE.findall(inside))
            fields |= {name: said for name, said in ANSWERS.items() if f'name="{name}"' in inside}
            self._ask("action", "POST", to, self.cookie, urlencode(fields))

    def _ask(self, kind: str, method: str, path: str, cookie: str = "", body: str = "") -> str:
        """Return a page; count its answer, and how long it took unless the servers are still warming up."""
        headers = self.headers | ({"Cookie": cookie} if cookie else {})
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://127.0.0.1{path}"}
        began = time.monotonic()
        try:
            answer, page = self._send(method, path, body, headers)
        except (OSError, HTTPException) as error:
            self.answers[type(error).__name__] += 1
            return ""
        if began > self.site.warm:
            self.times[kind].append(time.monotonic() - began)
        self.answers[f"{answer.status // 100}xx" if answer.status != 429 else "429"] += 1
        return page

    def _send(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[HTTPResponse, str]:
        """Send a request, on a new connection if the server has just closed the old one, as browsers do."""
        is_reused = self.connection.sock is not None
        try:
            self.connection.request(method, path, body or None, headers)
            answer = self.connection.getresponse()
            return answer, answer.read().decode()
        except (ConnectionError, HTTPException):
            self.connection.close()
            if not is_reused:
                raise
        return self._send(method, path, body, headers)


class Site:
    """What the readers know of the site."""

    def __init__(self, app: Flask, address: str) -> None:
        self.address, self.warm = address, time.monotonic() + WARM_UP
        with app.app_context():
            self.users = list(db.session.scalars(select(User.id).order_by(User.id).limit(READERS)))
            self.isbns = list(db.session.scalars(select(Book.isbn).order_by(Book.id.desc()).limit(BOOKS)))
            self.titles = list(db.session.scalars(select(Book.title).order_by(Book.id.desc()).limit(BOOKS)))
            given = select(Book.isbn).join(Gift, Gift.book_id == Book.id).where(Gift.state == CopyState.OPEN).distinct()
            self.given = list(db.session.scalars(given))
            self.cookies = [_log_in(app, id) for id in self.users]


def _log_in(app: Flask, user_id: int) -> str:
    """Return the cookie of a reader who is logged in."""
    with db.auto_commit():
        token = start_session(db.session.get_one(User, user_id), "bench", is_remembered=False)
    client = app.test_client()
    with client.session_transaction(base_url="https://127.0.0.1") as session:
        session["_user_id"], session["_fresh"] = token, True
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = next(kept for kept in client._cookies.values() if kept.key == name)
    return f"{name}={cookie.value}"


def main() -> None:
    """Set the site up, let the readers in, and write the section of the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("minutes", nargs="?", type=float, default=5.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as name, _servers(Path(name)) as environ:
        _fill(environ)
        with serve("fisher:app", environ) as url, _worker(environ, Path(name)):
            report = _load(url.removeprefix("http://"), environ, minutes)
        audit = flask(environ, "beans", "audit")
    write_section("load", f"{report}\n\n`flask beans audit` afterwards: {audit}")


@contextmanager
def _servers(folder: Path) -> Iterator[dict[str, str]]:
    """Run a MariaDB and a Redis, and yield the environment of a production site on them."""
    port = free_port()
    options = ("--innodb-buffer-pool-size=512M", "--max-connections=200")
    with (
        mariadb_server(folder, *options) as mariadb,
        mariadb_database(mariadb) as uri,
        redis_server(folder, port),
    ):
        redis = f"redis://127.0.0.1:{port}"
        yield production(folder) | {
            "FISHER_SQLALCHEMY_DATABASE_URI": uri,
            "FISHER_RATELIMIT_ENABLED": "yes",
            "FISHER_RATELIMIT_STORAGE_URI": f"{redis}/1",
            "FISHER_TRUSTED_PROXIES": "1",
            "FISHER_CACHE_TYPE": "RedisCache",
            "FISHER_CACHE_REDIS_URL": f"{redis}/0",
            "FISHER_JOB_RUNNER": "celery",
            "FISHER_CELERY_BROKER_URL": f"{redis}/2",
            "FISHER_MAIL_FOLDER": str(folder / "mail"),
            "FISHER_COVERS_PATH": str(folder / "covers"),
            "FISHER_BOOK_CATALOGUES": "",
        }


def _fill(environ: dict[str, str]) -> None:
    """Fill the site with books, and with a year of exchanges between its readers."""
    flask(environ, "db", "upgrade")
    flask(environ, "books", "starter")
    flask(environ, "demo", "fill", "--readers", str(READERS), "--lists", "1000", "--drifts", "150", "--days", "60")
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write("isbn,title,author,publisher\n")
        for book in islice(Catalogue().books(BOOKS), BOOKS):
            file.write(f'{book.isbn},"{book.title}","{book.authors[0]}","{book.publisher}"\n')
        file.flush()
        flask(environ, "books", "import", file.name)
    flask(environ, "search", "update")


@contextmanager
def _worker(environ: Mapping[str, str], folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "--app", "fisher_celery", "worker", "--beat", "--pool", "solo"]
    command += ["--schedule", str(folder / "beat"), "--loglevel", "ERROR"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(environ)) as worker:
        try:
            yield
        finally:
            worker.terminate()


def _load(address: str, environ: Mapping[str, str], minutes: float) -> str:
    os.environ |= environ
    site = Site(create_app(load_settings()), address)
    readers = [Reader(number, site, site.warm + minutes * 60) for number in range(READERS)]
    for reader in readers:
        reader.start()
    memory = []
    while any(reader.is_alive() for reader in readers):
        time.sleep(5)
        memory.append(memory_at(address))
    times, answers = defaultdict(list), sum((reader.answers for reader in readers), Counter())
    for reader in readers:
        for kind, seconds in reader.times.items():
            times[kind] += seconds
    return _table(times, answers, minutes, memory[int(WARM_UP / 5) :])


def _table(times: Mapping[str, list[float]], answers: Counter[str], minutes: float, memory: list[float]) -> str:
    rows = ["| asked for | requests | p50 ms | p99 ms | worst |", "|---|---|---|---|---|"]
    for kind, seconds in sorted([*times.items(), ("all", [*chain.from_iterable(times.values())])]):
        cuts = [1000 * cut for cut in statistics.quantiles(seconds, n=100)]
        rows.append(f"| {kind} | {len(seconds):,} | {cuts[49]:.0f} | {cuts[98]:.0f} | {1000 * max(seconds):.0f} |")
    rate = sum(map(len, times.values())) / minutes / 60
    counted = ", ".join(f"{kind}: {count:,}" for kind, count in sorted(answers.items()))
    told = f"{READERS} readers for {minutes:g} minutes, {rate:.0f} requests/s on two web processes. Answers: {counted}."
    third = len(memory) // 3 or 1
    first, last = statistics.mean(memory[:third]), statistics.mean(memory[-third:])
    grown = f"The larger web process took {first:.0f} MB in the first third of the time and {last:.0f} MB in the last."
    return "\n".join([told, "", *rows, "", grown])


if __name__ == "__main__":
    main()
