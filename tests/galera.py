"""A throwaway Galera cluster: three nodes of MariaDB on loopback, each of which can be killed and started again."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pymysql
import pytest

from tests.servers import REQUIRE_ALL, free_port, mariadb_server, short_folder, wait_until

PROVIDERS = (Path("/usr/lib/galera/libgalera_smm.so"), Path("/usr/lib64/galera-4/libgalera_smm.so"))
SMALL = ("--innodb-buffer-pool-size=32M", "--max-connections=100")
SYNC_WAIT = 7
"""What docs/operations.md sets: reads and writes wait until the node has what the cluster has committed before."""


class Node:
    """One node; `port` is MariaDB's, and `uri` the database that all nodes share."""

    def __init__(self, home: Path, provider: Path) -> None:
        home.mkdir()
        self._home, self._provider, self._running = home, provider, ExitStack()
        self.port, self.group, self._transfers, self._state = (free_port() for _ in range(4))
        self.uri = f"mysql+pymysql://root@127.0.0.1:{self.port}/fisher?charset=utf8mb4"

    def start(self, members: str, *options: str) -> None:
        """Start it; it takes what it lacks from another node, and is ready when this returns."""
        own = f"gmcast.listen_addr=tcp://127.0.0.1:{self.group};ist.recv_addr=127.0.0.1:{self._transfers}"
        cluster = (
            "--wsrep-on=ON", f"--wsrep-provider={self._provider}", f"--wsrep-cluster-address=gcomm://{members}",
            f"--wsrep-provider-options={own};gcache.size=32M", "--wsrep-sst-method=rsync",
            f"--wsrep-sst-receive-address=127.0.0.1:{self._state}", f"--wsrep-node-address=127.0.0.1:{self._transfers}",
            f"--wsrep-sync-wait={SYNC_WAIT}", "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2",
        )  # fmt: skip
        if members:
            self._let_rsync_write()
        self._running.enter_context(mariadb_server(self._home, *SMALL, *cluster, *options, port=self.port))
        wait_until(self.is_ready, 60, f"node {self.port} has not joined")

    def _let_rsync_write(self) -> None:
        """Begin with an empty folder; started by root, rsync writes there as nobody, and MariaDB may everything."""
        (self._home / "d").mkdir(exist_ok=True)
        if os.geteuid() == 0:
            self._home.parent.chmod(0o755)
            for path in (self._home, *self._home.rglob("*")):
                shutil.chown(path, "nobody")

    def run(self, statement: str) -> tuple[tuple[object, ...], ...]:
        """Run a statement as root and return its rows."""
        with closing(pymysql.connect(host="127.0.0.1", port=self.port, user="root")) as connection:
            cursor = connection.cursor()
            cursor.execute(statement)
            return cursor.fetchall()

    def hold_back(self, seconds: float) -> None:
        """Let it apply nothing of what others commit, for so long; this returns at once."""
        connection = pymysql.connect(host="127.0.0.1", port=self.port, user="root")
        connection.cursor().execute("FLUSH TABLES WITH READ LOCK")
        threading.Timer(seconds, connection.close).start()

    def is_ready(self) -> bool:
        """Return whether it takes statements."""
        try:
            return self.run("SHOW STATUS LIKE 'wsrep_ready'")[0][1] == "ON"
        except pymysql.MySQLError:
            return False

    def members(self) -> int:
        """Return how many nodes the cluster has."""
        return int(str(self.run("SHOW STATUS LIKE 'wsrep_cluster_size'")[0][1]))

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        os.kill(int((self._home / "pid").read_text()), signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """End it, if it runs."""
        self._running.close()


class Cluster:
    """Three nodes with the empty database `fisher`."""

    def __init__(self, home: Path, provider: Path) -> None:
        self.nodes = [Node(home / name, provider) for name in "abc"]
        self._members = ",".join(f"127.0.0.1:{node.group}" for node in self.nodes)

    def start(self) -> None:
        """Start the first node as a new cluster, and let the others join it."""
        first, *others = self.nodes
        first.start("", "--wsrep-new-cluster")
        for node in others:
            node.start(self._members)
        first.run("CREATE DATABASE fisher CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")

    def bring_back(self, node: Node) -> None:
        """Start a node that was killed."""
        node.start(self._members)

    def end(self) -> None:
        """End all nodes."""
        for node in reversed(self.nodes):
            node.end()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running cluster; skips the tests if Galera is not installed, or fails if all programs are required."""
    provider = next((path for path in PROVIDERS if path.exists()), None)
    if provider is None:
        if os.environ.get(REQUIRE_ALL) == "1":
            pytest.fail("Galera (galera-4) is not installed")
        pytest.skip("Galera (galera-4) is not installed")
    with short_folder(tmp_path_factory) as home:
        cluster = Cluster(Path(home), provider)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.end()
