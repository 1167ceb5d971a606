"""What several forms share: their base, and fields."""

import re
from collections.abc import Iterable
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the types of WTForms

# More digits than any number asked for; longer ones are cut to this, which no range takes either.
LONGEST_NUMBER = 10
NUMBER = re.compile(r"[+-]?\d+")


class PostForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form that changes something: it is posted, with a token."""


class StringField(wtforms.StringField):
    """A text; what was not sent is empty."""

    data: str

    def process(self, *args: Any, **options: Any) -> None:
        """Read what was sent."""
        super().process(*args, **options)
        self.data = self.data or ""


class HiddenField(StringField, wtforms.HiddenField):
    """A text that nobody sees."""


class TextAreaField(StringField, wtforms.TextAreaField):
    """A text of several lines."""


class PasswordField(StringField, wtforms.PasswordField):
    """A text that is not shown while it is typed."""


class EmailField(StringField, wtforms.EmailField):
    """An e-mail address."""


class NumberField(wtforms.IntegerField):
    """A whole number; a nonsensically long one counts as a large one (WTForms' own range check would overflow)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; what is no number says so in the reader's language."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text and not NUMBER.fullmatch(text):
            raise ValueError(_l("Please write a whole number."))
        if text:
            self.data = int(text[:LONGEST_NUMBER])


def choices_of(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return what can be chosen, from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in pairs]
