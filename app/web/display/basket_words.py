"""The words for the lines of a basket."""

from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.rules.shelf.basket import LineState, Missing
from app.rules.shelf.report import Outcome
from app.rules.shelf.row import Fault

REASONS: dict[str, Any] = {
    Fault.WRONG_CHECK_DIGIT: _l("A digit of this number is wrong: the last one doesn’t match the others."),
    Fault.ROUNDED_NUMBER: _l("A spreadsheet has rounded this number; its last digits are lost."),
    Fault.NO_NUMBER: _l("This is not an ISBN: it has too few or too many digits."),
    Fault.NO_BOOK: _l("There is neither an ISBN nor a title."),
    Fault.TOO_LONG: _l("This is longer than any title."),
    Fault.BROKEN: _l("This line can’t be read."),
    Missing.NOT_KNOWN: _l("None of the catalogues we ask knows this book."),
    Missing.NO_ANSWER: _l("A catalogue did not answer, so we can’t say whether there is such a book."),
}

OUTCOMES: dict[Outcome, Any] = {
    Outcome.LISTED: _l("given away"),
    Outcome.KEPT: _l("on the private shelf"),
    Outcome.WISHED: _l("on the wish list"),
    Outcome.DROPPED: _l("taken out of the basket"),
    Outcome.HAD: _l("nothing: it was on your shelf or your wish list already"),
    Outcome.LEFT: _l("in the basket"),
    Outcome.NOT_WANTED: _l("in the basket: the list doesn’t say that you own it or wish for it"),
    Outcome.LOOKING: _l("being looked up"),
    Outcome.SEVERAL: _l("in the basket: several books may be meant"),
    Outcome.NOT_FOUND: _l("not found"),
}


def init_app(app: Flask) -> None:
    """Make these words available to templates."""
    app.jinja_env.filters.update(line_words=line_words, reason_words=reason_words)


def line_words(shown: Any) -> str:
    """Return how a line is called: by the title of its book, else as the list named it."""
    if shown.book:
        return str(shown.book.title)
    return str(shown.line.title or shown.line.isbn or shown.line.said)


def reason_words(shown: Any) -> str:
    """Return why there is no book, or what is being done about it."""
    if shown.state == LineState.LOOKING:
        return str(gettext("We are asking the catalogues about it."))
    if shown.state == LineState.SEVERAL:
        return str(gettext("Several books may be meant. Please choose one."))
    return str(REASONS.get(shown.line.reason, REASONS[Missing.NOT_KNOWN]))
