"""The form of the numbers that a rehearsal of the economy tries."""

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import NumberRange, Optional

from app.forms.fields import NumberField
from app.rules.bean.economy import IN_FORCE
from app.rules.economy.rehearsal import MOST_BEANS, least_of


def _number(name: str, label: str) -> NumberField:
    least = least_of(name)
    between = NumberRange(least, MOST_BEANS, _l("A number from %(min)s to %(max)s, please."))
    return NumberField(label, default=getattr(IN_FORCE, name), validators=[Optional(), between])


class WhatIfForm(Form):
    """The numbers, which are those in force unless others are entered; sent by GET, as nothing changes."""

    price = _number("price", _l("Beans that a book costs"))
    for_confirming = _number("for_confirming", _l("Beans for confirming the e-mail address"))
    for_first_request = _number("for_first_request", _l("Beans for a giver’s first request"))
    for_first_book = _number("for_first_book", _l("Beans for a giver’s first book that arrives"))
    from_pool = _number("from_pool", _l("Beans from the pool in a month"))
    received_per_given = _number("received_per_given", _l("Books one may receive for each one given"))

    def __init__(self, sent: MultiDict[str, str]) -> None:
        super().__init__(sent)
        for field in self:
            if not any(text.strip() for text in field.raw_data or ()):
                field.data, field.raw_data = field.default, None

    @property
    def changed(self) -> dict[str, int]:
        """Return the numbers that are not those in force."""
        tried = {field.name: field.data for field in self if field.data is not None}
        return {name: number for name, number in tried.items() if number != getattr(IN_FORCE, name)}
