"""Forms of an exchange."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.forms.fields import PostForm, StringField, TextAreaField, choices_of, form_key_field
from app.forms.gift import way_choices
from app.rules.correction.cancelling import LONGEST_EXPLANATION, Cancelling, CancelReason
from app.rules.exchange.drift import Way
from app.rules.exchange.thread import LONGEST_MESSAGE, Phrase
from app.rules.exchange.way import LONGEST_WORDS
from app.rules.text import as_typed, as_typed_lines, fold_width

NEW = "new"
PHONE = re.compile(r"^\+?\d(?:[ -]?\d){5,18}$")
LONGEST_PROPOSAL = 80


def proposal_field(label: Any) -> StringField:
    """Return a field for a time or place that the asker proposes."""
    too_long = Length(max=LONGEST_PROPOSAL, message=_l("At most 80 characters, please."))
    return StringField(label, filters=[as_typed], validators=[too_long])


class AddressForm(PostForm):
    """A postal address."""

    recipient = StringField(_l("Recipient"), filters=[as_typed])
    phone = StringField(_l("Phone"), filters=[fold_width])
    address = StringField(_l("Address"), filters=[as_typed])
    keep = BooleanField(_l("Keep this address for next time"))

    @property
    def is_new(self) -> bool:
        """Return whether the address is typed in."""
        return True

    def validate_recipient(self, field: StringField) -> None:
        """1 to 40 characters."""
        if self.is_new and not 1 <= len(field.data) <= 40:
            raise ValidationError(_l("Please enter the recipient’s name, at most 40 characters."))

    def validate_phone(self, field: StringField) -> None:
        """6 to 19 digits, with spaces, hyphens and a leading plus."""
        if self.is_new and not PHONE.match(field.data):
            raise ValidationError(_l("Please enter a phone number, such as 138 0000 1111 or +44 20 7946 0000."))

    def validate_address(self, field: StringField) -> None:
        """5 to 120 characters."""
        if self.is_new and not 5 <= len(field.data) <= 120:
            raise ValidationError(_l("Please enter the full address, 5 to 120 characters."))


class DriftForm(AddressForm):
    """How the book gets to the asker, what that way needs, and a note to the giver."""

    way = RadioField(_l("How it gets to you"), validators=[DataRequired(_l("Please choose one."))])
    first_time = proposal_field(_l("When and where you could come"))
    second_time = proposal_field(_l("or"))
    third_time = proposal_field(_l("or else"))
    place = RadioField(_l("Where you pick it up"), validate_choice=False)
    saved = RadioField(_l("Send it to"), default=NEW, validate_choice=True)
    note = TextAreaField(
        _l("A word to the giver"),
        filters=[as_typed_lines],
        validators=[Optional(), Length(max=200, message=_l("At most 200 characters, please."))],
    )

    def __init__(
        self,
        ways: Sequence[Way],
        saved: Sequence[tuple[int, str]] = (),
        places: Sequence[tuple[int, str]] = (),
        way: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.way.choices = way_choices(ways)
        if len(ways) == 1:  # nothing to choose
            self.way.data = ways[0].value
        elif not self.is_submitted() and way in ways:
            self.way.data = way
        self.place_ids = [str(id) for id, _ in places]
        self.place.choices = choices_of((str(id), line) for id, line in places)
        if not self.is_submitted() and len(places) == 1:
            self.place.data = self.place_ids[0]
        self.saved.choices = choices_of([*((str(id), line) for id, line in saved), (NEW, _l("a new address"))])
        if not self.is_submitted() and saved:
            self.saved.data = str(saved[0][0])
        if not self.saved.data:
            self.saved.data = NEW
        if not saved and tuple(ways) == (
            Way.POST,
        ):  # a browser would not send a form with required fields that are hidden
            for field in (self.recipient, self.phone, self.address):
                field.flags.required = True

    @property
    def has_saved(self) -> bool:
        """Return whether the reader has saved addresses to choose from."""
        return len(self.saved.choices or ()) > 1

    @property
    def is_new(self) -> bool:
        """Return whether the address is typed in rather than chosen from the saved ones."""
        return bool(self.is_by_post and self.saved.data == NEW)

    @property
    def is_by_post(self) -> bool:
        """Return whether an address is needed."""
        return bool(self.way.data == Way.POST)

    @property
    def proposals(self) -> tuple[str, ...]:
        """The times and places that were proposed."""
        fields = self.first_time, self.second_time, self.third_time
        return tuple(dict.fromkeys(field.data for field in fields if field.data))

    def validate_first_time(self, _field: StringField) -> None:
        """At least one proposal, in any of the fields, if the two are to meet."""
        if self.way.data == Way.MEET and not self.proposals:
            raise ValidationError(_l("Please say when and where you could come, at least once."))

    def validate_place(self, field: RadioField) -> None:
        """One of the places, if the book is left at one."""
        if self.way.data == Way.PLACE and field.data not in self.place_ids:
            raise ValidationError(_l("Please choose one of the places."))


class AcceptForm(PostForm):
    """When and where the two meet: one of the asker's proposals, or the giver's own words."""

    proposal = StringField(filters=[as_typed], validators=[Length(max=LONGEST_WORDS)])
    words = StringField(
        _l("another time or place"),
        filters=[as_typed],
        validators=[Length(max=LONGEST_WORDS, message=_l("At most 200 characters, please."))],
    )

    @property
    def meeting(self) -> str:
        """What was chosen; empty for a book that is not handed over in person."""
        return self.words.data or self.proposal.data


class MessageForm(PostForm):
    """A message to the other side: words, or one of the quick phrases."""

    text = TextAreaField(
        _l("Message"),
        filters=[as_typed_lines],
        validators=[Length(max=LONGEST_MESSAGE, message=_l("At most 1,000 characters, please."))],
    )
    phrase = StringField()
    form_key = form_key_field()

    @property
    def chosen(self) -> Phrase | None:
        """The quick phrase."""
        return Phrase(self.phrase.data) if self.phrase.data else None

    def validate_phrase(self, field: StringField) -> None:
        """One of the phrases, or words."""
        if field.data and field.data not in list(Phrase):
            raise ValidationError(_l("There is no such phrase."))
        if not field.data and not self.text.data:
            raise ValidationError(_l("Please write something."))


class HandOverForm(PostForm):
    """The code that the asker shows."""

    code = StringField(
        _l("Hand-over code"),
        validators=[InputRequired(_l("Please enter the code.")), Length(max=40, message=_l("Six digits, please."))],
    )


class MailedForm(PostForm):
    """The book is on its way."""

    tracking = StringField(
        _l("Tracking number"),
        filters=[fold_width],
        validators=[Optional(), Length(max=60, message=_l("At most 60 characters, please."))],
    )


REASONS = {
    CancelReason.NO_TIME: _l("I can’t mail it or meet in time"),
    CancelReason.GONE: _l("I don’t have the book any more, or it is damaged"),
    CancelReason.NO_ANSWER: _l("We could not agree on how to hand it over"),
    CancelReason.OTHER: _l("another reason"),
}


class CancelForm(PostForm):
    """Why the giver cannot keep a promise, and what becomes of the copy."""

    reason = RadioField(
        _l("Why?"),
        choices=choices_of(REASONS.items()),
        validators=[DataRequired(_l("Please choose a reason: the other reader is told."))],
    )
    words = StringField(
        _l("A word to the other reader"),
        filters=[as_typed],
        validators=[Length(max=LONGEST_EXPLANATION, message=_l("At most 200 characters, please."))],
    )
    withdraw = BooleanField(_l("Take the copy off the shelf"))

    @property
    def cancelling(self) -> Cancelling:
        """What was said."""
        return Cancelling(CancelReason(self.reason.data), self.words.data, self.withdraw.data)
