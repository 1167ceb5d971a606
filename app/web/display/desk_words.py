"""The words of the desk: what can be reported, why, and what was decided."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.forms.complaint import FAULTS
from app.forms.decision import GROUNDS
from app.forms.report import REASONS
from app.i18n import translated
from app.rules.moderation.decision import COMPLAINT, Act
from app.rules.moderation.hold import HoldReason
from app.rules.moderation.report import ReportKind
from app.rules.trust.complaint import ComplaintState

KINDS = {
    ReportKind.MESSAGE: _l("A message"),
    ReportKind.THREAD: _l("Messages of an exchange"),
    ReportKind.LISTING: _l("A copy on the shelf"),
    ReportKind.READER: _l("A reader"),
    ReportKind.BOOK: _l("The entry of a book"),
    ReportKind.LINE: _l("A line of thanks"),
    ReportKind.JOURNEY: _l("A line about a copy"),
    COMPLAINT: _l("Not as described"),
}
HELD = {
    HoldReason.LINK: _l("a new reader’s first, with a link"),
    HoldReason.PHONE: _l("a new reader’s first, with a phone number"),
    HoldReason.REPORTERS: _l("reported by several readers"),
}
DONE = {
    Act.NOTHING: _l("left as it is"),
    Act.HIDE: _l("hidden"),
    Act.LIMIT: _l("reader limited"),
    Act.SUSPEND: _l("reader suspended"),
    Act.RESTORE: _l("earlier decision reversed"),
    Act.LET_IN: _l("let in"),
    Act.TURN_AWAY: _l("turned away"),
    Act.PAY: _l("paid from the pool"),
}
SAID = {
    (Act.NOTHING, ReportKind.MESSAGE): _l("The message was reported, and stays."),
    (Act.NOTHING, ReportKind.THREAD): _l("The messages were reported, and nothing is changed."),
    (Act.NOTHING, ReportKind.LISTING): _l("The copy was reported, and stays on the shelf."),
    (Act.NOTHING, ReportKind.LINE): _l("The line of thanks was reported, and stays."),
    (Act.NOTHING, ReportKind.JOURNEY): _l("The line about the copy was reported, and stays."),
    (Act.HIDE, ReportKind.JOURNEY): _l("The line about the copy is no longer shown."),
    (Act.NOTHING, ReportKind.READER): _l("The reader was reported, and nothing is changed."),
    (Act.NOTHING, ReportKind.BOOK): _l("The entry of the book was reported, and stays."),
    (Act.HIDE, ReportKind.BOOK): _l("The entry of the book is no longer shown."),
    (Act.HIDE, ReportKind.MESSAGE): _l("The message is no longer shown."),
    (Act.HIDE, ReportKind.LINE): _l("The line of thanks is no longer shown."),
    (Act.HIDE, ReportKind.LISTING): _l("The copy was taken off the shelf, and requests for it have ended."),
    **dict.fromkeys(
        [(Act.LIMIT, kind) for kind in ReportKind],
        _l("The reader can’t ask for books, list any, or write anything but quick phrases. What is under way goes on."),
    ),
    **dict.fromkeys(
        [(Act.SUSPEND, kind) for kind in ReportKind],
        _l("The reader can’t log in. What was not handed over yet has ended, and beans have gone back."),
    ),
    **dict.fromkeys([(Act.RESTORE, kind) for kind in ReportKind], _l("An earlier decision was reversed.")),
    (Act.NOTHING, COMPLAINT): _l("Somebody said that the book is not as described, and nothing is changed."),
    (Act.PAY, COMPLAINT): _l(
        "The book is not as described: the reader who received it gets back from the pool what it cost, and "
        "the giver keeps theirs."
    ),
    (Act.RESTORE, COMPLAINT): _l("An earlier decision was reversed. What was paid from the pool stays paid."),
}
"""What a decision about something means, as both sides read it."""

STATES_OF_COMPLAINTS = {
    ComplaintState.OPEN: _l("The giver is asked."),
    ComplaintState.RETURNED: _l("The giver gave the bean back."),
    ComplaintState.DISAGREED: _l("The giver disagrees, or has not answered. A moderator will look at it."),
    ComplaintState.PAID: _l("The bean was paid from the pool."),
    ComplaintState.LEFT: _l("The moderators leave it as it is."),
}
STATES_WITHOUT_BEANS = STATES_OF_COMPLAINTS | {
    ComplaintState.RETURNED: _l("The giver agrees."),
    ComplaintState.PAID: _l("The moderators agree."),
}
"""The same of books that cost no bean."""


def complaint_sentence(state: str, is_free: bool = False) -> str:
    """Return how far it is that a book is said to be not as described."""
    return str((STATES_WITHOUT_BEANS if is_free else STATES_OF_COMPLAINTS)[ComplaintState(state)])


def init_app(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(
        reported_kind=translated(KINDS),
        hold_reason=translated(HELD),
        report_reason=translated(REASONS),
        done=translated(DONE),
        said_done=translated(SAID),
        fault_name=translated(FAULTS),
        complaint_state=complaint_sentence,
        ground_rule=translated(GROUNDS),
    )
