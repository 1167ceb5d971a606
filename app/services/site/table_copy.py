"""Copying all rows between databases of any engine, as the driver reads them: encrypted texts stay encrypted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, TableClause, column, delete, func, insert, inspect, select, table

PAGE = 2_000


def list_tables(connection: Connection) -> list[TableClause]:
    """Return the tables of a database with their columns, but for those that the database computes.

    Alembic's, which is the only one without an id, is left out.
    """
    inspector = inspect(connection)
    columns = {
        name: [each["name"] for each in inspector.get_columns(name) if "computed" not in each]
        for name in inspector.get_table_names()
    }
    return [table(name, *map(column, names)) for name, names in sorted(columns.items()) if "id" in names]


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        each.name: int(connection.scalar(select(func.count()).select_from(each)) or 0)
        for each in list_tables(connection)
    }


@contextmanager
def one_snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection whose reads all see the database as it was at the first of them; others go on writing."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":  # whose transactions read one snapshot anyway
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def make_bare_tables(source: Connection, target: Connection) -> None:
    """Create the tables of `source` in an SQLite database; columns without types keep values as they are."""
    quote = target.dialect.identifier_preparer.quote
    for each in list_tables(source):
        columns = ", ".join(f"{quote(c.name)}{' INTEGER PRIMARY KEY' * (c.name == 'id')}" for c in each.c)
        target.exec_driver_sql(f"CREATE TABLE {quote(each.name)} ({columns})")


def copy_rows(source: Connection, target: Connection) -> None:
    """Replace the rows of all tables of `target` that `source` has, in the transaction of `target`."""
    there = {each.name: each for each in list_tables(source)}
    with _foreign_keys_at_the_end(target):
        for each in list_tables(target):
            if each.name in there:
                target.execute(delete(each))  # what a migration has stored
                for rows in _pages(source, there[each.name]):
                    target.execute(insert(each), rows)


def _pages(source: Connection, each: TableClause) -> Iterator[list[dict[str, Any]]]:
    rows: Sequence[Any]
    page, last = select(*each.c).order_by(each.c.id).limit(PAGE), -1
    while rows := source.execute(page.where(each.c.id > last)).mappings().all():
        yield [dict(row) for row in rows]
        last = rows[-1]["id"]


@contextmanager
def _foreign_keys_at_the_end(target: Connection) -> Iterator[None]:
    """Let rows come before those that they point to; SQLite checks them when the transaction is committed."""
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        yield
        return
    target.exec_driver_sql("SET SESSION foreign_key_checks = 0")
    try:
        yield
    finally:
        target.exec_driver_sql("SET SESSION foreign_key_checks = 1")
