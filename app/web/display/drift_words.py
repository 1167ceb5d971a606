"""The words for the states, actions and conditions of the exchange on pages."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.forms.gift import CONDITIONS
from app.i18n import translated
from app.rules.exchange.nearness import Nearness
from app.rules.exchange.wish_scope import WishScope
from app.web.display.times import due_element

STATES = {
    ("waiting", "asker"): _l("The giver has not answered yet."),
    ("waiting", "giver"): _l("Will you give the book?"),
    ("accepted", "asker"): _l("The giver promised it and will mail it."),
    ("accepted", "giver"): _l("You promised it. Please mail it to this address."),
    ("mailed", "asker"): _l("It is on its way to you. Tell us when it arrives."),
    ("mailed", "giver"): _l("You mailed it. The bean comes when the book arrives."),
    ("received", "asker"): _l("It has arrived."),
    ("received", "giver"): _l("It has arrived, and the bean is yours."),
    ("arrived", "asker"): _l("It has arrived."),
    ("arrived", "giver"): _l("It has arrived."),
    ("missing", "asker"): _l("You reported it missing, and your bean came back."),
    ("missing", "giver"): _l("It was reported missing. Should it still arrive, the bean is yours."),
    ("rejected", "asker"): _l("The giver declined. Your bean came back."),
    ("rejected", "giver"): _l("You declined."),
    ("withdrawn", "asker"): _l("You cancelled the request, and your bean is back."),
    ("withdrawn", "giver"): _l("The request was cancelled."),
    ("expired", "asker"): _l("The giver was silent for too long. Your bean came back."),
    ("expired", "giver"): _l("The time ran out, and your copy is hidden."),
}
"""`arrived` means received while the giver has not been paid yet."""

DEADLINES = {
    ("waiting", "asker"): _l("If there is no answer by %(due)s, your bean comes back."),
    ("waiting", "giver"): _l("Please answer by %(due)s."),
    ("accepted", "asker"): _l("If it is not mailed by %(due)s, your bean comes back."),
    ("accepted", "giver"): _l("Please mail it by %(due)s."),
    ("mailed", "asker"): _l("We ask you on %(due)s. Without an answer it is marked as received on %(end)s."),
    ("mailed", "giver"): _l(
        "We ask the other reader on %(due)s. Without an answer it is marked as received on %(end)s."
    ),
    ("asked", "asker"): _l("Without an answer from you it is marked as received on %(end)s."),
    ("asked", "giver"): _l("Without an answer from the other reader it is marked as received on %(end)s."),
}
"""`asked` means mailed, with no reminder left before the end."""

EVENTS = {
    ("ask", "asker"): _l("asked for"),
    ("accept", "giver"): _l("promised by the giver"),
    ("reject", "giver"): _l("declined by the giver"),
    ("redraw", "asker"): _l("request cancelled"),
    ("mailed", "giver"): _l("mailed"),
    ("received", "asker"): _l("arrived"),
    ("received", "clock"): _l("marked as received"),
    ("missing", "asker"): _l("reported missing"),
    ("remind", "clock"): _l("asked whether it has arrived"),
    ("lapse", "clock"): _l("the time ran out"),
    ("leave", "asker"): _l("the reader closed the account"),
    ("leave", "giver"): _l("the giver closed the account"),
}

REASONS = {
    "asked": _l("asked for a book"),
    "returned": _l("a request ended, the bean came back"),
    "given": _l("your book arrived"),
    "arrived_late": _l("a book arrived after all"),
    "confirmed": _l("e-mail address confirmed"),
    "first_book": _l("your first book arrived"),
    "granted": _l("from the people who run this site"),
    "account_closed": _l("account closed"),
    "made_whole": _l("your book, mailed with a tracking number, was reported missing"),
}


_deadline = translated(DEADLINES)


def deadline_sentence(state: str, role: str, due: int, assumed_from: int) -> Markup:
    """Return what happens next to a drift, and when; the clock acts at ``due``. Times are in Unix seconds."""
    text = _deadline("asked" if state == "mailed" and due >= assumed_from else state, role)
    return Markup(text) % {"due": due_element(due), "end": due_element(assumed_from)}  # noqa: S704  (our own text)


SCOPES = {
    WishScope.THIS_EDITION: _l("this edition only"),
    WishScope.THIS_LANGUAGE: _l("any edition in this language"),
    WishScope.ANY_EDITION: _l("any edition in any language"),
}

NEARNESS = {
    Nearness.DISTRICT: _l("in your district"),
    Nearness.CITY: _l("in your city"),
    Nearness.PROVINCE: _l("in your province"),
    Nearness.COUNTRY: _l("in your country"),
}


def init_app(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.globals["wish_scopes"] = list(WishScope)
    app.jinja_env.filters.update(
        condition_name=translated(CONDITIONS),
        nearness_name=translated(NEARNESS),
        scope_name=translated(SCOPES),
        drift_sentence=translated(STATES),
        deadline_sentence=deadline_sentence,
        event_sentence=translated(EVENTS),
        reason_name=translated(REASONS),
    )
