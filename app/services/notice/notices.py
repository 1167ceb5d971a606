"""Notices: written in the transaction of the event, shown from the time of its mail on. Times are in Unix seconds."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from flask_babel import gettext
from sqlalchemy import ColumnElement, Row, Table, Update, case, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.logs import log
from app.mail.circle import CIRCLE_TEXTS
from app.mail.exchange import MAIL_TEXTS, mail_text_of
from app.models.base import LIVE, db
from app.models.book import Book
from app.models.circle import Circle, Membership
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.notice import Notice
from app.models.user import User
from app.rules.circle.circle import CircleNews, CircleState, MemberRole, MemberState
from app.rules.clock import DAY
from app.rules.exchange.mails import MAIL_DELAY
from app.services.transaction import changed_rows, transaction

KEPT = 90 * DAY
PATIENCE = 50
"""How long noting what was seen waits for other writers, in milliseconds."""
BATCH = 1_000


def hide_overtaken(drift_ids: Collection[int], now: int) -> None:
    """Keep back what is not shown yet about the states that these drifts leave; inside a transaction."""
    early = Notice.drift_id.in_(drift_ids), Notice.message_id.is_(None), Notice.show_from > now
    changed_rows(update(Notice).where(*early).values(show_from=None))


def restore_hidden(drift_id: int, since: int | None) -> None:
    """Show what was kept back about the state that a drift is in again since then; inside a transaction."""
    again = Notice.drift_id == drift_id, Notice.since == since, Notice.show_from.is_(None)
    changed_rows(update(Notice).where(*again).values(show_from=Notice.create_time + MAIL_DELAY))


def hide_offer(gift_id: int, now: int) -> None:
    """Keep back that a copy is on offer, if that is over before it was told; inside a transaction."""
    early = Notice.gift_id == gift_id, Notice.show_from > now
    changed_rows(update(Notice).where(*early).values(show_from=None))


class NoticeRow(NamedTuple):
    """A notice as a page shows it."""

    id: int
    words: str
    title: str | None
    """The book that the words name, if they do."""
    endpoint: str
    """The page on which the reader can act."""
    values: dict[str, Any]
    """What its address names."""
    drift_id: int | None
    show_from: int
    is_new: bool


@dataclass(frozen=True)
class NoticePage:
    """Some notices of a reader, the newest first."""

    rows: list[NoticeRow]
    next: tuple[int, int] | None
    """The place in the list behind which the next page begins; None on the last one."""

    @property
    def new(self) -> list[int]:
        """Return the ids of those that the reader has not seen before."""
        return [row.id for row in self.rows if row.is_new]


def list_notices(reader_id: int, before: tuple[int, int] | None, size: int, now: int) -> NoticePage:
    """Return the notices behind a place in the list, which is the `show_from` and the id of one of them."""
    page = _NOTICES.where(_NOTICE.c.user_id == reader_id, _NOTICE.c.show_from <= now)
    if before is not None:
        time, id = before
        earlier = (_NOTICE.c.show_from == time) & (_NOTICE.c.id < id)
        page = page.where(_NOTICE.c.show_from <= time, or_(_NOTICE.c.show_from < time, earlier))
    found = db.session.execute(page.limit(size + 1)).all()
    rows = [
        NoticeRow(
            row.id,
            words_of(row.kind, row.title, row.name, row.beans == 0),
            row.title if row.kind not in _OF_CIRCLES else None,
            *_page_of(row),
            row.drift_id,
            row.show_from,
            row.seen_time is None,
        )
        for row in found[:size]
    ]
    return NoticePage(rows, (rows[-1].show_from, rows[-1].id) if len(found) > size else None)


def _page_of(row: Row[Any]) -> tuple[str, dict[str, Any]]:
    """Return the page on which a reader can act; it is there, also for who belongs to a circle no more."""
    if row.message_id:
        return "web.thread", {"did": row.drift_id}
    if row.kind not in _OF_CIRCLES:
        return MAIL_TEXTS[row.kind].endpoint, {}
    endpoint = CIRCLE_TEXTS[_OF_CIRCLES[row.kind]].endpoint
    if row.slug is None:
        return "web.circles", {}
    is_for_stewards = endpoint == "web.circle_steward" and row.role != MemberRole.STEWARD
    return "web.circle" if is_for_stewards or endpoint == "web.circles" else endpoint, {"slug": row.slug}


def list_new_words(reader_id: int, ids: Collection[int]) -> list[str]:
    """Return the sentences of those of these notices that the reader has not seen, in the present language."""
    new = _NOTICES.where(_NOTICE.c.user_id == reader_id, _NOTICE.c.id.in_(ids), _NOTICE.c.seen_time.is_(None))
    return [words_of(row.kind, row.title, row.name, row.beans == 0) for row in db.session.execute(new)]


def words_of(kind: str, title: str | None, name: str | None, is_free: bool = False) -> str:
    """Return the sentence of a notice in the reader's language; `name` is None for another reader who has left.

    A notice about beans has no title; the title of one about a circle is the circle's name.
    One about a book that `is_free` speaks of no bean.
    """
    if kind in _OF_CIRCLES:
        return str(CIRCLE_TEXTS[_OF_CIRCLES[kind]].subject) % {"circle": title}
    facts = {"title": title, "name": name or gettext("a reader who has left")}
    return str(mail_text_of(kind, is_free).subject) % facts


_NOTICE, _DRIFT, _GIFT = (cast("Table", table.__table__) for table in (Notice, Drift, Gift))
_COPY, _BOOK, _OTHER = cast("Table", Copy.__table__), cast("Table", Book.__table__), User.__table__.alias("other")
_CIRCLE, _MEMBER = (cast("Table", table.__table__) for table in (Circle, Membership))
_OF_CIRCLES = {news.notice: news.value for news in CircleNews}
_other_side = case(
    (_DRIFT.c.asker_id == _NOTICE.c.user_id, _DRIFT.c.giver_id),
    (_DRIFT.c.giver_id == _NOTICE.c.user_id, _DRIFT.c.asker_id),
    else_=_GIFT.c.giver_id,
)
_is_member = (
    (_MEMBER.c.circle_id == _CIRCLE.c.id)
    & (_CIRCLE.c.state == CircleState.ALIVE)
    & (_MEMBER.c.user_id == _NOTICE.c.user_id)
    & (_MEMBER.c.state == MemberState.IN)
)
_NOTICES = (
    select(
        *(_NOTICE.c[name] for name in ("id", "kind", "drift_id", "message_id", "show_from", "seen_time")),
        func.coalesce(_BOOK.c.title, _CIRCLE.c.name).label("title"),
        case((_MEMBER.c.id.is_not(None), _CIRCLE.c.slug)).label("slug"),
        _MEMBER.c.role,
        _DRIFT.c.beans,
        _OTHER.c.nickname.label("name"),
    )
    .outerjoin(_DRIFT, _DRIFT.c.id == _NOTICE.c.drift_id)
    .outerjoin(_GIFT, _GIFT.c.id == _NOTICE.c.gift_id)
    .outerjoin(_COPY, _COPY.c.id == _NOTICE.c.copy_id)
    .outerjoin(_BOOK, _BOOK.c.id == func.coalesce(_DRIFT.c.book_id, _GIFT.c.book_id, _COPY.c.book_id))
    .outerjoin(_CIRCLE, _CIRCLE.c.id == _NOTICE.c.circle_id)
    .outerjoin(_MEMBER, _is_member)
    .outerjoin(_OTHER, (_OTHER.c.id == _other_side) & (_OTHER.c.status == LIVE))
    .order_by(_NOTICE.c.show_from.desc(), _NOTICE.c.id.desc())
)


def note_seen(reader_id: int, now: int, ids: Collection[int] | None = None) -> None:
    """Note that the reader has seen these notices, or all that are shown; if it cannot be written, they stay new."""
    shown = [Notice.show_from <= now] if ids is None else [Notice.id.in_(ids)]
    _note(reader_id, now, *shown)


def note_drifts_seen(reader_id: int, now: int, drift_ids: Collection[int]) -> None:
    """Note that the reader has seen the exchanges that notices are about, as `note_seen` does."""
    _note(reader_id, now, Notice.drift_id.in_(drift_ids), Notice.show_from <= now)


def _note(reader_id: int, now: int, *which: ColumnElement[bool]) -> None:
    try:
        with db.auto_commit(patience=PATIENCE):
            changed_rows(_see(Notice.user_id == reader_id, *which, now=now))
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("notices not noted as seen", reason=type(error).__name__)


def see_messages(message_ids: Collection[int], now: int) -> None:
    """Mark the notices of messages that were read as seen; inside a transaction."""
    changed_rows(_see(Notice.message_id.in_(message_ids), now=now))


def _see(*which: ColumnElement[bool], now: int) -> Update:
    return update(Notice).where(Notice.seen_time.is_(None), *which).values(seen_time=now)


def erase_notices(*which: ColumnElement[bool]) -> None:
    """Erase notices; inside a transaction."""
    changed_rows(delete(Notice).where(*which))


def forget_old_notices(now: int) -> int:
    """Erase the notices from more than 90 days ago, and those that were kept back; return how many."""
    kept_back = Notice.show_from.is_(None) & (Notice.create_time < now - DAY)
    old = select(Notice.id).where(or_(Notice.create_time < now - KEPT, kept_back)).limit(BATCH)
    erased = 0
    while ids := db.session.scalars(old).all():
        erased += _erase(ids)
    return erased


@transaction
def _erase(ids: Collection[int]) -> int:
    return changed_rows(delete(Notice).where(Notice.id.in_(ids)))
