"""Pages by the shortest code that could make them: bare Flask, SQL as text on the bare driver, a flat template each.

The template of a floor is made from a page of the site: everything but the values of the rows is literal text. The
index of the search is read by the site's own reader.
"""
# ruff: noqa: S608  (the parts of the statements are written here)

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from flask import Flask, request, session
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, Template
from markupsafe import escape

from app.models.base import db
from app.search.extension import site_search
from app.web.display.book_filters import name_comma
from bench.floors.site import READER

Rows = list[dict[str, Any]]
TOKEN = re.compile(r'(name="(?:csrf_token|form_key)"[^>]*value=")[^"]*')
BOOK = "book.id, book.isbn, book.title, book.authors, book.publisher, book.work_id"
COUNTS = (
    "(SELECT count(*) FROM gift WHERE book_id = book.id AND state = 'open' AND status = 1) AS copies, "
    "(SELECT count(*) FROM wish WHERE book_id = book.id AND state = 'open' AND status = 1) AS wishes"
)
NEWEST = f"""SELECT {BOOK}, {COUNTS} FROM gift JOIN book ON book.id = gift.book_id
WHERE gift.state = 'open' AND gift.status = 1 AND book.status = 1 AND NOT EXISTS (
  SELECT 1 FROM gift newer WHERE newer.book_id = gift.book_id AND newer.state = 'open' AND newer.id > gift.id)
ORDER BY gift.id DESC LIMIT 30"""
SESSION = """SELECT user.id, user.nickname, user.locale,
(SELECT count(*) FROM drift WHERE giver_id = user.id AND state = 'waiting' AND status = 1) AS moves
FROM login_session JOIN user ON user.id = login_session.user_id WHERE token_hash = ? AND version = login_version
AND expires_at > ? AND login_session.status = 1 AND user.status = 1 AND confirmed_at IS NOT NULL"""
OF_BOOK = f"SELECT {BOOK}, book.series, book.summary, {COUNTS} FROM book WHERE isbn = ? AND status = 1"
LISTED = """SELECT gift.id, giver_id, note, condition, nickname FROM gift JOIN book ON book.id = gift.book_id
JOIN user ON user.id = giver_id WHERE work_id = ? AND state = 'open' ORDER BY gift.id DESC LIMIT 30"""
WISHED = """SELECT wish.id, user_id, nickname FROM wish JOIN book ON book.id = wish.book_id
JOIN user ON user.id = user_id WHERE work_id = ? AND state = 'open' ORDER BY wish.id LIMIT 30"""
GIFTS = f"""SELECT {BOOK}, gift.id AS gift_id, gift.state, gift.create_time, condition, note, ways, {COUNTS}
FROM gift JOIN book ON book.id = gift.book_id WHERE giver_id = ? AND state IN ('open', 'reserved', 'hidden')
ORDER BY gift.id DESC LIMIT 20"""
GIFT_COUNT = "SELECT count(*) FROM gift WHERE giver_id = ? AND state IN ('open', 'reserved', 'hidden')"
WISHES = f"""SELECT {BOOK}, wish.id AS wish_id, wish.create_time, scope, {COUNTS}, gift.id AS gift_id, offer_until
FROM wish JOIN book ON book.id = wish.book_id LEFT JOIN gift ON gift.offered_wish_id = wish.id
WHERE user_id = ? AND wish.state = 'open' ORDER BY wish.id DESC LIMIT 20"""
WISH_COUNT = "SELECT count(*) FROM wish WHERE user_id = ? AND state = 'open'"
DRIFTS = """SELECT drift.id AS drift_id, book.isbn, book.title, asker_id, nickname, drift.state, drift.due_time, way
FROM drift JOIN book ON book.id = drift.book_id JOIN user ON user.id = asker_id
WHERE giver_id = ? AND drift.state = 'waiting' ORDER BY due_time, drift.id DESC LIMIT 20"""
DRIFT_COUNT = "SELECT count(*) FROM drift WHERE giver_id = ? OR asker_id = ?"
EVENTS = "SELECT drift_id, action, actor, create_time FROM drift_event WHERE drift_id IN ({}) ORDER BY id"
MESSAGES = "SELECT drift_id, author_id, sealed, create_time FROM message WHERE drift_id IN ({}) ORDER BY id"


@dataclass(frozen=True)
class Floor:
    """A page, how its rows are loaded, where each begins in the HTML, and what surrounds their values there."""

    name: str
    path: str
    load: Callable[[sqlite3.Connection, int], Rows]
    marker: str
    fields: dict[str, str]
    is_reader: bool = False

    @property
    def root(self) -> str:
        """What the address of the floor begins with: one page is shown to visitors and to readers."""
        return "/reader" if self.is_reader else ""


def _front(connection: sqlite3.Connection, _reader: int) -> Rows:
    return _with_names(connection.execute(NEWEST))


def _search(connection: sqlite3.Connection, _reader: int) -> Rows:
    answer = site_search().index.search(request.args["q"], per_page=15, by_work=True)
    return _books(connection, answer.book_ids)


def _detail(connection: sqlite3.Connection, _reader: int) -> Rows:
    [book] = _with_names(connection.execute(OF_BOOK, [request.path.split("/")[2]]))
    for statement in (LISTED, WISHED):
        connection.execute(statement, [book["work_id"]]).fetchall()
    others = site_search().index.search(book["names"], per_page=30, by_work=True).book_ids
    authors = book["authors"]
    near = [row for row in _books(connection, others) if row["authors"] == authors and row["id"] != book["id"]]
    return [book | {"near": near[:6]}]


