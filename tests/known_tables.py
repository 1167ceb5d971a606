"""The tables of a database as its only writer knows them: read again, or put back, after a statement wrote there."""

import re
from typing import Any

from sqlalchemy import Engine, Row, Table, event

from app.models.base import LIVE, Base, db

WRITES = re.compile(r"\s*(?:INSERT(?: \w+)* INTO|UPDATE|DELETE FROM) [`\"]?(\w+)", re.IGNORECASE)
READS = re.compile(r"[\s(]*(?:SELECT|WITH|SET|SHOW|PRAGMA)\b", re.IGNORECASE)


class KnownTables:
    """What the tables hold, whatever the engine; a statement that writes outdates its table, even if it is undone."""

    def __init__(self, engine: Engine) -> None:
        self.writes = 0
        """How many statements have written."""
        self._rows: dict[str, list[Row[Any]]] = {}
        self._written: set[str] = set()
        self._kept: dict[str, list[Row[Any]]] = {}
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        written = WRITES.match(statement)
        assert written or READS.match(statement), f"which table does this write to? {statement}"
        if written:
            self.writes += 1
            self._written.add(written[1])
            self._rows.pop(written[1], None)

    def rows(self, model: type[Base]) -> list[Row[Any]]:
        """Return the rows that are not deleted in the order of their ids, with values as they are stored."""
        name = model.__tablename__
        if name not in self._rows:
            self._rows[name] = _select(f"{name} WHERE status = {LIVE}")
        return self._rows[name]

    def keep(self) -> None:
        """Let `put_back` restore what the tables hold now."""
        self._kept = {table.name: _select(table.name, _stored(table)) for table in Base.metadata.sorted_tables}
        self._written.clear()
        db.session.rollback()

    def put_back(self) -> None:
        """Let the tables that were written to since then hold it again."""
        db.session.remove()
        with db.auto_commit():
            connection = db.session.connection()
            is_sqlite = connection.dialect.name == "sqlite"
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON" if is_sqlite else "SET foreign_key_checks=0")
            for name in sorted(self._written):
                connection.exec_driver_sql(f"DELETE FROM {name}")
                if rows := self._kept[name]:
                    marks = ", ".join(["?" if is_sqlite else "%s"] * len(rows[0]))
                    names = _stored(Base.metadata.tables[name])
                    insert = f"INSERT INTO {name} ({names}) VALUES ({marks})"
                    connection.exec_driver_sql(insert, list(map(tuple, rows)))
            if not is_sqlite:
                connection.exec_driver_sql("SET foreign_key_checks=1")
        self._written.clear()


def _stored(table: Table) -> str:
    """Return the columns that the database does not compute."""
    quote = db.engine.dialect.identifier_preparer.quote
    return ", ".join(quote(column.name) for column in table.columns if column.computed is None)


def _select(rest: str, columns: str = "*") -> list[Row[Any]]:
    return list(db.session.connection().exec_driver_sql(f"SELECT {columns} FROM {rest} ORDER BY id"))
