"""The words for the states, actions and conditions of the exchange on pages."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.forms.drift import REASONS as REASONS_TO_CANCEL
from app.forms.gift import CONDITIONS, WAYS
from app.forms.place import KINDS
from app.i18n import translated
from app.models.drift import DriftSummary
from app.rules.correction.cancelling import CancelReason
from app.rules.exchange.drift import Action, DriftState
from app.rules.exchange.nearness import Nearness
from app.rules.exchange.thread import Phrase
from app.rules.exchange.wish_scope import WishScope
from app.services.exchange.my_drifts import DriftRow
from app.web.display.times import due_element

STATES: dict[tuple[str, ...], Any] = {
    ("waiting", "asker"): _l("The giver has not answered yet."),
    ("waiting", "giver"): _l("Will you give the book?"),
    ("accepted", "asker"): _l("The giver promised it and will mail it."),
    ("accepted", "giver"): _l("You promised it. Please mail it to this address."),
    ("accepted", "asker", "meet"): _l("The giver promised it, and you meet in person."),
    ("accepted", "giver", "meet"): _l("You promised it, and you meet in person."),
    ("accepted", "asker", "place"): _l("The giver promised it and will leave it at the place below."),
    ("accepted", "giver", "place"): _l("You promised it. Please leave it at the place below."),
    ("no_giver", "asker"): _l("You said that the giver did not come. We have asked them."),
    ("no_giver", "giver"): _l("The other reader says that you did not come. Is it so?"),
    ("no_giver", "asker", "place"): _l("You said that the book is not there yet. We have asked the giver."),
    ("no_giver", "giver", "place"): _l("The other reader says that the book is not there yet. Is it so?"),
    ("no_asker", "asker"): _l("The giver says that you did not come. Is it so?"),
    ("no_asker", "giver"): _l("You said that the other reader did not come. We have asked them."),
    ("mailed", "asker"): _l("It is on its way to you. Tell us when it arrives."),
    ("mailed", "giver"): _l("You mailed it. The bean comes when the book arrives."),
    ("mailed", "asker", "meet"): _l("The giver says that you have met. Is it so?"),
    ("mailed", "giver", "meet"): _l("You said that you have met. The bean comes unless the other reader objects."),
    ("mailed", "asker", "place"): _l("It waits for you at the place below. Tell us when you have found it."),
    ("mailed", "giver", "place"): _l("You have left it there. The bean comes when it is found."),
    ("received", "asker"): _l("It has arrived."),
    ("received", "giver"): _l("It has arrived, and the bean is yours."),
    ("arrived", "asker"): _l("It has arrived."),
    ("arrived", "giver"): _l("It has arrived."),
    ("missing", "asker"): _l("You reported it missing, and your bean came back."),
    ("missing", "giver"): _l("It was reported missing. Should it still arrive, the bean is yours."),
    ("missing", "asker", "meet"): _l("You said that you have not met, and your bean came back."),
    ("missing", "giver", "meet"): _l(
        "The other reader says that you have not met. Should they still get it, the bean is yours."
    ),
    ("missing", "asker", "place"): _l("You said that it was not there, and your bean came back."),
    ("missing", "giver", "place"): _l("The other reader did not find it. Should they still get it, the bean is yours."),
    ("rejected", "asker"): _l("The giver declined, and your bean comes back."),
    ("rejected", "giver"): _l("You declined."),
    ("withdrawn", "asker"): _l("You cancelled the request, and your bean is back."),
    ("withdrawn", "giver"): _l("The request was cancelled."),
    ("cancelled", "asker"): _l("The giver can’t give it to you after all, and your bean comes back."),
    ("cancelled", "giver"): _l("You cancelled, and the bean goes back."),
    ("expired", "asker"): _l("The giver did not answer in time. Your bean came back."),
    ("expired", "giver"): _l("You did not answer in time, and your copy was hidden."),
    ("not_kept", "asker"): _l("The giver did not mail it in time. Your bean came back."),
    ("not_kept", "giver"): _l("You did not mail it in time, and your copy was hidden."),
    ("not_kept", "asker", "meet"): _l("You did not meet in time. Your bean came back."),
    ("not_kept", "giver", "meet"): _l("You did not meet in time, and your copy is on the shelf again."),
    ("not_kept", "asker", "place"): _l("The giver did not leave it there in time. Your bean came back."),
    ("not_kept", "giver", "place"): _l("You did not leave it there in time, and your copy was hidden."),
    ("rejected_left", "asker"): _l("The giver closed the account, and your bean came back."),
    ("withdrawn_left", "giver"): _l("The other reader closed the account, and your copy is on the shelf again."),
    ("asker_absent", "asker"): _l("You did not answer, so it has ended. Your bean came back."),
    ("asker_absent", "giver"): _l("The other reader did not answer, so it has ended. Your copy came back."),
    ("giver_absent", "asker"): _l("The giver did not answer, so it has ended. Your bean came back."),
    ("giver_absent", "giver"): _l("You did not answer, so it has ended, and your copy is hidden."),
}
"""The words are those of `word_of`; a third word is the way that the text is for."""

DEADLINES: dict[tuple[str, ...], Any] = {
    ("waiting", "asker"): _l("If there is no answer by %(due)s, your bean comes back."),
    ("waiting", "giver"): _l("Please answer by %(due)s."),
    ("accepted", "asker"): _l("If it is not mailed by %(due)s, your bean comes back."),
    ("accepted", "giver"): _l("Please mail it by %(due)s."),
    ("accepted", "asker", "meet"): _l("Please meet by %(end)s. After that your bean comes back."),
    ("accepted", "giver", "meet"): _l("Please meet by %(end)s. After that the bean goes back."),
    ("accepted", "asker", "place"): _l("If it is not left there by %(due)s, your bean comes back."),
    ("accepted", "giver", "place"): _l("Please leave it there by %(due)s."),
    ("no_giver", "asker"): _l("If there is no answer by %(due)s, your bean comes back."),
    ("no_giver", "giver"): _l(
        "Please answer by %(due)s. Otherwise it ends, your copy is hidden, and your profile counts a hand-over "
        "without an answer."
    ),
    ("no_asker", "asker"): _l(
        "Please answer by %(due)s. Otherwise it ends, your bean comes back, and your profile counts a hand-over "
        "without an answer."
    ),
    ("no_asker", "giver"): _l("If there is no answer by %(due)s, it ends, and your copy is on the shelf again."),
    ("mailed", "asker"): _l("We ask you on %(due)s. Without an answer it is marked as received on %(end)s."),
    ("mailed", "giver"): _l(
        "We ask the other reader on %(due)s. Without an answer it is marked as received on %(end)s."
    ),
    ("asked", "asker"): _l("Without an answer from you it is marked as received on %(end)s."),
    ("asked", "giver"): _l("Without an answer from the other reader it is marked as received on %(end)s."),
}
"""`asked` means mailed, with no reminder left before the end."""

BUTTONS: dict[tuple[str, ...], Any] = {
    ("accept", "giver"): _l("Accept"),
    ("reject", "giver"): _l("Decline"),
    ("redraw", "asker"): _l("Cancel request"),
    ("left", "giver"): _l("I have left it there"),
    ("met", "giver"): _l("We have met"),
    ("received", "asker"): _l("It has arrived"),
    ("received", "asker", "meet"): _l("I have the book"),
    ("received", "asker", "place"): _l("I have found it"),
    ("missing", "asker"): _l("Not arrived"),
    ("missing", "asker", "place"): _l("It is not there"),
    ("object", "asker"): _l("We have not met"),
    ("go_on", "asker"): _l("It is not so, let us go on"),
    ("go_on", "giver"): _l("It is not so, let us go on"),
    ("absent", "asker"): _l("The other reader did not come"),
    ("absent", "asker", "place"): _l("It is not there yet"),
    ("absent", "giver"): _l("The other reader did not come"),
}
"""`go_on` means to object to not having come, so that the exchange goes on."""

EVENTS: dict[tuple[str, ...], Any] = {
    ("ask", "asker"): _l("asked for"),
    ("accept", "giver"): _l("promised by the giver"),
    ("reject", "giver"): _l("declined by the giver"),
    ("redraw", "asker"): _l("request cancelled"),
    ("cancel", "giver"): _l("cancelled by the giver"),
    ("withdraw", "giver"): _l("cancelled by the giver"),
    ("address", "asker"): _l("another address"),
    ("undo", "asker"): _l("taken back"),
    ("undo", "giver"): _l("taken back"),
    ("mailed", "giver"): _l("mailed"),
    ("received", "asker"): _l("arrived"),
    ("received", "clock"): _l("marked as received"),
    ("missing", "asker"): _l("reported missing"),
    ("hand_over", "giver"): _l("handed over, with the code"),
    ("met", "giver"): _l("handed over, says the giver"),
    ("absent", "asker"): _l("the giver did not come, says the asker"),
    ("absent", "asker", "place"): _l("not left there yet, says the asker"),
    ("absent", "giver"): _l("the asker did not come, says the giver"),
    ("object", "asker"): _l("it is not so, says the asker"),
    ("object", "giver"): _l("it is not so, says the giver"),
    ("no_show", "clock"): _l("no answer, so it ended"),
    ("left", "giver"): _l("left at the place, says the giver"),
    ("received", "asker", "place"): _l("found"),
    ("missing", "asker", "place"): _l("not found"),
    ("remind", "clock"): _l("asked whether it has arrived"),
    ("remind", "clock", "meet"): _l("reminded to meet"),
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


PHRASES = {
    Phrase.WHEN: _l("When would it suit you?"),
    Phrase.WHERE: _l("Where exactly?"),
    Phrase.TOMORROW: _l("Could we do it tomorrow?"),
    Phrase.AGREED: _l("Agreed."),
    Phrase.NOT_POSSIBLE: _l("That is not possible for me."),
    Phrase.ON_MY_WAY: _l("I am on my way."),
    Phrase.LATE: _l("I am late by ten minutes."),
    Phrase.HERE: _l("I am there."),
    Phrase.MAILED_SOON: _l("I will mail it in the next days."),
    Phrase.HAS_IT_COME: _l("Has the book arrived?"),
    Phrase.A_FEW_DAYS: _l("It needs a few more days."),
    Phrase.THANKS: _l("Thank you!"),
}


def by_way(table: Mapping[tuple[str, ...], Any]) -> Callable[[str, str, str], str]:
    """Return a function that translates the text for a state or action, a side and a way, or for these in every way."""
    text = translated(table)

    def written(word: str, side: str, way: str) -> str:
        return text(word, side, way) if (word, side, way) in table else text(word, side)

    return written


def word_of(drift: DriftSummary, past: Collection[str]) -> str:
    """Return what is to be said about a drift, in which the actions `past` were done: its state, or how it ended."""
    if drift.absent:
        return f"{drift.absent}_absent"
    if Action.LEAVE in past and drift.state in (DriftState.REJECTED, DriftState.WITHDRAWN):
        return f"{drift.state}_left"
    if drift.state == DriftState.EXPIRED and Action.ACCEPT in past:
        return "not_kept"
    return "arrived" if drift.pay_from else drift.state


def drift_sentence(row: DriftRow) -> str:
    """Return how an exchange stands, as one of its sides reads it."""
    return _state(word_of(row.drift, {event.action for event in row.events}), row.role, row.drift.way)


_state, _deadline = by_way(STATES), by_way(DEADLINES)


def deadline_sentence(state: str, role: str, way: str, due: int, end: int, is_near: bool = True) -> Markup:
    """Return what happens next to a drift, and when: the clock acts at ``due``, and the state is over at ``end``.

    Times are in Unix seconds; the hours are named only if the end is near.
    """
    text = _deadline("asked" if state == "mailed" and due >= end else state, role, way)
    return Markup(text) % {"due": due_element(due, is_near), "end": due_element(end, is_near)}  # noqa: S704  (our own text)


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
    lists = {"wish_scopes": list(WishScope), "phrases": list(Phrase), "cancel_reasons": list(CancelReason)}
    app.jinja_env.globals.update(lists)
    app.jinja_env.filters.update(
        condition_name=translated(CONDITIONS),
        nearness_name=translated(NEARNESS),
        scope_name=translated(SCOPES),
        button_label=by_way(BUTTONS),
        drift_sentence=drift_sentence,
        deadline_sentence=deadline_sentence,
        event_sentence=by_way(EVENTS),
        place_kind=translated(KINDS),
        cancel_reason=translated(REASONS_TO_CANCEL),
        way_name=translated(WAYS),
        reason_name=translated(REASONS),
        phrase=translated(PHRASES),
    )
