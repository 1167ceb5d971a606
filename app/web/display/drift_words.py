"""The words for the states, actions and conditions of the exchange on pages."""

from collections.abc import Callable, Mapping, Set
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
from app.web.display.free_words import FREE_DEADLINES, FREE_STATES
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
    ("no_giver", "giver"): _l("The other reader says that you did not come. Is that so?"),
    ("no_giver", "asker", "place"): _l("You said that the book isn’t there yet. We have asked the giver."),
    ("no_giver", "giver", "place"): _l("The other reader says that the book isn’t there yet. Is that so?"),
    ("no_asker", "asker"): _l("The giver says that you did not come. Is that so?"),
    ("no_asker", "giver"): _l("You said that the other reader did not come. We have asked them."),
    ("mailed", "asker"): _l("It is on its way to you. Tell us when it arrives."),
    ("mailed", "giver"): _l("You mailed it. The bean comes when the book arrives."),
    ("mailed", "asker", "meet"): _l("The giver says that you have met. Is that so?"),
    ("mailed", "giver", "meet"): _l("You said that you have met. The bean comes unless the other reader objects."),
    ("mailed", "asker", "place"): _l("It is waiting for you at the place below. Tell us when you have found it."),
    ("mailed", "giver", "place"): _l("You have left it there. The bean comes when it is found."),
    ("mailed_loan", "asker"): _l("It is on its way to you. Tell us when it arrives."),
    ("mailed_loan", "giver"): _l("You mailed it. The loan starts on the day it arrives."),
    ("mailed_loan", "asker", "meet"): _l("The giver says that you have met. Is that so?"),
    ("mailed_loan", "giver", "meet"): _l("You said that you have met. It counts as lent unless the borrower objects."),
    ("mailed_loan", "asker", "place"): _l("It is waiting for you at the place below. Tell us when you have found it."),
    ("mailed_loan", "giver", "place"): _l("You have left it there. The loan starts on the day it is found."),
    ("lent", "asker"): _l("You have borrowed it. Your bean comes back when the book is back."),
    ("lent", "giver"): _l("You have lent it. Tell us when it is back."),
    ("given_back", "asker"): _l("You said that it is back. We have asked the lender."),
    ("given_back", "giver"): _l("The borrower says that you have it back. Is that so?"),
    ("returned", "asker"): _l("It is back, and so is your bean."),
    ("returned", "giver"): _l("You have it back."),
    ("went_on", "asker"): _l("The next reader has it, and your bean is back."),
    ("went_on", "giver"): _l("It has gone on to the next reader, who borrows it from you now."),
    ("passed_on", "asker"): _l("It has arrived. You borrow it from its lender now."),
    ("passed_on", "giver"): _l("It has arrived, and your loan is over."),
    ("lost_on", "asker"): _l("It did not get to the next reader. The lender gets the bean."),
    ("lost_on", "giver"): _l("It did not get to the next reader. The bean goes to you."),
    ("lost", "asker"): _l("You said that it is lost. The lender gets the bean."),
    ("lost", "giver"): _l("The borrower lost it. The bean goes to you."),
    ("forgiven", "asker"): _l("The lender says that it is lost, and let you have the bean back."),
    ("forgiven", "giver"): _l("You said that it is lost. The borrower has the bean back."),
    ("kept", "asker"): _l("It did not go back in time, so it counts as yours. The lender gets the bean."),
    ("kept", "giver"): _l("It did not come back, so it counts as given. The bean goes to you."),
    ("lender_left", "asker"): _l("The lender has closed the account, so the book is yours. Your bean is back."),
    ("lender_left", "giver"): _l("You have closed your account, so the book is the borrower’s."),
    ("received", "asker"): _l("It has arrived."),
    ("received", "giver"): _l("It has arrived, and the bean is yours."),
    ("arrived", "asker"): _l("It has arrived."),
    ("arrived", "giver"): _l("It has arrived."),
    ("missing", "asker"): _l("You reported it missing, and your bean came back."),
    ("missing", "giver"): _l("It was reported missing. If it still arrives, the bean is yours."),
    ("missing", "asker", "meet"): _l("You said that you have not met, and your bean came back."),
    ("missing", "giver", "meet"): _l(
        "The other reader says that you have not met. If they still get it, the bean is yours."
    ),
    ("missing", "asker", "place"): _l("You said that it wasn’t there, and your bean came back."),
    ("missing", "giver", "place"): _l("The other reader did not find it. If they still get it, the bean is yours."),
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
    ("accepted", "asker"): _l("If it has not been mailed by %(due)s, your bean comes back."),
    ("accepted", "giver"): _l("Please mail it by %(due)s."),
    ("accepted", "asker", "meet"): _l("Please meet by %(end)s. After that your bean comes back."),
    ("accepted", "giver", "meet"): _l("Please meet by %(end)s. After that the bean goes back."),
    ("accepted", "asker", "place"): _l("If it has not been left there by %(due)s, your bean comes back."),
    ("accepted", "giver", "place"): _l("Please leave it there by %(due)s."),
    ("no_giver", "asker"): _l("If there is no answer by %(due)s, your bean comes back."),
    ("no_giver", "giver"): _l(
        "Please answer by %(due)s. Otherwise it ends, your copy is hidden, and your profile shows a missed hand-over."
    ),
    ("no_asker", "asker"): _l(
        "Please answer by %(due)s. Otherwise it ends, your bean comes back, and your profile shows a missed hand-over."
    ),
    ("no_asker", "giver"): _l("If there is no answer by %(due)s, it ends and your copy is back on the shelf."),
    ("mailed", "asker"): _l("We’ll ask you on %(due)s. Without an answer it is marked as received on %(end)s."),
    ("mailed", "giver"): _l(
        "We’ll ask the other reader on %(due)s. Without an answer it is marked as received on %(end)s."
    ),
    ("asked", "asker"): _l("Without an answer from you it is marked as received on %(end)s."),
    ("asked", "giver"): _l("Without an answer from the other reader it is marked as received on %(end)s."),
    ("lent", "asker"): _l("Please give it back by %(end)s."),
    ("lent", "giver"): _l("Due back by %(end)s."),
    ("overdue", "asker"): _l(
        "It was due back by %(end)s. A book that is still not back weeks later counts as kept, and costs your bean."
    ),
    ("overdue", "giver"): _l(
        "It was due back by %(end)s. If it is still not back weeks later, it counts as given, and the bean is yours."
    ),
    ("given_back", "asker"): _l("Without an answer it counts as returned on %(end)s, and your bean comes back."),
    ("given_back", "giver"): _l("Please answer. If we don’t hear from you, it counts as returned on %(end)s."),
}
"""`asked` means mailed, with no reminder left before the end; `overdue` lent, after the day on which it was due."""

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
    ("missing", "asker", "place"): _l("It isn’t there"),
    ("object", "asker"): _l("We have not met"),
    ("go_on", "asker"): _l("That’s not so, let’s go on"),
    ("go_on", "giver"): _l("That’s not so, let’s go on"),
    ("extend", "asker"): _l("Keep it longer"),
    ("give_back", "asker"): _l("I have given it back"),
    ("returned", "giver"): _l("I have it back"),
    ("lost", "asker"): _l("It is lost"),
    ("lost", "giver"): _l("It is lost"),
    ("not_back", "giver"): _l("It is not back"),
    ("absent", "asker"): _l("The other reader did not come"),
    ("absent", "asker", "place"): _l("It isn’t there yet"),
    ("absent", "giver"): _l("The other reader did not come"),
}
"""`go_on` means to object to not having come, so that the exchange goes on; `not_back` to have a lent book back."""

