"""The files of deploy/: what they start exists, and workers are replaced without a failed request."""

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from tests.servers import free_port, program, running, wait_until
from tests.web.server import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
HOME = "/srv/fisher/"


def commands(unit):
    return [
        shlex.split(line)
        for line in re.findall(r"^ExecStart=(.*)$", (DEPLOY / "systemd" / unit).read_text(), re.MULTILINE)
    ]


@pytest.mark.parametrize("unit", [name for name in UNITS if name.endswith(".service")])
def test_what_a_unit_starts_exists(unit):
    assert commands(unit)
    for command in commands(unit):
        binary = command[0].removeprefix(HOME)
        assert (ROOT / binary).exists() or Path(command[0]).exists(), command
        for word in command[1:]:
            if word.startswith("deploy/"):
                assert (ROOT / word).is_file(), word
    if "flask" in commands(unit)[0][0]:
        words = commands(unit)[0][3:-1]
        told = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "fisher", *words, "--help"], cwd=ROOT, check=False
        )
        assert told.returncode == 0


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_a_unit(unit, tmp_path):
    binary = tmp_path / "program"
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o755)
    for path in sorted((DEPLOY / "systemd").iterdir()):
        text = re.sub(r"/srv/fisher/\.venv/bin/\w+", str(binary), path.read_text())
        (tmp_path / path.name).write_text(text)
    told = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", str(tmp_path / unit)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert [line for line in told.stderr.splitlines() if "fisher-" in line] == []
    assert told.returncode == 0, told.stderr


@pytest.fixture
def served(tmp_path):
    """The site as `make serve` serves it, with two workers; yields its URL, the server and its log."""
    port = free_port()
    settings = {
        "FISHER_ENV": "testing", "FISHER_SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'fisher.db'}",
        "FISHER_SEARCH_INDEX_PATH": str(tmp_path / "search.db"), "FISHER_COVERS_PATH": str(tmp_path / "covers"),
        "FISHER_MAIL_FOLDER": str(tmp_path / "mail"), "SERVE_ON": f"127.0.0.1:{port}", "WORKERS": "2",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--config", str(DEPLOY / "gunicorn.py"), "--chdir", str(ROOT)]
    url = f"http://127.0.0.1:{port}"

    def is_up():
        try:
            return requests.get(f"{url}/healthz", timeout=1).ok
        except requests.RequestException:
            return False

    kept = os.environ.copy()
    os.environ.update(settings)
    try:
        with running(command, tmp_path / "log", is_up) as server:
            yield url, server
    finally:
        os.environ.clear()
        os.environ.update(kept)


def workers(server):
    return set(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split())


@pytest.mark.slow
def test_workers_are_replaced_without_a_failed_request(served):
    url, server = served
    is_over, answers, failures = threading.Event(), [], []

    def ask():
        while not is_over.is_set():
            try:
                answers.append(requests.get(f"{url}/healthz", timeout=120).status_code)
            except requests.RequestException as error:
                failures.append(error)
            is_over.wait(0.01)  # leaves the processor to the workers

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(2):
            before, asked = workers(server), len(answers)
            server.send_signal(signal.SIGHUP)
            wait_until(
                lambda old=before: len(workers(server) - old) == 2 and not workers(server) & old, 120, "the same"
            )
            wait_until(lambda asked=asked: len(answers) > asked + 20, 120, "no answers")
    finally:
        is_over.set()
        for thread in threads:
            thread.join()

    assert (failures, set(answers)) == ([], {200})


@pytest.mark.slow
def test_a_client_says_nothing_about_itself_that_is_believed(served):
    url, _ = served
    told = requests.get(f"{url}/personal", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"},
                        allow_redirects=False, timeout=60)  # fmt: skip

    assert told.status_code == 302
    assert "evil" not in told.headers["Location"]
    assert not told.headers["Location"].startswith("https:")
