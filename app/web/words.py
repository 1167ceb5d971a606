"""What the states, steps and conditions of the exchange are called on the pages."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.forms.gift import CONDITIONS
from app.i18n import spoken

STATES = {
    ("waiting", "asker"): _l("The giver has not answered yet."),
    ("waiting", "giver"): _l("Will you give the book?"),
    ("accepted", "asker"): _l("The giver promised it and will mail it."),
    ("accepted", "giver"): _l("You promised it. Please mail it to this address."),
    ("mailed", "asker"): _l("It is on its way to you. Tell us when it arrives."),
    ("mailed", "giver"): _l("You mailed it. The bean comes when the book arrives."),
    ("received", "asker"): _l("It has arrived."),
    ("received", "giver"): _l("It has arrived, and the bean is yours."),
    ("missing", "asker"): _l("You reported it missing, and your bean came back."),
    ("missing", "giver"): _l("It was reported missing. Should it still arrive, the bean is yours."),
    ("rejected", "asker"): _l("The giver declined. Your bean came back."),
    ("rejected", "giver"): _l("You declined."),
    ("withdrawn", "asker"): _l("You took the request back, and your bean with it."),
    ("withdrawn", "giver"): _l("The request was taken back."),
    ("expired", "asker"): _l("The giver was silent for too long. Your bean came back."),
    ("expired", "giver"): _l("The time ran out, and your copy is hidden."),
}

DEADLINES = {
    ("waiting", "asker"): _l("Without an answer your bean comes back:"),
    ("waiting", "giver"): _l("Please answer before:"),
    ("accepted", "asker"): _l("If it is not mailed, your bean comes back:"),
    ("accepted", "giver"): _l("Please mail it before:"),
    ("mailed", "asker"): _l("If we hear nothing, we ask you, and in the end it counts as arrived:"),
    ("mailed", "giver"): _l("If we hear nothing, we ask the other reader, and in the end it counts as arrived:"),
}

EVENTS = {
    ("ask", "asker"): _l("asked for"),
    ("accept", "giver"): _l("promised by the giver"),
    ("reject", "giver"): _l("declined by the giver"),
    ("redraw", "asker"): _l("request taken back"),
    ("mailed", "giver"): _l("mailed"),
    ("received", "asker"): _l("arrived"),
    ("received", "clock"): _l("counted as arrived"),
    ("missing", "asker"): _l("reported missing"),
    ("remind", "clock"): _l("asked whether it has arrived"),
    ("lapse", "clock"): _l("the time ran out"),
    ("leave", "asker"): _l("the reader closed the account"),
    ("leave", "giver"): _l("the giver closed the account"),
}

REASONS = {
    "asked": _l("asked for a book"),
    "returned": _l("a request ended, the bean came back"),
    "given": _l("a book of yours arrived"),
    "arrived_late": _l("a book arrived after all"),
    "confirmed": _l("e-mail address confirmed"),
    "first_book": _l("your first book arrived"),
    "granted": _l("from the keepers of the site"),
    "account_closed": _l("account closed"),
}


def init_app(app: Flask) -> None:
    """Give the templates the names."""
    app.jinja_env.filters.update(
        condition_name=spoken(CONDITIONS),
        drift_sentence=spoken(STATES),
        deadline_sentence=spoken(DEADLINES),
        event_sentence=spoken(EVENTS),
        reason_name=spoken(REASONS),
    )
