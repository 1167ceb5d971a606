"""Appeals against decisions: one for each, by the reader whom it affects, also while suspended."""

from dataclasses import dataclass

from sqlalchemy import select

from app.models.base import db
from app.models.decision import Appeal, Decision
from app.models.encrypted import seal
from app.models.user import User
from app.rules.account.refusals import LinkNotValid
from app.rules.moderation.decision import (
    Act,
    AlreadyAnswered,
    AlreadyAppealed,
    AlreadyTakenBack,
    Ground,
    OwnCase,
    Party,
    Verdict,
)
from app.services.account.link_token import Purpose, make_link_token, read_link_token
from app.services.delivery.postal_address import find_text
from app.services.errors import NotFound
from app.services.moderation.decision import get_decision, undo
from app.services.moderation.restriction import HOLDS
from app.services.moderation.subject import subject_of
from app.services.outbox import enqueue
from app.services.transaction import transaction

ANSWERED = "mail.appeal_answered"
"""The kind of the job that tells a reader of the answer to an appeal."""


@dataclass(frozen=True)
class Statement:
    """A decision as a reader whom it affects reads it, with their appeal."""

    decision: Decision
    title: str
    words: str
    is_mine: bool
    """It is about the reader; False for one who reported."""
    is_taken_back: bool
    appeal: Appeal | None
    answer: str

    @property
    def may_appeal(self) -> bool:
        """Whether the reader can appeal now."""
        return self.appeal is None and not self.is_taken_back and may_appeal(self.decision, self.is_mine)


def may_appeal(decision: Decision, is_mine: bool) -> bool:
    """Return whether a reader can appeal against a decision: who is restricted, or who reported in vain."""
    return decision.act != Act.RESTORE and is_mine == (decision.act != Act.NOTHING)


def make_appeal_token(user: User, decision_id: int) -> str:
    """Return the token of the link by which a reader reads a decision, and appeals against it."""
    return make_link_token(Purpose.APPEAL, user, str(decision_id))


def find_statement(token: str) -> Statement:
    """Return the decision that a link is about.

    :raises LinkNotValid: see `read_link_token`.
    """
    user, decision_id = read_link_token(Purpose.APPEAL, token)
    return _state(user.id, int(decision_id))


def _state(reader_id: int, decision_id: int) -> Statement:
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        raise LinkNotValid
    back = select(Decision.id).where(Decision.undoes_id == decision.id)
    appeal = db.session.scalar(select(Appeal).where(Appeal.decision_id == decision.id, Appeal.reader_id == reader_id))
    return Statement(
        decision=decision,
        title=subject_of(decision).title,
        words=find_text(decision.words) or "",
        is_mine=decision.about_id == reader_id,
        is_taken_back=db.session.scalar(back) is not None,
        appeal=appeal,
        answer=(find_text(appeal.answer) if appeal else None) or "",
    )


def find_suspension(reader_id: int, now: int) -> tuple[Statement, str] | None:
    """Return the decision by which a reader is suspended, and the token with which they appeal."""
    held = select(Decision.id).where(Decision.about_id == reader_id, Decision.act == Act.SUSPEND, HOLDS)
    last = db.session.scalar(held.where(Decision.until > now).order_by(Decision.until.desc()).limit(1))
    user = User.find(reader_id)
    return None if last is None or user is None else (_state(reader_id, last), make_appeal_token(user, last))


@transaction
def appeal(token: str, words: str, now: int) -> None:
    """Appeal against a decision.

    :raises LinkNotValid: see `read_link_token`, or the decision does not concern the reader.
    :raises AlreadyAppealed, AlreadyTakenBack: there was an appeal, or there is no need for one.
    """
    user, decision_id = read_link_token(Purpose.APPEAL, token, lock=True)
    statement = _state(user.id, int(decision_id))
    if statement.is_taken_back:
        raise AlreadyTakenBack()
    if not may_appeal(statement.decision, statement.is_mine):
        raise LinkNotValid
    if db.session.scalar(select(Appeal.id).where(Appeal.decision_id == statement.decision.id)) is not None:
        raise AlreadyAppealed()
    said = seal(words)
    db.session.add(Appeal(decision_id=statement.decision.id, reader_id=user.id, words=said, create_time=now))


@transaction
def answer_appeal(actor: Party, appeal_id: int, is_granted: bool, words: str, now: int) -> None:
    """Answer an appeal: take the decision back, or leave it; the reader is told.

    :raises NotFound: there is no such appeal, or its reader has left.
    :raises AlreadyAnswered: somebody else has answered it.
    :raises OwnCase: it is the moderator's own.
    """
    asked = db.session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    if asked is None or User.find(asked.reader_id) is None:
        raise NotFound()
    if asked.answer_time is not None:
        raise AlreadyAnswered()
    if asked.reader_id == actor.id:
        raise OwnCase()
    decision = get_decision(asked.decision_id)
    asked.set_attrs({"answer": seal(words), "answer_time": now, "answered_by": actor.id})
    if is_granted:
        undo(actor, decision, Verdict(Act.RESTORE, Ground.MISTAKE, words), now)
    enqueue(ANSWERED, {"user_id": asked.reader_id, "appeal_id": asked.id, "is_granted": is_granted})
