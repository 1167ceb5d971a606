"""Replicas of the database: pages for visitors are read from them, and never what somebody has just changed."""

import math
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.logs import log
from app.models.base import db
from app.services.site.database import name_of

Result = TypeVar("Result")

EXTENSION = "replicas"
BEHIND = "behind"
EACH = 1.0
"""Seconds between two measurements of a replica."""
LONGEST_PAGE = 5
"""Seconds that a page may take from its first statement until it is kept."""

# Of MariaDB, and of MySQL with GTIDs.
_POSITION = {True: text("SELECT @@GLOBAL.gtid_binlog_pos"), False: text("SELECT @@GLOBAL.gtid_executed")}
_HAS_REACHED = {
    True: text("SELECT MASTER_GTID_WAIT(:position, 0) = 0"),
    False: text("SELECT GTID_SUBSET(:position, @@GLOBAL.gtid_executed)"),
}


class Replica:
    """One replica, measured each second by a thread of this process.

    `fresh` is the time, by this process's monotonic clock, up to which it is known to have all changes: the position
    that the primary had then has been reached. No clock of a server is involved, nor is anything written.
    """

    def __init__(self, primary: Engine, engine: Engine, most: float) -> None:
        self.name = f"{engine.url.host}:{engine.url.port or 3306}"
        self.engine = engine
        self.fresh = -math.inf
        self.watch: Callable[[float], None] = lambda _behind: None
        """Called after each measurement with how far the replica may be behind, in seconds."""
        self.reason = BEHIND
        """Why it is not usable, if it is not: `BEHIND`, or the name and number of an error."""
        self._primary, self._most = primary, most
        self._positions: deque[tuple[float, str]] = deque()
        self._is_used = False
        self._thread, self._starting, self._ended = threading.Thread(), threading.Lock(), threading.Event()

    @property
    def behind(self) -> float:
        """By how many seconds it may be behind; infinite while that is not known."""
        return time.monotonic() - self.fresh

    @property
    def is_usable(self) -> bool:
        """Whether it shows nothing older than `DATABASE_REPLICA_LAG`."""
        return self.behind <= self._most

    def measure(self) -> None:
        """Find out how far the replica is behind; while the primary is away, the last measurement grows old."""
        try:
            self._note_position()
        except SQLAlchemyError as error:
            self._tell(f"primary: {name_of(error)}")
            return
        try:
            self.fresh = self._find_fresh()
        except SQLAlchemyError as error:
            self.leave_out(error)
        else:
            self._tell(BEHIND)

    def leave_out(self, error: SQLAlchemyError) -> None:
        """Use the replica, which has failed, no longer, until it is measured again."""
        self.fresh = -math.inf
        self._tell(name_of(error))

    def start(self) -> None:
        """Start the measuring thread of this process, unless it runs."""
        if not self._thread.is_alive():
            with self._starting:
                if not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._measure_again, name=self.name, daemon=True)
                    self._thread.start()

    def end(self) -> None:
        """End the measuring, for good, and close all connections to the replica."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self.engine.dispose()

    def _measure_again(self) -> None:
        while not self._ended.is_set():
            self.measure()
            self._ended.wait(EACH)

    def _note_position(self) -> None:
        began = time.monotonic()
        with self._primary.connect() as connection:
            position = connection.scalar(_POSITION[_is_mariadb(connection)])
        if position:  # none without a binary log, from which nothing can be replicated
            self._positions.append((began, position))
        while self._positions and self._positions[0][0] < began - self._most:
            self._positions.popleft()

    def _find_fresh(self) -> float:
        with self.engine.connect() as connection:
            has_reached = _HAS_REACHED[_is_mariadb(connection)]
            for began, position in reversed(self._positions):
                if connection.scalar(has_reached, {"position": position}):
                    return began
        return -math.inf

    def _tell(self, reason: str) -> None:
        self.reason = reason
        self.watch(self.behind)
        if self.is_usable != self._is_used:
            self._is_used = self.is_usable
            if self._is_used:
                log.info("replica used", replica=self.name)
            else:
                log.warning("replica left out", replica=self.name, reason=reason)


def _is_mariadb(connection: Connection) -> bool:
    return bool(getattr(connection.dialect, "is_mariadb", False))


def init_app(app: Flask) -> None:
    """Set up the replicas of `DATABASE_REPLICA_URLS`; each is measured from the first page on that could use it."""
    urls, options, most = (app.config[f"DATABASE_REPLICA_{name}"] for name in ("URLS", "OPTIONS", "LAG"))
    with app.app_context():
        primary = db.engine
    app.extensions[EXTENSION] = [Replica(primary, create_engine(url, **options), most) for url in urls]


def site_replicas() -> list[Replica]:
    """Return the replicas of this site."""
    replicas: list[Replica] = current_app.extensions[EXTENSION]
    return replicas


def read_from_replica(read: Callable[[], Result]) -> Result:
    """Return what `read` returns, reading from a replica until the first change; again from the primary if that fails.

    `read` may run twice, but not after it has changed anything.
    """
    for replica in site_replicas():
        replica.start()
    usable = [replica for replica in site_replicas() if replica.is_usable]
    if not usable:
        return read()
    replica = random.choice(usable)  # noqa: S311 - no secret
    db.read_from(replica.engine)
    try:
        return read()
    except SQLAlchemyError as error:
        if not db.reads_replica:
            raise
        replica.leave_out(error)
        db.session.rollback()
        db.read_from(None)
        return read()


def seconds_until_replicated() -> int:
    """Return how long after a change visitors may still be shown what was before it; 0 without replicas."""
    settings = current_app.config
    longest: int = settings["DATABASE_REPLICA_LAG"] + settings["PAGE_CACHE_SECONDS"] + LONGEST_PAGE
    return longest if site_replicas() else 0
