"""The pages of a reader's shelf, with few copies and with as many as a shelf holds."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.shelf import MOST_COPIES
from app.services.account.login_session import start_session
from app.services.copy.keeping import keep_copy
from config import Testing
from tests.factories import alone, isbn13
from tests.rows import statements_sent

FEW, MANY, READER, START, ROUNDS = 20, MOST_COPIES - 100, 1, 1_800_000_000, 15
PAGES = (
    "/my/books",
    "/my/books?page={last}",
    "/my/books?show=private",
    "/my/books?show=offered",
    "/my/books?q=海边的第7",
    "/my/books/export.csv",
    "/my/labels",
    "/my/books/basket",
)
PER_PAGE = 20


def section() -> str:
    """Return the table of shelves."""
    few, many = (_measure(copies) for copies in (FEW, MANY))
    head = f"| logged in | {FEW} copies: ms | statements | {MANY:,} copies: ms | statements |\n|---|---|---|---|---|"
    rows = [f"| {name} | {few[name][0]:.1f} | {few[name][1]} | {many[name][0]:.1f} | {many[name][1]} |" for name in few]
    return "\n".join([head, *rows])


def _measure(copies: int) -> dict[str, tuple[float, int]]:
    """Return the milliseconds, and the number of statements, of each page and of putting one copy more on the shelf."""
    with tempfile.TemporaryDirectory() as name:
        app = _site(Path(name), copies)
        with app.app_context():
            client, last = _log_in(app), -(-copies // PER_PAGE)
            pages = {path: _open(client, path.format(last=last)) for path in PAGES}
            found = {path.replace("{last}", "last"): _time(page) for path, page in pages.items()}
            found["one copy more"] = _time(lambda: keep_copy(READER, 1, START))
            db.session.remove()
            db.engine.dispose()
    return found


def _site(folder: Path, copies: int) -> Flask:
    app = create_app(
        Testing(SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'site.db'}", SEARCH_INDEX_PATH=str(folder / "search.db"))
    )
    with app.app_context():
        db.create_all()
        db.session.add(User(id=READER, nickname="藏书人", email="r@example.org", confirmed_at=START))
        numbers = range(1, copies + 1)
        books = [{"id": n, "isbn": isbn13(n), "title": f"海边的第{n}本书"} for n in numbers]
        db.session.execute(insert(Book), alone(books))
        held = {"holder_id": READER, "since": START}
        db.session.execute(insert(Copy), [held | {"id": n, "book_id": n} for n in numbers])
        listed = [{"giver_id": READER, "book_id": n, "copy_id": n} for n in numbers if n % 3 == 0]
        db.session.execute(insert(Gift), listed)
        db.session.commit()
    return app


def _log_in(app: Flask) -> FlaskClient:
    with db.auto_commit():
        token = start_session(db.session.get_one(User, READER), "bench", is_remembered=False)
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True})
    return client


def _open(client: FlaskClient, path: str) -> Callable[[], object]:
    def open_page() -> None:
        answer = client.get(path)
        if answer.status_code != 200 or not answer.data:
            raise RuntimeError(f"{path}: {answer.status_code}")

    return open_page


def _time(act: Callable[[], object]) -> tuple[float, int]:
    act()
    with statements_sent() as statements:
        act()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    return median(times), len(statements)
