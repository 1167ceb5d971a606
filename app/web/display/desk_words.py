"""The words of the desk: what can be reported, why, and what was decided."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.forms.decision import GROUNDS
from app.forms.report import REASONS
from app.i18n import translated
from app.rules.moderation.decision import Act
from app.rules.moderation.report import ReportKind

KINDS = {
    ReportKind.MESSAGE: _l("A message"),
    ReportKind.THREAD: _l("Messages of an exchange"),
    ReportKind.LISTING: _l("A copy on the shelf"),
    ReportKind.READER: _l("A reader"),
}
DONE = {
    Act.NOTHING: _l("left as it is"),
    Act.HIDE: _l("hidden"),
    Act.LIMIT: _l("reader limited"),
    Act.SUSPEND: _l("reader suspended"),
    Act.RESTORE: _l("earlier decision taken back"),
}
SAID = {
    (Act.NOTHING, ReportKind.MESSAGE): _l("The message was reported, and stays."),
    (Act.NOTHING, ReportKind.THREAD): _l("The messages were reported, and nothing is changed."),
    (Act.NOTHING, ReportKind.LISTING): _l("The copy was reported, and stays on the shelf."),
    (Act.NOTHING, ReportKind.READER): _l("The reader was reported, and nothing is changed."),
    (Act.HIDE, ReportKind.MESSAGE): _l("The message is not shown any more."),
    (Act.HIDE, ReportKind.LISTING): _l("The copy is taken off the shelf, and what was asked for it has ended."),
    **dict.fromkeys(
        [(Act.LIMIT, kind) for kind in ReportKind],
        _l(
            "The reader can ask for no book, list none, and write nothing but quick phrases. What is under way goes on."
        ),
    ),
    **dict.fromkeys(
        [(Act.SUSPEND, kind) for kind in ReportKind],
        _l("The reader cannot log in. What was not handed over yet has ended, and beans have gone back."),
    ),
    **dict.fromkeys([(Act.RESTORE, kind) for kind in ReportKind], _l("An earlier decision is taken back.")),
}
"""What a decision about something means, as both sides read it."""


def init_app(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(
        reported_kind=translated(KINDS),
        report_reason=translated(REASONS),
        done=translated(DONE),
        said_done=translated(SAID),
        ground_rule=translated(GROUNDS),
    )
