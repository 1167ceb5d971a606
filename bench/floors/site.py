"""The rows of the site on which pages are compared with their floors."""

import secrets
from typing import Any

from flask import Flask
from sqlalchemy import insert

from app.models.base import db
from app.models.copy import Copy
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.services.account.login_session import start_session

READERS, LISTED, DRIFTS = 50, 1_000, 20
READER = 1
START = 1_900_000_000


def fill(books: int) -> None:
    """Store readers who give and wish, and drifts in which it is the reader's turn."""
    for number in range(1, READERS + 1):
        email = f"r{number}@example.org"
        db.session.add(User(id=number, nickname=f"读者{number}", email=email, confirmed_at=START, beans=3))
    db.session.commit()
    copies = [_listed(number, 7, books, "holder_id") | {"since": START} for number in range(LISTED)]
    db.session.execute(insert(Copy), copies)
    listings = [_listed(number, 7, books, "giver_id") | {"copy_id": number + 1} for number in range(LISTED)]
    db.session.execute(insert(Gift), listings)
    wishes = [_listed(number, 11, books, "user_id") for number in range(LISTED)]
    for row in wishes:
        row["open_key"] = Wish.key_of(row["user_id"], row["book_id"])
    db.session.execute(insert(Wish), wishes)
    given = [db.session.get_one(Gift, 1 + number * READERS) for number in range(DRIFTS)]
    db.session.execute(insert(Drift), [_asked(number, gift) for number, gift in enumerate(given, 1)])
    event = {"action": "ask", "actor": "asker", "to_state": "waiting", "create_time": START}
    db.session.execute(insert(DriftEvent), [event | {"drift_id": number} for number in range(1, DRIFTS + 1)])
    db.session.commit()


def log_in(site: Flask) -> str:
    """Return the cookie of a reader who has logged in, with a token in the session as after a real log-in."""
    with db.auto_commit():
        token = start_session(db.session.get_one(User, READER), "bench", is_remembered=True)
    signer = site.session_interface.get_signing_serializer(site)  # type: ignore[attr-defined]
    session = signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": secrets.token_hex(20)})
    return f"{site.config['SESSION_COOKIE_NAME']}={session}"


def _listed(number: int, step: int, books: int, column: str) -> dict[str, Any]:
    return {column: 1 + number % READERS, "book_id": 1 + number * step % books}


def _asked(number: int, gift: Gift) -> dict[str, object]:
    sides = {"giver_id": gift.giver_id, "asker_id": 1 + number, "book_id": gift.book_id}
    times = {"state_time": START, "due_time": START + 5 * DAY, "create_time": START}
    copy = {"gift_id": gift.id, "open_gift_id": gift.id}
    return sides | times | copy | {"id": number, "state": "waiting", "beans": 1}
