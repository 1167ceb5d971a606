"""The pages of the exchange for a logged-in reader, and the clock with many drifts due."""

import secrets
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import insert

from app import create_app
from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.book import Book
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.services.account.login_session import start_session
from app.services.bean.audit import audit_beans
from app.services.exchange.deadlines import run_deadlines
from bench.server import median_with_floor, serve
from config import Testing
from tests.factories import alone, isbn13

ROWS, DUE, START = 20, 10_000, 1_800_000_000
READER = 101
GOALS = {"/my/gifts": 0.2, "/my/wish": 0.2, "/pending": 0.2}


def section() -> str:
    """Return the table of the exchange."""
    with tempfile.TemporaryDirectory() as name:
        pages, seconds = _pages(Path(name)), _clock(Path(name))
    head = "| logged in, 20 rows | requests/s | of hello | at least |\n|---|---|---|---|\n"
    return f"{head}{pages}\n\n{DUE:,} due drifts applied in {seconds:.1f} s (at most 10), the audit clean after it."


def _site(folder: Path, name: str) -> Flask:
    database = f"sqlite:///{folder / name}.db"
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=database, SEARCH_INDEX_PATH=str(folder / "search.db")))
    with app.app_context():
        db.create_all()
        for number in range(1, 201):
            email = f"r{number}@example.org"
            db.session.add(User(id=number, nickname=f"读者{number}", email=email, confirmed_at=START))
        books = [{"isbn": isbn13(number), "title": f"海边的第{number}本书"} for number in range(ROWS)]
        db.session.execute(insert(Book), alone(books))
        db.session.commit()
    return app


def _pages(folder: Path) -> str:
    app = _site(folder, "pages")
    with app.app_context():
        _lists()
        with db.auto_commit():
            token = start_session(db.session.get_one(User, READER), "bench", is_remembered=False)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        # After a real log-in, the session already contains the CSRF token, so that pages need not set the cookie again.
        cookie = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)})
        db.engine.dispose()
    script = folder / "reader.lua"
    script.write_text(f'wrk.headers["Cookie"] = "session={cookie}"\n', encoding="utf-8")
    environ = {
        "FISHER_ENV": "testing",
        "FISHER_SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"],
        "FISHER_SEARCH_INDEX_PATH": app.config["SEARCH_INDEX_PATH"],
    }
    with serve("bench.hello:app", {}) as hello, serve("fisher:app", environ) as site:
        return "\n".join(_row(path, f"{site}{path}", f"{hello}/", script) for path in GOALS)


def _row(path: str, url: str, floor: str, script: Path) -> str:
    rate, ratio = median_with_floor(url, floor, script)
    return f"| {path} | {rate:.0f} | {ratio:.2f} | {GOALS[path]} |"


def _lists() -> None:
    books = range(1, ROWS + 1)
    db.session.execute(insert(Copy), [{"book_id": book, "holder_id": READER, "since": START} for book in books])
    db.session.execute(insert(Gift), [{"giver_id": READER, "book_id": book, "copy_id": book} for book in books])
    wishes = [{"user_id": READER, "book_id": book, "open_key": Wish.key_of(READER, book)} for book in books]
    db.session.execute(insert(Wish), wishes)
    db.session.execute(insert(Drift), [_drift(number, "waiting") for number in range(1, ROWS + 1)])
    db.session.commit()


def _drift(number: int, state: str) -> dict[str, object]:
    sides = {"gift_id": number, "open_gift_id": number, "giver_id": READER, "asker_id": number % 100 + 1}
    times = {"state_time": START, "due_time": START + 5 * DAY, "create_time": START}
    return sides | times | {"id": number, "book_id": 1 + number % ROWS, "state": state, "beans": 1}


def _clock(folder: Path) -> float:
    """Return the seconds that the clock takes for many drifts in all unfinished states."""
    app = _site(folder, "clock")
    with app.app_context():
        numbers = range(1, DUE + 1)
        copies = [{"id": n, "book_id": 1 + n % ROWS, "holder_id": READER, "since": START} for n in numbers]
        db.session.execute(insert(Copy), copies)
        gifts = [
            {"id": n, "copy_id": n, "giver_id": READER, "book_id": 1 + n % ROWS, "state": "reserved"} for n in numbers
        ]
        db.session.execute(insert(Gift), gifts)
        db.session.execute(insert(Drift), [_drift(n, ("waiting", "accepted", "mailed")[n % 3]) for n in numbers])
        held = {"source": "mint", "target": "escrow", "amount": 1, "reason": "asked"}
        db.session.execute(insert(BeanTransfer), [held | {"drift_id": n, "key": f"drift:{n}:hold"} for n in numbers])
        db.session.commit()
        started = time.perf_counter()
        run_deadlines(START + 31 * DAY)
        seconds = time.perf_counter() - started
        if audit_beans().faults:
            raise RuntimeError("the audit is not clean")
        db.engine.dispose()
    return seconds
