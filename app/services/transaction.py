"""One transaction for each action: committed as a whole, or rolled back and retried, or refused."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from sqlalchemy import CursorResult, UpdateBase
from sqlalchemy.exc import IntegrityError, OperationalError

from app.models.base import db

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

ATTEMPTS = 6
PATIENCE = 10
"""Seconds after which a transaction that had to wait for others is not tried again: a reader waits for the page."""
TRANSIENT = {1020, 1205, 1213}
"""MariaDB's error codes: row changed since it was read, lock wait timeout, deadlock."""


def transaction(action: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run the action in one `auto_commit`; retry it when it conflicts with another transaction.

    A violated unique key means that somebody else was faster: on the second run, the action sees
    their change and returns or refuses accordingly.
    """

    @wraps(action)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        started = time.monotonic()
        for attempt in range(1, ATTEMPTS):
            try:
                return _once(action, *args, **kwargs)
            except (IntegrityError, OperationalError) as error:
                if not _is_transient(error) or time.monotonic() - started > PATIENCE:
                    raise
                db.session.rollback()
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)  # noqa: S311 - no secret
        return _once(action, *args, **kwargs)

    return run


def _once(action: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    with db.auto_commit():
        return action(*args, **kwargs)


def _is_transient(error: IntegrityError | OperationalError) -> bool:
    if isinstance(error, IntegrityError):
        return True
    code = error.orig.args[0] if error.orig and error.orig.args else None
    return code in TRANSIENT or "database is locked" in str(code)


def begin_snapshot() -> None:
    """Begin a transaction whose statements all read the database as it is at the first of them."""
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":  # whose transactions read one snapshot anyway
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def changed_rows(statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE and return how many rows it matched; loaded objects are not updated."""
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount
