"""One MariaDB database with all tables for a test process, emptied for each test: to create the tables takes longer."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pymysql
import pytest
from sqlalchemy import create_engine, make_url

import app.models  # noqa: F401 - all tables
from app.models.base import Base
from tests.servers import mariadb_database

PATIENCE = 10
"""Seconds to wait for a transaction that a test has left open."""
SHAPE = """SELECT table_name, column_name, column_type, is_nullable, column_default FROM information_schema.columns
WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"""
CHANGES = "SHOW GLOBAL STATUS WHERE Variable_name RLIKE '^Com_(create|drop|alter|rename)_(table|index|db)$'"
USED = " UNION ALL ".join(
    f"SELECT '{table}' FROM DUAL WHERE EXISTS (SELECT 1 FROM `{table}`)" for table in sorted(Base.metadata.tables)
)


class EmptiedDatabase:
    """A database that has all tables and no rows whenever it is asked for, whatever the test before has done to it."""

    def __init__(self, port: int, databases: ExitStack) -> None:
        self._port, self._databases = port, databases
        self._uri = ""
        self._shape: Any = None
        self._changes = -1

    def uri(self) -> str:
        """Return the database's SQLAlchemy URL."""
        if not self._uri or not self._is_emptied():
            self._uri = self._databases.enter_context(mariadb_database(self._port))
            engine = create_engine(self._uri)
            Base.metadata.create_all(engine)
            engine.dispose()
            self._shape = self._run(lambda cursor: _all(cursor, SHAPE))
        return self._uri

    def _is_emptied(self) -> bool:
        """Empty the tables that had rows; return False if the tables are not what they were, or one stays locked."""
        try:
            return bool(self._run(self._empty))
        except (pymysql.err.OperationalError, pymysql.err.ProgrammingError):
            return False

    def _empty(self, cursor: Any) -> bool:
        changes = _count_changes(cursor)
        cursor.execute(
            f"SET foreign_key_checks = 0, lock_wait_timeout = {PATIENCE}, innodb_lock_wait_timeout = {PATIENCE}"
        )
        used = _all(cursor, USED)
        for (table,) in used:
            cursor.execute(f"DELETE FROM `{table}`")
            cursor.execute(f"ALTER TABLE `{table}` AUTO_INCREMENT = 1")
        is_known, self._changes = changes == self._changes, changes + len(used)
        return is_known or bool(_all(cursor, SHAPE) == self._shape)

    def _run(self, action: Any) -> Any:
        url = make_url(self._uri)
        account = {"user": url.username, "password": url.password or "", "database": url.database} | dict(url.query)
        connection = pymysql.connect(host=url.host, port=url.port or 3306, autocommit=True, **account)
        with closing(connection), connection.cursor() as cursor:
            return action(cursor)


def _count_changes(cursor: Any) -> int:
    """Return how many statements have changed tables of this server; to look at the tables themselves takes longer."""
    return sum(int(count) for _, count in _all(cursor, CHANGES))


def _all(cursor: Any, statement: str) -> Any:
    cursor.execute(statement)
    return cursor.fetchall()


@pytest.fixture(scope="session")
def emptied_database(mariadb_port: int) -> Iterator[EmptiedDatabase]:
    with ExitStack() as databases:
        yield EmptiedDatabase(mariadb_port, databases)


@pytest.fixture
def mariadb_uri_with_tables(emptied_database: EmptiedDatabase) -> str:
    """A MariaDB database with all tables and no rows."""
    return emptied_database.uri()


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def any_engine_uri(request: pytest.FixtureRequest) -> str:
    """A database with all tables and no rows; the test runs once on SQLite and once on MariaDB."""
    return str(request.getfixturevalue({"sqlite": "sqlite_uri", "mariadb": "mariadb_uri_with_tables"}[request.param]))
