"""The forms of the desk, and the words for what is decided and why."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.forms.fields import DateField, PostForm, TextAreaField, choices_of
from app.rules.moderation.decision import LONGEST_STATEMENT, Act, Ground, Verdict
from app.rules.text import as_typed_lines

ACTS = {
    Act.NOTHING: _l("Leave it as it is"),
    Act.HIDE: _l("Hide it"),
    Act.LIMIT: _l("Limit the reader: nothing new"),
    Act.SUSPEND: _l("Suspend the reader: no log-in"),
    Act.RESTORE: _l("Reverse the decision"),
    Act.PAY: _l("Pay from the pool what the book cost"),
}

# Readers get these sentences by mail, too: see `app.mail.moderation`.
GROUNDS = {
    Ground.INSULT: _l("Nobody may be insulted or harassed here."),
    Ground.THREAT: _l("Nothing that threatens somebody or breaks the law may stand here."),
    Ground.SPAM: _l("Nobody may advertise here, or ask for money."),
    Ground.PRIVATE: _l("Nothing private about others may be told here."),
    Ground.DECEIT: _l("Nobody may be deceived here about a book, or about who gives it."),
    Ground.DESCRIBED: _l("A book has to be as its giver describes it."),
    Ground.OTHER: _l("It doesn’t fit what this site is for."),
    Ground.NO_BREACH: _l("No rule of this site was broken."),
    Ground.MISTAKE: _l("The earlier decision was a mistake, or is no longer needed."),
}


class _StatementForm(PostForm):
    words = TextAreaField(
        _l("What you say about it"),
        filters=[as_typed_lines],
        validators=[Length(max=LONGEST_STATEMENT, message=_l("At most 1,000 characters, please."))],
    )


class _GroundForm(_StatementForm):
    ground = RadioField(
        _l("Why?"),
        choices=choices_of((ground.value, words) for ground, words in GROUNDS.items()),
        validators=[InputRequired(_l("Please choose one."))],
    )


class DecisionForm(_GroundForm):
    """What is decided, why, and until when."""

    act = RadioField(_l("What should be done?"), validators=[InputRequired(_l("Please choose one."))])
    until = DateField(_l("Until"), validators=[Optional()])
    seen = IntegerField(widget=HiddenInput(), validators=[Optional()])
    """The last decision about it that the page has shown."""

    def offer(self, acts: Iterable[Act]) -> None:
        """Let only these be chosen."""
        self.act.choices = choices_of((act.value, ACTS[act]) for act in acts)

    def verdict(self, until: int | None) -> Verdict:
        """Return what was chosen; `until` is the day in Unix seconds."""
        return Verdict(Act(self.act.data), Ground(self.ground.data), self.words.data, until)


class TakeBackForm(_GroundForm):
    """Why a decision is taken back."""


class AppealForm(_StatementForm):
    """Why a decision is wrong."""

    words = TextAreaField(
        _l("Why is it wrong?"),
        filters=[as_typed_lines],
        validators=[
            InputRequired(_l("Please write a few words.")),
            Length(max=LONGEST_STATEMENT, message=_l("At most 1,000 characters, please.")),
        ],
    )


class AnswerForm(_StatementForm):
    """The answer to an appeal."""

    answer = RadioField(
        _l("What should be done?"),
        choices=choices_of((("keep", _l("Uphold the decision")), ("undo", ACTS[Act.RESTORE]))),
        validators=[InputRequired(_l("Please choose one."))],
    )
