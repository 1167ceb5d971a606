"""The forms about a book that is not as described."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired, Length

from app.forms.fields import PostForm, TextAreaField, choices_of
from app.rules.text import as_typed_lines
from app.rules.trust.complaint import LONGEST_COMPLAINT, Fault

FAULTS = {
    Fault.CONDITION: _l("It is in a worse condition than described"),
    Fault.EDITION: _l("It is another book or edition"),
    Fault.PAGES: _l("Pages or parts are missing"),
    Fault.OTHER: _l("Something else"),
}
_SHORT = Length(max=LONGEST_COMPLAINT, message=_l("At most 500 characters, please."))


class ComplaintForm(PostForm):
    """What is not as described."""

    fault = RadioField(
        _l("What is not as described?"),
        choices=choices_of((fault.value, words) for fault, words in FAULTS.items()),
        validators=[InputRequired(_l("Please choose one."))],
    )
    words = TextAreaField(
        _l("In your words"),
        filters=[as_typed_lines],
        validators=[DataRequired(_l("Please write something.")), _SHORT],
    )


DISAGREE = ("disagree", _l("I disagree; a moderator should look at it"))
FREE_ANSWERS = [("return", _l("I agree, it is not as described")), DISAGREE]
"""What the giver of a book that cost no bean can answer."""


class ComplaintAnswerForm(PostForm):
    """What the giver says to it."""

    answer = RadioField(
        _l("Your answer"),
        choices=choices_of([("return", _l("I give the bean back")), DISAGREE]),
        validators=[InputRequired(_l("Please choose one."))],
    )
    words = TextAreaField(_l("In your words"), filters=[as_typed_lines], validators=[_SHORT])

    def without_beans(self) -> None:
        """Name no bean, as the book cost none."""
        self.answer.choices = choices_of(FREE_ANSWERS)
