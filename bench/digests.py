"""Summaries of news for many readers: time, and memory beside that for a tenth of the readers."""

import tempfile
import time
import tracemalloc
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.gift import Gift
from app.models.notice import Notice
from app.models.user import User
from app.rules.exchange.drift import MailKind
from app.services.notice.digest import queue_digests
from config import Testing
from tests.factories import alone, isbn13

READERS, NEWS, MOST_SECONDS = 100_000, 2, 60
SATURDAY = int(datetime(2027, 1, 16, 8, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def section() -> str:
    """Return the sentence about summaries."""
    seconds, _ = _run(READERS, False)
    peaks = [_run(number, True)[1] for number in (READERS // 100, READERS // 10)]
    few, many = (f"{peak / 2**20:.1f}" for peak in peaks)
    return (
        f"{READERS:,} readers with {NEWS} pieces of news each: planned and queued as {READERS:,} summaries in "
        f"{seconds:.0f} s of computing time (at most {MOST_SECONDS}). Most memory that Python held: {few} MB for "
        f"{READERS // 100:,} readers, {many} MB for {READERS // 10:,}."
    )


def _run(readers: int, is_traced: bool) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(
            Testing(SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/site.db", SEARCH_INDEX_PATH=str(folder / "search.db"))
        )
        with app.app_context():
            db.create_all()
            _fill(readers)
            if is_traced:
                tracemalloc.start()
            began = time.process_time()
            queued = [queue_digests(SATURDAY - 3600), queue_digests(SATURDAY)]
            seconds = time.process_time() - began
            peak = tracemalloc.get_traced_memory()[1] if is_traced else 0
            tracemalloc.stop()
            db.engine.dispose()
    if queued != [0, readers]:
        raise SystemExit(f"{queued} summaries were queued, not {readers}")
    return seconds, peak


def _fill(readers: int) -> None:
    books = alone([{"isbn": isbn13(1), "title": "海边的书"}])
    giver = {"nickname": "giver", "email": "giver@example.org", "digest_time": None}
    people = [{"nickname": f"r{n}", "email": f"r{n}@example.org", "digest_time": 0} for n in range(readers)]
    folded = [person | {"nickname_folded": person["nickname"], "email_folded": person["email"]} for person in people]
    db.session.execute(insert(Book), books)
    db.session.execute(insert(User), [giver | {"nickname_folded": "giver", "email_folded": "giver@example.org"}])
    db.session.execute(insert(User), folded)
    book_id, giver_id = db.session.scalar(select(Book.id)), db.session.scalar(select(User.id).limit(1))
    db.session.execute(insert(Copy), [{"id": 1, "book_id": book_id, "holder_id": giver_id, "since": 0}])
    db.session.execute(insert(Gift), [{"giver_id": giver_id, "book_id": book_id, "copy_id": 1}])
    gift_id = db.session.scalar(select(Gift.id))
    news = {"kind": MailKind.REJECTED, "gift_id": gift_id, "show_from": SATURDAY - 7200}
    ids = db.session.scalars(select(User.id).where(User.digest_time == 0)).all()
    db.session.execute(
        insert(Notice), [news | {"user_id": id, "key": f"{id}:{number}"} for id in ids for number in range(NEWS)]
    )
    db.session.commit()
