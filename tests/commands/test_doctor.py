"""Each line of `flask doctor` when all is well, and when what it is about is not."""

import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
import time_machine
from flask_migrate import stamp, upgrade
from sqlalchemy import text, update

from app import create_app
from app.models.base import db, now
from app.models.outbox import JobState, Outbox
from app.search.extension import site_search
from app.search.schema import open_writer, write_meta
from app.services.outbox import enqueue
from app.services.preview import fonts
from app.services.preview.fonts import find_typefaces
from app.services.site.doctor.examine import CHECKS
from config import Testing
from tests.exchange import exchange
from tests.factories import BookFactory
from tests.mail.post_office import post_office
from tests.servers import free_port
from tests.stand_in import UNKNOWN_BOOK, StandIn

ROOT = Path(__file__).parents[2]
SECRET = "Hidden-8f3a"
OTHER_KEY = "ZmlzaGVyLWFub3RoZXItZmllbGQta2V5LS0tLS0wMDA="


@pytest.fixture
def settings(settings):
    return settings | {"RATELIMIT_ENABLED": True}


@pytest.fixture
def healthy(app):
    """The application of a site in which all is well."""
    with app.app_context():
        stamp()
    app.test_cli_runner().invoke(args=["search", "update"])
    app.test_cli_runner().invoke(args=["jobs", "run", "--once"])
    return app


def examine(app):
    """Return the exit code, and for each thing its lines without its name."""
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert SECRET not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    said = {}
    for line in done.output.splitlines():
        health, subject, words = line.split(None, 2)
        said.setdefault(subject, []).append(f"{health} {words}")
    return done.exit_code, said


def site_with(app, **values):
    """Return an application on the database and files of another one, with other settings."""
    kept = ("SQLALCHEMY_DATABASE_URI", "SEARCH_INDEX_PATH", "COVERS_PATH", "MAIL_FOLDER", "RATELIMIT_ENABLED")
    return create_app(Testing(**{name: app.config[name] for name in kept} | values))


def test_a_site_in_which_all_is_well(healthy):
    code, said = examine(healthy)

    assert code == 0
    assert [*said] == [
        "settings", "database", "replicas", "migrations", "keys", "index", "deadline", "cache", "limits", "mail",
        "broker", "jobs", "clock", "folders", "proxies", "door", "texts", "fonts", "catalogues",
    ]  # fmt: skip
    assert {line.split()[0] for lines in said.values() for line in lines} == {"ok", "warn", "-"}
    assert said["settings"] == ["warn testing: secrets are public; FISHER_ENV=production is for others"]
    assert said["index"] == ["ok 0 books, 0 changes wait"]
    assert (said["jobs"], said["clock"]) == (["ok 0 wait"], ["ok deadlines are applied"])


def test_settings_that_are_wrong_are_a_line_before_all_others():
    environ = {"PATH": os.environ["PATH"], "FISHER_ENV": "production", "FISHER_SECRET_KEY": SECRET}
    command = [sys.executable, "-m", "flask", "--app", "fisher", "doctor"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("Fisher can not start: production needs FISHER_FIELD_KEYS")
    assert SECRET not in done.stderr


def test_production_with_what_is_only_good_for_one_machine(healthy):
    healthy.config.update(ENVIRONMENT="production", SITE_URL="https://books.example", RATELIMIT_ENABLED=False)

    code, said = examine(healthy)

    assert code == 1
    assert said["settings"] == ["ok production, https://books.example"]
    assert said["limits"] == ["warn off: FISHER_RATELIMIT_ENABLED"]
    assert said["mail"] == ["FAIL written to files: FISHER_MAIL_BACKEND=smtp sends them"]
    assert said["proxies"][0].startswith("warn FISHER_TRUSTED_PROXIES=0")


def test_a_database_that_is_away(app):
    uri = f"mysql+pymysql://fisher:{SECRET}@127.0.0.1:{free_port()}/fisher"

    code, said = examine(site_with(app, SQLALCHEMY_DATABASE_URI=uri))

    assert (code, said["database"]) == (1, ["FAIL OperationalError 2003"])
    for subject in ("migrations", "keys", "jobs"):
        assert said[subject] == ["FAIL not known while the database can not be used"]


@pytest.mark.parametrize(
    ("revision", "line"),
    [
        (None, "the tables are at nothing, not at "),
        ("0061", "the tables are at 0061, not at "),
        ("9999", "the tables are at 9999, of a newer release than this one"),
    ],
)
def test_tables_that_are_not_of_this_release(healthy, revision, line):
    with healthy.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})

    code, said = examine(healthy)

    assert (code, said["migrations"][0].startswith(f"FAIL {line}")) == (1, True)


