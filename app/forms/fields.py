"""Fields that several forms share."""

import re
import unicodedata

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField

# More digits than any number asked for; longer ones are cut to this, which no range takes either.
LONGEST_NUMBER = 10
NUMBER = re.compile(r"[+-]?\d+")


def tidy(text: str | None) -> str:
    """Fold full-width characters and blanks; control characters go."""
    folded = unicodedata.normalize("NFKC", text or "")
    return " ".join("".join(c if c.isprintable() else " " for c in folded).split())


class NumberField(IntegerField):  # type: ignore[misc]  # WTForms carries no types
    """A whole number; a nonsensically long one counts as a large one (WTForms' own range check would overflow)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; what is no number says so in the reader's language."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text and not NUMBER.fullmatch(text):
            raise ValueError(_l("Please write a whole number."))
        if text:
            self.data = int(text[:LONGEST_NUMBER])
