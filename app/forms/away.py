"""Being away for some time."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from app.forms.fields import DateField, PostForm, StringField
from app.rules.exchange.away import LONGEST_AWAY_WORDS
from app.rules.text import as_typed


class AwayForm(PostForm):
    """The day on which a reader is back, and a line of words."""

    back = DateField(_l("Back on"), validators=[InputRequired(_l("Please choose a day."))])
    words = StringField(
        _l("A word to others"),
        filters=[as_typed],
        validators=[Length(max=LONGEST_AWAY_WORDS, message=_l("At most 100 characters, please."))],
    )
