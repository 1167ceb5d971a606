"""The deadline of a request: what waits for others on its behalf waits no longer, and then the request is given up.

A thread cannot be ended from outside without losing what it holds, so that each wait has to end itself. Commands and
jobs have no deadline.
"""

import time
from contextvars import ContextVar

from flask import Flask, current_app

ROOM_TO_ANSWER = 5.0
"""Seconds that a request has at least after a change was committed, which must not be reported as failed."""
ROOM_FOR_PAGE = 1.0
"""Seconds that those who can be done without leave for the page."""

_until: ContextVar[float | None] = ContextVar("until", default=None)


class RequestTookTooLong(Exception):
    """The deadline of the request has passed while it still needed others."""


def init_app(app: Flask) -> None:
    """Give each request a deadline, if REQUEST_DEADLINE is above zero."""
    if app.config["REQUEST_DEADLINE"]:
        app.before_request(_begin)
        app.teardown_request(_end)


def _begin() -> None:
    _until.set(time.monotonic() + current_app.config["REQUEST_DEADLINE"])


def _end(_error: BaseException | None = None) -> None:
    _until.set(None)


def lift() -> None:
    """Let the request go on without a deadline: for the page that says that it was given up."""
    _end()


def seconds_left() -> float | None:
    """Return the time until the deadline, below zero if it has passed; None if there is none."""
    until = _until.get()
    return None if until is None else until - time.monotonic()


def is_over() -> bool:
    """Return whether the deadline has passed."""
    until = _until.get()
    return until is not None and time.monotonic() > until


def ensure_time() -> None:
    """:raises RequestTookTooLong: the deadline has passed."""
    if is_over():
        raise RequestTookTooLong


def at_most(seconds: float) -> float:
    """Return how many of these seconds may be waited for what the page can do without; 0: none is left."""
    left = seconds_left()
    return seconds if left is None else max(min(seconds, left - ROOM_FOR_PAGE), 0.0)


def leave_room_to_answer() -> None:
    """Let a request that has just committed a change say so, although it may be late."""
    until = _until.get()
    if until is not None:
        _until.set(max(until, time.monotonic() + ROOM_TO_ANSWER))
