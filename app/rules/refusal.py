"""How a rule says no: with facts, never with text. The sentence that a reader sees is chosen where pages are made."""

import re
from typing import ClassVar


class Refusal(Exception):
    """Something a reader asked for is not allowed; nothing has been changed."""

    status: ClassVar[int] = 409
    """As HTTP says it: 409 not now, 403 not allowed to this reader, 400 not understood."""
    code: ClassVar[str] = "refused"
    """For programs: the name of the class in small letters."""

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
