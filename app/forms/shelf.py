"""What a reader does with several copies of the shelf at once, and which of them a page shows."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.fields import Field
from wtforms.validators import AnyOf, Length, ValidationError

from app.forms.audience import AudienceField, AudienceForm
from app.forms.book import QUERY_LENGTH, TOO_LONG
from app.forms.fields import StringField
from app.rules.exchange.listing import Condition
from app.rules.shelf.keeping import MOST_AT_ONCE, Change, Show
from app.rules.text import as_typed

_LONGEST_ID = 18
"""Digits that fit into a column for ids."""


class IdsField(Field):
    """The ids of the rows whose boxes are ticked; whatever is none is left out."""

    data: list[int]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent."""
        digits = (text for text in valuelist[: 2 * MOST_AT_ONCE] if text.isascii() and text.isdigit())
        self.data = sorted({int(text) for text in digits if len(text) <= _LONGEST_ID})

    def process_data(self, value: Any) -> None:
        """Begin with the ids given, or with none."""
        self.data = value or []


class ShelfForm(AudienceForm):
    """What to do, with which copies: those that are ticked, or all that the page shows."""

    act = StringField(validators=[AnyOf(list(Change), message=_l("Please choose what to do."))])
    condition = StringField(default=Condition.GOOD)
    ticked = IdsField()
    shown = IdsField()
    all = StringField()

    @property
    def chosen(self) -> list[int]:
        """The ids of the copies."""
        return self.shown.data if self.all.data else self.ticked.data

    def validate_condition(self, field: StringField) -> None:
        """Only where it is to be changed."""
        if self.act.data == Change.CONDITION and field.data not in list(Condition):
            raise ValidationError(_l("Please choose a condition."))

    def validate_audience(self, field: AudienceField) -> None:
        """Only where copies are listed."""
        if self.act.data == Change.OFFER:
            super().validate_audience(field)

    def validate_shown(self, _: IdsField) -> None:
        """Some, but not too many."""
        if not self.chosen:
            raise ValidationError(_l("Please choose at least one book."))
        if len(self.chosen) > MOST_AT_ONCE:
            raise ValidationError(_l("At most %(max)d books at once, please.") % {"max": MOST_AT_ONCE})


class ShelfQuery(Form):
    """Which copies of a shelf a page shows; what is not understood shows all."""

    show = StringField()
    q = StringField(filters=[as_typed], validators=[Length(max=QUERY_LENGTH, message=TOO_LONG)])

    @property
    def chosen(self) -> Show | None:
        """The kind of copies; None for all that the reader holds."""
        return Show(self.show.data) if self.show.data in list(Show) else None

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.q.data[:QUERY_LENGTH]
