"""The state of the main database."""

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import exc, text

from app.models.base import db

AWAY = {1040, 1047, 1053, 1152, 1203, 1205, 1213, 1226, 1290, 1836, 2002, 2003, 2005, 2006, 2013, 2055}
"""MariaDB's error codes: too many connections, a node that is not in its cluster, shutting down, lock wait timeout,
read-only, unreachable, gone."""
AWAY_ON_SQLITE = ("is locked", "unable to open", "disk I/O error", "disk is full", "readonly database")
PREPARE = "run `flask --app fisher db upgrade`"
"""The command for a database that was never migrated, or not since the last release."""


def is_reachable() -> bool:
    """Return whether the database responds."""
    try:
        db.session.execute(text("SELECT 1"))
    except exc.SQLAlchemyError:
        return False
    return True


def is_away(error: exc.SQLAlchemyError) -> bool:
    """Return whether the error lies with the database, which is temporarily unavailable, and not with the statement."""
    if isinstance(error, exc.TimeoutError | exc.InterfaceError):  # no connection was free, or one was lost
        return True
    if not isinstance(error, exc.DBAPIError) or error.orig is None:
        return False
    code, *_ = (*error.orig.args, None)
    said = str(error.orig)
    return error.connection_invalidated or code in AWAY or any(words in said for words in AWAY_ON_SQLITE)


def name_of(error: Exception) -> str:
    """Return the class and number of an error, or of the one behind it, without its text, which may name a host."""
    origin = getattr(error, "orig", None) or error
    code = next((f" {part}" for part in origin.args[:1] if isinstance(part, int)), "")
    return f"{type(origin).__name__}{code}"


@cache
def _newest(directory: str) -> frozenset[str]:
    """Return the newest migrations; cached, because reading them takes longer than any page."""
    return frozenset(ScriptDirectory(directory).get_heads())


def is_migrated() -> bool:
    """Return whether the tables are those of the newest migration."""
    try:
        done = find_revision()
    except exc.SQLAlchemyError:
        return True  # unreachable is a different fault from not migrated
    return {done} == newest_revisions()


def find_revision() -> str | None:
    """Return the revision of the tables; None if there are none."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def newest_revisions() -> frozenset[str]:
    """Return the newest revision of this release."""
    return _newest(current_app.extensions["migrate"].directory)
