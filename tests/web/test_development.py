"""A development site serves only its own machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from config import Development, Testing
from tests.servers import free_port

FISHER = Path(__file__).parents[2]
EVERYWHERE = "0.0.0.0"  # noqa: S104  (nothing is bound: it is refused)
QUIET = {"FISHER_JOB_RUNNER": "none", "FISHER_SEARCH_KEEPER": "no", "FISHER_BOOK_CATALOGUES": ""}


def environ(tmp_path, **more):
    own = {name: value for name, value in os.environ.items() if not name.startswith(("FISHER_", "FLASK_"))}
    database = {"FISHER_SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/fisher.db"}
    return own | QUIET | database | {"FISHER_SEARCH_INDEX_PATH": f"{tmp_path}/search.db"} | more


@pytest.mark.parametrize(
    ("more", "host", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "[::1]", 200),
        ({}, EVERYWHERE, 403),
        ({}, "192.0.2.7", 403),
        ({"SERVE_OTHERS": True}, EVERYWHERE, 200),
    ],
)
def test_whatever_server_it_is_other_addresses_are_refused_without_the_flag(settings, more, host, status):
    quiet = {"JOB_RUNNER": "none", "SEARCH_KEEPER": False, "BOOK_CATALOGUES": (), "LOG_LEVEL": "ERROR"}
    app = create_app(Development(**settings | quiet | more))

    assert app.test_client().get("/healthz", environ_overrides={"SERVER_NAME": host.strip("[]")}).status_code == status


def test_sites_of_other_environments_are_for_everybody(settings):
    client = create_app(Testing(**settings)).test_client()

    assert client.get("/healthz", environ_overrides={"SERVER_NAME": EVERYWHERE}).status_code == 200


def test_a_development_site_that_is_told_to_serve_others_does_not_start(tmp_path):
    run = [sys.executable, "-m", "flask", "--app", "fisher", "run", "--host", EVERYWHERE, "--port", str(free_port())]
    done = subprocess.run(run, cwd=FISHER, env=environ(tmp_path), capture_output=True, text=True, timeout=60)

    assert done.returncode != 0
    [line] = done.stderr.splitlines()
    assert line.startswith("Fisher can not start:")
    assert "FISHER_SERVE_OTHERS=yes" in line