EVENTS: dict[tuple[str, ...], Any] = {
    ("ask", "asker"): _l("asked for"),
    ("accept", "giver"): _l("promised by the giver"),
    ("reject", "giver"): _l("declined by the giver"),
    ("redraw", "asker"): _l("request cancelled"),
    ("cancel", "giver"): _l("cancelled by the giver"),
    ("withdraw", "giver"): _l("cancelled by the giver"),
    ("address", "asker"): _l("another address"),
    ("undo", "asker"): _l("revoked"),
    ("undo", "giver"): _l("revoked"),
    ("mailed", "giver"): _l("mailed"),
    ("received", "asker"): _l("arrived"),
    ("received", "clock"): _l("marked as received"),
    ("missing", "asker"): _l("reported missing"),
    ("hand_over", "giver"): _l("handed over, with the code"),
    ("met", "giver"): _l("handed over, says the giver"),
    ("absent", "asker"): _l("the giver did not come, says the asker"),
    ("absent", "asker", "place"): _l("not left there yet, says the asker"),
    ("absent", "giver"): _l("the asker did not come, says the giver"),
    ("object", "asker"): _l("disputed by the asker"),
    ("object", "giver"): _l("disputed by the giver"),
    ("no_show", "clock"): _l("no answer, so it ended"),
    ("left", "giver"): _l("left at the place, says the giver"),
    ("received", "asker", "place"): _l("found"),
    ("missing", "asker", "place"): _l("not found"),
    ("remind", "clock"): _l("asked whether it has arrived"),
    ("remind_loan", "clock"): _l("reminded of the loan"),
    ("remind", "clock", "meet"): _l("reminded to meet"),
    ("extend", "asker"): _l("the loan was extended"),
    ("give_back", "asker"): _l("given back, says the borrower"),
    ("returned", "giver"): _l("back with the lender"),
    ("returned", "clock"): _l("counts as returned"),
    ("go_on", "clock"): _l("got to the next reader"),
    ("call_home", "clock"): _l("the lender wants the book back first"),
    ("lost", "clock"): _l("lost on the way to the next reader"),
    ("lost", "asker"): _l("lost, says the borrower"),
    ("lost", "giver"): _l("lost, says the lender"),
    ("keep", "clock"): _l("not given back, so it counts as kept"),
    ("lapse", "clock"): _l("expired"),
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
    "granted": _l("from the site"),
    "account_closed": _l("account closed"),
    "made_whole": _l("your book, mailed with a tracking number, was reported missing"),
    "first_request": _l("your first copy was asked for"),
    "asleep": _l("asleep in the pool until you are back"),
    "awake": _l("back from the pool"),
    "from_pool": _l("from the pool, as you gave a book and had none left"),
    "redressed": _l("a book was not as described, so its giver gave the bean back"),
    "insured": _l("a book was not as described, the bean came back"),
}


