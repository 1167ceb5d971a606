"""Who waits to be let in, and letting them in or turning them away. Times are in Unix seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Select, func, select, update

from app.models.base import db
from app.models.encrypted import seal
from app.models.user import Arrival, Invitation, User
from app.rules.account.role import Role
from app.rules.clock import DAY
from app.rules.door.door import ArrivalState, DecidedAlready, erased_from
from app.rules.moderation.decision import Act, Ground, Party, Verdict
from app.rules.moderation.report import ReportKind
from app.services.account.closing import erase_stranger
from app.services.account.registration import mark_confirmed
from app.services.delivery.postal_address import find_text
from app.services.door.arrival import find_arrival
from app.services.errors import NotFound
from app.services.exchange.locking import lock_readers
from app.services.moderation.decision import log_decision
from app.services.moderation.desk import DecisionLine, list_decisions_about
from app.services.moderation.subject import get_subject
from app.services.outbox import enqueue
from app.services.page import Page
from app.services.transaction import changed_rows, transaction

LET_IN, TURNED_AWAY, WAITS = "mail.let_in", "mail.turned_away", "mail.door_waits"
"""The kinds of the jobs that tell a reader what was decided, and moderators that somebody waits."""


@dataclass(frozen=True)
class Knocking:
    """Somebody with a confirmed address who waits to be let in, or was turned away."""

    user_id: int
    nickname: str
    locale: str
    since: int
    words: str
    is_refused: bool


def count_waiting() -> int:
    """Return how many people wait to be let in."""
    return db.session.scalar(select(func.count()).select_from(_waiting().subquery())) or 0


def _waiting() -> Select[tuple[int]]:
    waiting = select(User.id).join(Arrival, Arrival.user_id == User.id)
    return waiting.where(User.waits_since.is_not(None), Arrival.state == ArrivalState.ASKING)


def list_knocking(page: int, size: int) -> Page[Knocking]:
    """Return who waits, the longest first, and then who was turned away."""
    here = select(User, Arrival).join(Arrival, Arrival.user_id == User.id).where(User.waits_since.is_not(None))
    total = db.session.scalar(select(func.count(User.id)).where(User.waits_since.is_not(None))) or 0
    order = (Arrival.state != ArrivalState.ASKING, User.waits_since, User.id)
    rows = db.session.execute(here.order_by(*order).limit(size).offset((page - 1) * size)).tuples()
    return Page([_line(user, arrival) for user, arrival in rows], total, page, size)


def _line(user: User, arrival: Arrival) -> Knocking:
    is_refused = arrival.state == ArrivalState.REFUSED
    words = find_text(arrival.words) or ""
    return Knocking(user.id, user.nickname, user.locale, user.waits_since or 0, words, is_refused)


def get_knocking(user_id: int) -> tuple[Knocking, Sequence[DecisionLine]]:
    """Return somebody who waits or was turned away, with what was decided.

    :raises NotFound: nobody does with this number, or not any more.
    """
    user, arrival = User.find(user_id), find_arrival(user_id)
    if user is None or arrival is None or user.waits_since is None:
        raise NotFound()
    return _line(user, arrival), list_decisions_about(user_id)


def find_refusal(user_id: int) -> DecisionLine | None:
    """Return by which decision somebody is turned away; None if they still wait."""
    arrival = find_arrival(user_id)
    if arrival is None or arrival.state != ArrivalState.REFUSED:
        return None
    return next((line for line in list_decisions_about(user_id) if line.act == Act.TURN_AWAY), None)


@transaction
def decide_at_the_door(actor: Party, user_id: int, is_let_in: bool, words: str, now: int) -> None:
    """Let somebody in, even who was turned away before, or turn them away; they are told by mail.

    :raises NotFound: nobody waits with this number, or not any more.
    :raises DecidedAlready: somebody else was faster.
    """
    lock_readers(user_id)
    user = db.session.get(User, user_id, populate_existing=True)
    arrival = find_arrival(user_id)
    if user is None or arrival is None:
        raise NotFound()
    is_refused = arrival.state == ArrivalState.REFUSED
    if user.waits_since is None or (is_refused and not is_let_in):
        raise DecidedAlready()
    act, ground = (Act.LET_IN, Ground.NO_BREACH) if is_let_in else (Act.TURN_AWAY, Ground.OTHER)
    decision = log_decision(get_subject(ReportKind.READER, user_id), actor, Verdict(act, ground, words), now)
    if is_let_in:
        mark_confirmed(user)
    else:
        arrival.set_attrs({"state": ArrivalState.REFUSED, "state_time": now})
    kind = LET_IN if is_let_in else TURNED_AWAY
    enqueue(kind, {"user_id": user_id, "decision_id": decision.id}, f"door-{decision.id}")


def find_inviter(user_id: int) -> tuple[int, str] | None:
    """Return number and nickname of the reader who invited another one; None if nobody did, or not any more."""
    invited = select(User.id, User.nickname).join(Invitation, Invitation.by_id == User.id)
    invited = invited.join(Arrival, Arrival.invitation_id == Invitation.id).where(Arrival.user_id == user_id)
    found = db.session.execute(invited).first()
    return (found[0], found[1]) if found else None


@transaction
def remind_of_waiting(now: int) -> None:
    """Remind those who look after the site by mail of who waits too long; at most once a day."""
    long_since = now - current_app.config["WAITING_DAYS"] * DAY
    waiting = select(func.count()).select_from(_waiting().where(User.waits_since <= long_since).subquery())
    count = db.session.scalar(waiting) or 0
    if not count:
        return
    looks_after = select(User.id).where(User.role.in_([Role.MODERATOR, Role.OPERATOR]))
    for id in db.session.scalars(looks_after):
        enqueue(WAITS, {"user_id": id, "count": count}, f"door-waits-{id}-{now // DAY}")


@transaction
def erase_words(now: int) -> None:
    """Erase what people wrote about themselves long ago without ever confirming the address."""
    unconfirmed = select(User.id).where(User.confirmed_at.is_(None), User.waits_since.is_(None))
    old = (Arrival.state == ArrivalState.ASKING) & (Arrival.state_time <= erased_from(now))
    changed_rows(update(Arrival).where(old, Arrival.user_id.in_(unconfirmed)).values(words=seal("")))


def erase_refused(now: int) -> None:
    """Erase the accounts of people who were turned away long enough ago."""
    refused = select(Arrival.user_id).where(Arrival.state == ArrivalState.REFUSED)
    for id in db.session.scalars(refused.where(Arrival.state_time <= erased_from(now))).all():
        if user := User.find(id):
            erase_stranger(user)
