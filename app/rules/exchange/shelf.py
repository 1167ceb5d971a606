"""How many copies a reader's shelf holds."""

from app.rules.exchange.refusals import ShelfFull

MOST_COPIES = 10_000
"""Most copies on one reader's shelf."""


def ensure_has_room(copies: int) -> None:
    """Raise `ShelfFull` if a reader who holds so many copies cannot hold one more."""
    if copies >= MOST_COPIES:
        raise ShelfFull(MOST_COPIES)
