"""Which function does which kind of job."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Job:
    """One job while it is being done."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    created: int
    message_id: str | None = field(default=None)
    """The mail that an earlier run of this job has sent, if it came so far."""


Handler = Callable[[Job], None]

HANDLERS: dict[str, Handler] = {}
EVERY: dict[str, int] = {}


def handles(kind: str, every: int | None = None) -> Callable[[Handler], Handler]:
    """Register the function for a kind of job; with `every`, it also runs each so many seconds."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        if every:
            EVERY[kind] = every
        return handler

    return register
