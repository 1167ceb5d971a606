"""Thank-you lines: written by who received a book, shown on its giver's page if the giver agrees."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from app.models.base import LIVE, db
from app.models.drift import Drift, DriftSummary, role_of
from app.models.message import Thanks
from app.models.notice import Notice
from app.models.user import User
from app.rules.exchange.drift import DriftState, MailKind, Role
from app.rules.exchange.mails import MAIL_DELAY
from app.rules.moderation.report import ReportKind
from app.rules.trust.thanks import NoThanks, ThanksAreTheOthers, TooLateToThank, ensure_may_thank, may_thank
from app.services.exchange.locking import ensure_not_limited, lock_own_drift, lock_readers
from app.services.exchange.mails import ExchangeMail, queue_mails
from app.services.sight.hold import find_line_hold, forget_line_holds, hold, is_held
from app.services.sight.visible import Sight, are_apart, has_blocked, visible_to
from app.services.transaction import changed_rows, transaction

_is_held = is_held(ReportKind.LINE, Thanks.id)
MOST_SHOWN = 20
"""How many lines a public page shows: the last ones that the reader agreed to."""


@transaction
def thank(reader_id: int, drift_id: int, words: str, now: int) -> None:
    """Thank the giver of a book that has arrived, who is asked whether the line may be shown.

    What a new reader says first may have to wait until somebody at the desk has looked at it.

    :raises NotFound: the reader has no part in the drift.
    :raises Limited: the reader can write nothing at present.
    :raises Refusal: see `rules.trust.thanks.ensure_may_thank`.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    said = select(Thanks.id).where(Thanks.drift_id == drift_id).execution_options(include_deleted=True)
    is_said = db.session.scalar(said) is not None
    ensure_may_thank(DriftState(drift.state), role, drift.state_time, now, is_said)
    ensure_not_limited(reader_id, now)
    if drift.giver_id not in lock_readers(drift.giver_id):
        raise TooLateToThank()
    line = {"author_id": reader_id, "reader_id": drift.giver_id, "words": words, "create_time": now}
    reason = find_line_hold(reader_id, words, now)
    thanks = Thanks(drift_id=drift_id, **line)
    db.session.add(thanks)
    db.session.flush()
    if reason:
        hold(ReportKind.LINE, thanks.id, reader_id, reason, now)
    elif not has_blocked(reader_id, drift.giver_id):
        _tell(drift, now)


def _tell(drift: Drift, now: int) -> None:
    """Tell the giver of a line, once for each receipt: it may be taken back and written anew many times."""
    told = Notice.drift_id == drift.id, Notice.kind == MailKind.THANKED, Notice.since == drift.state_time
    if db.session.scalar(select(Notice.id).where(*told).limit(1)) is None:
        letter = ExchangeMail(MailKind.THANKED, drift.giver_id, drift_id=drift.id, since=drift.state_time)
        queue_mails([letter], now)
    else:
        changed_rows(update(Notice).where(*told, Notice.show_from.is_(None)).values(show_from=now + MAIL_DELAY))


@transaction
def take_thanks_back(reader_id: int, drift_id: int, now: int) -> None:
    """Erase the reader's own line.

    :raises NotFound: the reader has no part in the drift.
    :raises ThanksAreTheOthers: the other side wrote it.
    :raises NoThanks: there is no line any more.
    """
    _ensure_side(reader_id, drift_id, Role.ASKER)
    forget_line_holds(Thanks.drift_id == drift_id, Thanks.status == LIVE)
    if not changed_rows(delete(Thanks).where(Thanks.drift_id == drift_id, Thanks.status == LIVE)):
        raise NoThanks()
    told = Notice.drift_id == drift_id, Notice.kind == MailKind.THANKED
    changed_rows(update(Notice).where(*told, Notice.show_from > now).values(show_from=None))


@transaction
def show_thanks(reader_id: int, drift_id: int, is_shown: bool, now: int) -> None:
    """Show the line for a book that the reader gave on their page, or not any more.

    :raises NotFound: the reader has no part in the drift.
    :raises ThanksAreTheOthers: it is for the other side to decide.
    :raises NoThanks: there is no line any more.
    """
    _ensure_side(reader_id, drift_id, Role.GIVER)
    line = update(Thanks).where(Thanks.drift_id == drift_id, Thanks.status == LIVE, ~_is_held)
    if not changed_rows(line.values(shown_time=now if is_shown else None)):
        raise NoThanks()


def _ensure_side(reader_id: int, drift_id: int, side: Role) -> None:
    if lock_own_drift(reader_id, drift_id)[1] is not side:
        raise ThanksAreTheOthers()


@dataclass(frozen=True)
class Said:
    """What is said about a book that has arrived, as one of the two sides sees it."""

    is_mine: bool
    """The reader wrote it, or can write it."""
    id: int | None = None
    words: str = ""
    is_shown: bool = False
    waits: bool = False
    """Somebody at the desk has to look at it first."""


def list_thanks(reader_id: int, drifts: Collection[DriftSummary], now: int) -> dict[int, Said]:
    """Return for those of these drifts where there is a line, or the reader can write one, what is said; by drift."""
    received = {drift.id: drift for drift in drifts if drift.state == DriftState.RECEIVED}
    if not received:
        return {}
    lines = select(Thanks, _is_held).where(Thanks.drift_id.in_(received)).execution_options(include_deleted=True)
    is_met = (Thanks.author_id == reader_id) | ~(are_apart(reader_id, Thanks.author_id) | _is_held)
    stored = {line.drift_id: (line, waits) for line, waits in db.session.execute(lines.where(is_met)).tuples()}
    found = {
        id: Said(line.author_id == reader_id, line.id, line.words, line.shown_time is not None, waits)
        for id, (line, waits) in stored.items()
        if line.status == LIVE
    }
    can_be_written = (
        drift.id
        for drift in received.values()
        if drift.id not in stored
        and drift.giver is not None
        and may_thank(DriftState.RECEIVED, role_of(drift, reader_id), drift.state_time, now)
    )
    return found | {id: Said(is_mine=True) for id in can_be_written}


@dataclass(frozen=True)
class ShownLine:
    """A line as the reader whom it thanks, or others, see it."""

    id: int
    drift_id: int
    words: str
    author_id: int
    author: str
    shown_time: int | None
    """Since when it stands on the public page, in Unix seconds; None if it does not."""


def list_received(reader_id: int, sight: Sight, most: int) -> list[ShownLine]:
    """Return the last lines that a reader was thanked with, whether others see them or not; one short statement."""
    return _list_lines(sight, most, (Thanks.id,), Thanks.reader_id == reader_id)


def list_shown(reader_id: int, sight: Sight) -> list[ShownLine]:
    """Return the lines on a reader's page that somebody sees, the last ones first; one short statement."""
    newest_first = (Thanks.shown_time, Thanks.id)
    return _list_lines(sight, MOST_SHOWN, newest_first, Thanks.reader_id == reader_id, Thanks.shown_time.is_not(None))


def _list_lines(sight: Sight, most: int, last: Iterable[Any], *which: ColumnElement[bool]) -> list[ShownLine]:
    columns = Thanks.id, Thanks.drift_id, Thanks.words, Thanks.author_id, User.nickname, Thanks.shown_time
    lines = select(*columns).join(User, User.id == Thanks.author_id)
    lines = lines.where(*which, visible_to(sight, Thanks.author_id), ~_is_held)
    newest = lines.order_by(*(column.desc() for column in last)).limit(most)
    rows = db.session.execute(newest, sight.values)
    return [ShownLine(*row) for row in rows]
