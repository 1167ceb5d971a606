"""Blocking another reader: neither meets the other any more, and nobody is told. Times are in Unix seconds."""

from dataclasses import dataclass

from sqlalchemy import Select, delete, func, or_, select, update

from app.models.base import db
from app.models.gift import Gift
from app.models.message import Message
from app.models.notice import Notice
from app.models.user import Block, User
from app.rules.exchange.thread import Withheld
from app.rules.moderation.block import ensure_may_block
from app.services.errors import NotFound
from app.services.exchange.locking import lock_readers
from app.services.exchange.wish_queue import end_offer, offer_to_next
from app.services.notice.notices import erase_notices
from app.services.transaction import changed_rows, transaction


@dataclass(frozen=True)
class BlockLine:
    """Somebody whom a reader has blocked; `create_time` is in Unix seconds."""

    reader_id: int
    nickname: str
    create_time: int


def list_blocked(reader_id: int) -> list[BlockLine]:
    """Return whom a reader has blocked, the last one first."""
    mine = select(Block.blocked_id, User.nickname, Block.create_time).join(User, User.id == Block.blocked_id)
    rows = db.session.execute(mine.where(Block.reader_id == reader_id).order_by(Block.id.desc()))
    return [BlockLine(*row) for row in rows]


def blocks(reader_id: int, other_id: int) -> bool:
    """Return whether a reader has blocked another one."""
    return db.session.scalar(_select_block(reader_id, other_id)) is not None


@transaction
def block(reader_id: int, other_id: int, now: int) -> None:
    """Keep two readers apart: offers between them end, and what the other one writes is shown to this one no more.

    What is under way between them goes on. Nothing happens if the reader has blocked the other one before.

    :raises NotFound: one of the two has no account.
    :raises OwnAccount, TooManyBlocked: see `ensure_may_block`.
    """
    present = lock_readers(reader_id, other_id)
    if reader_id not in present or other_id not in present:
        raise NotFound()
    if blocks(reader_id, other_id):
        return
    known = db.session.scalar(select(func.count(Block.id)).where(Block.reader_id == reader_id))
    ensure_may_block(reader_id, other_id, known or 0)
    db.session.add(Block(reader_id=reader_id, blocked_id=other_id, create_time=now))
    db.session.flush()
    _end_offers(reader_id, other_id, now)
    _withhold_unread(reader_id, other_id)


@transaction
def unblock(reader_id: int, other_id: int) -> None:
    """Let two readers meet again, if they were blocked; what the other one wrote in the meantime is shown.

    :raises NotFound: the other one has no account.
    """
    if other_id not in lock_readers(reader_id, other_id):
        raise NotFound()
    if changed_rows(delete(Block).where(Block.reader_id == reader_id, Block.blocked_id == other_id)):
        theirs = Message.author_id == other_id, Message.reader_id == reader_id
        withheld = update(Message).where(*theirs, Message.withheld == Withheld.BLOCKED)
        changed_rows(withheld.values(withheld=""))
        User.note_able([reader_id, other_id])


def _select_block(reader_id: int, other_id: int) -> Select[tuple[int]]:
    return select(Block.id).where(Block.reader_id == reader_id, Block.blocked_id == other_id)


def _end_offers(one: int, other: int, now: int) -> None:
    """End the offers between two readers, as if the giver had taken the copy off the list."""
    given = ((Gift.giver_id == one) | (Gift.lender_id == one)) & (Gift.offered_to == other)
    got = ((Gift.giver_id == other) | (Gift.lender_id == other)) & (Gift.offered_to == one)
    for gift in db.session.scalars(select(Gift).where(or_(given, got)).with_for_update()).all():
        end_offer(gift, now)
        db.session.flush()
        offer_to_next(gift.id, now)


def _withhold_unread(reader_id: int, author_id: int) -> None:
    """Show nothing of what the reader has not read yet, and tell nothing of it."""
    theirs = Message.author_id == author_id, Message.reader_id == reader_id
    unread = *theirs, Message.read_time.is_(None), ~Message.is_phrase
    erase_notices(Notice.message_id.in_(select(Message.id).where(*unread)))
    changed_rows(update(Message).where(*unread).values(withheld=Withheld.BLOCKED))
