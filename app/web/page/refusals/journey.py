"""The words for refusals about labels and journeys of copies."""

from flask_babel import lazy_gettext as _l

from app.rules.journey import telling as no
from app.web.page.refusals.register import says_always

says_always(
    no.MarkUsed,
    _l("This label is already on another copy, or the copy has another label."),
    _l("Each copy has one label, and each label is for one copy."),
)
says_always(
    no.TooManyBlankMarks,
    _l("You have got as many blank labels today as one reader can."),
    _l("Print the ones you have, or come back tomorrow."),
)
says_always(
    no.NotFreeAnyMore,
    _l("Somebody else has found this copy, or whoever left it has taken it back."),
)
says_always(
    no.CopyIsListed,
    _l("This copy is on offer or promised."),
    _l("Take it off the shelf first; then you can leave it somewhere."),
)
says_always(
    no.TooManyLinesWait,
    _l("Several lines about this copy are waiting to be looked at."),
    _l("Please come back in a few days."),
)
says_always(no.NotTheHolder, _l("Only the person who has the copy decides which lines are shown on its page."))
