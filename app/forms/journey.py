"""The forms of labels and journeys of copies."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectMultipleField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms.fields import PostForm, StringField, choices_of
from app.forms.stranger import StrangerForm
from app.rules.journey.telling import LONGEST_LINE, LONGEST_PLACE
from app.rules.text import as_typed


def some_are_chosen(_form: object, field: Field) -> None:
    """Refuse a list of which nothing is ticked; `DataRequired` would let browsers ask for every box.

    :raises ValidationError: nothing is ticked.
    """
    if not field.data:
        raise ValidationError(_l("Please choose a book."))


class LabelsForm(PostForm):
    """The copies whose labels are printed."""

    copies = SelectMultipleField(
        _l("For which books?"),
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[some_are_chosen],
    )

    def offer(self, labels: list[tuple[int, str]]) -> None:
        """Let these be chosen: ids of copies with what is said of them."""
        self.copies.choices = choices_of(labels)  # type: ignore[arg-type]


class ConsentForm(PostForm):
    """What a journey tells of a reader."""

    shows_area = BooleanField(_l("Show my city in the journey of this book"))
    shows_name = BooleanField(_l("Show my name in the journey of this book"))


class BindForm(PostForm):
    """The book that a label is stuck on: one on the shelf, or another one by its number."""

    copy = StringField(_l("A book on my shelf"))
    isbn = StringField(_l("Or its ISBN"), filters=[as_typed], validators=[Length(max=40)])


class LineForm(StrangerForm):
    """A line on the page of a copy."""

    words = StringField(
        _l("Where it is now, or a line about it"),
        filters=[as_typed],
        validators=[
            DataRequired(_l("Please write something.")),
            Length(max=LONGEST_LINE, message=_l("At most 200 characters, please.")),
        ],
    )


class FreeForm(PostForm):
    """Where a copy is left."""

    words = StringField(
        _l("Where do you leave it?"),
        filters=[as_typed],
        validators=[
            DataRequired(_l("Please write something.")),
            Length(max=LONGEST_PLACE, message=_l("At most 100 characters, please.")),
        ],
    )
