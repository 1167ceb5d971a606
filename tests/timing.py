"""How long something takes on a machine that others use too, and that may pause at any moment."""

import time
from collections.abc import Callable


def shortest(act: Callable[[], object], enough: float) -> float:
    """Return the seconds that a call takes: the shortest of three, unless the first takes less than `enough`."""
    taken = []
    for _ in range(3):
        start = time.monotonic()
        act()
        taken.append(time.monotonic() - start)
        if taken[0] < enough:
            break
    return min(taken)
