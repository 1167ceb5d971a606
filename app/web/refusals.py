"""The one table from the refusals of the exchange to what a reader is told, and what to do next."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app.rules import refusals as no
from app.rules.refusals import Refusal
from app.services.missing import NotFound
from app.web.page import lead_back
from app.web.times import moment

Words = tuple[str, str]


def init_app(app: Flask) -> None:
    """Answer refusals with their sentence, and give the sentences to the templates."""
    for refusal in TABLE:
        app.register_error_handler(refusal, show_refusal)
    app.register_error_handler(NotFound, show_not_found)
    app.jinja_env.filters.update(
        sentence=lambda refusal: words_of(refusal)[0], advice=lambda refusal: words_of(refusal)[1]
    )


def words_of(refusal: Refusal) -> Words:
    """Return the sentence that says no, and the one that says what to do next."""
    return TABLE[type(refusal)][1](refusal)


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal: 403 not allowed to this reader, 409 not now."""
    return TABLE[type(refusal)][0]


def show_refusal(refusal: Refusal) -> ResponseReturnValue:
    """Show the sentence on the page whose button was pressed; else as a page of its own, or as JSON."""
    from app.web.errors import error_page

    words = words_of(refusal)
    return lead_back(" ".join(words)) or error_page(status_of(refusal), *words)


def show_not_found(_error: NotFound) -> ResponseReturnValue:
    """Show the page for what is not there, or is not this reader's."""
    from werkzeug.exceptions import NotFound as PageNotFound

    from app.web.errors import show_error

    return show_error(PageNotFound())


def _not_enough_beans(refusal: Any) -> Words:
    return (
        ngettext(
            "%(num)d bean is needed, and you have %(beans)d.",
            "%(num)d beans are needed, and you have %(beans)d.",
            refusal.price,
            beans=refusal.beans,
        ),
        gettext("Give a book: you get a bean when it arrives, and two for your first one."),
    )


def _give_first(refusal: Any) -> Words:
    return (
        gettext(
            "You have received or asked for %(received)d books and given %(given)d. "
            "For every two books received, one has to be given.",
            received=refusal.received,
            given=refusal.given,
        ),
        gettext("List a book that you have read. As soon as one of yours has arrived, you can ask again."),
    )


def _too_many(refusal: Any) -> Words:
    if refusal.newcomer:
        return (
            gettext("You have a request under way. Until your first exchange is finished, one at a time is possible."),
            gettext("Wait until that book has arrived, or take the request back."),
        )
    return (
        gettext("You have %(limit)d requests under way, and more at a time are not possible.", limit=refusal.limit),
        gettext("Confirm the books that have arrived, or take a request back."),
    )


def _kept(refusal: Any) -> Words:
    return (
        gettext(
            "This copy is kept until %(time)s for a reader who has waited for the book.", time=moment(refusal.until)
        ),
        gettext("Put the book on your wish list: copies are offered to those who wait, in turn."),
    )


def _already_done(_refusal: Any) -> Words:
    return (
        gettext("This has already been done: the exchange has moved on, and nothing was changed now."),
        gettext("See how it stands among your drifts."),
    )


def _too_early(refusal: Any) -> Words:
    return (
        gettext(
            "The book may still be on its way. It can be reported missing from %(time)s on.",
            time=moment(refusal.possible_from),
        ),
        gettext("Ask the giver for the tracking number, and look once more at your post office."),
    )


def _plain(sentence: Callable[[], str], advice: Callable[[], str]) -> Callable[[Any], Words]:
    return lambda _refusal: (sentence(), advice())


