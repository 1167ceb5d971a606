"""Backups of a site in use, on both engines, and what a restore brings back."""

import dataclasses
import errno
import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, make_url, select, text

from app import create_app
from app.models.base import Base, db, now
from app.models.book import Book
from app.models.user import User
from app.services.account.login_session import start_session
from app.services.account.pool import run_pool
from app.services.delivery.postal_address import keep_address, list_addresses
from app.services.site import backup, restore
from app.services.site.backup_manifest import COVERS, DATABASE, MANIFEST, read_manifest
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.exchange import HOME, assert_audit_is_clean, book, exchange, reader
from tests.servers import mariadb_database, wait_until

ROOT = Path(__file__).parents[2]
PICTURE = "123/9787536692930-small.webp"
OTHER_KEY = "ZmlzaGVyLWFub3RoZXItZmllbGQta2V5LS0tLS0wMDA="
engines = pytest.mark.parametrize(
    "other_uri", ["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)], indirect=True
)


@contextmanager
def site_on(uri, home, **values):
    """Yield the application on a database and folders of its own, with its context open."""
    folders = {"SEARCH_INDEX_PATH": str(home / "search.db"), "COVERS_PATH": str(home / "covers")}
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=uri, **folders, **values))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A SQLite file with the tables as migrations make them."""
    home = tmp_path_factory.mktemp("migrated")
    with site_on(f"sqlite:///{home / 'migrated.db'}", home):
        upgrade()
    return home / "migrated.db"


@contextmanager
def lively_site(uri, home, migrated):
    """Yield a site with some exchanges and a picture."""
    if uri.startswith("sqlite"):
        shutil.copy(migrated, make_url(uri).database)
    with site_on(uri, home) as app:
        upgrade()
        for state in ("waiting", "accepted", "received", "missing"):
            asker = exchange(state).asker
            with db.auto_commit():
                keep_address(asker, HOME)
        reader(3, last_seen=1)
        run_pool(now())
        db.session.rollback()  # what it has read would keep the tables
        path = home / "covers" / PICTURE
        path.parent.mkdir(parents=True)
        path.write_bytes(b"a picture")
        yield app


@pytest.fixture
def site(tmp_path, migrated):
    """A site with some life in it, on SQLite."""
    with lively_site(f"sqlite:///{tmp_path / 'site.db'}", tmp_path / "site", migrated) as app:
        yield app


@pytest.fixture
def any_site(any_database_uri, tmp_path, migrated):
    """A site with some life in it, once on SQLite and once on MariaDB."""
    with lively_site(any_database_uri, tmp_path / "site", migrated) as app:
        yield app


@pytest.fixture
def other_uri(request, tmp_path):
    """Another empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'other.db'}"
    else:
        with mariadb_database(request.getfixturevalue("mariadb_port")) as uri:
            yield uri


@pytest.fixture
def empty_site(tmp_path):
    """A site that was never used."""
    with site_on(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path / "empty") as app:
        yield app


def run(app, *words):
    db.session.rollback()
    with app.app_context():
        return app.test_cli_runner().invoke(args=["backup", *map(str, words)])


def make(app, folder):
    """Back up a site and return where."""
    done = run(app, "create", folder)
    assert done.exit_code == 0, done.output
    return max(folder.iterdir())


def rows_of_all_tables():
    db.session.rollback()
    with db.engine.connect() as connection:
        return {each.name: sorted(map(repr, connection.execute(select(each)))) for each in Base.metadata.sorted_tables}


@engines
def test_a_restored_site_has_everything_that_the_backup_had(any_site, other_uri, tmp_path):
    user = db.session.scalars(select(User)).first()
    with db.auto_commit():
        token = start_session(user, "test", is_remembered=False)
    asker = next(id for id in db.session.scalars(select(User.id)) if list_addresses(id))
    before, made = rows_of_all_tables(), make(any_site, tmp_path / "backups")

    with site_on(other_uri, tmp_path / "other") as other:
        done = run(other, "restore", made)

        assert (done.exit_code, done.output.splitlines()[-1]) == (
            0,
            "restored; 4 books indexed, 0 faults in the audit of beans",
        )
        assert rows_of_all_tables() == before
        assert_audit_is_clean()
        assert [address for _, address in list_addresses(asker)] == [HOME]
        assert (tmp_path / "other" / "covers" / PICTURE).read_bytes() == b"a picture"
        assert_is_logged_in(other, token)
        assert_finds(other, db.session.scalars(select(Book)).first())
        assert other.test_cli_runner().invoke(args=["search", "check"]).exit_code == 0
        assert book() not in before["book"]  # ids go on where they were


