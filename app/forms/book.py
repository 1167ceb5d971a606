"""Searching for books, and entering one by hand."""

import re
import unicodedata

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.forms.fields import NumberField

QUERY_LENGTH = 100
PAGES = 99
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
BROKEN_LINK = _l("This link is broken. Please search again.")
TOO_LONG = _l("Please use at most %(max)d characters.")


def fold(text: str | None) -> str:
    """Return the text in NFKC, without control and direction marks, blanks made single."""
    printable = UNPRINTABLE.sub(" ", unicodedata.normalize("NFKC", text or ""))
    return " ".join(printable.split())


class SearchForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """A keyword or an ISBN, and which page of the hits: a number, or a cursor from the pager."""

    q = StringField(
        _l("ISBN, title, author or publisher"),
        filters=[fold],
        validators=[
            DataRequired(_l("Enter an ISBN, a title, an author or a publisher.")),
            Length(max=QUERY_LENGTH, message=_l("Please search with at most %(max)d characters.")),
        ],
    )
    page = NumberField(
        default=1,
        validators=[
            Optional(),
            NumberRange(
                1,
                PAGES,
                _l("Pages go from %(min)s to %(max)s. A narrower search brings the book up."),
            ),
        ],
    )
    cursor = StringField(validators=[Length(max=200, message=BROKEN_LINK)])


class EntryForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A book entered by hand."""

    title = StringField(
        _l("Title"),
        filters=[fold],
        validators=[DataRequired(_l("A book needs a title.")), Length(max=250, message=TOO_LONG)],
    )
    authors = StringField(_l("Author"), filters=[fold], validators=[Length(max=250, message=TOO_LONG)])
    publisher = StringField(_l("Publisher"), filters=[fold], validators=[Length(max=120, message=TOO_LONG)])
    year = NumberField(
        _l("Year"),
        validators=[Optional(), NumberRange(1000, 2100, _l("Please give the year with four digits."))],
    )
