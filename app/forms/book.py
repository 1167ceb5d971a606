"""Searching for books, and entering one by hand."""

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional

from app.forms.fields import HiddenField, NumberField, PostForm, StringField, TextAreaField, choices_of
from app.rules.book import isbn as isbn_rules
from app.rules.text import as_typed, as_typed_lines, fold_width

QUERY_LENGTH = 100
MOST_PAGES = 50_000
PAGES = 99
LANGUAGES = (
    "zh", "en", "ja", "ko", "fr", "de", "ru", "es", "it", "pt", "nl", "pl", "cs", "uk", "sv", "tr", "ar", "fa", "he",
    "hi", "vi", "th", "id", "ug", "bo", "mn", "la",
)  # fmt: skip
"""Those in which books may be entered; of others, the language stays open."""
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
    near = StringField(validators=[Optional(), AnyOf(("1",), message=BROKEN_LINK)])
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
        validators=[Optional(), NumberRange(1000, 2100, _l("Please write the year with four digits."))],
    )


class PlacingForm(PostForm):
    """Which editions are one work: joining with the work of a book, splitting off editions, or undoing an act."""

    do = StringField(validators=[AnyOf(("join", "split", "undo"))])
    number = StringField(
        _l("ISBN or local number of a book that is the same work"), filters=[as_typed], validators=[Length(max=40)]
    )
    edition = SelectMultipleField(validate_choice=False)
    act = NumberField(validators=[Optional()])


def _language_choices() -> list[Any]:
    locale = get_locale()
    return choices_of(
        [("", _l("not known")), *((code, (locale and locale.languages.get(code)) or code) for code in LANGUAGES)]
    )


class NewBookForm(EntryForm):
    """A book entered by hand, with an ISBN or without; `seen` are the numbers of the look-alikes that were shown."""

    isbn = StringField(_l("ISBN"), filters=[as_typed], validators=[Length(max=60, message=TOO_LONG)])
    pages = NumberField(
        _l("Pages"),
        validators=[Optional(), NumberRange(1, MOST_PAGES, _l("Please give a number from %(min)s to %(max)s."))],
    )
    language = SelectField(_l("Language"), choices=_language_choices, default="")
    summary = TextAreaField(
        _l("What it is about"), filters=[as_typed_lines], validators=[Length(max=2000, message=TOO_LONG)]
    )
    seen = HiddenField(validators=[Length(max=200)])

    def validate_isbn(self, field: StringField) -> None:
        """Refuse what is no ISBN, and write the 13 digits of one that is."""
        if field.data:
            canonical = isbn_rules.parse(field.data)
            if canonical is None:
                raise ValidationError(_l("This is not a valid ISBN. Leave it empty if the book has none."))
            field.data = canonical
