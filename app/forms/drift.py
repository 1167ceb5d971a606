"""Forms of an exchange."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import Length, Optional, ValidationError

from app.forms.fields import PostForm, StringField, TextAreaField, choices_of
from app.rules.text import as_typed, as_typed_lines, fold_width

NEW = "new"
PHONE = re.compile(r"^\+?\d(?:[ -]?\d){5,18}$")


class DriftForm(PostForm):
    """Where the book is to be sent, and a note to the giver."""

    saved = RadioField(_l("Send it to"), default=NEW, validate_choice=True)
    recipient = StringField(_l("Recipient"), filters=[as_typed])
    phone = StringField(_l("Phone"), filters=[fold_width])
    address = StringField(_l("Address"), filters=[as_typed])
    keep = BooleanField(_l("Keep this address for next time"))
    note = TextAreaField(
        _l("A word to the giver"),
        filters=[as_typed_lines],
        validators=[Optional(), Length(max=200, message=_l("At most 200 characters, please."))],
    )

    def __init__(self, saved: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.saved.choices = choices_of([*((str(id), line) for id, line in saved), (NEW, _l("a new address"))])
        if not self.is_submitted() and saved:
            self.saved.data = str(saved[0][0])
        if not self.saved.data:
            self.saved.data = NEW
        if not saved:
            for field in (self.recipient, self.phone, self.address):
                field.flags.required = True

    @property
    def has_saved(self) -> bool:
        """Return whether the reader has saved addresses to choose from."""
        return len(self.saved.choices or ()) > 1

    @property
    def is_new(self) -> bool:
        """Return whether the address is typed in rather than chosen from the saved ones."""
        return bool(self.saved.data == NEW)

    def validate_recipient(self, field: StringField) -> None:
        """1 to 40 characters."""
        if self.is_new and not 1 <= len(field.data) <= 40:
            raise ValidationError(_l("Please enter the name of the recipient, at most 40 characters."))

    def validate_phone(self, field: StringField) -> None:
        """6 to 19 digits, with spaces, hyphens and a leading plus."""
        if self.is_new and not PHONE.match(field.data):
            raise ValidationError(_l("Please enter a phone number, such as 138 0000 1111 or +44 20 7946 0000."))

    def validate_address(self, field: StringField) -> None:
        """5 to 120 characters."""
        if self.is_new and not 5 <= len(field.data) <= 120:
            raise ValidationError(_l("Please enter the whole address, 5 to 120 characters."))


class MailedForm(PostForm):
    """The book is on its way."""

    tracking = StringField(
        _l("Tracking number"),
        filters=[fold_width],
        validators=[Optional(), Length(max=60, message=_l("At most 60 characters, please."))],
    )
