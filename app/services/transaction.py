"""One action, one transaction: committed whole, or rolled back and tried again, or refused."""

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
TRANSIENT = {1020, 1205, 1213}
"""MariaDB: row changed since it was read, lock wait timeout, deadlock."""


def transaction(action: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run the action in one `auto_commit`; repeat it when another transaction got in its way.

    A violated unique key means that somebody else was faster by a moment: on the second run the
    action sees what they did and answers accordingly.
    """

    @wraps(action)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        for attempt in range(1, ATTEMPTS):
            try:
                return _once(action, *args, **kwargs)
            except (IntegrityError, OperationalError) as error:
                if not _is_transient(error):
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


def changed_rows(statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE and return how many rows it found; objects in memory stay as they are."""
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount
