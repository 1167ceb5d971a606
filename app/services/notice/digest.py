"""Summaries of what is not mailed at once: one mail for each reader and time, and none if there is nothing to tell."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple, cast

from sqlalchemy import Row, Table, bindparam, func, select, update

from app.models.base import LIVE, db
from app.models.notice import Notice
from app.models.user import User
from app.rules.account.digest import next_digest, topics_at
from app.rules.account.mail_topic import MailTopic, read_paces, topic_of
from app.rules.exchange.drift import MailKind
from app.services.outbox import enqueue_all
from app.services.transaction import changed_rows, transaction

DIGEST_MAIL = "mail.digest"
BATCH = 500
MOST = 50
"""Notices in one summary; the list on the site has all."""
UNPLANNED = 0
"""The time of a summary for which the day is still to be found."""


def plan_digests(reader_ids: list[int]) -> None:
    """Let readers who have something new have a summary; inside a transaction, which locks them until its end."""
    # Set also where there is a time: whoever sends summaries waits for this lock, and then sees what is new.
    planned = func.coalesce(User.digest_time, UNPLANNED)
    changed_rows(update(User).where(User.id.in_(sorted(reader_ids))).values(digest_time=planned))


def queue_digests(now: int) -> int:
    """Queue the summaries that are due at `now` (Unix seconds), and return how many.

    Each batch is one transaction with the mails, what they tell of, and the next time of their readers.
    """
    queued = 0
    while (done := _queue_batch(now)) is not None:
        queued += done
    return queued


class _Told(NamedTuple):
    user_id: int
    time: int
    notice_ids: list[int]


@transaction
def _queue_batch(now: int) -> int | None:
    """Return how many summaries were queued; None if none was due any more."""
    readers = db.session.execute(_DUE, {"now": now}).all()
    if not readers:
        return None
    untold: defaultdict[int, list[Row[tuple[int, int, str, int | None]]]] = defaultdict(list)
    for notice in db.session.execute(_UNTOLD, {"readers": [reader.id for reader in readers]}):
        untold[notice.user_id].append(notice)
    told, times = [], []
    for reader in readers:
        paces, zone = read_paces(reader.mail_paces), reader.time_zone
        topics = topics_at(paces, reader.digest_day, zone, reader.digest_time) if reader.digest_time else set()
        mine = [one for one in untold[reader.id] if (one.show_from or 0) <= now and topic_of(one.kind) in topics]
        if mine:
            told.append(_Told(reader.id, reader.digest_time, [one.id for one in mine]))
        next_time = next_digest(paces, reader.digest_day, zone, now) if len(untold[reader.id]) > len(mine) else None
        times.append({"row": reader.id, "time": next_time})
    db.session.connection().execute(_SET_TIME, times)
    changed_rows(
        update(Notice).where(Notice.id.in_([id for one in told for id in one.notice_ids])).values(mailed_time=now)
    )
    enqueue_all(DIGEST_MAIL, [(_payload(one), f"digest:{one.user_id}:{one.time}") for one in told], now)
    return len(told)


def _payload(told: _Told) -> dict[str, int | list[int]]:
    return {"user_id": told.user_id, "notices": told.notice_ids[-MOST:]}


_USERS = cast("Table", User.__table__)
_DUE = (
    select(*(_USERS.c[name] for name in ("id", "time_zone", "mail_paces", "digest_day", "digest_time")))
    .where(_USERS.c.digest_time <= bindparam("now"))
    .order_by(_USERS.c.digest_time, _USERS.c.id)
    .limit(BATCH)
    .with_for_update()
)
_UNTOLD = (
    select(Notice.id, Notice.user_id, Notice.kind, Notice.show_from)
    .where(Notice.user_id.in_(bindparam("readers", expanding=True)), Notice.seen_time.is_(None))
    .where(Notice.mailed_time.is_(None), Notice.show_from.is_not(None), Notice.status == LIVE)
    .order_by(Notice.id)
)
_SET_TIME = _USERS.update().where(_USERS.c.id == bindparam("row")).values(digest_time=bindparam("time"))


def skip_mailed(reader_id: int, topics: Collection[MailTopic], now: int) -> None:
    """Keep what was mailed at once out of summaries, for a reader who changes how often they come."""
    kinds = [kind for kind in MailKind if topic_of(kind) in topics]
    mailed = Notice.user_id == reader_id, Notice.kind.in_(kinds), Notice.mailed_time.is_(None), Notice.show_from <= now
    changed_rows(update(Notice).where(*mailed).values(mailed_time=now))
