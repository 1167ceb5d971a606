"""Who may ask for a copy.

A reader with a confirmed address and a bean may ask for an open copy of another reader, provided that
few of their requests are under way, and that they have received no more books than two in advance and two for
each one given (books under way count as received, and so do books that they reported missing, until these turn up).
Inside a circle that needs no beans neither the bean nor this ratio counts, and its books do not count for the ratio
outside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.rules.bean.economy import IN_FORCE, Economy
from app.rules.clock import DAY
from app.rules.exchange.drift import CopyState
from app.rules.exchange.refusals import (
    AlreadyAsked,
    AskedLately,
    BooksStillMissing,
    CopyAlreadyReserved,
    CopyKeptForAnother,
    CopyNotOpen,
    EmailNotConfirmed,
    GiveBeforeAskingAgain,
    GiverAway,
    Limited,
    NotEnoughBeans,
    OwnGift,
    TooManyOpenRequests,
    TooManyToOneGiver,
)
from app.rules.refusal import Refusal

NEWCOMER_LIMIT = 1
"""Most requests under way at a time until the first finished exchange."""

OPEN_LIMIT = 3
"""Most requests under way at a time after that."""

REST = 7 * DAY
"""Seconds after the end of a request in which its asker cannot ask for the same copy again."""

REQUESTS_A_DAY = 3
"""Most requests that one reader may send to one giver within a day."""

MISSING_LIMIT = 1
"""Most givers whose books a reader may have reported missing lately, and not received since, and still ask."""

MISSING_COUNTS = 180 * DAY
"""Seconds for which a book reported missing counts against asking."""

ABSENCES = 3
"""How often a reader can lately not have come and not answered, until one request at a time is the most."""

ABSENCES_COUNT = 90 * DAY
"""Seconds for which such an absence counts."""


@dataclass(frozen=True, slots=True)
class AskerFacts:
    """What decides whether a reader may ask: numbers of beans and of books."""

    confirmed: bool
    beans: int
    received: int = 0
    """Books that arrived."""
    under_way: int = 0
    """Own requests that are waiting, accepted or mailed."""
    given: int = 0
    """Books sent to others that arrived."""
    missing: int = 0
    """Own requests that were reported missing and have not turned up."""
    missing_givers: int = 0
    """From how many givers those of the last 180 days were."""
    kept: int = 0
    """Copies that are reserved for the reader by an offer."""
    is_away: bool = False
    """The reader is away: they may ask, but no copy is offered to them."""
    absences: int = 0
    """Exchanges of the last 90 days in which the reader did not come, and did not answer either."""
    got_free: int = 0
    """Those of the books received, under way, kept and missing for which no bean was needed."""
    gave_free: int = 0
    """Those of the books given for which none was needed."""
    limited_until: int | None = None
    """Until when the people who run the site let the reader begin nothing new, in Unix seconds."""

    @property
    def open(self) -> int:
        """Requests under way and copies on offer to the reader, which count alike."""
        return self.under_way + self.kept

    @property
    def got(self) -> int:
        """Books that count as received in the ratio of books received to books given."""
        return self.received + self.open + self.missing - self.got_free

    @property
    def gave(self) -> int:
        """Books that count as given in that ratio."""
        return self.given - self.gave_free

    def without_a_kept_copy(self, is_free: bool = False) -> AskerFacts:
        """Return the facts for a request for a copy on offer to the reader: the request replaces the offer."""
        return replace(self, kept=max(0, self.kept - 1), got_free=self.got_free - is_free)

    @property
    def limit(self) -> int:
        """Requests this reader may have under way at a time."""
        return NEWCOMER_LIMIT if self.is_newcomer or self.is_often_absent else OPEN_LIMIT

    @property
    def is_newcomer(self) -> bool:
        """True until the first exchange, in either role, has ended well."""
        return self.received + self.given == 0

    @property
    def is_often_absent(self) -> bool:
        """True while others have waited for the reader in vain too often."""
        return self.absences >= ABSENCES


@dataclass(frozen=True, slots=True)
class RequestedGift:
    """What decides whether a copy may be asked for; ``offer_until`` is in Unix seconds."""

    giver_id: int
    state: CopyState
    offered_to: int | None = None
    offer_until: int | None = None
    asker_id: int | None = None
    """The reader who has asked for it, while it is reserved."""
    ended_at: int | None = None
    """When the last request of this reader for it ended without a book, in Unix seconds."""
    asked_today: int = 0
    """Requests of this reader to its giver within the last day."""
    away_until: int | None = None
    """Until when its giver is away, in Unix seconds."""
    is_free: bool = False
    """The reader needs no bean for it."""

    def is_kept(self, now: int) -> bool:
        """Return whether a personal offer is still valid."""
        return self.offered_to is not None and self.offer_until is not None and now < self.offer_until

    def is_kept_for(self, reader_id: int, now: int) -> bool:
        """Return whether a personal offer to this reader is still valid."""
        return self.offered_to == reader_id and self.is_kept(now)

    def is_kept_from(self, reader_id: int, now: int) -> bool:
        """Return whether a personal offer to another reader is still valid."""
        return self.offered_to != reader_id and self.is_kept(now)


def find_asker_refusal(facts: AskerFacts, economy: Economy = IN_FORCE, is_free: bool = False) -> Refusal | None:
    """Return why a reader may not ask for any book at present, or for any that costs no bean; None if they may."""
    if not facts.confirmed:
        return EmailNotConfirmed()
    if facts.limited_until is not None:
        return Limited(facts.limited_until)
    if facts.open >= facts.limit:
        kept = facts.kept if facts.under_way < facts.limit else 0
        absences = facts.absences if facts.is_often_absent else 0
        return TooManyOpenRequests(facts.limit, facts.is_newcomer, kept, absences)
    if facts.missing_givers > MISSING_LIMIT:
        return BooksStillMissing(facts.missing_givers)
    if is_free:
        return None
    if facts.got // economy.received_per_given > facts.gave:
        return GiveBeforeAskingAgain(facts.got, facts.gave)
    if facts.beans < economy.price:
        return NotEnoughBeans(facts.beans, economy.price)
    return None


def find_copy_refusal(asker_id: int, copy: RequestedGift, now: int) -> Refusal | None:
    """Return why this reader cannot ask for this copy, or None if they can; ``now`` is in Unix seconds."""
    if copy.giver_id == asker_id:
        return OwnGift()
    if copy.state is CopyState.RESERVED:
        return AlreadyAsked() if copy.asker_id == asker_id else CopyAlreadyReserved()
    if copy.state is not CopyState.OPEN:
        return CopyNotOpen(copy.state)
    if copy.away_until is not None and now < copy.away_until and not copy.is_kept_for(asker_id, now):
        return GiverAway(copy.away_until)  # whoever was offered it before has the giver's word
    if copy.is_kept_from(asker_id, now):
        return CopyKeptForAnother(copy.offer_until or now)
    if copy.ended_at is not None and now < copy.ended_at + REST:
        return AskedLately(copy.ended_at + REST)
    if copy.asked_today >= REQUESTS_A_DAY:
        return TooManyToOneGiver(REQUESTS_A_DAY)
    return None


def find_refusal(asker_id: int, facts: AskerFacts, copy: RequestedGift, now: int) -> Refusal | None:
    """Return the first reason against this request, or None if it may be made."""
    if copy.is_kept_for(asker_id, now):
        facts = facts.without_a_kept_copy(copy.is_free)
    return find_copy_refusal(asker_id, copy, now) or find_asker_refusal(facts, is_free=copy.is_free)


def ensure_may_ask(asker_id: int, facts: AskerFacts, copy: RequestedGift, now: int) -> None:
    """Raise the refusal that `find_refusal` returns, if any."""
    refusal = find_refusal(asker_id, facts, copy, now)
    if refusal is not None:
        raise refusal
