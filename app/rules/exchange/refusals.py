"""Every way in which the exchange says no."""

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
    """Of two books received one must be given; ``received`` counts those under way and those reported missing too."""

    received: int
    given: int


@dataclass(eq=False)
class TooManyOpenRequests(Refusal):
    """The reader has ``limit`` requests under way and may have no more at a time."""

    limit: int
    newcomer: bool
    """True until the reader's first finished exchange, when only one is allowed."""
    kept: int = 0
    """How many of them are copies that are kept for the reader."""


@dataclass(eq=False)
class BooksStillMissing(Refusal):
    """The reader has reported books of several givers missing, and none of them has turned up since."""

    missing: int
    """How many givers' books."""


@dataclass(eq=False)
class TooManyPromises(Refusal):
    """The giver has promised ``limit`` books that have not arrived and may promise no more at a time."""

    limit: int
    newcomer: bool
    """True until a first book of the giver has arrived, when only one is allowed."""


@dataclass(eq=False)
class CopyAlreadyReserved(Refusal):
    """Somebody else has asked for this copy."""


@dataclass(eq=False)
class AlreadyAsked(Refusal):
    """The reader has asked for this copy before, and the request is under way."""


@dataclass(eq=False)
class AskedLately(Refusal):
    """The reader's last request for this copy ended lately without a book; ``possible_from``: Unix seconds."""

    possible_from: int


@dataclass(eq=False)
class TooManyToOneGiver(Refusal):
    """The reader has asked this giver ``limit`` times within a day and may not more often."""

    limit: int


@dataclass(eq=False)
class CopyNotOpen(Refusal):
    """The copy is given, withdrawn or hidden."""

    state: str


@dataclass(eq=False)
class CopyKeptForAnother(Refusal):
    """The copy is offered to a reader who has waited for it, until a time in Unix seconds."""

    until: int


@dataclass(eq=False)
class AlreadyDone(Refusal):
    """The drift has moved on to ``state``; ``action`` can not be done any more, or not yet."""

    state: str | None
    action: str


@dataclass(eq=False)
class NotYourMove(Refusal):
    """Only the other side of the exchange can do this."""

    status = 403

    action: str
    role: str


@dataclass(eq=False)
class TooEarlyToReport(Refusal):
    """A book can be reported missing from a time on, in Unix seconds."""

    possible_from: int


@dataclass(eq=False)
class GiftReserved(Refusal):
    """A copy that somebody has asked for can not be withdrawn."""


@dataclass(eq=False)
class GiftGone(Refusal):
    """The copy is already withdrawn, given or open: the action came too late."""

    state: str


@dataclass(eq=False)
class AlreadyListed(Refusal):
    """The same form has been sent before; the copy is on the list."""


@dataclass(eq=False)
class WishedForThisBook(Refusal):
    """A reader offers a book that they wish for themselves."""


@dataclass(eq=False)
class ListsThisBook(Refusal):
    """A reader wishes for a book of which they list a copy."""


@dataclass(eq=False)
class AlreadyWished(Refusal):
    """The book is on the reader's wish list."""


@dataclass(eq=False)
class TooManyWishes(Refusal):
    """The reader waits for ``limit`` books and may wish for no more at a time."""

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
    """To grant a wish a reader needs an open copy of that book that is promised to nobody."""


@dataclass(eq=False)
class WishHasAnOffer(Refusal):
    """Somebody else's copy is being kept for this wish."""


@dataclass(eq=False)
class OfferedBefore(Refusal):
    """The copy has been offered to this wish before, and was not taken."""


@dataclass(eq=False)
class OfferedToday(Refusal):
    """Within a day a copy of this giver was kept for this wish, and was not taken."""


@dataclass(eq=False)
class WisherMayNotAsk(Refusal):
    """The reader who wishes for the book is not able to ask for one at present."""
