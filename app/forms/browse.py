"""Browsing the books."""

from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import AnyOf, NumberRange, Optional, Regexp

from app.forms.book import BROKEN_LINK
from app.forms.fields import NumberField, StringField
from app.rules.book.shelves import Shelf

ALL = "all"


class BrowseForm(Form):
    """A shelf, a language code (`other` means unknown), a year or a first letter, and the end of the page before.

    That is the number of a book, in the order of titles, or two numbers, in the order of listing.
    """

    shelf = StringField(validators=[Optional(), AnyOf([str(shelf) for shelf in Shelf], message=BROKEN_LINK)])
    show = StringField(validators=[Optional(), AnyOf((ALL,), message=BROKEN_LINK)])
    language = StringField(validators=[Optional(), Regexp(r"^(?:[a-z]{2,3}|other)\Z", message=BROKEN_LINK)])
    near = StringField(validators=[Optional(), AnyOf(("1",), message=BROKEN_LINK)])
    letter = StringField(validators=[Optional(), Regexp(r"^[a-z~]\Z", message=BROKEN_LINK)])
    year = NumberField(validators=[Optional(), NumberRange(0, 2100, _l("Years go from %(min)s to %(max)s."))])
    after = StringField(
        validators=[
            Optional(),
            Regexp(r"^(?:97[89][0-9]{10}|F[0-9]{9,20}|[0-9]{1,18}\.[0-9]{1,18})\Z", message=BROKEN_LINK),
        ]
    )

    @property
    def is_by_title(self) -> bool:
        """Whether all books of a language are asked for, in the order of their titles."""
        is_book = bool(self.after.data) and "." not in self.after.data
        return not self.shelf.data and (bool(self.show.data or self.letter.data) or is_book)
