"""What moderators can decide, about what and whom. Times are in Unix seconds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.rules.account.role import RANKS, Role
from app.rules.clock import DAY
from app.rules.moderation.report import OF_NOBODY, ReportKind
from app.rules.refusal import Refusal

LONGEST_STATEMENT = 1_000
"""Most characters of what a moderator says about a decision, and of an appeal."""

LONGEST_RESTRICTION = 366
"""Most days for which a reader can be limited or suspended; after that, somebody has to look again."""


COMPLAINT = "complaint"
"""The kind of a book that is not as described, by the id of its exchange: decided about, but not reported."""


class Act(StrEnum):
    """What can be decided; the order is the one of pages."""

    NOTHING = "nothing"
    HIDE = "hide"
    """What was reported is shown to nobody any more."""
    LIMIT = "limit"
    """The reader can begin nothing new."""
    SUSPEND = "suspend"
    """The reader cannot log in."""
    RESTORE = "restore"
    "An earlier decision was reversed."
    LET_IN = "let_in"
    """Somebody who asked to be let in is a reader from now on."""
    TURN_AWAY = "turn_away"
    """Somebody who asked to be let in is not."""
    PAY = "pay"
    """Who received a book that is not as described gets its price from the pool."""


RESTRICTIONS = frozenset({Act.LIMIT, Act.SUSPEND})
"""What is decided about a reader, until a day."""


AT_THE_DOOR = frozenset({Act.LET_IN, Act.TURN_AWAY})
"""What is decided about somebody who is not a reader yet, and is not taken back like other decisions."""


class Ground(StrEnum):
    """Why something is decided: the rule that was broken, or that none was; the order is the one of pages."""

    INSULT = "insult"
    THREAT = "threat"
    SPAM = "spam"
    PRIVATE = "private"
    DECEIT = "deceit"
    DESCRIBED = "described"
    OTHER = "other"
    NO_BREACH = "no_breach"
    MISTAKE = "mistake"


ACTS: dict[str, tuple[Act, ...]] = {
    ReportKind.MESSAGE: (Act.NOTHING, Act.HIDE, Act.LIMIT, Act.SUSPEND),
    ReportKind.THREAD: (Act.NOTHING, Act.LIMIT, Act.SUSPEND),
    ReportKind.LISTING: (Act.NOTHING, Act.HIDE, Act.LIMIT, Act.SUSPEND),
    ReportKind.LINE: (Act.NOTHING, Act.HIDE, Act.LIMIT, Act.SUSPEND),
    ReportKind.JOURNEY: (Act.NOTHING, Act.HIDE, Act.LIMIT, Act.SUSPEND),
    ReportKind.READER: (Act.NOTHING, Act.LIMIT, Act.SUSPEND),
    ReportKind.BOOK: (Act.NOTHING, Act.HIDE),
    COMPLAINT: (Act.NOTHING, Act.PAY),
}
"""What can be decided about each kind of thing."""


@dataclass(frozen=True)
class Verdict:
    """What a moderator decides: what, why, in words of their own, and for a restriction until when."""

    act: Act
    ground: Ground
    words: str = ""
    until: int | None = None


@dataclass(frozen=True)
class Party:
    """Somebody to whom a decision matters."""

    id: int
    role: str


class OwnCase(Refusal):
    """A moderator decides about themselves, or about what they have reported."""

    status = 403


class AboutModerator(Refusal):
    """Only an operator limits or suspends somebody who looks after the site."""

    status = 403


class NotForThisKind(Refusal):
    """Such a thing cannot be treated like this, as a reader cannot be hidden."""


class EndNotSaid(Refusal):
    """A restriction needs a day on which it ends, and that is ahead."""


@dataclass(eq=False)
class RestrictedTooLong(Refusal):
    """A restriction lasts at most so many days."""

    days: int


class NothingToHide(Refusal):
    """It is not shown to anybody any more, or a book is on its way, so that hiding it would change nothing."""


class NotEnteredByHand(Refusal):
    """What comes from a catalogue is no reader's words, and is not hidden."""


class DecidedMeanwhile(Refusal):
    """Somebody else has decided about it since the page was opened."""


class AlreadyTakenBack(Refusal):
    """The decision was taken back before, or is itself one that takes another back."""


class AlreadyAppealed(Refusal):
    """There was an appeal against this decision."""


class AlreadyAnswered(Refusal):
    """The appeal was answered before."""


def ensure_may_decide(
    kind: str, act: Act, actor: Party | None, about: Party | None, reporter_ids: Collection[int]
) -> None:
    """Raise a refusal unless ``actor`` may decide this; None is somebody with a shell on the site's machine.

    :raises NotForThisKind: hiding a reader, or restricting one who has left, or the like.
    :raises OwnCase, AboutModerator: the decision is somebody else's.
    """
    is_of_leaver = about is None and kind not in OF_NOBODY
    is_nobodys = about is None and act in RESTRICTIONS
    if act not in ACTS.get(kind, ()) or is_nobodys or (is_of_leaver and act is not Act.NOTHING):
        raise NotForThisKind()
    if actor is None:
        return
    if actor.id in reporter_ids or (about is not None and about.id == actor.id):
        raise OwnCase()
    is_over = actor.role == Role.OPERATOR or about is None or RANKS.get(about.role, 0) < RANKS[Role.MODERATOR]
    if act in RESTRICTIONS and not is_over:
        raise AboutModerator()


def ensure_end_is_said(act: Act, until: int | None, now: int) -> int | None:
    """Return when a decision ends: None but for a restriction.

    :raises EndNotSaid, RestrictedTooLong: it needs an end, which is ahead, and not too far.
    """
    if act not in RESTRICTIONS:
        return None
    if until is None or until <= now:
        raise EndNotSaid()
    if until > now + LONGEST_RESTRICTION * DAY:
        raise RestrictedTooLong(LONGEST_RESTRICTION)
    return until
