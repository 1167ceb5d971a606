"""The base of all refusals. They carry facts, never text: `app.web.page.refusals` chooses what a reader sees."""

import re
from typing import ClassVar


class Refusal(Exception):
    """Something a reader asked for is not allowed; nothing has been changed."""

    status: ClassVar[int] = 409
    """HTTP status: 409 not possible now, 403 not allowed to this reader, 400 not understood."""
    code: ClassVar[str] = "refused"
    """Machine-readable name: that of the class in snake_case."""

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
