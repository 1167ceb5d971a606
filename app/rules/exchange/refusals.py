"""The refusals of the exchange."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.refusal import Refusal


@dataclass(eq=False)
class OwnGift(Refusal):
    """A reader asks for a copy of their own."""

    status = 403


@dataclass(eq=False)
class EmailNotConfirmed(Refusal):
    """Only readers with a confirmed e-mail address may ask."""

    status = 403


@dataclass(eq=False)
class NotEnoughBeans(Refusal):
    """The balance is below the price; both in beans."""

    beans: int
    price: int


@dataclass(eq=False)
class GiveBeforeAskingAgain(Refusal):
    """The reader has received all that is possible for the books given.

    ``received`` includes those under way and those reported missing.
    """

    received: int
    given: int


@dataclass(eq=False)
class TooManyOpenRequests(Refusal):
    """The reader has ``limit`` requests under way, the most allowed at a time."""

    limit: int
    newcomer: bool
    """True until the reader's first finished exchange, when only one is allowed."""
    kept: int = 0
    """How many of them are copies on offer to the reader."""
    absences: int = 0
    """How often the reader did not come and did not answer lately, if this is why only one is allowed."""


@dataclass(eq=False)
class BooksStillMissing(Refusal):
    """The reader has reported the books of several givers missing, and none of them has arrived since."""

    missing: int
    """How many givers' books."""


@dataclass(eq=False)
class TooManyPromises(Refusal):
    """The giver has promised ``limit`` books that have not arrived, the most allowed at a time."""

    limit: int
    newcomer: bool
    """True until the giver's first book has arrived, when only one is allowed."""


@dataclass(eq=False)
class CopyAlreadyReserved(Refusal):
    """Somebody else has asked for this copy."""


@dataclass(eq=False)
class AlreadyAsked(Refusal):
    """The reader has asked for this copy before, and the request is under way."""


@dataclass(eq=False)
class AskedLately(Refusal):
    """The reader's last request for this copy ended recently without a book; ``possible_from`` is in Unix seconds."""

    possible_from: int


@dataclass(eq=False)
class TooManyToOneGiver(Refusal):
    """The reader has asked this giver ``limit`` times within a day, the most allowed."""

    limit: int


@dataclass(eq=False)
class CopyNotOpen(Refusal):
    """The copy is given, withdrawn or hidden."""

    state: str


@dataclass(eq=False)
class GiverAway(Refusal):
    """The giver of the copy is away until a time in Unix seconds."""

    until: int


@dataclass(eq=False)
class Limited(Refusal):
    """The people who run the site let the reader begin nothing new until a time in Unix seconds."""

    status = 403
    until: int


@dataclass(eq=False)
class ReturnNotAhead(Refusal):
    """A reader who is away has to come back after today."""


@dataclass(eq=False)
class AwayTooLong(Refusal):
    """A reader can be away for at most ``days`` days."""

    days: int


@dataclass(eq=False)
class WayNotOffered(Refusal):
    """The giver does not hand the copy over in this way, or not any more."""

    way: str


@dataclass(eq=False)
class NoPlaceChosen(Refusal):
    """The giver leaves the copy at a place and names none, or more than ``limit``."""

    limit: int


@dataclass(eq=False)
class PlaceNotOffered(Refusal):
    """The giver does not leave the copy at this place, or the place is closed."""


@dataclass(eq=False)
class PlaceKnown(Refusal):
    """There is a place of this name in this area already."""


@dataclass(eq=False)
class MeetingNotSaid(Refusal):
    """The giver accepts to meet without saying when and where."""


@dataclass(eq=False)
class WrongHandOverCode(Refusal):
    """It is not the code that the asker of the book shows."""

    tries_left: int


@dataclass(eq=False)
class CodeRests(Refusal):
    """After several wrong codes none is accepted until a time in Unix seconds."""

    until: int


@dataclass(eq=False)
class CopyKeptForAnother(Refusal):
    """The copy is on offer to a reader who has waited for it, until a time in Unix seconds."""

    until: int


@dataclass(eq=False)
class AlreadyDone(Refusal):
    """The drift is in ``state``, in which ``action`` cannot be done any more, or not yet."""

    state: str | None
    action: str