def test_keys_that_open_nothing(healthy):
    with healthy.app_context():
        exchange()

    code, said = examine(site_with(healthy, FIELD_KEYS=(OTHER_KEY,)))

    assert (code, said["keys"][0].startswith("FAIL no key of FISHER_FIELD_KEYS decrypts ")) == (1, True)
    assert "drift.address" in said["keys"][0]
    assert OTHER_KEY not in said["keys"][0]


def test_an_index_that_is_missing_old_or_far_behind(healthy):
    with healthy.app_context():
        place = site_search().path
        BookFactory()
        connection = open_writer(place)
        write_meta(connection, last_change=-2_000)
    assert examine(healthy)[1]["index"][0].startswith("warn 2001 changes wait")
    write_meta(connection, normaliser="of old")
    connection.close()
    with healthy.app_context():
        site_search().index.close()
    assert examine(healthy)[1]["index"] == ["warn of another release: run `flask --app fisher search update`"]
    place.unlink()
    assert examine(healthy)[1]["index"] == ["FAIL missing: run `flask --app fisher search update`"]


@pytest.mark.redis
def test_redis_for_pages_limits_and_jobs(healthy, redis_port, tmp_path):
    def lines(port, password=""):
        uri = f"redis://:{password}@127.0.0.1:{port}/0" if password else f"redis://127.0.0.1:{port}/0"
        places = {"CACHE_REDIS_URL": uri, "RATELIMIT_STORAGE_URI": uri, "CELERY_BROKER_URL": uri}
        code, said = examine(site_with(healthy, CACHE_TYPE="RedisCache", JOB_RUNNER="celery", **places))
        return code, said["cache"], said["limits"], said["broker"]

    assert lines(redis_port) == (0, ["ok Redis"], ["ok Redis"], ["ok Redis"])
    code, cache, limits, broker = lines(free_port(), SECRET)
    assert (code, cache, broker) == (1, ["FAIL ConnectionError"], ["FAIL OperationalError"])
    assert limits == ["FAIL FISHER_RATELIMIT_STORAGE_URI can not be reached; each process counts on its own"]


@pytest.mark.mariadb
def test_what_each_process_keeps_for_itself_is_odd_beside_a_server(healthy, mariadb_uri):
    site = site_with(healthy, SQLALCHEMY_DATABASE_URI=mariadb_uri)
    with site.app_context():
        upgrade()
    site.test_cli_runner().invoke(args=["jobs", "run", "--once"])

    said = examine(site)[1]

    assert said["database"][0].startswith("ok mysql 1")
    assert said["clock"] == ["ok deadlines are applied"]
    assert [said[name][0].split()[0] for name in ("cache", "limits")] == ["warn", "warn"]
    with time_machine.travel(now() + 400):
        assert examine(site)[1]["clock"][0].startswith("FAIL this machine and the database's differ by ")
    with site.app_context():
        db.engine.dispose()


def test_a_mail_server_that_is_asked_without_a_mail(healthy):
    with post_office() as (office, port):
        server = {"MAIL_BACKEND": "smtp", "SMTP_PORT": port, "SMTP_SECURITY": "none", "SMTP_TIMEOUT": 1}
        assert examine(site_with(healthy, **server))[1]["mail"] == [f"ok 127.0.0.1:{port}"]
        code, said = examine(site_with(healthy, **server, SMTP_USER="fisher", SMTP_PASSWORD=SECRET))
        assert (code, office.taken) == (1, [])
        assert said["mail"] == [f"FAIL 127.0.0.1:{port} can not be used: SMTPNotSupportedError"]
    assert examine(site_with(healthy, **server))[1]["mail"] == [
        f"FAIL 127.0.0.1:{port} can not be used: ConnectionRefusedError"
    ]


