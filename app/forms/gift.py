"""Forms about copies, and about how a reader hands them over."""

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectMultipleField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms.area import area_field
from app.forms.fields import HiddenField, PostForm, StringField, choices_of
from app.rules.exchange.drift import Way
from app.rules.exchange.way import LONGEST_WORDS, Terms, in_order
from app.rules.text import as_typed

CONDITIONS = {
    "new": _l("as new"),
    "very_good": _l("very good"),
    "good": _l("good"),
    "worn": _l("worn"),
}
WAYS = {
    Way.POST: _l("by post"),
    Way.MEET: _l("in person"),
}


def ways_field(label: Any, *validators: Any) -> SelectMultipleField:
    """Return a field for the ways in which a reader hands copies over."""
    return SelectMultipleField(
        label,
        choices=choices_of((way.value, name) for way, name in WAYS.items()),
        validators=validators,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class TermsForm(PostForm):
    """How a reader hands copies over, unless a copy says otherwise; no way at all leaves it to each copy."""

    ways = ways_field(_l("How you hand books over"))
    meeting_words = StringField(
        _l("When and where it suits you"),
        filters=[as_typed],
        validators=[Length(max=LONGEST_WORDS, message=_l("At most 200 characters, please."))],
    )

    @property
    def terms(self) -> Terms:
        """What was chosen."""
        return Terms(in_order(self.ways.data or ()), self.meeting_words.data)


class OfferForm(TermsForm):
    """A copy to list: its condition, a note about it, and how it is handed over."""

    condition = RadioField(
        _l("Condition"),
        choices=choices_of(CONDITIONS.items()),
        default="good",
        validators=[InputRequired()],
    )
    note = StringField(
        _l("Note"),
        filters=[as_typed],
        validators=[Length(max=200, message=_l("At most 200 characters, please."))],
    )
    ways = ways_field(_l("How you can hand it over"), InputRequired(_l("Please choose at least one.")))
    area_name = area_field()
    """Asked for as long as the reader has not chosen an area."""
    form_key = HiddenField(default=lambda: secrets.token_hex(16), validators=[Length(max=32)])
