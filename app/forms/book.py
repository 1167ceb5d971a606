"""Searching for books, and entering one by hand."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectMultipleField
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional

from app.forms.fields import NumberField, PostForm, StringField
from app.rules.text import as_typed, fold_width

QUERY_LENGTH = 100
PAGES = 99
SEARCH_LANGUAGES = ("zh", "en", "other")
BROKEN_LINK = _l("This link is broken. Please search again.")
TOO_LONG = _l("Please use at most %(max)d characters.")


class SearchForm(Form):
    """A keyword or an ISBN, which books are searched, and a page of hits: its number, or a cursor from the pager."""

    q = StringField(
        _l("ISBN, title, author or publisher"),
        filters=[fold_width],
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
    had = StringField(validators=[Optional(), AnyOf(("1",), message=BROKEN_LINK)])
    language = StringField(validators=[Optional(), AnyOf(SEARCH_LANGUAGES, message=BROKEN_LINK)])
    sort = StringField(validators=[Optional(), AnyOf(("newest",), message=BROKEN_LINK)])


class EntryForm(PostForm):
    """A book entered by hand."""

    title = StringField(
        _l("Title"),
        filters=[as_typed],
        validators=[DataRequired(_l("A book needs a title.")), Length(max=250, message=TOO_LONG)],
    )
    authors = StringField(_l("Author"), filters=[as_typed], validators=[Length(max=250, message=TOO_LONG)])
    publisher = StringField(_l("Publisher"), filters=[as_typed], validators=[Length(max=120, message=TOO_LONG)])
    year = NumberField(
        _l("Year"),
        validators=[Optional(), NumberRange(1000, 2100, _l("Please give the year with four digits."))],
    )


class PlacingForm(PostForm):
    """Which editions are one work: joining with the work of a book, splitting off editions, or undoing an act."""

    do = StringField(validators=[AnyOf(("join", "split", "undo"))])
    number = StringField(
        _l("ISBN or local number of a book that is the same work"), filters=[as_typed], validators=[Length(max=40)]
    )
    edition = SelectMultipleField(validate_choice=False)
    act = NumberField(validators=[Optional()])
