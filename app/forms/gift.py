"""Forms about copies."""

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.forms.fields import tidy

CONDITIONS = {
    "new": _l("as new"),
    "very_good": _l("very good"),
    "good": _l("good"),
    "worn": _l("worn"),
}


class OfferForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A copy to list: its condition and a note about it."""

    condition = RadioField(
        _l("Condition"),
        choices=[SelectChoice(value, label) for value, label in CONDITIONS.items()],
        default="good",
        validators=[InputRequired()],
    )
    note = StringField(
        _l("Note"),
        filters=[tidy],
        validators=[Length(max=200, message=_l("At most 200 characters, please."))],
    )
    form_key = HiddenField(default=lambda: secrets.token_hex(16), validators=[Length(max=32)])
