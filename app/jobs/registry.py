"""The registry of job handlers by kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Job:
    """A job while it is being run."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    created: int
    message_id: str | None = field(default=None)
    """The Message-ID of the mail that an earlier run of this job sent, if any."""


Handler = Callable[[Job], None]

HANDLERS: dict[str, Handler] = {}
EVERY: dict[str, int] = {}


def handles(kind: str, every: int | None = None) -> Callable[[Handler], Handler]:
    """Register the function as the handler of a kind of job; with `every`, the job recurs after that many seconds."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        if every:
            EVERY[kind] = every
        return handler

    return register
