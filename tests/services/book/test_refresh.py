"""Refreshing books and fetching covers: one job a day, without delaying pages."""

import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, update

from app.catalogues.api import addresses
from app.models.base import db, now
from app.models.book import Book
from app.models.outbox import JobState, Outbox
from app.rules.clock import DAY
from app.services.book import refresh as upkeep
from tests.factories import BookFactory
from tests.stand_in import answer, close
from tests.web.forms import do_jobs

SAN_TI = "9787536692930"


@pytest.fixture
def settings(settings, outside_settings):
    return settings | outside_settings


@pytest.fixture
def book(app_context, outside, monkeypatch):
    """A book that is due for a refresh and has the URL of a cover."""
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    return BookFactory(isbn=SAN_TI, title="三体", cover=f"{outside.url}/s1.jpg", fetched_at=now() - 100 * DAY)


def jobs():
    db.session.rollback()
    return sorted(db.session.scalars(select(Outbox.kind).where(Outbox.kind.like("book.%"))))


def writes(app):
    """The statements that write, in order."""
    seen = []
    with app.app_context():
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _cursor, text, *_: seen.append(text) if text.startswith(("INSERT", "UPDATE")) else None,
        )
    return seen


def test_a_page_asked_a_thousand_times_queues_one_job_and_writes_once(app, client, book):
    seen = writes(app)
    for _ in range(100):
        assert client.get(f"/book/{SAN_TI}/detail").status_code == 200
        assert client.get(f"/book/{SAN_TI}/cover").cache_control.max_age == 60
        assert client.get(f"/v2/book/isbn/{SAN_TI}").status_code == 200

    assert jobs() == ["book.cover", "book.refresh"]
    assert len(seen) == 2


def test_a_fresh_book_with_its_picture_in_our_store_queues_nothing(app, client, app_context, outside, book):
    with db.auto_commit():
        book.fetched_at = now()
    folder = app.config["COVERS_PATH"] + f"/{SAN_TI[-4:-1]}"
    Path(folder).mkdir(parents=True)
    for size in ("small", "large"):
        Path(folder, f"{SAN_TI}-{size}.webp").write_bytes(b"x")

    client.get(f"/book/{SAN_TI}/detail")
    client.get(f"/v2/book/isbn/{SAN_TI}")

    assert jobs() == []


@pytest.mark.sqlite("its file is locked")
@pytest.mark.parametrize("state", ["locked", "read only"])
def test_a_database_that_can_not_be_written_does_not_keep_pages_from_readers(app, client, book, state):
    client.get("/book/9787536692931/detail")  # compile the templates before measuring
    writer = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"), isolation_level=None)
    db.session.rollback()
    with app.app_context():
        if state == "locked":
            writer.execute("BEGIN IMMEDIATE")
        else:
            event.listen(db.engine, "begin", lambda c: c.connection.driver_connection.execute("PRAGMA query_only=ON"))
    started = time.monotonic()
    paths = (f"/book/{SAN_TI}/detail", f"/book/{SAN_TI}/cover", f"/v2/book/isbn/{SAN_TI}")
    answers = [client.get(path) for path in paths]
    seconds = time.monotonic() - started
    writer.close()

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "三体" in answers[0].page.h1.get_text()
    assert seconds < 9  # the default wait for a lock is ten
    assert jobs() == []


@pytest.mark.sqlite("its file is read only")
def test_a_book_found_outside_while_nothing_can_be_written_is_told_as_uncertain(app, client, app_context, outside):
    outside.behave = answer({"isbn": SAN_TI, "title": "三体", "books": [{"isbn": SAN_TI, "title": "三体"}], "total": 1})
    event.listen(db.engine, "begin", lambda c: c.connection.driver_connection.execute("PRAGMA query_only=ON"))

    detail = client.get(f"/book/{SAN_TI}/detail")
    hits = client.get("/book/search/outside", query_string={"q": "三体"})

    assert detail.status_code == 404
    assert "try again in a minute" in detail.page.main.get_text()
    assert hits.status_code == 200
    assert hits.page.main.find("a", string="三体")


def test_a_worker_that_is_behind_gets_nothing_more_from_pages(app_context, book, monkeypatch):
    monkeypatch.setattr(upkeep, "MOST_WAITING", 1)
    isbns = [BookFactory(fetched_at=0).isbn for _ in range(4)]

    for isbn in isbns:
        upkeep.queue_refresh(Book.find_by_isbn(isbn))

    assert len(jobs()) == 2


def test_what_could_not_be_asked_is_tried_again_and_its_cover_stays_on_its_way(app, app_context, book, outside):
    outside.behave = close
    upkeep.queue_refresh(book)
    assert upkeep.queue_cover(book)
    do_jobs(app)

    rows = db.session.execute(select(Outbox.state, Outbox.attempts, Outbox.last_error, Outbox.run_after - now())).all()
    assert {row[:2] for row in rows} == {(JobState.READY, 1)}
    assert all("out of order" in row[2] or "connection failed" in row[2] for row in rows)
    assert all(row[3] > 20 for row in rows)
    assert upkeep.queue_cover(book)
    assert Book.find_by_isbn(SAN_TI).fetched_at < now() - 99 * DAY


def test_a_host_that_says_when_to_come_back_is_left_alone_so_long(app, app_context, book, outside):
    outside.behave = answer({}, 429, Retry_After="3000")
    other = BookFactory(cover=f"{outside.url}/s2.jpg")
    for wanted in (book, other):
        upkeep.queue_cover(wanted)
    do_jobs(app)

    assert len(outside.calls) == 1
    waits = db.session.scalars(select(Outbox.run_after - now())).all()
    assert max(waits) > 2900
    assert min(waits) > 200


def test_a_refresh_done_twice_asks_once(app, app_context, book, outside):
    outside.behave = answer({"isbn": SAN_TI, "title": "三体", "pages": "302"})
    upkeep.queue_refresh(book)
    do_jobs(app)
    with db.auto_commit():
        db.session.execute(update(Outbox).values(state=JobState.READY, payload={"isbn": SAN_TI}))
    do_jobs(app)

    assert len(outside.calls) == 1
    assert Book.find_by_isbn(SAN_TI).pages == 302
    assert db.session.scalar(select(func.count()).where(Outbox.state == JobState.DONE)) == 1
