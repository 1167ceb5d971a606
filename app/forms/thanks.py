"""The forms with which a reader thanks the giver of a book."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired, Length

from app.forms.fields import PostForm, StringField
from app.rules.text import as_typed
from app.rules.trust.thanks import LONGEST_LINE

_SHORT = Length(max=LONGEST_LINE, message=_l("At most 200 characters, please."))


class ReceivedForm(PostForm):
    """The book has arrived."""

    thanks = StringField(_l("A line of thanks"), filters=[as_typed], validators=[_SHORT])
    shows_area = BooleanField(_l("Show my city in the journey of this book"))
    shows_name = BooleanField(_l("Show my name in the journey of this book"))


class ThanksForm(PostForm):
    """A line of thanks, later."""

    text = StringField(
        _l("A line of thanks"),
        filters=[as_typed],
        validators=[DataRequired(_l("Please write something.")), _SHORT],
    )