def assert_is_logged_in(app, token):
    client = Reader(app, PageResponse)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    assert client.get("/personal").status_code == 200


def assert_finds(app, wanted):
    page = Reader(app, PageResponse).get(f"/book/search?q={wanted.title}").page
    assert page.select_one(f"a[href*='{wanted.isbn}']")


@pytest.mark.slow
def test_a_backup_made_while_others_write_is_of_one_moment(any_site, empty_site, tmp_path):
    with any_site.app_context(), db.auto_commit():
        token = start_session(db.session.scalars(select(User)).first(), "test", is_remembered=False)
    stop, faults, done = threading.Event(), [], []

    def live():
        try:
            with any_site.app_context():
                while not stop.is_set():
                    done.append(exchange("received"))
        except Exception as fault:  # noqa: BLE001  (any failure of a thread fails the test)
            faults.append(fault)

    living = threading.Thread(target=live)
    living.start()
    made = []
    for number in range(2):
        wait_until(lambda number=number: faults or len(done) > number, 60, "nobody lives there")
        made.append(make(any_site, tmp_path / f"backups{number}"))
    stop.set()
    living.join()

    assert faults == []
    for site, folder, words in ((any_site, made[0], ["--replace"]), (empty_site, made[1], [])):
        restored = run(site, "restore", folder, *words)
        assert "0 faults in the audit" in restored.output, restored.output
        with site.app_context():
            assert_is_logged_in(site, token)
            assert_finds(site, db.session.scalars(select(Book)).first())
            assert site.test_cli_runner().invoke(args=["search", "check"]).exit_code == 0
    with empty_site.app_context(), db.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.slow
def test_a_backup_of_an_older_release_is_brought_up_to_date(any_site, empty_site, tmp_path):
    with any_site.app_context():
        isbns = sorted(db.session.scalars(select(Book.isbn)))
        db.session.remove()
        downgrade(revision="0061", x_arg="yes-lose-data")
        made = make(any_site, tmp_path / "backups")

    assert read_manifest(made).revision == "0061"
    with empty_site.app_context():
        assert run(empty_site, "restore", made).exit_code == 0
        assert sorted(db.session.scalars(select(Book.isbn))) == isbns
        assert_audit_is_clean()


