"""A real server with several workers, and readers who press buttons at the same time."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from flask import Flask, current_app
from itsdangerous import URLSafeTimedSerializer

from app import create_app
from app.models.base import db
from app.models.user import User
from app.services.account.login_session import start_session
from config import Testing
from tests.servers import free_port, is_listening, running

ROOT = Path(__file__).parent.parent.parent
CSRF = "0" * 40
KINDS = {"processes": ["--workers=3", "--threads=2"], "threads": ["--workers=1", "--threads=12"]}
ANY_KIND = ["processes", "threads"]


@dataclass(frozen=True)
class Site:
    """A served site, with an application to inspect the database, and the server's master process."""

    url: str
    app: Flask
    master: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """Return the pids of the worker processes."""
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
        return sorted(map(int, children))

    def kill_a_worker(self) -> None:
        """Kill one worker process."""
        os.kill(self.workers()[0], signal.SIGKILL)


def as_variable(value: Any) -> str:
    """Return a value of a setting as the text of its environment variable."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


@contextmanager
def served(database: str, folder: Path, workers: Sequence[str], **changed: Any) -> Iterator[Site]:
    """Serve an empty site with gunicorn until the block ends; `changed` are settings of the server and the test."""
    index = str(folder / "search.db")
    settings = {"SQLALCHEMY_DATABASE_URI": database, "SEARCH_INDEX_PATH": index, "DATABASE_BUSY_TIMEOUT": 120} | changed
    app = create_app(Testing(**settings))
    with app.app_context():
        db.create_all()
    port = free_port()
    imports = f"--config={Path(__file__).with_name('gunicorn_imports.py')}"
    command = [sys.executable, "-m", "gunicorn", imports, "--worker-class=gthread", *workers, "--timeout=60"]
    variables = {f"FISHER_{name}": as_variable(value) for name, value in settings.items()}
    kept = os.environ.copy()
    os.environ.update(variables | {"FISHER_ENV": "testing", "PYTHONPATH": str(ROOT)})
    try:
        with running(
            [*command, f"--bind=127.0.0.1:{port}", "fisher:app"], folder / "log", lambda: is_listening(port)
        ) as master:
            yield Site(f"http://127.0.0.1:{port}", app, master)
    finally:
        os.environ.clear()
        os.environ.update(kept)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def browser(reader_id: int) -> requests.Session:
    """Return a client in which a reader is logged in, with a CSRF token."""
    with db.auto_commit():
        token = start_session(db.session.get_one(User, reader_id), "test", is_remembered=False)
    signer = current_app.session_interface.get_signing_serializer(current_app)
    client = requests.Session()
    client.cookies.set("session", signer.dumps({"_user_id": token, "_fresh": True, "csrf_token": CSRF}))
    return client


def press(client: requests.Session, url: str, **fields: str) -> requests.Response:
    """Send a form as a browser would."""
    token = URLSafeTimedSerializer("testing-only", salt="wtf-csrf-token").dumps(CSRF)
    return client.post(url, data={"csrf_token": token, **fields}, allow_redirects=False, timeout=300)


def at_once(actions: list[Callable[[], requests.Response]]) -> list[requests.Response]:
    """Run all functions at the same time, each in its own thread."""
    start = threading.Barrier(len(actions))

    def do(action: Callable[[], requests.Response]) -> requests.Response:
        start.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(do, actions))
