"""What a form open to strangers asks of a browser, so that machines pay for each registration.

The proof of work is that of Hashcash: a number whose SHA-256, together with the form's own salt, begins with so many
zero bits. Each further bit doubles the work, which takes a browser a moment and its reader nothing.
"""

import hashlib
import math
import re

from app.rules.book.normalise import normalise
from app.rules.text import fold_width

MOST_BITS = 26
"""More would keep a telephone busy for minutes."""
CALM = 10
"""Registrations in an hour up to which the work is the least."""
STEPS = 6
"""Most bits by which the work grows while many register."""
WAIT = 20
"""Seconds that the form has to be open where neither a proof nor a question is answered; doubled with each step."""
_NUMBER = re.compile(r"\d{1,12}")


def steps_for(recent: int) -> int:
    """Return by how many bits the work grows when `recent` have registered in the last hour: one a doubling."""
    return min(STEPS, math.ceil(math.log2(recent / CALM))) if recent > CALM else 0


def bits_for(least: int, recent: int) -> int:
    """Return how many zero bits are asked for; 0 if the site asks for none."""
    return min(MOST_BITS, least + steps_for(recent)) if least else 0


def wait_for(recent: int) -> int:
    """Return for how many seconds the form has to be open instead of a proof."""
    return WAIT << min(4, steps_for(recent))


def is_proof(salt: str, number: str, bits: int) -> bool:
    """Return whether the number proves the work; anything but a number does not."""
    if not _NUMBER.fullmatch(number) or not number.isascii():
        return False
    digest = hashlib.sha256(f"{salt}:{number}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def is_answer(said: str, answers: tuple[str, ...]) -> bool:
    """Return whether this is one of the answers, whatever its width, case and kind of Chinese characters."""
    return _fold(said) in {_fold(answer) for answer in answers} - {""}


def _fold(text: str) -> str:
    return normalise(fold_width(text)).strip(" .。!?")
