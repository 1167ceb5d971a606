"""Readers are asked in private for copies that they keep and others wait for: who, for which wish.

Whoever waits learns nothing of it, and the holder not who waits. Times are in Unix seconds.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.copy import Copy, CopyQuestion, Whereabouts
from app.models.gift import Gift, WishOffer
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.drift import CopyState, MailKind
from app.rules.exchange.listing import WishState
from app.rules.exchange.nearness import list_around
from app.rules.exchange.wish_queue import find_offer_refusal
from app.rules.shelf.asking import MOST_A_WEEK, READ_FIRST, SILENCE, Answer, mail_time
from app.services.book.near import lies_in
from app.services.copy.keeping import is_listed
from app.services.exchange.editions import is_granted_by
from app.services.exchange.locking import lock_readers
from app.services.exchange.mails import ExchangeMail, queue_notices
from app.services.exchange.wish import find_open_wish
from app.services.exchange.wish_queue import PrivateCopy, find_wishers, select_refusals
from app.services.outbox import enqueue
from app.services.sight.visible import are_apart
from app.services.transaction import transaction

WANTED_MAIL = "mail.copies_wanted"
MOST_TRIED = 5
"""Holders that are looked at for one wish at a time."""
HOLDERS = 100
"""Readers whose shelves are looked through with one statement."""
WISHES = 200
"""Wishes that are looked at for these, with one statement."""

_COPY, _WISH, _USER, _GIFT = (cast("Table", table.__table__) for table in (Copy, Wish, User, Gift))
_QUESTION, _OFFER = cast("Table", CopyQuestion.__table__), cast("Table", WishOffer.__table__)
_KEPT, _WISHED = (cast("Table", Book.__table__).alias(name) for name in ("kept_book", "wished_book"))
_ASKED, _MINE = _QUESTION.alias("asked"), _WISH.alias("mine")
_NOW = bindparam("now", type_=BigInteger)
_READERS: Any = bindparam("readers", expanding=True)
_AFTER = bindparam("after", type_=BigInteger)


def ask_all(now: int) -> int:
    """Look through the shelves of all readers who may be asked, and return how many questions were asked.

    Some shelves at a time: nothing is locked but what a question is written for.
    """
    asked, last = 0, 0
    while holders := _list_holders(last):
        asked += ask_holders(holders, now)
        last = holders[-1]
    return asked


def _list_holders(after: int) -> Sequence[int]:
    db.session.rollback()
    allowing = select(User.id).where(User.may_be_asked, User.id > after).order_by(User.id).limit(HOLDERS)
    return db.session.scalars(allowing).all()


def ask_holders(holder_ids: Sequence[int], now: int) -> int:
    """Ask for the wishes that private copies of these readers would grant; return how many questions were asked."""
    asked, last = 0, 0
    while wish_ids := _list_wishes(holder_ids, last, now):
        asked += sum(ask_for_wish(wish_id, now) for wish_id in wish_ids)
        last = wish_ids[-1]
    return asked


def _list_wishes(holder_ids: Sequence[int], after: int, now: int) -> Sequence[int]:
    db.session.rollback()
    found = db.session.scalars(_WISHES, {"readers": holder_ids, "after": after, "now": now}).all()
    db.session.rollback()
    return found


@transaction
def ask_for_wish(wish_id: int, now: int) -> bool:
    """Ask one holder of a private copy for a wish, if anybody may be asked; return whether somebody was.

    The nearest holder is asked first, then the one who was asked the longest time ago.
    """
    wish = db.session.get(Wish, wish_id, populate_existing=True)
    if wish is None or wish.state != WishState.OPEN:
        return False
    area = db.session.scalar(select(User.area).where(User.id == wish.user_id))
    for copy_id, holder_id, book_id in db.session.execute(_select_copies(wish, area), {"now": now}).tuples().all():
        lock_readers(wish.user_id, holder_id)
        db.session.refresh(wish)
        if not _is_still_askable(wish, copy_id, now) or find_open_wish(holder_id, book_id) is not None:
            continue
        wisher = next(iter(find_wishers(PrivateCopy(holder_id, book_id), [wish], now)), None)
        if wisher is not None and find_offer_refusal(wisher, holder_id) is None:
            _ask(copy_id, holder_id, wish_id, now)
            return True
    return False


def _ask(copy_id: int, holder_id: int, wish_id: int, now: int) -> None:
    last = db.session.scalar(select(func.max(CopyQuestion.mail_time)).where(CopyQuestion.holder_id == holder_id))
    time = mail_time(last, now)
    said: dict[str, Any] = {"holder_id": holder_id, "wish_id": wish_id, "mail_time": time, "create_time": now}
    db.session.add(CopyQuestion(copy_id=copy_id, **said))
    db.session.flush()
    queue_notices([ExchangeMail(MailKind.WANTED, holder_id, copy_id=copy_id)], now)
    enqueue(WANTED_MAIL, {"user_id": holder_id, "mail_time": time}, f"{WANTED_MAIL}:{holder_id}:{time}", time)


def _is_still_askable(wish: Wish, copy_id: int, now: int) -> bool:
    """Return whether nothing has changed, now that both readers are locked."""
    again = _select_copies(wish, None).where(_COPY.c.id == copy_id)
    return wish.state == WishState.OPEN and db.session.execute(again, {"now": now}).first() is not None


def _select_copies(wish: Wish, area: str | None) -> Select[tuple[int, int, int]]:
    """Select the private copies that grant a wish, and of which somebody may be asked: one for each question."""
    before = select(_OFFER.c.id).join(_GIFT, _GIFT.c.id == _OFFER.c.gift_id).join(_MINE, _MINE.c.id == _OFFER.c.wish_id)
    was_offered = before.where(_GIFT.c.copy_id == _COPY.c.id, _MINE.c.user_id == wish.user_id)
    was_asked = select(_ASKED.c.id).where(_ASKED.c.wish_id == wish.id, _ASKED.c.holder_id == _USER.c.id)
    rows = _WISH.join(_WISHED, _WISHED.c.id == _WISH.c.book_id).join(_KEPT, _KEPT.c.work_id == _WISHED.c.work_id)
    rows = rows.join(_COPY, _COPY.c.book_id == _KEPT.c.id).join(_USER, _USER.c.id == _COPY.c.holder_id)
    found = select(_COPY.c.id, _COPY.c.holder_id, _COPY.c.book_id).select_from(rows)
    found = found.where(_WISH.c.id == wish.id, is_granted_by(_WISHED, _KEPT), *_waits(), *_is_askable())
    found = found.where(_KEPT.c.id.not_in(select_refusals([wish.id])), ~are_apart(wish.user_id, _COPY.c.holder_id))
    found = found.where(~was_offered.exists(), ~was_asked.exists())
    return found.order_by(*_order(area), _COPY.c.id).limit(MOST_TRIED)


def _order(area: str | None) -> Iterable[ColumnElement[Any]]:
    around = [(lies_in(_USER.c.area, path), place) for place, (_, path) in enumerate(list_around(area))]
    if around:
        yield case(*around, else_=len(around))
    last = select(func.max(_ASKED.c.create_time)).where(_ASKED.c.holder_id == _COPY.c.holder_id)
    yield func.coalesce(last.scalar_subquery(), 0)


def _is_askable() -> Iterable[ColumnElement[bool]]:
    """Yield the conditions that the holder of a copy may be asked for it at `now`."""
    asked = select(_ASKED.c.id).where(_ASKED.c.copy_id == _COPY.c.id, _ASKED.c.holder_id == _COPY.c.holder_id)
    lately = select(func.count(_ASKED.c.id)).where(_ASKED.c.holder_id == _USER.c.id)
    lately = lately.where(_ASKED.c.create_time > _NOW - SILENCE)
    given = select(_GIFT.c.id).where(_GIFT.c.copy_id == _COPY.c.id, _GIFT.c.state == CopyState.GIVEN)
    yield from (_COPY.c.state == Whereabouts.KEPT, _COPY.c.status == LIVE, ~is_listed(_COPY.c.id), ~asked.exists())
    yield from (_USER.c.may_be_asked, _USER.c.status == LIVE, _USER.c.confirmed_at.is_not(None))
    for until in ("away_until", "limited_until", "suspended_until"):
        yield or_(_USER.c[until].is_(None), _USER.c[until] <= _NOW)
    yield from (_KEPT.c.status == LIVE, lately.scalar_subquery() < MOST_A_WEEK)
    yield or_(_COPY.c.since <= _NOW - READ_FIRST, ~given.exists())


def _waits() -> Iterable[ColumnElement[bool]]:
    """Yield the conditions that a wish is open, and that nobody thinks about it at `now`."""
    thinks = select(_QUESTION.c.id).where(_QUESTION.c.wish_id == _WISH.c.id, _QUESTION.c.answer == Answer.NONE)
    yield from (_WISH.c.state == WishState.OPEN, _WISH.c.status == LIVE, _WISHED.c.status == LIVE)
    yield ~thinks.where(_QUESTION.c.create_time > _NOW - SILENCE).exists()


def _select_wishes() -> Select[tuple[int]]:
    rows = _COPY.join(_USER, _USER.c.id == _COPY.c.holder_id).join(_KEPT, _KEPT.c.id == _COPY.c.book_id)
    rows = rows.join(_WISHED, _WISHED.c.work_id == _KEPT.c.work_id)
    rows = rows.join(_WISH, and_(_WISH.c.book_id == _WISHED.c.id, _WISH.c.user_id != _COPY.c.holder_id))
    found = select(_WISH.c.id).select_from(rows).where(_COPY.c.holder_id.in_(_READERS), _WISH.c.id > _AFTER)
    found = found.where(is_granted_by(_WISHED, _KEPT), *_waits(), *_is_askable())
    return found.distinct().order_by(_WISH.c.id).limit(WISHES)


# Built once: building it takes longer than running it.
_WISHES = _select_wishes()
