"""One site for all attacks: a MariaDB of its own, and gunicorn with two workers in front of it."""

import pytest
import requests

from app.models.base import db
from tests.attack.time_travel import do_jobs
from tests.servers import START_SECONDS, mariadb_database, wait_until
from tests.web.server import served

SETTINGS = {
    "TESTING": False,
    "RATELIMIT_ENABLED": True,
    # The site trusts the addresses that attackers claim: those with many machines are limited by their accounts alone.
    "TRUSTED_PROXIES": 1,
    "DOMAIN_RATE_LIMIT": "100000 per day",
    # As expensive as in production, so that response times can be compared.
    "PASSWORD_HASH_MEMORY": 19_456,
    "PASSWORD_HASH_ROUNDS": 2,
}


@pytest.fixture(scope="package")
def attacked_site(mariadb_port, tmp_path_factory):
    folder = tmp_path_factory.mktemp("attack")
    places = {name: str(folder / name.lower()) for name in ("MAIL_FOLDER", "COVERS_PATH", "IMPORTS_PATH")}
    workers = ("--workers=2", "--threads=4")
    with mariadb_database(mariadb_port) as database, served(database, folder, workers, **SETTINGS, **places) as site:
        wait_until(lambda: len(site.workers()) == 2, START_SECONDS, "gunicorn has no two workers")
        assert requests.get(f"{site.url}/healthz", timeout=START_SECONDS).status_code == 200
        assert site.app.test_cli_runner().invoke(args=["search", "update"]).exit_code == 0
        # Readers that tests create directly need no expensive hash: the next log-in replaces a cheap one.
        site.app.config.update(PASSWORD_HASH_MEMORY=64, PASSWORD_HASH_ROUNDS=1)
        yield site


@pytest.fixture
def site(attacked_site):
    """The site, with its application's context open, and the jobs left over from earlier attacks done.

    No attack may kill a worker.
    """
    with attacked_site.app.app_context():
        do_jobs()
        workers = attacked_site.workers()
        yield attacked_site
        db.session.remove()
        assert attacked_site.workers() == workers, "a worker was ended"