TABLE: dict[type[Refusal], tuple[int, Callable[[Any], Words]]] = {
    no.OwnGift: (
        403,
        _plain(
            lambda: gettext("This is your own copy."),
            lambda: gettext("You find what others want from you among your drifts."),
        ),
    ),
    no.EmailNotConfirmed: (
        403,
        _plain(
            lambda: gettext("Your e-mail address is not confirmed yet."),
            lambda: gettext("Open the link in the mail that we sent you; it also brings your first bean."),
        ),
    ),
    no.NotEnoughBeans: (409, _not_enough_beans),
    no.GiveBeforeAskingAgain: (409, _give_first),
    no.TooManyOpenRequests: (409, _too_many),
    no.CopyAlreadyReserved: (
        409,
        _plain(
            lambda: gettext("Somebody else has just asked for this copy."),
            lambda: gettext("Ask for another copy, or put the book on your wish list."),
        ),
    ),
    no.AlreadyAsked: (
        409,
        _plain(
            lambda: gettext("You have asked for this copy already."),
            lambda: gettext("See how it stands among your drifts."),
        ),
    ),
    no.CopyNotOpen: (
        409,
        _plain(
            lambda: gettext("This copy can not be asked for any more."),
            lambda: gettext("Ask for another copy, or put the book on your wish list."),
        ),
    ),
    no.CopyKeptForAnother: (409, _kept),
    no.AlreadyDone: (409, _already_done),
    no.NotYourMove: (
        403,
        _plain(
            lambda: gettext("Only the other side of the exchange can do this."),
            lambda: gettext("See among your drifts what you can do."),
        ),
    ),
    no.TooEarlyToReport: (409, _too_early),
    no.GiftReserved: (
        409,
        _plain(
            lambda: gettext("Somebody has asked for this copy, so it can not be taken off the list."),
            lambda: gettext("Decline the request first, if you do not want to give the book."),
        ),
    ),
    no.GiftGone: (
        409,
        _plain(
            lambda: gettext("This has already been done: the copy is given, off the list, or on the shelf again."),
            lambda: gettext("See how it stands on your gift list."),
        ),
    ),
    no.AlreadyListed: (
        409,
        _plain(
            lambda: gettext("This form has been sent before, and the copy is on your list."),
            lambda: gettext("To list another copy of the same book, open its page again."),
        ),
    ),
    no.WishedForThisBook: (
        409,
        _plain(
            lambda: gettext("You wish for this book yourself."),
            lambda: gettext("Take it off your wish list, then you can give it."),
        ),
    ),
    no.ListsThisBook: (
        409,
        _plain(
            lambda: gettext("You give this book yourself."),
            lambda: gettext("Take your copy off the list, then you can wish for it."),
        ),
    ),
    no.AlreadyWished: (
        409,
        _plain(
            lambda: gettext("The book is already on your wish list."),
            lambda: gettext("You will be told when a copy is kept for you."),
        ),
    ),
    no.WishGone: (
        409,
        _plain(
            lambda: gettext("This wish is already granted or taken back."),
            lambda: gettext("See on the page of the book who else waits for it."),
        ),
    ),
    no.OwnWish: (
        403,
        _plain(
            lambda: gettext("This is your own wish."),
            lambda: gettext("Ask for a copy that another reader gives."),
        ),
    ),
    no.NoCopyToGive: (
        409,
        _plain(
            lambda: gettext("To grant this wish you need an open copy of the book that is promised to nobody."),
            lambda: gettext("List your copy first: it is then kept for the reader who has waited longest."),
        ),
    ),
    no.WishHasAnOffer: (
        409,
        _plain(
            lambda: gettext("Another copy is being kept for this wish."),
            lambda: gettext("Choose another reader, or wait: your copy stays on the shelf."),
        ),
    ),
    no.OfferedBefore: (
        409,
        _plain(
            lambda: gettext("Your copy has been kept for this reader before, and was not taken."),
            lambda: gettext("Choose another reader, or leave the copy open to all."),
        ),
    ),
    no.WisherMayNotAsk: (
        409,
        _plain(
            lambda: gettext("This reader can not ask for a book at present."),
            lambda: gettext("Choose another reader, or leave the copy open to all."),
        ),
    ),
}