@pytest.mark.slow
def test_a_backup_names_its_keys_and_holds_none(site, tmp_path):
    made = make(site, tmp_path / "backups")

    assert sorted(path.name for path in made.iterdir()) == [COVERS, DATABASE, MANIFEST]
    assert made.stat().st_mode & 0o077 == 0
    assert list(read_manifest(made).keys) == ["FISHER_FIELD_KEYS", "FISHER_SECRET_KEY"]
    for path in made.iterdir():
        assert not any(
            key.encode() in path.read_bytes() for key in [site.config["SECRET_KEY"], *site.config["FIELD_KEYS"]]
        )
    db.session.remove()
    with site_on(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other", FIELD_KEYS=(OTHER_KEY,)) as other:
        for words in (["verify", made], ["restore", made]):
            said = run(other, *words)
            assert "FISHER_FIELD_KEYS of this site is without 1 of the 1 of the backup" in said.output
            assert "FISHER_SECRET_KEY" not in said.output


def test_a_damaged_backup_is_found_out_and_not_restored(site, empty_site, tmp_path):
    made = make(site, tmp_path / "backups")
    assert run(site, "verify", made).output.endswith("the backup is whole\n")
    for name in (DATABASE, COVERS, MANIFEST):
        content = (made / name).read_bytes()
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        for harmed in (changed, content[:-100], None):
            damaged = shutil.copytree(made, tmp_path / "damaged")
            (damaged / name).unlink() if harmed is None else (damaged / name).write_bytes(harmed)
            for command in ("verify", "restore"):
                done = run(empty_site, command, damaged)
                assert (done.exit_code, name in done.output) == (1, True), done.output
            shutil.rmtree(damaged)
    with empty_site.app_context():
        assert inspect(db.engine).get_table_names() == []


def test_a_backup_that_broke_off_leaves_nothing_that_looks_like_one(site, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_pack_covers", full)
        done = run(site, "create", tmp_path / "backups")

    assert (done.exit_code, done.output) == (1, "Error: broken off: [Errno 28] No space left on device\n")
    assert [*(tmp_path / "backups").iterdir()] == []


@pytest.mark.slow
def test_a_backup_whose_process_was_killed_is_no_backup(site, tmp_path):
    dying = f"""
import os, pathlib, fisher
from app.services.site import backup
backup._pack_covers = lambda path: path.write_bytes(b"half") and os._exit(9)
with fisher.app.app_context():
    backup.create_backup(pathlib.Path({str(tmp_path / "backups")!r}))
"""
    kept = ("SQLALCHEMY_DATABASE_URI", "SEARCH_INDEX_PATH", "COVERS_PATH")
    environ = {"PATH": os.environ["PATH"], "FISHER_ENV": "testing"}
    environ |= {f"FISHER_{name}": site.config[name] for name in kept}
    done = subprocess.run([sys.executable, "-c", dying], cwd=ROOT, env=environ, check=False)

    (left,) = (tmp_path / "backups").iterdir()

    assert (done.returncode, left.suffix) == (9, ".part")
    assert sorted(path.name for path in left.iterdir()) == [COVERS, DATABASE]
    for command in (["verify"], ["restore", "--replace"]):
        assert "is no whole backup" in run(site, *command, left).output
    with time_machine.travel(now() + 60):
        assert run(site, "create", tmp_path / "backups").exit_code == 0


@pytest.mark.slow
def test_a_database_with_rows_is_only_replaced_when_that_is_said(any_site, tmp_path):
    before, made = rows_of_all_tables(), make(any_site, tmp_path / "backups")
    reader()
    later = rows_of_all_tables()

    refused = run(any_site, "restore", made)

    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    assert rows_of_all_tables() == later
    assert run(any_site, "restore", made, "--replace").exit_code == 0
    assert rows_of_all_tables() == before


@pytest.mark.slow
def test_tables_of_others_are_not_dropped_unasked(site, empty_site, tmp_path):
    made = make(site, tmp_path / "backups")
    with empty_site.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE shopping (thing TEXT)"))
        connection.execute(text("INSERT INTO shopping VALUES ('milk')"))

    assert "the database has 1 rows: --replace deletes them" in run(empty_site, "restore", made).output
    assert run(empty_site, "restore", made, "--replace").exit_code == 0


@pytest.mark.slow
def test_a_restore_that_broke_off_is_run_again(site, empty_site, tmp_path, monkeypatch):
    made = make(site, tmp_path / "backups")

    def copy_and_fail(source, target):
        copy_rows(source, target)
        raise OSError(errno.EIO, "Input/output error")

    copy_rows = restore.copy_rows
    with empty_site.app_context():
        with monkeypatch.context() as patched:
            patched.setattr(restore, "copy_rows", copy_and_fail)
            assert run(empty_site, "restore", made).exit_code == 1
        assert run(empty_site, "restore", made).exit_code == 0


def test_a_backup_of_a_newer_release_is_refused(site, empty_site, tmp_path):
    made = make(site, tmp_path / "backups")
    dataclasses.replace(read_manifest(made), revision="9999").write(made)

    with empty_site.app_context():
        assert "of a newer Fisher" in run(empty_site, "restore", made).output


def test_a_database_without_tables_is_no_site(empty_site, tmp_path):
    assert "no tables of Fisher" in run(empty_site, "create", tmp_path / "backups").output
    assert run(empty_site, "create", tmp_path / "empty.db").exit_code == 2


@pytest.mark.slow
def test_pictures_can_be_left_out(site, empty_site, tmp_path):
    assert run(site, "create", "--no-covers", tmp_path / "backups").exit_code == 0

    with empty_site.app_context():
        assert run(empty_site, "restore", next((tmp_path / "backups").iterdir())).exit_code == 0
    assert not (tmp_path / "empty" / "covers" / PICTURE).exists()
