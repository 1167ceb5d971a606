"""The forms about a circle: founding it, and asking to be let in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField
from wtforms.validators import DataRequired, InputRequired, Length

from app.forms.book import QUERY_LENGTH
from app.forms.fields import PostForm, StringField, TextAreaField, choices_of
from app.rules.circle.circle import LONGEST_ABOUT, LONGEST_NAME, LONGEST_REQUEST, Door
from app.rules.text import as_typed, as_typed_lines

DOOR_CHOICES = {
    Door.OPEN: _l("Open: whoever likes comes in"),
    Door.ASK: _l("On request: you let in who asks"),
    Door.LINK: _l("By invitation: whoever has a link or a QR code of yours; others do not find the circle"),
    Door.CLOSED: _l("Closed: nobody more"),
}
TOO_LONG = _l("At most %(max)d characters, please.")


def name_field() -> StringField:
    """Return the field for a circle's name."""
    needed, too_long = DataRequired(_l("Please enter a name.")), Length(max=LONGEST_NAME, message=TOO_LONG)
    return StringField(_l("Name"), filters=[as_typed], validators=[needed, too_long])


def lines_field(label: Any, most: int) -> TextAreaField:
    """Return a field for a text of several lines."""
    return TextAreaField(label, filters=[as_typed_lines], validators=[Length(max=most, message=TOO_LONG)])


def door_field() -> RadioField:
    """Return the field for how readers get in."""
    return RadioField(
        _l("Who gets in?"),
        choices=choices_of((door.value, words) for door, words in DOOR_CHOICES.items()),
        default=Door.ASK.value,
        validators=[InputRequired(_l("Please choose one."))],
    )


class FoundForm(PostForm):
    """A new circle, in three fields."""

    name = name_field()
    about = lines_field(_l("What is it about?"), LONGEST_ABOUT)
    door = door_field()


class KnockForm(PostForm):
    """Joining a circle, with some words for its stewards where these are asked."""

    words = StringField(
        _l("A line to who looks after the circle"),
        filters=[as_typed],
        validators=[Length(max=LONGEST_REQUEST, message=TOO_LONG)],
    )


class CircleQuery(Form):
    """What is looked for on the shelf of a circle, and behind which listing the page begins."""

    q = StringField(filters=[as_typed])
    before = StringField()

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.q.data[:QUERY_LENGTH]

    @property
    def behind(self) -> int | None:
        """The id of a listing; None for the first page, and for anything that is no id."""
        text = self.before.data
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
