"""For whom a copy is: for everybody, or for some circles of its giver alone."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms.fields import PostForm, choices_of

EVERYBODY = "everybody"


class AudienceField(SelectMultipleField):
    """Everybody, or the ids of circles; a value may hold several ids, with blanks between."""

    data: list[str]
    labels: dict[str, Any]
    """The choices: what is shown for each value."""

    def offer(self, labels: dict[str, Any]) -> None:
        """Say what can be chosen."""
        self.labels, self.choices = labels, choices_of(labels.items())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent."""
        self.data = list(dict.fromkeys(word for value in valuelist for word in value.split()))

    def pre_validate(self, form: object) -> None:
        """Leave it to the form, which says what is wrong in its own words."""

    @property
    def single_choices(self) -> Iterator[tuple[str, Any, bool]]:
        """Yield value, label and whether it is chosen, for a list in which only one line can be chosen."""
        circles = [value for value in self.labels if value != EVERYBODY]
        lines = self.labels | ({" ".join(circles): _l("all my circles")} if len(circles) > 1 else {})
        chosen = " ".join(self.data) if set(self.data) <= set(self.labels) else ""
        if chosen not in lines:
            lines |= {chosen: " · ".join(str(self.labels[value]) for value in chosen.split()) or _l("please choose")}
        yield from ((value, label, value == chosen) for value, label in lines.items())


class AudienceForm(PostForm):
    """For whom a copy is that is listed."""

    audience = AudienceField(
        _l("Who may see it"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=[]
    )

    def offer_audience(self, circles: Sequence[tuple[int, str]], chosen: Collection[int]) -> None:
        """Say for which circles, with their names, copies can be, and which are chosen in a form that is not sent.

        A giver without any is not asked; if one was chosen all the same, they have just left it.
        """
        named = [(str(id), name) for id, name in circles]
        self.audience.offer({EVERYBODY: _l("everybody"), **dict(named)})
        if self.audience.raw_data is None:
            self.audience.data = [value for value, _ in named if int(value) in chosen] or [EVERYBODY]
        if not circles and not (self.audience.raw_data and self.audience.data):
            del self.audience

    def validate_audience(self, field: AudienceField) -> None:
        """Everybody, or at least one circle of the giver's own."""
        if not field.data:
            raise ValidationError(_l("Please choose who may see it."))
        if not set(field.data) <= set(field.labels):
            raise ValidationError(_l("You are no longer in one of these circles: please choose again."))
        if EVERYBODY in field.data and len(field.data) > 1:
            raise ValidationError(_l("Please choose either everybody, or circles."))

    @property
    def circles(self) -> tuple[int, ...]:
        """The circles for whose members alone the copy is; none if it is for everybody."""
        if not self.audience:
            return ()
        return tuple(
            sorted(int(value) for value in self.audience.data if value in self.audience.labels.keys() - {EVERYBODY})
        )
