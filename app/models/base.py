"""`Base`, from which every table inherits, and `db` with `auto_commit()`."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    UpdateBase,
    event,
    insert,
    or_,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import InvalidRequestError, OperationalError
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    with_loader_criteria,
)

from app import deadline

LIVE = 1
DELETED = 0

# SQLite generates ids only for columns of the type INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


def now() -> int:
    """Return the current time in Unix seconds."""
    return int(time.time())


class Base(DeclarativeBase):
    """What every table has: `id`, `create_time` in Unix seconds, and `status`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    __abstract__ = True
    __table_args__: Any = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    create_time: Mapped[int] = mapped_column(BigInteger, default=now)
    status: Mapped[int] = mapped_column(SmallInteger, default=LIVE)
    """`LIVE` or `DELETED`: whether selects see the row. How far a gift, wish or drift has come is its `state`."""

    @property
    def create_datetime(self) -> datetime:
        """Return when the row was created, in UTC."""
        return datetime.fromtimestamp(self.create_time, UTC)

    def set_attrs(self, values: Mapping[str, Any]) -> None:
        """Set the attributes that this table has; never `id`."""
        for name, value in values.items():
            if name != "id" and hasattr(type(self), name):
                setattr(self, name, value)

    def delete(self) -> None:
        """Hide the row from every select; `include_deleted` shows it."""
        self.status = DELETED


def one_of(column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values; unlike IN, it is not rendered at each execution."""
    return or_(*(column == value for value in sorted(values)))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns, with values as the driver takes them: SQLAlchemy doubles the time."""
    if rows:
        compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(rows[0]))
        in_order = itemgetter(*compiled.positiontup) if compiled.positiontup else dict
        connection.exec_driver_sql(str(compiled), list(map(in_order, rows)))


class RoutedSession(BoundSession):
    """Reads from the replica of `Database.read_from`, if there is one; writes to the primary only."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **more: Any) -> Engine | Connection:
        """Return where a statement is run."""
        replica: Engine | None = self.info.get("replica")
        if replica is None or bind is not None or self._flushing or isinstance(clause, UpdateBase):
            return super().get_bind(mapper, clause, bind, **more)
        return replica


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with the one way to write: `with db.auto_commit():`."""

    def read_from(self, replica: Engine | None) -> None:
        """Read from a replica until the next `auto_commit` of this session; from the primary, if None."""
        self.session.info["replica"] = replica

    @property
    def reads_replica(self) -> bool:
        """Whether the session reads from a replica."""
        return self.session.info.get("replica") is not None

    @property
    def has_committed(self) -> bool:
        """Whether an `auto_commit` of this session has ended well."""
        return self.session.registry.has() and "has_committed" in self.session.info

    @contextmanager
    def auto_commit(self, patience: int | None = None) -> Iterator[None]:
        """Commit at the end of the block; on any exception, roll back and re-raise it.

        :param patience: milliseconds to wait for other writers on SQLite, where only one writes at a time;
            None means `DATABASE_BUSY_TIMEOUT`.
        """
        self.read_from(None)
        try:
            if not (self.session.new or self.session.dirty or self.session.deleted):
                # What was read before the block may be out of date: begin a new transaction, with the write lock.
                self.session.commit()
                self.session.connection(execution_options={"writes": True, "patience": _within_deadline(patience)})
            yield
            self.session.commit()
            self.session.info["has_committed"] = True
            deadline.leave_room_to_answer()
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        try:
            self.session.rollback()
        except InvalidRequestError:  # interrupted (Ctrl-C) when the database had just committed
            self.session().invalidate()


db = Database(model_class=Base, disable_autonaming=True, session_options={"class_": RoutedSession})


_LIVE_ONLY = with_loader_criteria(Base, lambda table: table.status == LIVE, include_aliases=True)
# A statement that is built once gets the condition once: for each new one, SQLAlchemy computes the key of its cache.
_live: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@event.listens_for(Session, "do_orm_execute")
def _hide_deleted(state: ORMExecuteState) -> None:
    if (
        state.is_select
        and state.is_orm_statement
        and not state.is_column_load
        and not state.is_relationship_load
        and not state.execution_options.get("include_deleted", False)
    ):
        given = state.statement
        if given not in _live:
            _live[given] = given.options(_LIVE_ONLY)
        state.statement = _live[given]


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        # The driver must not begin transactions on its own: `_begin_on_sqlite` does.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")


@event.listens_for(Engine, "begin")
def _begin_on_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        options = connection.get_execution_options()
        # The driver's own call: SQLAlchemy's would take as long as a query.
        driver: Any = connection.connection.driver_connection
        if not options.get("writes", False):
            driver.execute("BEGIN")
            return
        try:
            _begin_writing(driver, options.get("patience"))
        except sqlite3.OperationalError as error:
            deadline.ensure_time()
            # Callers that retry, or show an error page, handle SQLAlchemy's errors only.
            raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def _within_deadline(patience: int | None) -> int | None:
    """Return the patience of a request, in milliseconds: its own, or what is left until the deadline."""
    left = deadline.seconds_left()
    if left is None:
        return patience
    usual: int = current_app.config["DATABASE_BUSY_TIMEOUT"] * 1000 if patience is None else patience
    return patience if left * 1000 > usual else max(int(left * 1000), 0)


def _begin_writing(driver: Any, patience: int | None) -> None:
    if patience is None:
        driver.execute("BEGIN IMMEDIATE")
        return
    usual = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute(f"PRAGMA busy_timeout={patience:d}")
    try:
        driver.execute("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={usual:d}")
