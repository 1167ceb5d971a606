"""The words for refusals of the exchange, with advice on what to do next."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.rules.bean.economy import IN_FORCE
from app.rules.exchange import lending
from app.rules.exchange import refusals as no
from app.web.display.times import day_words, due
from app.web.page.refusals.register import Words, says, says_always

says_always(no.OwnGift, _l("This is your own copy."), _l("Requests to you are listed under Exchanges."))
says_always(
    no.EmailNotConfirmed,
    _l("Your e-mail address is not confirmed yet."),
    _l("Open the link in the e-mail that we sent you; it also brings your first bean."),
)
says_always(
    no.CopyAlreadyReserved,
    _l("Somebody else has just asked for this copy."),
    _l("Ask for another copy, or add the book to your wish list."),
)
says_always(no.AlreadyAsked, _l("You have already asked for this copy."), _l("See under Exchanges how things stand."))
says_always(
    no.OfferedToday,
    _l("A copy of yours was kept for this reader less than a day ago and was not taken."),
    _l("Choose another reader, or leave the copy open to all."),
)
says_always(
    no.CopyNotOpen,
    _l("This copy is no longer available."),
    _l("Ask for another copy, or add the book to your wish list."),
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
    _l("The book can’t be left at this place, or no longer can."),
    _l("Choose another place, another way, or another copy."),
)
says_always(
    no.PlaceKnown,
    _l("There is a place of this name in this area already."),
    _l("Choose another name, or change the other place."),
)
says_always(
    no.NotYourMove,
    _l("Only the other side of the exchange can do this."),
    _l("See under Exchanges what you can do."),
)
says_always(
    no.NothingToUndo,
    _l("This can’t be taken back any more."),
    _l("See under Exchanges how things stand and what you can do."),
)
says_always(
    no.GiftReserved,
    _l("Somebody has asked for this copy, so it can’t be taken off the list."),
    _l("If you don’t want to give the book away, decline the request first."),
)
says_always(
    no.GiftGone,
    _l("This has already been done: the copy is given, off the shelf, or on the shelf again."),
    _l("See under My gifts how things stand."),
)
says_always(
    no.AlreadyListed,
    _l("This form has been sent before, and the copy is on your list."),
    _l("To list another copy of the same book, open its page again."),
)
says_always(
    no.WishedForThisBook,
    _l("This book is on your own wish list."),
    _l("Remove it from your wish list; then you can give it away."),
)
says_always(
    no.ListsThisBook,
    _l("You are giving this book away yourself."),
    _l("Take your copy off the shelf; then you can wish for it."),
)
says_always(
    no.AlreadyWished, _l("The book is already on your wish list."), _l("We’ll tell you when a copy is kept for you.")
)
says_always(
    no.WishGone,
    _l("This wish has already been granted or withdrawn."),
    _l("See on the page of the book who else is waiting for it."),
)
says_always(no.OwnWish, _l("This is your own wish."), _l("Ask another reader for a copy."))
says_always(
    no.NoCopyToGive,
    _l("To grant this wish you need a copy of the book on the shelf that is not promised to anybody."),
    _l("List your copy first: it is then kept for the reader who has waited longest."),
)
says_always(
    no.WishHasAnOffer,
    _l("Another copy is already being kept for this wish."),
    _l("Choose another reader, or wait: your copy stays on the shelf."),
)
says_always(
    no.OfferedBefore,
    _l("Your copy has been kept for this reader before and was not taken."),
    _l("Choose another reader, or leave the copy open to all."),
)
says_always(
    no.EditionNotWanted,
    _l("This reader is waiting for another edition."),
    _l("Choose another reader, or leave the copy open to all."),
)
says_always(
    no.OfferGone,
    _l("This copy is no longer kept for you."),
    _l("Your wish stays on the list; the next copy is offered to those who wait, in turn."),
)
says_always(
    no.WisherMayNotAsk,
    _l("This reader can’t ask for a book at the moment."),
    _l("Choose another reader, or leave the copy open to all."),
)


says_always(
    no.ExtendedBefore,
    _l("A loan can be extended once, and this one has been."),
    _l("Write to the lender if you need the book for longer: what counts is what the two of you agree on."),
)
says_always(
    no.LoanIsOver,
    _l("The due date has passed, so the loan can’t be extended any more."),
    _l("Write to the lender, and give the book back as soon as you can."),
)
says_always(
    no.SomebodyWaits,
    _l("Somebody else is waiting for this book, so the loan can’t be extended."),
    _l("Please give it back in time: the next reader is waiting."),
)
says_always(
    lending.ComesHomeFirst,
    _l("The lender wants this book back before anybody else gets it."),
    _l("Write to the lender, who can allow it under Exchanges."),
)
says_always(lending.OfferedOn, _l("You have offered this book to the next reader already."))
says_always(
    lending.NobodyWaits,
    _l("Nobody is waiting for this book at present."),
    _l("Please give it back to the lender."),
)
says_always(
    lending.PromisedOn,
    _l("The next reader has asked for this book already."),
    _l("You’ll find the request under Exchanges; if nothing comes of it, the book goes back to its lender."),
)


@says(no.SaidTooOften)
def _said_too_often(refusal: no.SaidTooOften) -> Words:
    return Words(
        gettext("You have said %(times)d times that the book is back, and the lender objected.", times=refusal.limit),
        gettext("Write to each other: once the lender says that the book is back, your bean comes back."),
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
        gettext("Give a book away: you get a bean when it arrives."),
    )


@says(no.GiveBeforeAskingAgain)
def _give_first(refusal: no.GiveBeforeAskingAgain) -> Words:
    return Words(
        gettext(
            "You have received, asked for or reported missing %(received)d books and given %(given)d. You can have "
            "%(ratio)d in advance, and %(ratio)d more for each one given.",
            ratio=IN_FORCE.received_per_given,
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
            gettext("Ask for that copy, or remove its book from your wish list; then you can ask for another one."),
        )
    if refusal.absences:
        return Words(
            gettext(
                "Other readers waited for you in vain %(count)d times in the last 90 days. For now you can have one "
                "request at a time.",
                count=refusal.absences,
            ),
            gettext("Wait until that book has arrived, or cancel the request."),
        )
    if refusal.newcomer:
        return Words(
            gettext("You have a request under way. Until your first exchange is finished, you can have one at a time."),
            gettext("Wait until that book has arrived, or cancel the request."),
        )
    return Words(
        gettext("You have %(limit)d requests under way and can’t have more at a time.", limit=refusal.limit),
        gettext("Confirm the books that have arrived, or cancel a request."),
    )


@says(no.BooksStillMissing)
def _still_missing(refusal: no.BooksStillMissing) -> Words:
    return Words(
        gettext(
            "In the last six months you reported books of %(missing)d readers missing. With more than one, you can’t "
            "ask for a book.",
            missing=refusal.missing,
        ),
        gettext("If one has turned up after all, say so under Exchanges; its giver gets the bean."),
    )


@says(no.TooManyPromises)
def _too_many_promises(refusal: no.TooManyPromises) -> Words:
    if refusal.newcomer:
        return Words(
            gettext("You have promised a book. Until your first one has arrived, you can promise one at a time."),
            gettext("Wait until that book has arrived, then accept the next request."),
        )
    return Words(
        gettext(
            "%(limit)d books that you promised have not arrived yet. You can’t promise more until then.",
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
    "withdrawn": _l("This is off the shelf, so there is nothing to change."),
}


@says(no.TooLateToChange)
def _too_late_to_change(refusal: no.TooLateToChange) -> Words:
    why = TOO_LATE.get(refusal.state, _l("The exchange has ended, so there is nothing to change."))
    return Words(str(why), gettext("See under Exchanges how things stand and what you can do."))


@says(no.ChangedTooOften)
def _changed_too_often(refusal: no.ChangedTooOften) -> Words:
    return Words(
        gettext("The address has been changed %(limit)d times and can’t be changed again.", limit=refusal.limit),
        gettext("If the book has to go somewhere else, cancel the request and ask again."),
    )


@says(no.WrongHandOverCode)
def _wrong_code(refusal: no.WrongHandOverCode) -> Words:
    return Words(
        ngettext(
            "This is not the code. You have one more try.",
            "This is not the code. You have %(num)d more tries.",
            refusal.tries_left,
        ),
        gettext("The other reader finds it under Exchanges."),
    )


@says(no.CodeRests)
def _code_rests(refusal: no.CodeRests) -> Words:
    return Words(
        gettext("Too many wrong codes. Please try again from %(time)s.", time=due(refusal.until)),
        gettext("If you have met, you can say so under Exchanges without the code."),
    )


@says(no.AskedLately)
def _asked_lately(refusal: no.AskedLately) -> Words:
    return Words(
        gettext(
            "Your last request for this copy ended a short time ago. You can ask for it again from %(time)s.",
            time=due(refusal.possible_from),
        ),
        gettext("Ask for another copy, or add the book to your wish list."),
    )


@says(no.TooManyToOneGiver)
def _too_many_to_one_giver(refusal: no.TooManyToOneGiver) -> Words:
    return Words(
        gettext("You have asked this reader %(limit)d times within a day.", limit=refusal.limit),
        gettext("Ask somebody else, or come back tomorrow."),
    )


@says(no.ShelfFull)
def _shelf_full(refusal: no.ShelfFull) -> Words:
    return Words(
        ngettext("Your shelf holds one copy.", "Your shelf holds %(num)s copies.", refusal.limit),
        gettext("You can’t add more; remove copies that you no longer have."),
    )


@says(no.TooManyWishes)
def _too_many_wishes(refusal: no.TooManyWishes) -> Words:
    if refusal.newcomer:
        return Words(
            gettext(
                "There are %(limit)d books on your wish list. Until your first exchange is finished, it can’t hold "
                "more.",
                limit=refusal.limit,
            ),
            gettext("Remove a book from your wish list; then you can add this one."),
        )
    return Words(
        gettext("There are %(limit)d books on your wish list, and it can’t hold more.", limit=refusal.limit),
        gettext("Remove a book from your wish list; then you can add this one."),
    )


@says(no.CopyKeptForAnother)
def _kept(refusal: no.CopyKeptForAnother) -> Words:
    return Words(
        gettext("This copy is kept until %(time)s for a reader who has waited for the book.", time=due(refusal.until)),
        gettext("Add the book to your wish list: copies are offered to those who wait, in turn."),
    )


@says(no.GiverAway)
def _giver_away(refusal: no.GiverAway) -> Words:
    return Words(
        gettext("The giver is away. This copy can be asked for again from %(day)s on.", day=day_words(refusal.until)),
        gettext("Ask for another copy, or add the book to your wish list."),
    )


@says(no.AwayTooLong)
def _away_too_long(refusal: no.AwayTooLong) -> Words:
    return Words(gettext("At most %(days)d days ahead, please.", days=refusal.days))


@says(no.AlreadyDone)
def _already_done(_refusal: no.AlreadyDone) -> Words:
    return Words(
        gettext("This has already been done: the exchange has moved on, and nothing was changed now."),
        gettext("See under Exchanges how things stand."),
    )


@says(no.ThreadClosed)
def _thread_closed(refusal: no.ThreadClosed) -> Words:
    if refusal.has_left:
        return Words(gettext("The other reader has closed the account, so nobody would read your message."))
    return Words(
        gettext("This exchange is over, and its messages are no longer shown."),
        gettext("See under Exchanges how things stand."),
    )


@says(no.ThreadFull)
def _thread_full(refusal: no.ThreadFull) -> Words:
    return Words(
        gettext("You have written %(limit)d messages in this exchange and can’t write more.", limit=refusal.limit),
        gettext("The other reader can still answer."),
    )


@says(no.TooEarlyToReport)
def _too_early(refusal: no.TooEarlyToReport) -> Words:
    return Words(
        gettext(
            "The book may still be on its way. You can report it missing from %(time)s.",
            time=due(refusal.possible_from),
        ),
        gettext("Check the tracking number, and ask at your post office."),
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
            "Somebody may have moved the book. You can tell us from %(time)s that it isn’t there.",
            time=due(refusal.possible_from),
        ),
        gettext("Look again, and ask there if you can."),
    )


@says(no.MeetingMayBeAhead)
def _may_be_ahead(refusal: no.MeetingMayBeAhead) -> Words:
    return Words(
        gettext(
            "You have hardly had time to meet. You can tell us from %(time)s that the other reader did not come.",
            time=due(refusal.possible_from),
        ),
        gettext("See under Exchanges when and where you meet."),
    )