@dataclass(eq=False)
class NothingToUndo(Refusal):
    """The last step of the drift cannot be taken back, or not any more."""


@dataclass(eq=False)
class TooLateToChange(Refusal):
    """The drift or copy is in ``state``, in which this cannot be changed any more, or not yet."""

    state: str


@dataclass(eq=False)
class ChangedTooOften(Refusal):
    """The address of a request has been changed ``limit`` times, the most allowed."""

    limit: int


@dataclass(eq=False)
class NotYourMove(Refusal):
    """Only the other side of the exchange can do this."""

    status = 403

    action: str
    role: str


@dataclass(eq=False)
class TooEarlyToReport(Refusal):
    """The book can only be reported missing from a later time on, in Unix seconds."""

    possible_from: int


@dataclass(eq=False)
class MeetingMayBeAhead(Refusal):
    """That the other side did not come can only be said from a later time on, in Unix seconds."""

    possible_from: int


@dataclass(eq=False)
class LookOnceMore(Refusal):
    """That a book is not where it was left can only be said from a later time on, in Unix seconds."""

    possible_from: int


@dataclass(eq=False)
class GiftReserved(Refusal):
    """A copy that somebody has asked for cannot be withdrawn."""


@dataclass(eq=False)
class GiftGone(Refusal):
    """The copy is already withdrawn, given or open: the action came too late."""

    state: str


@dataclass(eq=False)
class ShelfFull(Refusal):
    """The reader holds ``limit`` copies, the most allowed."""

    limit: int


@dataclass(eq=False)
class AlreadyListed(Refusal):
    """The same form was sent before; the copy is already on the list."""


@dataclass(eq=False)
class WishedForThisBook(Refusal):
    """A reader offers a book that they wish for themselves."""


@dataclass(eq=False)
class ListsThisBook(Refusal):
    """A reader wishes for a book of which they list a copy."""


@dataclass(eq=False)
class AlreadyWished(Refusal):
    """The book is already on the reader's wish list."""


@dataclass(eq=False)
class TooManyWishes(Refusal):
    """The reader has ``limit`` open wishes, the most allowed at a time."""

    limit: int
    newcomer: bool
    """True until the reader's first finished exchange, when only a few are allowed."""


@dataclass(eq=False)
class WishGone(Refusal):
    """The wish is already granted or withdrawn."""


@dataclass(eq=False)
class OwnWish(Refusal):
    """A reader offers a copy to themselves."""

    status = 403


@dataclass(eq=False)
class NoCopyToGive(Refusal):
    """Granting a wish needs an open copy of that book that is on offer to nobody."""


@dataclass(eq=False)
class WishHasAnOffer(Refusal):
    """Another reader's copy is on offer for this wish."""


@dataclass(eq=False)
class OfferedBefore(Refusal):
    """The copy was offered for this wish before, and was not taken."""


@dataclass(eq=False)
class EditionNotWanted(Refusal):
    """The reader was offered a copy of this edition, and waits for another."""


@dataclass(eq=False)
class OfferGone(Refusal):
    """The copy is not on offer to the reader, or not any more."""


@dataclass(eq=False)
class OfferedToday(Refusal):
    """Within the last day a copy of this giver was offered for this wish, and was not taken."""


@dataclass(eq=False)
class WisherMayNotAsk(Refusal):
    """The reader who wishes for the book may not ask for any at present."""


@dataclass(eq=False)
class ThreadClosed(Refusal):
    """The two sides of a drift can not write to each other any more."""

    has_left: bool
    """True if the other side has closed the account; otherwise the drift ended long enough ago."""


@dataclass(eq=False)
class ThreadFull(Refusal):
    """The reader has written ``limit`` messages to the other side of a drift, the most allowed."""

    limit: int


@dataclass(eq=False)
class ExtendedBefore(Refusal):
    """A loan can be extended once."""


@dataclass(eq=False)
class LoanIsOver(Refusal):
    """The day on which the book was to be back has passed."""


@dataclass(eq=False)
class SomebodyWaits(Refusal):
    """Another reader waits for the book that is lent."""


@dataclass(eq=False)
class SaidTooOften(Refusal):
    """The borrower has said ``limit`` times that the book is back, and the lender has objected each time."""

    limit: int
