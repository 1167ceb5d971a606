"""The form with which something is reported."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from app.forms.fields import TextAreaField, choices_of
from app.forms.stranger import StrangerForm
from app.rules.moderation.report import LONGEST_WORDS, Reason
from app.rules.text import as_typed_lines

REASONS = {
    Reason.INSULT: _l("It insults or harasses"),
    Reason.THREAT: _l("It threatens somebody, or breaks the law"),
    Reason.SPAM: _l("It is advertising, or asks for money"),
    Reason.PRIVATE: _l("It reveals something private about somebody"),
    Reason.OTHER: _l("Something else"),
}


class ReportForm(StrangerForm):
    """Why something should be looked at."""

    reason = RadioField(
        _l("What is wrong?"),
        choices=choices_of((reason.value, words) for reason, words in REASONS.items()),
        validators=[InputRequired(_l("Please choose one."))],
    )
    words = TextAreaField(
        _l("What we should know"),
        filters=[as_typed_lines],
        validators=[Length(max=LONGEST_WORDS, message=_l("At most 1,000 characters, please."))],
    )
