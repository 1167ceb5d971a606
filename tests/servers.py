"""Throwaway servers: each test process starts its own MariaDB and Redis on loopback, and stops them.

`mariadb_uri` is a new empty database for each test, `redis_uri` an emptied Redis, and
`any_database_uri` runs a test twice, on SQLite and on MariaDB. If a program is not installed, the test is skipped,
unless FISHER_TEST_REQUIRE_ALL=1. FISHER_TEST_MARIADB_URL is a running MariaDB or MySQL in place of an own one.
"""

import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pymysql
import pytest
from sqlalchemy import URL, make_url

REQUIRE_ALL = "FISHER_TEST_REQUIRE_ALL"
GIVEN = "FISHER_TEST_MARIADB_URL"
START_SECONDS = 60
IN_MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 4 << 30
"""Free bytes in memory from which on the servers and folders of all test processes fit there."""
# Outgoing connections use ports from 32768 on, so that a server may find a port there taken.
PORTS = range(20_000, 32_000)


def program(*names: str) -> str:
    """Return the path of the first program found, or skip the test (or fail, when all programs are required)."""
    for name in names:
        path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        if path:
            return path
    reason = f"{names[0]} is not installed"
    if os.environ.get(REQUIRE_ALL) == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """Return a free port of 127.0.0.1."""
    while True:
        port = random.choice(PORTS)
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextmanager
def running(command: list[str], log: Path, is_up: Callable[[], bool]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; wait until it responds."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            wait_until(lambda: is_up() or process.poll() is not None, START_SECONDS, f"{command[0]} did not start")
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended: {log.read_text(errors='replace')[-2000:]}")
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until(is_done: Callable[[], bool], seconds: float, complaint: str) -> None:
    """Call the function every 50 ms until it returns true.

    :raises TimeoutError: with the given message.
    """
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > end:
            raise TimeoutError(complaint)
        time.sleep(0.05)


def is_listening(port: int) -> bool:
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
            return True
    except OSError:
        return False


@contextmanager
def mariadb_server(home: Path, *options: str, port: int | None = None) -> Iterator[int]:
    """Run a MariaDB, with a new data folder unless there is one, and yield its port; root has no password."""
    server, installer = program("mariadbd", "mysqld"), program("mariadb-install-db", "mysql_install_db")
    user = ["--user=root"] if os.geteuid() == 0 else []
    # A starting MariaDB clears its tmpdir, by default /tmp, even of the tables of one that is being installed.
    temporary = home / "tmp"
    temporary.mkdir(exist_ok=True)
    folders = [f"--datadir={home}/d", f"--tmpdir={temporary}"]
    if not (home / "d").exists():
        install = [installer, "--no-defaults", *folders, "--auth-root-authentication-method=normal", *user]
        done = subprocess.run([*install, "--skip-test-db"], capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
    port = port or free_port()
    command = [
        server, "--no-defaults", *user, *folders, f"--socket={home}/s", f"--pid-file={home}/pid",
        f"--port={port}", "--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin",
        "--innodb-flush-log-at-trx-commit=0", "--performance-schema=OFF", "--character-set-server=utf8mb4", *options,
    ]  # fmt: skip
    with running(command, home / "log", lambda: is_listening(port)):
        yield port


@pytest.fixture(scope="session")
def mariadb_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the given server, or of one with an empty data folder; see `mariadb_database`."""
    if GIVEN in os.environ:
        yield make_url(os.environ[GIVEN]).port or 3306
        return
    # Who waits for a table that a test has not let go of is told so, not kept until the end of the day.
    options = ("--innodb-buffer-pool-size=64M", "--max-connections=200", "--lock-wait-timeout=30")
    with short_folder(tmp_path_factory) as home, mariadb_server(Path(home), *options) as port:
        yield port


def short_folder(tmp_path_factory: pytest.TempPathFactory) -> TemporaryDirectory[str]:
    """Return a folder for servers, because the path of a socket may have at most 107 bytes.

    It is in memory, if there is room: each table that is created waits for a disk.
    """
    return TemporaryDirectory(prefix="m", dir=IN_MEMORY if has_room_in_memory() else tmp_path_factory.getbasetemp())


def has_room_in_memory() -> bool:
    """Return whether the servers and folders of all test processes fit into memory."""
    return IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM


@contextmanager
def mariadb_database(port: int) -> Iterator[str]:
    """Create an empty database on an own server or the given one, yield its SQLAlchemy URL, drop it."""
    name = f"fisher_test_{os.getpid()}_{random.randrange(10**9)}"
    server, options = make_url(os.environ.get(GIVEN, "mysql+pymysql:///")), {"charset": "utf8mb4"}
    if (server.port or 3306) != port or GIVEN not in os.environ:
        server = URL.create("mysql+pymysql", "root", host="127.0.0.1", port=port)
        options["ssl_disabled"] = "true"  # PyMySQL reads all certificates of the system for each connection

    def run(statement: str) -> None:
        login = {"user": server.username, "password": server.password or ""} | options
        with closing(pymysql.connect(host=server.host, port=port, **login)) as connection:
            connection.cursor().execute(statement)

    run(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    try:
        place = server.set(database=name, port=port, query=options)
        yield place.render_as_string(hide_password=False)
    finally:
        run(f"DROP DATABASE {name}")


@pytest.fixture
def mariadb_uri(mariadb_port: int) -> Iterator[str]:
    """A new empty MariaDB database for the test."""
    with mariadb_database(mariadb_port) as uri:
        yield uri


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def any_database_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database without tables; the test runs once on SQLite and once on MariaDB."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'any.db'}"
    return str(request.getfixturevalue("mariadb_uri"))


@contextmanager
def redis_server(home: Path, port: int, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Redis that keeps nothing on disk."""
    server = program("redis-server")
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with running([*command, "--dir", str(home), *options], home / "redis.log", lambda: is_listening(port)) as process:
        yield process


@pytest.fixture(scope="session")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A Redis server."""
    port = free_port()
    with redis_server(tmp_path_factory.mktemp("redis"), port):
        yield port


@pytest.fixture
def redis_uri(redis_port: int) -> str:
    """An empty Redis."""
    with closing(socket.create_connection(("127.0.0.1", redis_port), timeout=5)) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(100).startswith(b"+OK")
    return f"redis://127.0.0.1:{redis_port}/0"
