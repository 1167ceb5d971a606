"""The log of what people have decided about works."""

from typing import NamedTuple

from sqlalchemy import or_, select

from app.models.base import db
from app.models.book import Book
from app.models.user import User
from app.models.work import Work
from app.models.work_act import WorkAct

SHOWN = 50
"""How many acts are listed."""
TITLES = 3
"""How many titles an act names."""


class LoggedAct(NamedTuple):
    """A row of the log; times are in Unix seconds."""

    id: int
    time: int
    kind: str
    nickname: str | None
    """Who did it; None on the command line."""
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
    return [_logged(act, nickname) for act, nickname in db.session.execute(acts.limit(SHOWN)).tuples()]


def _logged(act: WorkAct, nickname: str | None) -> LoggedAct:
    ids = [row[0] for row in act.moved]
    titles = select(Book.title).where(Book.id.in_(ids)).distinct().order_by(Book.title).limit(TITLES)
    named = list(db.session.scalars(titles))
    return LoggedAct(act.id, act.create_time, act.kind, nickname, len(ids), named, act.undone_at)
