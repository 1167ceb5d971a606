"""Forms about copies."""

import secrets

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from app.forms.area import place_field
from app.forms.fields import HiddenField, PostForm, StringField, choices_of
from app.rules.text import as_typed

CONDITIONS = {
    "new": _l("as new"),
    "very_good": _l("very good"),
    "good": _l("good"),
    "worn": _l("worn"),
}


class OfferForm(PostForm):
    """A copy to list: its condition and a note about it."""

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
    place = place_field()
    """Asked for as long as the reader has not chosen an area."""
    form_key = HiddenField(default=lambda: secrets.token_hex(16), validators=[Length(max=32)])
