"""No statement of a request lasts longer than the request may, whatever it waits for: rows, locks, or a lost server."""

import math
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from app import deadline
from app.models.base import db
from app.services.site.replicas import site_replicas

STEPS = 100_000
"""Instructions of SQLite between two looks at the clock: some milliseconds."""
SLACK = 2.0
"""Seconds by which a server's limit may exceed what is left: only a request that is slow already sends another one."""
ROOM_TO_STOP = 1.0
"""Seconds that a server has to end a statement itself, before the connection is given up."""
ROOM_TO_COMMIT = 10.0
"""Seconds for a commit, after which nobody knows whether it has succeeded."""
PING = 3.0
"""Seconds for what a pool asks a connection between two requests."""
LIMIT = "statement_limit"

Arguments = tuple[str, Any]


def init_app(app: Flask) -> None:
    """Watch the statements of the primary and of the replicas, if requests have a deadline."""
    if not app.config["REQUEST_DEADLINE"]:
        return
    with app.app_context():
        primary, replicas = db.engine, [replica.engine for replica in site_replicas()]
    for engine in (primary, *replicas):
        event.listen(engine, "handle_error", _explain)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "before_cursor_execute", _watch_sqlite, retval=True)
        else:
            event.listen(engine, "before_cursor_execute", _limit_on_server, retval=True)
    if primary.dialect.name != "sqlite":  # how long a replica may be silent is in its settings
        event.listen(primary, "before_cursor_execute", _limit_silence, retval=True)
        event.listen(primary, "commit", _leave_room_to_commit)
        event.listen(primary, "reset", _leave_room_to_ping)


def _explain(context: Any) -> Exception | None:
    """Return the error that a statement fails with once the time is over, in place of the engine's own."""
    is_late = deadline.is_over() and isinstance(context.sqlalchemy_exception, OperationalError)
    return deadline.RequestTookTooLong() if is_late else None


def _watch_sqlite(
    connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> Arguments:
    """Let SQLite look at the clock from the first request of a connection on.

    Commands go without: a Ctrl-C that arrives while SQLite looks would be taken for a statement that failed.
    """
    deadline.ensure_time()
    if deadline.seconds_left() is not None and LIMIT not in connection.info:
        connection.info[LIMIT] = True
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(deadline.is_over, STEPS)
    return statement, parameters


def _limit_on_server(
    connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> Arguments:
    """Let the server end the statements of a connection in time; it is told only when its limit no longer fits."""
    deadline.ensure_time()
    limit = connection.info.get(LIMIT, 0)
    wanted = _fitting(limit)
    if wanted != limit:
        connection.info[LIMIT] = wanted
        is_mariadb = getattr(connection.dialect, "is_mariadb", False)
        # MySQL limits what only reads; other statements of a request wait for rows, which has a limit of its own.
        told = f"max_statement_time={wanted}" if is_mariadb else f"max_execution_time={wanted * 1000}"
        connection.exec_driver_sql(f"SET SESSION {told}")
    return statement, parameters


def _fitting(limit: int) -> int:
    """Return the limit that a connection should have, in seconds: the one it has, if that is near enough; 0: none."""
    left = deadline.seconds_left()
    if left is None:
        return 0
    return limit if left <= limit <= left + SLACK else math.ceil(left)


def _limit_silence(
    connection: Connection, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> Arguments:
    """Take a server for lost that sends nothing; the driver reads this attribute at each packet."""
    limit = connection.info.get(LIMIT, 0)
    cursor.connection._read_timeout = limit + ROOM_TO_STOP if limit else None
    return statement, parameters


def _leave_room_to_commit(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if driver._read_timeout is not None:
        driver._read_timeout = ROOM_TO_COMMIT


def _leave_room_to_ping(driver: Any, _record: Any, _state: Any) -> None:
    if driver is not None:
        driver._read_timeout = PING