def _gifts(connection: sqlite3.Connection, reader: int) -> Rows:
    connection.execute(GIFT_COUNT, [reader]).fetchone()
    return _with_names(connection.execute(GIFTS, [reader]))


def _wishes(connection: sqlite3.Connection, reader: int) -> Rows:
    connection.execute(WISH_COUNT, [reader]).fetchone()
    return _with_names(connection.execute(WISHES, [reader]))


def _pending(connection: sqlite3.Connection, reader: int) -> Rows:
    connection.execute(DRIFT_COUNT, [reader, reader]).fetchone()
    rows = list(map(dict, connection.execute(DRIFTS, [reader])))
    ids = [row["drift_id"] for row in rows]
    for statement in (EVENTS, MESSAGES):
        connection.execute(statement.format(",".join("?" * len(ids))), ids).fetchall()
    return rows


def _books(connection: sqlite3.Connection, ids: Sequence[int]) -> Rows:
    found = connection.execute(f"SELECT {BOOK}, {COUNTS} FROM book WHERE id IN ({','.join('?' * len(ids))})", ids)
    rows = {row["id"]: row for row in _with_names(found)}
    return [rows[id] for id in ids]


def _with_names(found: sqlite3.Cursor) -> Rows:
    rows = []
    for row in found:
        names = json.loads(row["authors"])
        rows.append({**row, "names": name_comma(names).join(names)})
    return rows


_CARD = {"isbn": "/book/{}/", "title": ">{}<", "names": '"book-author">{}<'}
_ROW = {"isbn": "/book/{}/", "title": "{}<", "names": ">{} / ", "publisher": " / {}<"}
FLOORS = [
    Floor("front page", "/", _front, '<li class="book-card">', _CARD),
    Floor("front page, logged in", "/", _front, '<li class="book-card">', _CARD, is_reader=True),
    Floor("search", "/book/search", _search, '<li class="book-row">', _ROW),
    Floor("a book", "/book/<isbn>/detail", _detail, "<!DOCTYPE", {"isbn": "/book/{}/", "title": "{}<", "names": "{}<"}),
    Floor("my gifts", "/my/gifts", _gifts, '<li class="book-row">', _ROW | {"gift_id": "/gifts/{}/"}, is_reader=True),
    Floor("my wishes", "/my/wish", _wishes, '<li class="book-row">', _ROW | {"wish_id": "/wish/{}/"}, is_reader=True),
    Floor("my exchanges", "/pending", _pending, '<li class="drift"', {
        "isbn": "/book/{}/", "title": "{}<", "drift_id": "/drift/{}/", "asker_id": "/user/{}\"", "nickname": ">{}<",
    }, is_reader=True),
]  # fmt: skip


class Floors:
    """An application with nothing but the floors of some pages."""

    def __init__(self, site: Flask) -> None:
        self.app = Flask("floors")
        self.app.config.update(SECRET_KEY=site.secret_key, SESSION_COOKIE_NAME=site.config["SESSION_COOKIE_NAME"])
        self.app.extensions.update(site.extensions)  # the reader of the index
        self._templates: dict[str, Template] = {}
        with site.app_context():
            self._connection = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        for floor in FLOORS:
            self.app.add_url_rule(floor.root + floor.path, floor.name, partial(self._show, floor))

    def learn(self, floor: Floor, path: str, page: str) -> None:
        """Make the template of a floor from a page of the site."""
        with self.app.test_request_context(path):
            rows = floor.load(self._connection, READER)
        text = TOKEN.sub(r"\1{{ token }}", page)
        self._templates[floor.name] = Environment(autoescape=True).from_string(_template(floor, text, rows))

    def _show(self, floor: Floor, **_values: str) -> str:
        reader = self._reader() if floor.is_reader else 0
        rows = floor.load(self._connection, reader)
        has_token = floor.is_reader and floor.path != "/"
        return self._templates[floor.name].render(rows=rows, token=generate_csrf() if has_token else "")

    def _reader(self) -> int:
        token = hashlib.sha256(session["_user_id"].encode()).hexdigest()
        return int(self._connection.execute(SESSION, [token, time.time()]).fetchone()["id"])


def _template(floor: Floor, page: str, rows: Rows) -> str:
    """Return a flat template; rows one after the other that have the same one share a loop."""
    head, *parts = page.split(floor.marker)
    if len(parts) != len(rows):
        raise RuntimeError(f"{floor.path}: {len(parts)} rows in the page, {len(rows)} found")
    texts = [floor.marker + _with_fields(floor, *pair) for pair in zip(parts, rows, strict=True)]
    whole, first = [head], 0
    for text, group in groupby(texts):
        last = first + len(list(group))
        whole.append(f"{{% for row in rows[{first}:{last}] %}}{text}{{% endfor %}}")
        first = last
    return "".join(whole)


def _with_fields(floor: Floor, part: str, row: dict[str, Any]) -> str:
    for name, around in floor.fields.items():
        part = part.replace(around.format(escape(row[name])), around.format("{{ row." + name + " }}"))
    return part


def without_tokens(page: str) -> str:
    """Return a page with its tokens left out, which are new each time."""
    return TOKEN.sub(r"\1", page)
