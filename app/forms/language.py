"""Choosing the language."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.forms.fields import HiddenField, PostForm, choices_of
from app.i18n import list_languages


class LanguageForm(PostForm):
    """A language of the site, and the page to return to."""

    language = RadioField(
        _l("Language"),
        choices=lambda: choices_of(list_languages()),
        validators=[InputRequired()],
    )
    next = HiddenField()
