"""Every page with 100,000 readers and a million books: p50, the ratio to the front page, and rows examined."""

import contextvars
import secrets
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.user import User
from app.services.account.login_session import start_session
from config import Testing

RUNS = 15
BUSY, ORDINARY = 1, 4_321
"""The reader with 7,000 copies and 35,000 drifts, and an ordinary one."""
VISITOR_RATIO, READER_RATIO, VISITOR_ROWS = 3.2, 6.4, 5_000
"""Limits: 30 and 60 ms on a machine whose front page takes 9.4 ms, and the rows that a visitor's page may examine."""
LEFT_OUT = {
    "static": "a file",
    "web.book_search_outside": "asks others",
    "web.mailbox": "for development",
    "web.confirm": "a link of a mail", "web.set_password": "a link of a mail", "web.mail_off": "a link of a mail",
    "web.confirm_new_email": "a link of a mail", "web.take_back_email": "a link of a mail",
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One page as seen by one reader; `ratio` compares it with a visitor's front page, measured alternately."""

    path: str
    milliseconds: float
    ratio: float
    rows: int

    def as_row(self, who: str) -> str:
        """Return a row of the table; values above their limit are in bold."""
        most = VISITOR_RATIO if who == "visitor" else READER_RATIO
        ratio = f"**{self.ratio:.1f}**" if self.ratio > most else f"{self.ratio:.1f}"
        rows = f"**{self.rows:,}**" if who == "visitor" and self.rows > VISITOR_ROWS else f"{self.rows:,}"
        return f"| {who} | `{self.path}` | {self.milliseconds:.1f} | {ratio} | {rows} |"


def table(uri: str, index: str) -> str:
    """Measure every page for a visitor, an ordinary reader and the busiest one; the table lists the slower ones."""
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=uri, SEARCH_INDEX_PATH=index, DATABASE_POOL_SIZE=1))
    rows, cheap = ["| who | page | p50 ms | of `/` | rows examined |", "|---|---|---|---|---|"], 0
    with app.app_context():
        visitor = app.test_client()
        for who, reader in (("visitor", None), ("reader", ORDINARY), ("busiest", BUSY)):
            client = visitor if reader is None else logged_in(app, reader)
            for path in dict.fromkeys(_paths(app, reader)):
                measured = measure(visitor, client, path)
                print(measured.as_row(who), flush=True)
                if measured.ratio > 1:
                    rows.append(measured.as_row(who))
                else:
                    cheap += 1
        db.session.remove()
        db.engine.dispose()
    return "\n".join(rows) + f"\n\nThe other {cheap} take no longer than the front page."


def logged_in(app: Flask, reader: int) -> FlaskClient:
    """Return a client as which a reader has logged in."""
    client = app.test_client()
    with db.auto_commit():
        token = start_session(db.session.get_one(User, reader), "bench", is_remembered=False)
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)})
    return client


def _paths(app: Flask, reader: int | None) -> Iterator[str]:
    """Yield the URLs of every page that can be requested, for some pages several."""
    known = _addresses()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in LEFT_OUT:
            continue
        if reader is not None or not _needs_reader(app, rule.endpoint):
            yield from known.get(rule.endpoint) or [rule.rule]


def _needs_reader(app: Flask, endpoint: str) -> bool:
    """Return whether a page redirects visitors to the log-in."""
    path = (_addresses().get(endpoint) or [next(app.url_map.iter_rules(endpoint)).rule])[0]
    return _get(app.test_client(), path).status_code == 302


def _addresses() -> dict[str, list[str]]:
    popular, plain = (db.session.get_one(Book, number).isbn for number in (1, 500))
    late = db.session.get_one(Book, 700_000)
    copies = [a_copy(Gift.giver_id == BUSY), a_copy(Gift.giver_id != BUSY), a_copy(Gift.book_id == 1)]
    shelf = f"/books?language={late.language}"
    return {
        "web.book_detail": [f"/book/{isbn}/detail" for isbn in (popular, plain)],
        "web.book_cover": [f"/book/{plain}/cover"],
        "web.book_entry": ["/book/9787999999997/entry"],
        "web.book_search": [f"/book/search?q={words}" for words in ("的", "the", "出版社", "中国+历史", "the&page=50")],
        "web.books": ["/books", f"{shelf}&letter=s", f"{shelf}&year={late.year}", f"{shelf}&after={late.isbn}"],
        "web.user": [f"/user/{reader}" for reader in (BUSY, ORDINARY)],
        "web.send_drift": [f"/drift/{copy}" for copy in copies],
        "web.api_search": ["/v2/book/search?q=的", "/v2/book/search?q=the&start=900"],
        "web.api_book_by_isbn": [f"/v2/book/isbn/{plain}"],
        "web.api_book_by_id": ["/v2/book/id/500"],
        **{f"web.{name}": [path, f"{path}?page=999999"] for name, path in LISTS.items()},
    }


LISTS = {"pending": "/pending", "personal": "/personal", "my_gifts": "/my/gifts", "my_wish": "/my/wish"}


def a_copy(which: object) -> int:
    """Return the id of an open copy."""
    found = select(Gift.id).where(which, Gift.state == "open").limit(1)  # type: ignore[arg-type]
    return db.session.scalars(found).one()


def _get(client: FlaskClient, path: str) -> TestResponse:
    """Request a page outside of this process's own application context, whose session it would otherwise use."""
    return contextvars.Context().run(client.get, path)


def measure(visitor: FlaskClient, client: FlaskClient, path: str) -> Measured:
    """Request a page several times, alternating with a visitor's front page."""
    answer = _get(client, path)
    if "999999" in path and answer.status_code == 302:  # redirects to the last page
        path = answer.location
        answer = _get(client, path)
    assert answer.status_code < 400 or path.startswith("/readyz"), f"{path}: {answer.status_code}"
    times: dict[str, list[float]] = {"/": [], path: []}
    for _ in range(RUNS):
        db.session.remove()
        for who, asked in ((visitor, "/"), (client, path)):
            started = time.perf_counter()
            _get(who, asked)
            times[asked].append(time.perf_counter() - started)
    front, page = (statistics.median(times[asked]) for asked in ("/", path))
    return Measured(path, page * 1000, page / front, _rows_examined(client, path))


def _rows_examined(client: FlaskClient, path: str) -> int:
    """Return how many rows of tables, indexes and sorts the server reads for a page."""
    db.session.remove()  # the only connection of the pool, whose counters are read
    _handler_reads()
    before = _handler_reads()
    asking = _handler_reads() - before
    _get(client, path)
    return _handler_reads() - before - 2 * asking


def _handler_reads() -> int:
    with db.engine.connect() as connection:
        status = connection.execute(
            text("SHOW SESSION STATUS WHERE Variable_name REGEXP '^Handler_(read|icp_attempts)'")
        )
        return sum(int(count) for _, count in status)
