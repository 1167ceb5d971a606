"""Browsing the books."""

from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import AnyOf, NumberRange, Optional, Regexp

from app.forms.book import BROKEN_LINK
from app.forms.fields import NumberField, StringField


class BrowseForm(Form):
    """A language code (`other` means unknown), a first letter or a year, and the number of the book before the page."""

    language = StringField(validators=[Optional(), Regexp(r"^(?:[a-z]{2,3}|other)\Z", message=BROKEN_LINK)])
    near = StringField(validators=[Optional(), AnyOf(("1",), message=BROKEN_LINK)])
    letter = StringField(validators=[Optional(), Regexp(r"^[a-z~]\Z", message=BROKEN_LINK)])
    year = NumberField(validators=[Optional(), NumberRange(0, 2100, _l("Years go from %(min)s to %(max)s."))])
    after = StringField(validators=[Optional(), Regexp(r"^(?:97[89][0-9]{10}|F[0-9]{9,20})\Z", message=BROKEN_LINK)])
