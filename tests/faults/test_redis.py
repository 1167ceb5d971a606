"""A Redis that asks for a password over TLS, one that somebody else writes to, and one that goes and comes back."""

import pickle
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import redis
from kombu import pools
from sqlalchemy import func, select
from structlog.testing import capture_logs

from app import create_app
from app.cache_values import SIGNATURE_BYTES, SignedValues
from app.extensions import limiter
from app.models.base import db
from app.models.outbox import JobState, Outbox
from app.services.account.recovery import request_reset
from app.web.page.login_limits import fallback_limiter
from config import load_settings
from tests.factories import UserFactory
from tests.faults.certificates import write_certificate
from tests.jobs.celery_worker import celery_worker
from tests.servers import free_port, redis_server, wait_until
from tests.web.forms import log_in
from tests.web.page.limits.visitors import EMAIL, visitor

pytestmark = pytest.mark.redis
PASSWORD = "p@ss/word"
IN_URL = "p%40ss%2Fword"
USES = ("CACHE_REDIS_URL", "RATELIMIT_STORAGE_URI", "CELERY_BROKER_URL")


@contextmanager
def site_on(settings, address):
    """A site that uses a Redis for everything, with settings read as an operator writes them."""
    given = settings | {"CACHE_TYPE": "RedisCache", "RATELIMIT_ENABLED": True, "JOB_RUNNER": "celery"}
    given |= dict.fromkeys(USES, address) | {"ENV": "testing", "LOG_LEVEL": "WARNING"}
    app = create_app(load_settings({f"FISHER_{name}": str(value) for name, value in given.items()}))
    limiter._storage_dead = False
    fallback_limiter.storage.reset()
    pools.reset()  # which knows its connections by host and password, and not by their certificate
    with app.app_context():
        UserFactory(email=EMAIL)
        db.session.remove()
    yield app
    limiter._storage_dead = False
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def locked_redis(tmp_path_factory):
    """A Redis that speaks TLS only and asks for a password: its port, and the file of its certificate."""
    home, port = tmp_path_factory.mktemp("locked"), free_port()
    certificate, key = write_certificate(home, "redis")
    tls = ["--tls-port", str(port), "--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
    tls += ["--tls-ca-cert-file", str(certificate), "--tls-auth-clients", "no", "--requirepass", PASSWORD]
    with redis_server(home, port, "--port", "0", *tls):
        yield port, certificate


def address_of(locked_redis, password=IN_URL):
    port, certificate = locked_redis
    return f"rediss://:{password}@127.0.0.1:{port}/0?ssl_ca_certs={certificate}"


def doctor(app):
    lines = app.test_cli_runner().invoke(args=["doctor"]).output.splitlines()
    found = {subject: health for health, subject, _words in (line.split(None, 2) for line in lines)}
    return [found[subject] for subject in ("cache", "limits", "broker")]


def wrong_log_ins(app, times):
    return [log_in(visitor(app), EMAIL, "wrong password").status_code for _ in range(times)]


def waiting(app):
    with app.app_context():
        is_open = (Outbox.kind == "mail.reset_password", Outbox.state != JobState.DONE)
        return db.session.scalar(select(func.count()).where(*is_open))


def test_cache_limits_and_jobs_use_tls_and_a_password(settings, locked_redis, tmp_path):
    address = address_of(locked_redis)
    with site_on(settings, address) as app, closing(redis.Redis.from_url(address)) as store:
        store.flushall()
        assert visitor(app).get("/").status_code == 200
        assert wrong_log_ins(app, 6) == [400] * 5 + [429]
        assert len(store.keys("flask_cache_page:*")) == 1
        assert store.keys("LIMITS*")
        assert doctor(app) == ["ok", "ok", "ok"]
        with app.app_context():
            request_reset(EMAIL)
        assert store.llen("celery") == 1
        with celery_worker(app_settings(app), tmp_path):
            wait_until(lambda: waiting(app) == 0, 60, "celery does nothing")


def app_settings(app):
    names = ("SQLALCHEMY_DATABASE_URI", "SEARCH_INDEX_PATH", "MAIL_FOLDER", "JOB_RUNNER", "CELERY_BROKER_URL")
    return {name: app.config[name] for name in names}


@pytest.mark.parametrize("fault", ["wrong password", "no password", "another certificate", "no TLS"])
def test_a_redis_that_does_not_let_us_in_or_is_another_one_is_done_without(settings, locked_redis, tmp_path, fault):
    other, _ = write_certificate(tmp_path, "other")
    address = {
        "wrong password": address_of(locked_redis, "geheim"),
        "no password": address_of(locked_redis, ""),
        "another certificate": address_of((locked_redis[0], other)),
        "no TLS": address_of(locked_redis).replace("rediss", "redis").partition("?")[0],
    }[fault]
    with site_on(settings, address) as app, capture_logs() as lines:
        assert visitor(app).get("/").status_code == 200
        assert wrong_log_ins(app, 6) == [400] * 5 + [429]
        with app.app_context():
            request_reset(EMAIL)
        assert waiting(app) == 1
        assert doctor(app) == ["FAIL", "FAIL", "FAIL"]

    events = {line["event"] for line in lines}
    assert {"kept pages out of reach", "rate limits out of reach", "no hint to celery"} <= events
    assert "geheim" not in str(lines)


def test_a_broker_whose_certificate_nobody_vouches_for_gets_no_job(settings, locked_redis):
    address = f"rediss://:{IN_URL}@127.0.0.1:{locked_redis[0]}/0"
    with site_on(settings, address) as app, capture_logs() as lines, app.app_context():
        request_reset(EMAIL)

    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["no hint to celery"]


class Harm:
    """Runs code when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_what_others_write_to_redis_is_neither_run_nor_shown(settings, redis_uri, tmp_path):
    harm = pickle.dumps(Harm(tmp_path / "harm"))
    pickle.loads(harm)  # noqa: S301
    (tmp_path / "harm").unlink()  # it does what it should
    stranger = SignedValues("another secret").dumps((b"<h1>Not ours</h1>", "text/html"))
    with site_on(settings, redis_uri) as app, closing(redis.Redis.from_url(redis_uri)) as store:
        page = visitor(app).get("/").text
        (key,) = store.keys("flask_cache_page:*")
        ours = store.get(key)
        changed = ours.replace(b"text/html", b"text/evil")
        assert changed != ours
        for poison in (
            b"!" + harm,
            harm,
            b"!" + harm[:-1],
            stranger,
            changed,
            ours[:-1],
            ours[SIGNATURE_BYTES:],
            b"",
            b"7",
        ):
            store.set(key, poison)
            with capture_logs() as lines:
                answer = visitor(app).get("/")
            assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/html", page)
            assert [line["event"] for line in lines if line["log_level"] == "warning"] == [
                "a value of the cache is not ours"
            ]
            assert store.get(key)[SIGNATURE_BYTES:] == ours[SIGNATURE_BYTES:]

    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("value", [None, 7, "鱼", b"\x00\xff", [b"a", {"b": [1.5, b"c"]}], {"waiting": 2}, {}, []])
def test_values_come_back_as_they_were_kept(value):
    kept = SignedValues("secret")

    assert kept.loads(kept.dumps(value)) == value
    assert SignedValues("other").loads(kept.dumps(value)) is None


def test_a_redis_that_goes_and_comes_back_is_used_again(settings, tmp_path):
    port = free_port()
    address = f"redis://127.0.0.1:{port}/0"
    with redis_server(tmp_path, port):
        site = site_on(settings, address)
        app = site.__enter__()
        client = visitor(app)
        assert client.get("/").status_code == 200
        assert wrong_log_ins(app, 1) == [400]
    with capture_logs() as lines:
        for path in ("/", "/book/search?q=x", "/books"):
            assert client.get(path).status_code == 200
        assert wrong_log_ins(app, 6) == [400] * 5 + [429]
        with app.app_context():
            request_reset(EMAIL)
    assert {"kept pages out of reach", "rate limits out of reach", "no hint to celery"} <= {
        line["event"] for line in lines
    }

    with redis_server(tmp_path, port), closing(redis.Redis.from_url(address)) as store:

        def is_used_again():
            client.get("/")
            client.get("/book/search?q=x")
            return store.keys("flask_cache_page:*") and store.keys("LIMITS*search*")

        wait_until(is_used_again, 40, "pages and limits stay in the process")
        assert wrong_log_ins(app, 6) == [400] * 5 + [429]
        with app.app_context():
            request_reset(EMAIL)
        assert store.llen("celery") == 1
        with celery_worker(app_settings(app), tmp_path):
            wait_until(lambda: waiting(app) == 0, 60, "the job of the meantime is lost")
    site.__exit__(None, None, None)
