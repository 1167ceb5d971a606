"""The forms about who may come in: invitations, and the answer to who asks to be let in."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, Length, NumberRange

from app.forms.account import NEEDED, RegisterForm
from app.forms.fields import NumberField, PostForm, TextAreaField, choices_of
from app.rules.door.door import WORDS_LENGTH
from app.rules.moderation.decision import LONGEST_STATEMENT
from app.rules.text import as_typed_lines

LET_THEM_IN = _l("Let them in")


class AskToRegisterForm(RegisterForm):
    """A new account that a moderator has to let in."""

    words = TextAreaField(
        _l("About you"),
        filters=[as_typed_lines],
        validators=[
            InputRequired(NEEDED),
            Length(*WORDS_LENGTH, message=_l("%(min)d to %(max)d characters, please.")),
        ],
    )


class InviteForm(PostForm):
    """A new invitation."""

    uses = NumberField(_l("For how many people?"), default=1, validators=[InputRequired(NEEDED)])

    def limit(self, most: int) -> None:
        """Let an invitation be for `most` people at most."""
        message = _l("One person at least, and %(max)d at most.")
        self.uses.validators = [InputRequired(NEEDED), NumberRange(1, most, message=message)]


class AtTheDoorForm(PostForm):
    """The answer to somebody who asks to be let in."""

    answer = RadioField(
        _l("What should be done?"),
        choices=choices_of((("in", LET_THEM_IN), ("away", _l("Turn them away")))),
        validators=[InputRequired(_l("Please choose one."))],
    )
    words = TextAreaField(
        _l("What you say about it"),
        filters=[as_typed_lines],
        validators=[Length(max=LONGEST_STATEMENT, message=_l("At most 1,000 characters, please."))],
    )

    def only_let_in(self) -> None:
        """Offer nothing else about somebody who was turned away already."""
        self.answer.choices = choices_of([("in", LET_THEM_IN)])

    def validate(self, extra_validators: object = None) -> bool:
        """Turning somebody away needs a reason, which they are told."""
        is_valid = bool(super().validate(extra_validators))
        if is_valid and self.answer.data == "away" and not self.words.data:
            self.words.errors = [*self.words.errors, _l("Please say why: the other reader sees it.")]
            return False
        return is_valid
