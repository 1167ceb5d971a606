"""The log of what people have decided about works."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import or_, select

from app.models.base import db
from app.models.book import Book
from app.models.user import User
from app.models.work import Work, WorkAct

SHOWN = 50
"""How many acts are listed."""
TITLES = 3
"""How many titles an act names."""
_LOOKED_AT = 100
"""Among how many editions of an act these titles are looked for."""


class LoggedAct(NamedTuple):
    """A row of the log; times are in Unix seconds."""

    id: int
    time: int
    kind: str
    user_id: int | None
    """Who did it; None on the command line."""
    nickname: str | None
    """None also when the account has been closed."""
    editions: int
    """How many editions have another work by it, or are held in theirs."""
    titles: list[str]
    """Some of their titles."""
    undone_at: int | None


def list_acts(work_id: int | None = None) -> list[LoggedAct]:
    """Return the latest acts, or the latest that concern a work, the newest first."""
    acts = select(WorkAct, User.nickname).outerjoin(User, User.id == WorkAct.user_id).order_by(WorkAct.id.desc())
    if work_id is not None:
        rows = select(Work.id).where(or_(Work.id == work_id, Work.joined_to == work_id))
        acts = acts.where(or_(WorkAct.work_id.in_(rows), WorkAct.other_id.in_(rows)))
    found = db.session.execute(acts.limit(SHOWN)).tuples().all()
    title_of = _find_titles({id for act, _ in found for id in _looked_at(act)})
    return [_logged(act, nickname, title_of) for act, nickname in found]


def _find_titles(ids: Collection[int]) -> dict[int, str]:
    return dict(db.session.execute(select(Book.id, Book.title).where(Book.id.in_(ids))).tuples().all())


def _looked_at(act: WorkAct) -> list[int]:
    return [row[0] for row in act.moved[:_LOOKED_AT]]


def _logged(act: WorkAct, nickname: str | None, title_of: Mapping[int, str]) -> LoggedAct:
    titles = sorted({title_of[id] for id in _looked_at(act) if id in title_of})[:TITLES]
    return LoggedAct(
        id=act.id,
        time=act.create_time,
        kind=act.kind,
        user_id=act.user_id,
        nickname=nickname,
        editions=len(act.moved),
        titles=titles,
        undone_at=act.undone_at,
    )
