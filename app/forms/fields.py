"""The base class of all forms, and fields that several of them share."""

import re
import secrets
from collections.abc import Iterable
from typing import Any

import wtforms
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the types of WTForms
from wtforms.meta import DefaultMeta
from wtforms.validators import Length

# More digits than any field allows: longer numbers are cut to this, and then refused as out of range.
LONGEST_NUMBER = 10
NUMBER = re.compile(r"[+-]?\d+")


class PostForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form that changes something: sent by POST, with a CSRF token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms' own texts, loaded once for each language; Flask-WTF would read their file for each page."""

        @property
        def locales(self) -> tuple[str, ...]:
            """Return the reader's language, and English for where there is none."""
            language = str(get_locale())
            return "zh_TW" if language == "zh_Hant" else language, "en"

        def get_translations(self, form: Any) -> Any:
            """Return the texts in the reader's language."""
            return DefaultMeta.get_translations(self, form)


class StringField(wtforms.StringField):
    """A text field whose data is an empty string when nothing was sent."""

    data: str

    def process(self, *args: Any, **options: Any) -> None:
        """Read what was sent."""
        super().process(*args, **options)
        self.data = self.data or ""


class HiddenField(StringField, wtforms.HiddenField):
    """A hidden field."""


def new_form_key() -> str:
    """Return a key by which a form that is sent twice is known."""
    return secrets.token_hex(16)


def form_key_field() -> HiddenField:
    """Return the field for the key of a form; a new form has a new one."""
    return HiddenField(default=new_form_key, validators=[Length(max=32)])


class TextAreaField(StringField, wtforms.TextAreaField):
    """A text of several lines."""


class PasswordField(StringField, wtforms.PasswordField):
    """A password field."""


class EmailField(StringField, wtforms.EmailField):
    """An e-mail address."""


class NumberField(wtforms.IntegerField):
    """A whole number; absurdly long ones are cut to a large number, because WTForms' range check would overflow."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; anything but a number gets an error in the reader's language."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text and not NUMBER.fullmatch(text):
            raise ValueError(_l("Please write a whole number."))
        if text:
            self.data = int(text[:LONGEST_NUMBER])


class DateField(wtforms.DateField):
    """A day; whatever is none gets an error in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Please choose a day.")) from None


def choices_of(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return the choices of a select field from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in pairs]
