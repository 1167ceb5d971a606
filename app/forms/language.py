"""Choosing the language."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.i18n import LANGUAGE_NAMES


class LanguageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A language of the site, and the page to go back to."""

    language = RadioField(
        _l("Language"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()],
        validators=[InputRequired()],
    )
    next = HiddenField()
