"""The numbers of the economy, in one place, so that a rehearsal can replace them."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.clock import DAY, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """What beans are earned and paid for, and when they sleep; numbers of beans and of books, and seconds."""

    price: int = 1
    """Beans an asker pays for one book. Each drift keeps the price it was asked at."""
    for_confirming: int = 1
    """Beans for confirming the e-mail address, once for each reader."""
    for_first_request: int = 1
    """Beans for a giver's first copy that is asked for, once for each reader."""
    for_first_book: int = 1
    """Extra beans for a giver's first book that arrives, once for each reader."""
    known_after: int = 7 * DAY
    """Seconds after confirming from when on a reader's request can bring its giver that bean."""
    received_per_given: int = 2
    """Books that a reader may receive for each one given."""
    silence: int = 180 * DAY
    """Seconds without a sign of life after which a reader's beans sleep."""
    from_pool: int = 1
    """Beans that a giver who has none gets from the pool each month."""
    gave_within: int = 90 * DAY
    """Seconds for which a book given counts for that."""
    whole_again_after: int = YEAR
    """Seconds after which a giver may be made whole again."""


IN_FORCE = Economy()
