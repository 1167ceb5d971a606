"""Two web machines, a worker, a database with a replica that is five seconds behind, and Redis: one site."""

import re
import time
from pathlib import Path

import pytest
import redis
import requests

from tests.exchange import assert_audit_is_clean
from tests.jobs.celery_worker import celery_worker
from tests.replication import Replicated, pair
from tests.servers import wait_until
from tests.web.server import served

__all__ = ["pair"]  # a fixture
pytestmark = [pytest.mark.mariadb, pytest.mark.redis, pytest.mark.slow]

BEHIND, WAIT = 5, 90
PASSWORD = "a correct horse and its battery"
ISBN = "9787536692930"


class Browser(requests.Session):
    """A browser that balancers send to one machine and to the other; it keeps its cookies."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["Accept-Language"] = "en"

    def ask(self, machine: str, path: str) -> requests.Response:
        return self.get(machine + path, timeout=60, allow_redirects=False)

    def press(self, machine: str, path: str, page: str = "", **fields: str) -> requests.Response:
        """Send the form of a page to `path`, by default from the page at the same path."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask(machine, page or path).text)
        assert found, page or path
        data = {"csrf_token": found.group(1), **fields}
        return self.post(machine + path, data=data, timeout=60, allow_redirects=False)


def of(folder: Path, name: str) -> dict[str, str]:
    """Return the settings for the own files of a machine."""
    (folder / name).mkdir()
    files = {"MAIL_FOLDER": "mail", "COVERS_PATH": "covers", "IMPORTS_PATH": "imports"}
    return {setting: str(folder / name / file) for setting, file in files.items()}


def selects(pair: Replicated) -> int:
    return int(str(pair.on_replica("SHOW GLOBAL STATUS LIKE 'Com_select'")[0][1]))


def test_two_machines_are_one_site(pair, redis_port, redis_uri, tmp_path):
    base = redis_uri.removesuffix("/0")
    shared = {
        "SQLALCHEMY_DATABASE_URI": pair.uri, "DATABASE_REPLICA_URLS": (pair.replica_uri,), "DATABASE_REPLICA_LAG": 60,
        "CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": f"{base}/0", "PAGE_CACHE_SECONDS": 10,
        "RATELIMIT_ENABLED": True, "RATELIMIT_STORAGE_URI": f"{base}/1", "LOGIN_RATE_LIMIT": "3 per hour",
        "JOB_RUNNER": "celery", "CELERY_BROKER_URL": f"{base}/2", "JOB_POLL": 1, "LOG_LEVEL": "INFO",
        "REQUEST_DEADLINE": 60,
    }  # fmt: skip
    web = {name: shared | of(tmp_path, name) | {"SEARCH_KEEPER": True} for name in ("a", "b")}
    work = shared | of(tmp_path, "w") | {"SEARCH_INDEX_PATH": str(tmp_path / "w" / "search.db")}
    work["DATABASE_REPLICA_URLS"] = pair.replica_uri
    kind = ["--workers=1", "--threads=4"]
    with (
        served(pair.uri, tmp_path / "a", kind, **web["a"]) as one,
        served(pair.uri, tmp_path / "b", kind, **web["b"]) as two,
        celery_worker(work, tmp_path / "w"),
    ):
        pair.catch_up()
        pair.delay(BEHIND)
        a, b = one.url, two.url
        for name, machine in (("a", a), ("b", b)):
            Browser().ask(machine, "/user/1")  # which is never kept
            log = tmp_path / name / "log"
            wait_until(lambda log=log: "replica used" in log.read_text(), WAIT, f"{name} uses no replica")

        # An account: registered on one machine, its mail sent by the worker, confirmed at once on the other.
        reader = Browser()
        account = {"nickname": "Lin", "email": "lin@example.org", "password": PASSWORD}
        assert reader.press(a, "/register", **account).status_code == 302
        mails = tmp_path / "w" / "mail"
        wait_until(lambda: list(mails.glob("*.eml")), WAIT, "the worker sends no mail")
        link = re.search(r"/confirm/[\w.-]+", next(mails.glob("*.eml")).read_text().replace("=\n", ""))
        assert Browser().ask(b, link.group()).status_code == 200
        assert Browser().press(b, link.group()).status_code == 302

        # A session: begun on one, valid on the other.
        assert reader.press(b, "/login", email=account["email"], password=PASSWORD).status_code == 302
        assert reader.ask(a, "/personal").status_code == 200

        # A book and a copy: written through one, at once on the other, in its own index soon.
        fields = {"title": "Two Machines", "authors": "Lin", "language": "en"}
        assert reader.press(a, f"/book/{ISBN}/entry", **fields).status_code in (302, 303)
        assert "Two Machines" in reader.ask(b, f"/book/{ISBN}/detail").text
        offered = reader.press(b, f"/gifts/book/{ISBN}", page=f"/book/{ISBN}/detail", condition="good", ways="post")
        assert offered.status_code in (302, 303)
        assert "Two Machines" in reader.ask(a, "/my/gifts").text
        for machine in (a, b):
            wait_until(
                lambda machine=machine: "Two Machines" in reader.ask(machine, "/book/search?q=machines").text,
                WAIT,
                f"{machine} does not find it",
            )

        # Whoever has done something sees it, although logged out, and logged out is so everywhere.
        assert reader.press(a, "/logout", page="/personal").status_code == 302
        assert reader.ask(b, "/personal").status_code == 302
        assert "Two Machines" in reader.ask(b, "/").text
        assert "Two Machines" in reader.ask(a, "/").text

        # Strangers read from the replica, and see it when that has it.
        before = selects(pair)
        for machine in (a, b):
            wait_until(
                lambda machine=machine: "Two Machines" in Browser().ask(machine, "/").text,
                WAIT,
                f"{machine} does not show it",
            )
        assert selects(pair) > before

        # A page that one has kept is shown by the other, which does not make it anew.
        with redis.Redis.from_url(f"{base}/0") as kept:
            Browser().ask(a, "/books?letter=q")
            key = next(key for key in kept.scan_iter() if b"letter=q" in key)
            left = kept.pttl(key)
            time.sleep(1)
            assert Browser().ask(b, "/books?letter=q").status_code == 200
            assert 0 < kept.pttl(key) < left - 900

        # Wrong passwords are counted together.
        thief = Browser()
        tries = [
            thief.press(machine, "/login", email=account["email"], password=f"wrong {machine}").status_code
            for machine in (a, b, a, b)
        ]
        assert tries[-1] == 429
        assert 429 not in tries[:3]

        # Without the replica, nobody notices.
        pair.stop()
        for machine in (a, b):
            for path in ("/", "/books", f"/book/{ISBN}/detail", "/user/1"):
                assert Browser().ask(machine, path).status_code == 200, path
        with one.app.app_context():
            assert_audit_is_clean()
