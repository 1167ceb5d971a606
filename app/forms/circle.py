"""The forms about a circle: founding it, and asking to be let in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, RadioField, SelectMultipleField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Regexp,
    ValidationError,
)

from app.forms.account import NEEDED
from app.forms.area import area_field
from app.forms.book import QUERY_LENGTH
from app.forms.fields import DateField, NumberField, PostForm, StringField, TextAreaField, choices_of
from app.forms.gift import ways_field
from app.rules.circle.circle import (
    LONGEST_ABOUT,
    LONGEST_ANNOUNCEMENT,
    LONGEST_DOMAIN,
    LONGEST_NAME,
    LONGEST_REQUEST,
    Door,
)
from app.rules.exchange.way import in_order
from app.rules.text import as_typed, as_typed_lines

DOOR_CHOICES = {
    Door.OPEN: _l("Open: whoever likes comes in"),
    Door.ASK: _l("On request: you let in who asks"),
    Door.LINK: _l("By invitation: whoever has a link or a QR code of yours; others do not find the circle"),
    Door.CLOSED: _l("Closed: nobody more"),
}
DOMAIN = r"^$|^[^\s@/]+\.[^\s@/]+$"
NO_DOMAIN = _l("This is not the domain of an e-mail address. It looks like campus.example.")
TOO_LONG = _l("At most %(max)d characters, please.")


def as_domain(text: str | None) -> str:
    """Return the part of a mail address after the @, however it is typed."""
    return as_typed(text).rpartition("@")[2].casefold().strip(".")


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


class RulesForm(FoundForm):
    """All that its stewards say about a circle."""

    announcement = lines_field(_l("Announcement to members"), LONGEST_ANNOUNCEMENT)
    area_name = area_field(_l("Area"))
    listed = BooleanField(_l("Everybody finds the circle in the directory"))
    domain = StringField(
        _l("E-mail domain"),
        filters=[as_domain],
        validators=[
            Length(max=LONGEST_DOMAIN, message=TOO_LONG),
            Regexp(DOMAIN, message=NO_DOMAIN),
        ],
    )
    members_invite = BooleanField(_l("Each member may invite"))
    ways = ways_field(_l("How books that are for this circle alone are handed over"))
    lends = BooleanField(_l("Books may be lent"))
    needs_beans = BooleanField(_l("A book costs its bean"))

    def validate_ways(self, field: SelectMultipleField) -> None:
        """At least one.

        :raises ValidationError: there is none.
        """
        if not field.data:
            raise ValidationError(_l("Please choose at least one way."))

    def facts(self, area: str | None) -> dict[str, Any]:
        """Return what is said of the circle, which is in the area at this path."""
        names = ("name", "about", "announcement", "listed", "members_invite", "lends", "needs_beans")
        said = {name: self[name].data for name in names}
        ways = " ".join(in_order(self.ways.data or ()))
        return said | {"door": Door(self.door.data), "area": area, "domain": self.domain.data or None, "ways": ways}


class UsesForm(PostForm):
    """A new invitation to a circle."""

    uses = NumberField(_l("For how many people?"), default=10, validators=[InputRequired(NEEDED)])

    def limit(self, most: int) -> None:
        """Let an invitation be for `most` people at most."""
        message = _l("One person at least, and %(max)d at most.")
        self.uses.validators = [InputRequired(NEEDED), NumberRange(1, most, message=message)]


class AnswerForm(PostForm):
    """Whether a member will look after a circle that nobody looks after any more."""

    answer = StringField(validators=[AnyOf(["yes", "no"])])


class TitleForm(PostForm):
    """A book that a circle wants to read by a day."""

    book = NumberField(_l("Book"), validators=[InputRequired(_l("Please choose a book."))])
    wanted_by = DateField(_l("By which day?"), validators=[InputRequired(_l("Please choose a day."))])
