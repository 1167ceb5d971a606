"""Running something in a process that is killed on the way."""

import os
import signal
import warnings
from collections.abc import Callable

from sqlalchemy import event

from app.models.base import db


def is_killed_at(statement: int, act: Callable[[], object]) -> bool:
    """Run `act` in a process that dies at this statement, as by kill -9; return whether it died before its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child uses no thread of this process
        child = os.fork()
    if child == 0:
        db.engine.dispose(close=False)
        left = iter(range(statement))

        @event.listens_for(db.engine, "before_cursor_execute")
        def die(*_: object) -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            act()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