PHRASES = {
    Phrase.WHEN: _l("When would it suit you?"),
    Phrase.WHERE: _l("Where exactly?"),
    Phrase.TOMORROW: _l("Could we do it tomorrow?"),
    Phrase.AGREED: _l("Agreed."),
    Phrase.NOT_POSSIBLE: _l("That doesn’t work for me."),
    Phrase.ON_MY_WAY: _l("I’m on my way."),
    Phrase.LATE: _l("I’m running ten minutes late."),
    Phrase.HERE: _l("I’m here."),
    Phrase.MAILED_SOON: _l("I’ll mail it in the next few days."),
    Phrase.HAS_IT_COME: _l("Has the book arrived?"),
    Phrase.A_FEW_DAYS: _l("I need a few more days."),
    Phrase.THANKS: _l("Thank you!"),
}


def by_way(table: Mapping[tuple[str, ...], Any]) -> Callable[[str, str, str], str]:
    """Return a function that translates the text for a state or action, a side and a way, or for these in every way."""
    text = translated(table)

    def written(word: str, side: str, way: str) -> str:
        return text(word, side, way) if (word, side, way) in table else text(word, side)

    return written


def word_of(drift: DriftSummary, past: Set[str]) -> str:
    """Return what is to be said about a drift: its state, or how it ended.

    `past` are the actions that were done, each with and without the role of who did it.
    """
    if drift.absent:
        return f"{drift.absent}_absent"
    if Action.LEAVE in past and drift.state in (DriftState.REJECTED, DriftState.WITHDRAWN):
        return f"{drift.state}_left"
    if drift.state == DriftState.EXPIRED and Action.ACCEPT in past:
        return "not_kept"
    if drift.lend_days is not None and (word := _word_of_loan(drift.state, past)):
        return word
    return "arrived" if drift.pay_from else drift.state


def _word_of_loan(state: str, past: Set[str]) -> str | None:
    """Return what is to be said about a loan that would not be said of a book that is given; None if nothing is."""
    if state == DriftState.MAILED:
        return "mailed_loan"
    if state == DriftState.LOST:
        return "forgiven" if "giver lost" in past else "lost_on" if "clock lost" in past else "lost"
    if state == DriftState.RETURNED and not past & {"giver returned", "clock returned"} and "clock go_on" in past:
        return "went_on"
    if state != DriftState.RECEIVED:
        return None
    return "kept" if past & {"clock keep", "asker leave"} else "lender_left" if "giver leave" in past else None


def drift_sentence(row: DriftRow) -> str:
    """Return how an exchange stands, as one of its sides reads it."""
    past = {event.action for event in row.events} | {f"{event.actor} {event.action}" for event in row.events}
    said = _state if row.drift.beans else _free_state
    return said(word_of(row.drift, past), row.role, row.drift.way)


_state, _deadline = by_way(STATES), by_way(DEADLINES)
_free_state, _free_deadline = by_way(STATES | FREE_STATES), by_way(DEADLINES | FREE_DEADLINES)


def deadline_sentence(
    state: str, role: str, way: str, due: int, end: int, is_near: bool = True, beans: int = 1
) -> Markup:
    """Return what happens next to a drift, and when: the clock acts at ``due``, and the state is over at ``end``.

    Times are in Unix seconds; the hours are named only if the end is near. No beans: the book costs none.
    """
    said = {"mailed": "asked" if due >= end else state, "lent": "overdue" if due > end else state}.get(state, state)
    text = (_deadline if beans else _free_deadline)(said, role, way)
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
