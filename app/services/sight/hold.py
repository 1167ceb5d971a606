"""What new readers say first is held until somebody at the desk has looked at it. Times are in Unix seconds."""

from typing import cast

from sqlalchemy import ColumnElement, Table, delete, func, or_, select

from app.models.base import db
from app.models.decision import Decision
from app.models.gift import Gift
from app.models.message import Message, Thanks
from app.models.report import Hold
from app.models.user import User
from app.rules.exchange.drift import CopyState
from app.rules.moderation.decision import Act
from app.rules.moderation.hold import HoldReason, find_contact, find_newcomer_hold
from app.rules.moderation.report import ReportKind
from app.services.transaction import changed_rows


def find_listing_hold(giver_id: int, words: str, now: int, but: int = 0) -> HoldReason | None:
    """Return why what a giver says about a copy has to wait, no other copy of theirs having been shown."""
    hidden = select(Decision.id).where(Decision.act == Act.HIDE)
    unseen = select(Hold.id).where(Hold.kind == ReportKind.LISTING, Hold.ref == Gift.id)
    unseen = unseen.where(or_(Hold.decision_id.is_(None), Hold.decision_id.in_(hidden)))
    others = Gift.giver_id == giver_id, Gift.state != CopyState.HELD, Gift.id != but
    shown = select(func.count(Gift.id)).where(*others, ~unseen.exists())
    return _find_hold(giver_id, words, shown.scalar_subquery() == 0, now)


def find_message_hold(author_id: int, words: str, now: int) -> HoldReason | None:
    """Return why a message has to wait, none of the author's having been shown."""
    said = Message.author_id == author_id, Message.withheld == "", ~Message.is_phrase
    shown = select(func.count(Message.id)).where(*said)
    return _find_hold(author_id, words, shown.scalar_subquery() == 0, now)


def find_line_hold(author_id: int, words: str, now: int) -> HoldReason | None:
    """Return why a line of thanks has to wait, none of the author's having been shown."""
    shown = select(func.count(Thanks.id)).where(Thanks.author_id == author_id, ~is_held(ReportKind.LINE, Thanks.id))
    return _find_hold(author_id, words, shown.scalar_subquery() == 0, now)


def forget_line_holds(*which: ColumnElement[bool]) -> None:
    """Take lines of thanks off the desk's list that are about to be erased; `which` are conditions on them."""
    lines = select(Thanks.id).where(*which).execution_options(include_deleted=True)
    changed_rows(delete(Hold).where(Hold.kind == ReportKind.LINE, Hold.ref.in_(lines)))


def _find_hold(reader_id: int, words: str, is_first: ColumnElement[bool], now: int) -> HoldReason | None:
    if find_contact(words) is None:  # nearly always, and without a statement
        return None
    registered, first = db.session.execute(select(User.create_time, is_first).where(User.id == reader_id)).one()
    return find_newcomer_hold(words, registered, bool(first), now)


def hold(kind: ReportKind, ref: int, about_id: int, reason: HoldReason, now: int) -> None:
    """Put something on the desk's list; inside a transaction."""
    db.session.add(Hold(kind=kind, ref=ref, about_id=about_id, reason=reason, create_time=now))
    db.session.flush()


_HOLD = cast("Table", Hold.__table__)


def is_held(kind: ReportKind, ref: object) -> ColumnElement[bool]:
    """Return the condition that something, by its id, waits to be looked at."""
    waits = _HOLD.c.kind == kind, _HOLD.c.ref == ref, _HOLD.c.decision_id.is_(None)
    return select(_HOLD.c.id).where(*waits).exists()


def waits_to_be_shown(gift_id: int) -> bool:
    """Return whether a copy waits to be looked at."""
    return bool(db.session.scalar(select(is_held(ReportKind.LISTING, gift_id))))
