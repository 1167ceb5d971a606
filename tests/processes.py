"""Processes that begin the same moment, as the workers of a site do."""

import multiprocessing
import os
import traceback
import warnings
from collections.abc import Callable, Sequence

from app.models.base import db

TOGETHER = 60
"""Seconds within which all of them have begun."""


def in_processes(actions: Sequence[Callable[[], object]]) -> list[int]:
    """Call each action in a process of its own with connections of its own, and return their exit codes: 1 for a fault.

    The application context of the test stays open in them.
    """
    start = multiprocessing.get_context("fork").Barrier(len(actions))
    db.session.remove()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child uses no thread of this process
        children = [os.fork() or _act(action, start) for action in actions]
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _act(action: Callable[[], object], start) -> int:
    code = 1
    try:
        db.engine.dispose(close=False)
        start.wait(TOGETHER)
        action()
        code = 0
    except BaseException:  # noqa: BLE001  (the process ends here, whatever happened)
        traceback.print_exc()
    finally:
        os._exit(code)