def test_jobs_that_nobody_runs_and_a_clock_that_stands(healthy):
    with healthy.app_context(), db.auto_commit():
        enqueue("mail.reset_password", {"email": SECRET})
    with time_machine.travel(now() + 3_600):
        code, said = examine(healthy)
    assert code == 1
    assert said["clock"] == ["FAIL no deadline was applied for 10 minutes: does a worker run?"]
    assert "wait, the first for 60 minutes: does a worker run?" in said["jobs"][0]

    with healthy.app_context(), db.auto_commit():
        db.session.execute(update(Outbox).where(Outbox.every.is_(None)).values(state=JobState.FAILED))
    assert examine(healthy)[1]["jobs"] == [
        "warn 1 have failed for good: `flask jobs list --failed`, `flask jobs retry`"
    ]


@pytest.mark.parametrize(
    ("seconds", "line"),
    [
        (30, "ok requests may last 30 s"),
        (2, "warn requests may last 2 s, and FISHER_DATABASE_BUSY_TIMEOUT, FISHER_BOOK_LOOKUP_DEADLINE is longer"),
        (0, "warn FISHER_REQUEST_DEADLINE=0: a page that waits for ever keeps its thread"),
    ],
)
def test_how_long_a_request_may_last(healthy, seconds, line):
    healthy.config["REQUEST_DEADLINE"] = seconds
    assert examine(healthy)[1]["deadline"] == [line]


def test_folders_that_are_gone_or_full(healthy, monkeypatch):
    covers = Path(healthy.config["COVERS_PATH"])
    shutil.rmtree(covers)
    code, said = examine(healthy)
    assert code == 1
    assert f"FAIL FISHER_COVERS_PATH: {covers} can not be written to: No such file or directory" in said["folders"]
    covers.mkdir()
    for free, health in ((50_000_000, "FAIL"), (500_000_000, "warn")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: namedtuple("Usage", "free")(free))
        assert {line.split()[0] for line in examine(healthy)[1]["folders"]} == {health}


def test_catalogues_that_answer_and_that_do_not(healthy):
    with StandIn(UNKNOWN_BOOK) as server:
        names = {"BOOK_CATALOGUES": ("yushu",), "YUSHU_URL": server.url, "YUSHU_KEY": SECRET}
        assert examine(site_with(healthy, **names))[1]["catalogues"][0].startswith("ok yushu: ")
    code, said = examine(site_with(healthy, **names))
    assert (code, said["catalogues"][0].startswith("warn yushu: out of order")) == (0, True)


def test_texts_that_are_not_compiled(healthy, monkeypatch, tmp_path):
    monkeypatch.setattr(healthy, "root_path", str(tmp_path))

    code, said = examine(healthy)

    assert code == 1
    assert said["texts"][0].startswith("FAIL not compiled")
    assert said["texts"][0].endswith("zh, zh_Hant; run `make install`")


def test_the_operators_texts(healthy, tmp_path):
    words = tmp_path / "texts"
    contact = {"CONTACT": "li@books.example"}
    assert examine(healthy)[1]["texts"] == ["warn readers are not told how to reach you: FISHER_CONTACT"]
    code, said = examine(site_with(healthy, TEXTS_PATH=str(words), **contact))
    assert (code, said["texts"]) == (1, [f"FAIL FISHER_TEXTS_PATH: {words} can not be read"])
    words.mkdir()
    (words / "maintenance.zh.md").write_text("# 维护中")
    said = examine(site_with(healthy, TEXTS_PATH=str(words), **contact))[1]
    assert said["texts"] == ["warn the site is closed for maintenance", "ok readers reach you at li@books.example"]


def test_fonts_with_chinese_letters(app_context, monkeypatch):
    monkeypatch.setattr(fonts, "FOLDERS", ())
    find_typefaces.cache_clear()
    [(health, words)] = CHECKS["fonts"]()
    find_typefaces.cache_clear()

    assert f"{health} {words}".startswith(
        "warn pictures of links go without simplified and traditional Chinese: install"
    )
    assert "apt install fonts-noto-cjk" in words


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "ok everybody can register"),
        ({"ENVIRONMENT": "production"}, "warn everybody can register, machines too: FISHER_PROOF_BITS=16 makes"),
        ({"ENVIRONMENT": "production", "PROOF_BITS": 16}, "warn everybody can register, but nobody gets the mail"),
        ({"ENVIRONMENT": "production", "DOOR": "invite"}, "ok FISHER_DOOR=invite"),
    ],
)
def test_who_can_register(app_context, changed, said):
    app_context.config.update(changed)
    [(health, words)] = CHECKS["door"]()
    assert f"{health} {words}".startswith(said)
