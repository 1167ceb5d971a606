"""A disk that is full: under the database, the search index and the pictures of books."""

import os
import subprocess
import time
from contextlib import contextmanager

import pytest
import time_machine
from sqlalchemy import event, func, select
from structlog.testing import capture_logs

from app.catalogues.api import addresses
from app.models.base import db
from app.models.gift import Gift
from app.rules.clock import DAY, HOUR
from app.search.extension import site_search
from app.search.write.index_worker import IndexWorker
from tests.exchange import NOW, book, reader
from tests.factories import BookFactory
from tests.servers import wait_until
from tests.stand_in import answer
from tests.web.book.test_cover import picture
from tests.web.forms import do_jobs
from tests.web.readers import logged_in


@pytest.fixture
def settings(settings, outside_settings):
    return settings | outside_settings | {"TESTING": False, "LOG_LEVEL": "WARNING"}


@contextmanager
def small_disk(folder):
    """A disk of 16 MB, mounted at a folder."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "fisher-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder):
    """Leave no byte on the disk of a folder; return the file that is in the way."""
    block = folder / "full"
    with block.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1024))
        except OSError:
            return block


def is_audited(app):
    with time_machine.travel(NOW + DAY):  # the readers of tests are of the future
        return app.test_cli_runner().invoke(args=["beans", "audit"]).exit_code == 0


@pytest.mark.sqlite("its file may grow no further")
@pytest.mark.parametrize(("language", "title"), [("en", "The site is taking a short break"), ("zh", "网站稍事休息")])
def test_a_database_without_room_is_read_and_changes_are_refused_whole(app, language, title):
    def limit(connection, *_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    def list_copy():
        return client.post(f"/gifts/book/{isbn}", data={"condition": "good", "ways": "post"})

    def count():
        return db.session.scalar(select(func.count(Gift.id)))

    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        isbn, client = book(), logged_in(app, reader(1, locale=language))
        db.session.remove()
        db.engine.dispose()
        event.listen(db.engine, "connect", limit)
        with capture_logs() as lines:
            answers = [list_copy()]
            while answers[-1].status_code == 303:
                assert len(answers) < 500
                answers.append(list_copy())
            pages = [client.get(path).status_code for path in ("/", "/my/gifts", "/healthz")]
        event.remove(db.engine, "connect", limit)
        db.session.remove()
        db.engine.dispose()
        assert count() == len(answers) - 1
    assert answers[-1].status_code == 503
    assert answers[-1].page.h1.get_text() == title
    assert answers[-1].headers["Retry-After"] == "60"
    assert pages == [200, 200, 200]
    assert [(line["event"], line["reason"]) for line in lines] == [
        ("the database is away", "OperationalError database or disk is full")
    ]
    assert is_audited(app)
    assert list_copy().status_code == 303


@pytest.fixture
def disk(tmp_path):
    """A folder on a disk of 16 MB, unmounted afterwards."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder):
        yield folder


class TestIndex:
    """The search index on a full disk."""

    @pytest.fixture
    def settings(self, settings, disk):
        return settings | {"SEARCH_INDEX_PATH": str(disk / "search.db")}

    def test_books_that_are_in_it_are_found_and_the_others_once_there_is_room(self, app, client, disk):
        def titles(query):
            answer = client.get(f"/book/search?q={query}")
            assert answer.status_code == 200
            return [link.get_text() for link in answer.page.select("main h2, main h3")]

        with app.app_context():
            BookFactory(title="老人与海")
        assert app.test_cli_runner().invoke(args=["search", "update"]).exit_code == 0
        assert any("老人与海" in title for title in titles("老人与海"))
        block = fill(disk)
        with app.app_context():
            for number in range(400):
                BookFactory(
                    title=f"围城{number} " + "".join(chr(0x4E00 + (number * 97 + i * 31) % 20000) for i in range(60))
                )
            place = site_search()
            worker = IndexWorker(place.path, place.source, keep_changes=86_400, interval=0.1)
            with capture_logs() as lines:
                worker.start()
                wait_until(lambda: lines, 60, "nothing is said of the disk")
            assert any("老人与海" in title for title in titles("老人与海"))
            assert not any("围城7" in title for title in titles("围城7"))
            block.unlink()

            def is_found():
                worker.wake()  # instead of waiting for up to a minute
                return any("围城7" in title for title in titles("围城7"))

            wait_until(is_found, 60, "the index does not catch up")
            worker.stop()
        assert {(line["event"], line["log_level"]) for line in lines} == {
            ("search index could not be brought up to date", "warning")
        }


class TestCovers:
    """The pictures of books on a full disk."""

    @pytest.fixture
    def settings(self, settings, disk):
        return settings | {"COVERS_PATH": str(disk / "covers")}

    def test_a_cover_is_drawn_until_there_is_room_for_its_picture(self, app, client, outside, disk, monkeypatch):
        monkeypatch.setattr(addresses, "is_public", lambda address: True)
        outside.behave = answer(picture(), content_type="image/jpeg")
        with app.app_context():
            isbn = BookFactory(title="三体", cover=f"{outside.url}/lpic/s1.jpg").isbn
        (disk / "covers" / isbn[-4:-1]).mkdir(parents=True)
        block = fill(disk)

        def kind():
            with client.get(f"/book/{isbn}/cover") as shown:
                assert shown.status_code == 200
                return shown.mimetype

        assert kind() == "image/svg+xml"
        with capture_logs() as lines:
            do_jobs(app)
        assert kind() == "image/svg+xml"
        assert [(line["event"], line["kind"]) for line in lines] == [("job failed", "book.cover")]
        assert list(disk.rglob("*.part")) == []
        block.unlink()
        with time_machine.travel(time.time() + HOUR):
            do_jobs(app)
        assert kind() == "image/webp"
