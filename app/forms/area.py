"""Choosing one's area."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from app.forms.fields import HiddenField, PostForm, StringField
from app.rules.text import as_typed


def area_field(label: Any = _l("Where you are")) -> StringField:  # noqa: B008 - translated when it is shown
    """Return the field in which a reader types the name of an area."""
    too_long = Length(max=200, message=_l("At most 200 characters, please."))
    return StringField(label, filters=[as_typed], validators=[too_long])


class AreaForm(PostForm):
    """An area chosen from a list of hits, none to remove it."""

    area = HiddenField()
    next = HiddenField()
