"""Who gets into a circle by which door. Times are in Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.rules.circle.circle import Door, MemberRole, MemberState
from app.rules.circle.refusals import (
    AskedBefore,
    CircleByInvitation,
    CircleClosed,
    CircleFull,
    DomainNotYours,
    MemberAlready,
    NotBackByThemselves,
    PublicDomain,
    TooManyCircles,
)
from app.rules.clock import DAY
from app.rules.door.mail_domain import SECOND_LEVEL

ASK_AGAIN_DAYS = 30
"""Days after which whoever was turned away or excluded can ask again."""
MOST_CIRCLES = 50
"""Circles that a reader is in or waits before."""
MOST_MEMBERS = 5_000
PUBLIC_DOMAINS = frozenset(
    [
        "126.com",
        "139.com",
        "163.com",
        "189.cn",
        "aliyun.com",
        "aol.com",
        "example.com",
        "foxmail.com",
        "gmail.com",
        "gmx.de",
        "gmx.net",
        "gmx.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.co.uk",
        "icloud.com",
        "live.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "outlook.de",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "sina.cn",
        "sina.com",
        "sohu.com",
        "t-online.de",
        "tom.com",
        "web.de",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.de",
        "yandex.ru",
        "yeah.net",
        "zoho.com",
    ]
)
"""Where anybody gets an address."""


class Entry(StrEnum):
    """What happens when a reader knocks."""

    IN = "in"
    ASK = "ask"
    """They wait until a steward lets them in."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a reader stands to a circle; `state` is None for who never had to do with it."""

    state: MemberState | None = None
    role: MemberRole = MemberRole.MEMBER
    since: int = 0

    @property
    def is_in(self) -> bool:
        """Return whether they are a member."""
        return self.state is MemberState.IN

    @property
    def is_steward(self) -> bool:
        """Return whether they look after the circle."""
        return self.is_in and self.role is MemberRole.STEWARD


STRANGER = Standing()


def find_entry(door: Door, standing: Standing, now: int, *, is_invited: bool, is_of_domain: bool) -> Entry:
    """Return what happens when a reader knocks at a circle.

    :raises MemberAlready: they are in.
    :raises CircleClosed: nobody gets in.
    :raises NotBackByThemselves: they were turned away or excluded, and nobody can ask at this door.
    :raises AskedBefore: they were, and it is too early to ask again.
    :raises CircleByInvitation: they need an invitation.
    """
    if standing.is_in:
        raise MemberAlready()
    if door is Door.CLOSED:
        raise CircleClosed()
    if standing.state is MemberState.OUT:
        return _find_way_back(door, standing, now)
    if is_invited or is_of_domain or door is Door.OPEN:
        return Entry.IN
    if door is Door.LINK:
        raise CircleByInvitation()
    return Entry.ASK


def _find_way_back(door: Door, standing: Standing, now: int) -> Entry:
    if door is Door.LINK:
        raise NotBackByThemselves()
    if now < standing.since + ASK_AGAIN_DAYS * DAY:
        raise AskedBefore(-(-(standing.since + ASK_AGAIN_DAYS * DAY - now) // DAY))
    return Entry.ASK


def ensure_has_room(circles: int, members: int) -> None:
    """Raise `TooManyCircles` or `CircleFull` if a reader, or a circle, has no room for one more."""
    if circles >= MOST_CIRCLES:
        raise TooManyCircles(MOST_CIRCLES)
    if members >= MOST_MEMBERS:
        raise CircleFull()


def is_of(email: str, domain: str | None) -> bool:
    """Return whether a mail address is of a domain, or of one below it."""
    own = _domain_of(email)
    return bool(domain) and (own == domain or own.endswith(f".{domain}"))


def _domain_of(email: str) -> str:
    return email.rpartition("@")[2].casefold().strip(".")


def ensure_may_open_to(domain: str, email: str) -> None:
    """Raise `PublicDomain` or `DomainNotYours` unless a steward with this address may open a circle to a domain."""
    labels = domain.split(".")
    is_shared = len(labels) < 2 or (len(labels) == 2 and len(labels[-1]) == 2 and labels[0] in SECOND_LEVEL)
    if is_shared or domain in PUBLIC_DOMAINS:
        raise PublicDomain()
    if not is_of(email, domain):
        raise DomainNotYours()
