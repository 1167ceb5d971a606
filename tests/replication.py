"""A throwaway MariaDB with a replica that applies changes as late as a test wants."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pymysql
import pytest

from tests.servers import free_port, mariadb_server, short_folder, wait_until

SMALL = ("--innodb-buffer-pool-size=32M", "--max-connections=100")
READER = "visitor"
"""Who may read on the replica and nothing else, so that a write there would fail."""


class Replicated:
    """A primary with the empty database `fisher`, and its replica, which a test stops and starts."""

    def __init__(self, home: Path, primary_port: int) -> None:
        self._home, self._primary_port, self._port = home, primary_port, free_port()
        self._running: AbstractContextManager[int] | None = None
        self.on_primary(
            "CREATE USER follower@'127.0.0.1' IDENTIFIED BY 'follows'",
            "GRANT REPLICATION SLAVE ON *.* TO follower@'127.0.0.1'",
            f"CREATE USER {READER}@'127.0.0.1'",
            f"GRANT SELECT ON fisher.* TO {READER}@'127.0.0.1'",
            "CREATE DATABASE fisher COLLATE utf8mb4_unicode_ci",
        )
        self.start()
        self.on_replica(
            f"CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={primary_port}, MASTER_USER='follower',"
            " MASTER_PASSWORD='follows', MASTER_USE_GTID=slave_pos",
            "START SLAVE",
        )

    @property
    def uri(self) -> str:
        """The URL of the database on the primary."""
        return f"mysql+pymysql://root@127.0.0.1:{self._primary_port}/fisher?charset=utf8mb4"

    @property
    def replica_uri(self) -> str:
        """The URL of the database on the replica."""
        return f"mysql+pymysql://{READER}@127.0.0.1:{self._port}/fisher?charset=utf8mb4"

    @property
    def replica_name(self) -> str:
        """What the site calls the replica."""
        return f"127.0.0.1:{self._port}"

    def on_primary(self, *statements: str) -> tuple[tuple[object, ...], ...]:
        """Run statements as root and return the rows of the last one."""
        return _run(self._primary_port, statements)

    def on_replica(self, *statements: str) -> tuple[tuple[object, ...], ...]:
        """Run statements as root and return the rows of the last one."""
        return _run(self._port, statements)

    def start(self) -> None:
        """Start the replica, unless it runs."""
        if self._running:
            return
        options = (*SMALL, "--server-id=2", "--read-only")
        self._running = mariadb_server(self._home, *options, port=self._port)
        self._running.__enter__()

    def stop(self) -> None:
        """Stop the replica, if it runs."""
        if self._running:
            self._running.__exit__(None, None, None)
            self._running = None

    def delay(self, seconds: int) -> None:
        """Let the replica apply each change that many seconds after the primary."""
        self.on_replica("STOP SLAVE", f"CHANGE MASTER TO MASTER_DELAY={seconds}", "START SLAVE")

    def restore(self) -> None:
        """Let the replica run, refuse writes and follow without delay, and wait until it has everything."""
        self.start()
        self.on_replica("SET GLOBAL read_only = 1")
        self.delay(0)
        self.catch_up()

    def catch_up(self) -> None:
        """Wait until the replica has everything."""
        position = self.on_primary("SELECT @@GLOBAL.gtid_binlog_pos")[0][0]
        reached = f"SELECT MASTER_GTID_WAIT('{position}', 0)"
        wait_until(lambda: self.on_replica(reached)[0][0] == 0, 60, "the replica does not follow")


def _run(port: int, statements: tuple[str, ...]) -> tuple[tuple[object, ...], ...]:
    with closing(pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True)) as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()


@contextmanager
def replicated(home: Path) -> Iterator[Replicated]:
    """Run a primary and its replica."""
    for name in ("p", "r"):
        (home / name).mkdir()
    with mariadb_server(home / "p", *SMALL, "--server-id=1", f"--log-bin={home}/p/d/log") as port:
        pair = Replicated(home / "r", port)
        try:
            yield pair
        finally:
            pair.stop()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicated]:
    """A primary and its replica for the tests of a module."""
    with short_folder(tmp_path_factory) as home, replicated(Path(home)) as pair:
        yield pair
