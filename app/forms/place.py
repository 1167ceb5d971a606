"""The form about a meeting place."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired, Length

from app.forms.area import area_field
from app.forms.fields import PostForm, StringField, choices_of
from app.rules.exchange.place import LONGEST_FINDING, LONGEST_NAME, LONGEST_OPENING, PlaceFacts, PlaceKind
from app.rules.text import as_typed

KINDS = {
    PlaceKind.SHELF: _l("book shelf"),
    PlaceKind.BOX: _l("public bookcase"),
    PlaceKind.CAFE: _l("café"),
    PlaceKind.DESK: _l("front desk"),
    PlaceKind.LOCKER: _l("locker"),
    PlaceKind.GATEHOUSE: _l("gatehouse"),
}


def _words(label: Any, most: int, *validators: Any) -> StringField:
    too_long = Length(max=most, message=_l("At most %(max)d characters, please."))
    return StringField(label, filters=[as_typed], validators=[*validators, too_long])


class PlaceForm(PostForm):
    """A place where books are left."""

    name = _words(_l("Name"), LONGEST_NAME, DataRequired(_l("Please enter a name.")))
    kind = RadioField(
        _l("What it is"), choices=choices_of(KINDS.items()), default=PlaceKind.SHELF.value, validators=[InputRequired()]
    )
    words = _words(_l("How to find it"), LONGEST_FINDING)
    opening = _words(_l("When it is open"), LONGEST_OPENING)
    area_name = area_field(_l("Area"))

    def facts(self, area: str) -> PlaceFacts:
        """Return what is said of the place, which is in the area at this path."""
        return PlaceFacts(self.name.data, PlaceKind(self.kind.data), self.words.data, self.opening.data, area)
