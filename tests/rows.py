"""Counting the statements that are sent within a block, and the rows that the server reads for them."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from app.models.base import db


@contextmanager
def rows_read(app: Flask) -> Iterator[list[int]]:
    """Append to the list how many rows MariaDB reads for each statement, including entries of covering indexes."""
    counts: list[int] = []

    def total(connection) -> int:
        cursor = connection.connection.cursor()
        cursor.execute("SHOW SESSION STATUS WHERE Variable_name REGEXP '^Handler_(read|icp_attempts)'")
        return sum(int(value) for _, value in cursor.fetchall())

    def before(connection, *_rest) -> None:
        connection.info["rows"] = total(connection)

    def after(connection, *_rest) -> None:
        counts.append(total(connection) - connection.info["rows"])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield counts
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


@contextmanager
def statements_sent() -> Iterator[list[str]]:
    """Append to the list each statement that is sent to the database of the open application context."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
