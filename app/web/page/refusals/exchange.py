"""The words for refusals of the exchange, with advice on what to do next."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.rules.exchange import refusals as no
from app.web.display.times import day_words, due
from app.web.page.refusals.register import Words, says, says_always

says_always(no.OwnGift, _l("This is your own copy."), _l("What others ask of you is among your exchanges."))
says_always(
    no.EmailNotConfirmed,
    _l("Your e-mail address is not confirmed yet."),
    _l("Open the link in the mail that we sent you; it also brings your first bean."),
)
says_always(
    no.CopyAlreadyReserved,
    _l("Somebody else has just asked for this copy."),
    _l("Ask for another copy, or put the book on your wish list."),
)
says_always(no.AlreadyAsked, _l("You have asked for this copy already."), _l("See how it stands among your exchanges."))
says_always(
    no.OfferedToday,
    _l("A copy of yours was kept for this reader less than a day ago, and was not taken."),
    _l("Choose another reader, or leave the copy open to all."),
)
says_always(
    no.CopyNotOpen,
    _l("This copy can’t be asked for any more."),
    _l("Ask for another copy, or put the book on your wish list."),
)
says_always(no.ReturnNotAhead, _l("Please choose a day after today."))
says_always(
    no.MeetingNotSaid,
    _l("Please say when and where you can meet."),
    _l("Choose one of the proposals, or write your own."),
)
says_always(
    no.WayNotOffered,
    _l("This copy is not handed over like this."),
    _l("Choose another way, or another copy."),
)
says_always(
    no.PlaceNotOffered,
    _l("The book can’t be left at this place, or not any more."),
    _l("Choose another place, another way, or another copy."),
)
says_always(
    no.PlaceKnown,
    _l("There is a place of this name in this area already."),
    _l("Choose another name, or change that one."),
)
says_always(
    no.NotYourMove,
    _l("Only the other side of the exchange can do this."),
    _l("See among your exchanges what you can do."),
)
says_always(
    no.NothingToUndo,
    _l("This can’t be taken back any more."),
    _l("See among your exchanges how it stands and what you can do."),
)
says_always(
    no.GiftReserved,
    _l("Somebody has asked for this copy, so it can’t be taken off the list."),
    _l("Decline the request first, if you do not want to give the book."),
)
says_always(
    no.GiftGone,
    _l("This has already been done: the copy is given, off the list, or on the shelf again."),
    _l("See how it stands on your gift list."),
)
says_always(
    no.AlreadyListed,
    _l("This form has been sent before, and the copy is on your list."),
    _l("To list another copy of the same book, open its page again."),
)
says_always(
    no.WishedForThisBook,
    _l("You wish for this book yourself."),
    _l("Remove it from your wish list, then you can give it."),
)
says_always(
    no.ListsThisBook, _l("You give this book yourself."), _l("Take your copy off the list, then you can wish for it.")
)
says_always(
    no.AlreadyWished, _l("The book is already on your wish list."), _l("You will be told when a copy is kept for you.")
)
says_always(
    no.WishGone,
    _l("This wish is already granted or withdrawn."),
    _l("See on the page of the book who else waits for it."),
)
says_always(no.OwnWish, _l("This is your own wish."), _l("Ask for a copy that another reader gives."))
says_always(
    no.NoCopyToGive,
    _l("To grant this wish you need an open copy of the book that is promised to nobody."),
    _l("List your copy first: it is then kept for the reader who has waited longest."),
)
says_always(
    no.WishHasAnOffer,
    _l("Another copy is being kept for this wish."),
    _l("Choose another reader, or wait: your copy stays on the shelf."),
)
says_always(
    no.OfferedBefore,
    _l("Your copy has been kept for this reader before, and was not taken."),
    _l("Choose another reader, or leave the copy open to all."),
)
says_always(
    no.EditionNotWanted,
    _l("This reader waits for another edition."),
    _l("Choose another reader, or leave the copy open to all."),
)
says_always(
    no.OfferGone,
    _l("This copy is not kept for you any more."),
    _l("Your wish stays on the list; the next copy is offered to those who wait, in turn."),
)
says_always(
    no.WisherMayNotAsk,
    _l("This reader can’t ask for a book at present."),
    _l("Choose another reader, or leave the copy open to all."),
)


@says(no.NotEnoughBeans)
def _not_enough_beans(refusal: no.NotEnoughBeans) -> Words:
    return Words(
        ngettext(
            "You need %(num)d bean; you have %(beans)d.",
            "You need %(num)d beans; you have %(beans)d.",
            refusal.price,
            beans=refusal.beans,
        ),
        gettext("Give a book: you get a bean when it arrives."),
    )


@says(no.GiveBeforeAskingAgain)
def _give_first(refusal: no.GiveBeforeAskingAgain) -> Words:
    return Words(
        gettext(
            "You have received, asked for or reported missing %(received)d books and given %(given)d. "
            "For every two books received, one has to be given.",
            received=refusal.received,
            given=refusal.given,
        ),
        gettext("List a book that you have read. As soon as one of yours has arrived, you can ask again."),
    )


@says(no.TooManyOpenRequests)
def _too_many(refusal: no.TooManyOpenRequests) -> Words:
    if refusal.kept:
        return Words(
            gettext("A copy is kept for you, which counts as a request under way."),
            gettext("Ask for that copy, or take its book off your wish list; then you can ask for another one."),
        )
    if refusal.absences:
        return Words(
            gettext(
                "Other readers waited for you %(count)d times in the last 90 days without an answer. "
                "Until these are longer ago, one request at a time is possible.",
                count=refusal.absences,
            ),
            gettext("Wait until that book has arrived, or cancel the request."),
        )
    if refusal.newcomer:
        return Words(
            gettext("You have a request under way. Until your first exchange is finished, one at a time is possible."),
            gettext("Wait until that book has arrived, or cancel the request."),
        )
    return Words(
        gettext("You have %(limit)d requests under way, and more at a time are not possible.", limit=refusal.limit),
        gettext("Confirm the books that have arrived, or cancel a request."),
    )


@says(no.BooksStillMissing)
def _still_missing(refusal: no.BooksStillMissing) -> Words:
    return Words(
        gettext(
            "In the last half year you reported books of %(missing)d readers missing. "
            "With more than one of them you can’t ask for a book.",
            missing=refusal.missing,
        ),
        gettext("If one has turned up after all, say so among your exchanges; its giver gets the bean."),
    )


@says(no.TooManyPromises)
def _too_many_promises(refusal: no.TooManyPromises) -> Words:
    if refusal.newcomer:
        return Words(
            gettext("You have promised a book. Until your first one has arrived, one at a time is possible."),
            gettext("Wait until that book has arrived, then accept the next request."),
        )
    return Words(
        gettext(
            "%(limit)d books that you promised have not arrived yet, and more at a time are not possible.",
            limit=refusal.limit,
        ),
        gettext("Wait until one of them has arrived, then accept the next request."),
    )


TOO_LATE = {
    "waiting": _l("The book has not been mailed yet."),
    "accepted": _l("The book has not been mailed yet."),
    "mailed": _l("The book is on its way, so the address stays as it is."),
    "reserved": _l("Somebody has asked for this copy, so what you say about it stays as it is."),
    "given": _l("You have given this copy away."),
    "withdrawn": _l("This is off the list, so there is nothing to change."),
}


@says(no.TooLateToChange)
def _too_late_to_change(refusal: no.TooLateToChange) -> Words:
    why = TOO_LATE.get(refusal.state, _l("The exchange has ended, so there is nothing to change."))
    return Words(str(why), gettext("See among your exchanges how it stands and what you can do."))


@says(no.ChangedTooOften)
def _changed_too_often(refusal: no.ChangedTooOften) -> Words:
    return Words(
        gettext("The address has been changed %(limit)d times, and more is not possible.", limit=refusal.limit),
        gettext("Cancel the request and ask again, if the book has to go somewhere else."),
    )


@says(no.WrongHandOverCode)
def _wrong_code(refusal: no.WrongHandOverCode) -> Words:
    return Words(
        ngettext(
            "This is not the code. You have one more try.",
            "This is not the code. You have %(num)d more tries.",
            refusal.tries_left,
        ),
        gettext("The other reader finds it among their exchanges."),
    )


@says(no.CodeRests)
def _code_rests(refusal: no.CodeRests) -> Words:
    return Words(
        gettext("Too many wrong codes. The next one is accepted from %(time)s on.", time=due(refusal.until)),
        gettext("If you have met, you can say so among your exchanges without the code."),
    )


@says(no.AskedLately)
def _asked_lately(refusal: no.AskedLately) -> Words:
    return Words(
        gettext(
            "Your last request for this copy ended a short time ago. You can ask for it again from %(time)s on.",
            time=due(refusal.possible_from),
        ),
        gettext("Ask for another copy, or put the book on your wish list."),
    )


@says(no.TooManyToOneGiver)
def _too_many_to_one_giver(refusal: no.TooManyToOneGiver) -> Words:
    return Words(
        gettext("You have asked this reader %(limit)d times within a day.", limit=refusal.limit),
        gettext("Ask somebody else, or come back tomorrow."),
    )


@says(no.TooManyWishes)
def _too_many_wishes(refusal: no.TooManyWishes) -> Words:
    if refusal.newcomer:
        return Words(
            gettext(
                "You wait for %(limit)d books. Until your first exchange is finished, more are not possible.",
                limit=refusal.limit,
            ),
            gettext("Take a book off your wish list, then you can add this one."),
        )
    return Words(
        gettext("You wait for %(limit)d books, and more at a time are not possible.", limit=refusal.limit),
        gettext("Take a book off your wish list, then you can add this one."),
    )


@says(no.CopyKeptForAnother)
def _kept(refusal: no.CopyKeptForAnother) -> Words:
    return Words(
        gettext("This copy is kept until %(time)s for a reader who has waited for the book.", time=due(refusal.until)),
        gettext("Put the book on your wish list: copies are offered to those who wait, in turn."),
    )


@says(no.GiverAway)
def _giver_away(refusal: no.GiverAway) -> Words:
    return Words(
        gettext("The giver is away. This copy can be asked for again from %(day)s on.", day=day_words(refusal.until)),
        gettext("Ask for another copy, or put the book on your wish list."),
    )


@says(no.AwayTooLong)
def _away_too_long(refusal: no.AwayTooLong) -> Words:
    return Words(gettext("At most %(days)d days ahead, please.", days=refusal.days))


@says(no.AlreadyDone)
def _already_done(_refusal: no.AlreadyDone) -> Words:
    return Words(
        gettext("This has already been done: the exchange has moved on, and nothing was changed now."),
        gettext("See how it stands among your exchanges."),
    )


@says(no.ThreadClosed)
def _thread_closed(refusal: no.ThreadClosed) -> Words:
    if refusal.has_left:
        return Words(gettext("The other reader has closed the account, so nobody would read your message."))
    return Words(
        gettext("This exchange is over, and what was written in it is not shown any more."),
        gettext("See how it stands among your exchanges."),
    )


@says(no.ThreadFull)
def _thread_full(refusal: no.ThreadFull) -> Words:
    return Words(
        gettext(
            "You have written %(limit)d messages in this exchange, and more are not possible.", limit=refusal.limit
        ),
        gettext("The other reader can still answer."),
    )


@says(no.TooEarlyToReport)
def _too_early(refusal: no.TooEarlyToReport) -> Words:
    return Words(
        gettext(
            "The book may still be on its way. It can be reported missing from %(time)s on.",
            time=due(refusal.possible_from),
        ),
        gettext("Ask the giver for the tracking number, and look once more at your post office."),
    )


@says(no.NoPlaceChosen)
def _no_place(refusal: no.NoPlaceChosen) -> Words:
    return Words(
        gettext("Please name the places where you can leave the book, at most %(limit)d.", limit=refusal.limit),
        gettext("If none of them suits you, choose another way."),
    )


@says(no.LookOnceMore)
def _look_once_more(refusal: no.LookOnceMore) -> Words:
    return Words(
        gettext(
            "Somebody may have put the book aside. You can say that it is not there from %(time)s on.",
            time=due(refusal.possible_from),
        ),
        gettext("Look once more, and ask there if you can."),
    )


@says(no.MeetingMayBeAhead)
def _may_be_ahead(refusal: no.MeetingMayBeAhead) -> Words:
    return Words(
        gettext(
            "You have hardly had time to meet. That the other reader did not come can be said from %(time)s on.",
            time=due(refusal.possible_from),
        ),
        gettext("See among your exchanges when and where you meet."),
    )
