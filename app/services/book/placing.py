"""Deciding by hand which editions are one work: joining and splitting works, and undoing either.

A person's decision wins over the rules, see `Placing`. Only the pointers of editions and of keys move.
"""

from collections.abc import Collection, Container, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, or_, select, update

from app.models.base import LIVE, db, now
from app.models.book import Book, BookChange
from app.models.work import KEYED, ActKind, Work, WorkAct, join_works, marks_of
from app.rules.book.placing import Placing
from app.rules.book.refusals import NothingToSplit, OneWorkAlready, UndoneAlready, UnknownBook
from app.rules.book.work_key import VERSION
from app.services.book.works import let_queue_look, place_work
from app.services.errors import NotFound
from app.services.transaction import transaction

_book: Any = Book.__table__
_work: Any = Work.__table__


def get_book(number: str) -> Book:
    """Return the book with an ISBN or a local number in any spelling.

    :raises UnknownBook: there is none.
    """
    book = Book.find_by_number(number)
    if book is None:
        raise UnknownBook(number)
    return book


@transaction
def join_editions(number: str, other: str, user_id: int | None = None) -> int:
    """Make one work of the works of two books, given by their numbers, and return its id, which the first has now.

    :raises UnknownBook: there is no such book.
    :raises OneWorkAlready: they are editions of one work.
    """
    named = [get_book(number).id, get_book(other).id]
    works = _lock_works(named)
    if len(works) == 1:
        raise OneWorkAlready()
    work_id, other_id = works
    rows = [row for row in _list_editions(works) if row.work_id == other_id or row.id in named]
    _log(ActKind.JOIN, user_id, work_id, other_id, rows)
    # Those named hold the work together when the rules change; the others follow them by their keys.
    _place([row.id for row in rows if row.id in named and row.placed_by == Placing.RULES], placed_by=Placing.JOINED)
    join_works(db.session.connection(), work_id, [other_id])
    let_queue_look([work_id])
    return work_id


@transaction
def split_editions(numbers: Sequence[str], user_id: int | None = None) -> int:
    """Make a work of some of the editions of a work, and return its id.

    :raises UnknownBook: there is no such book.
    :raises NothingToSplit: they are not of one work, or all that are of it.
    """
    chosen = {get_book(number).id for number in numbers}
    works = _lock_works(chosen)
    rows = _list_editions(works)
    if len(works) != 1 or chosen.issuperset(row.id for row in rows if row.status == LIVE):
        raise NothingToSplit()
    work = Work(key=None)
    db.session.add(work)
    db.session.flush()
    _log(ActKind.SPLIT, user_id, works[0], work.id, [row for row in rows if row.id in chosen])
    _place(chosen, work_id=work.id, placed_by=Placing.SPLIT)
    return work.id


@transaction
def undo_act(act_id: int) -> int:
    """Put the editions that an act moved where they were, but for those moved on since; return the work of the act.

    :raises NotFound: there is no such act.
    :raises UndoneAlready: it has been undone.
    """
    act = db.session.scalar(select(WorkAct).where(WorkAct.id == act_id).with_for_update()) if act_id < 2**63 else None
    if act is None:
        raise NotFound()
    if act.undone_at is not None:
        raise UndoneAlready()
    act.undone_at = now()
    work_id, other_id = _present(act.work_id), _present(act.other_id)
    if act.kind == ActKind.JOIN:
        # Editions that were split off lend their keys to no work.
        its_own = [id for id, former, placed_by in act.moved if former == act.other_id and placed_by != Placing.SPLIT]
        _make_again(act.other_id, work_id, its_own)
        _put_back(act, work_id, {act.work_id: work_id, act.other_id: act.other_id}, _held_by_later_joins(act, work_id))
        place_work(work_id)
    else:
        _put_back(act, other_id, {act.work_id: work_id})
        if other_id != work_id and not _list_editions([other_id]):
            join_works(db.session.connection(), work_id, [other_id])  # so that its address leads on
    return work_id


def _make_again(work_id: int, joined_to: int, editions: Sequence[int]) -> None:
    """Make a work again that was joined to another, with the keys of the editions that were its own."""
    rows = db.session.execute(select(*(_book.c[name] for name in KEYED)).where(_book.c.id.in_(editions)))
    keys = [mark for row in rows for mark, _ in marks_of(row._asdict())]
    is_of_it = or_(_work.c.id == work_id, _work.c.key.in_(keys))
    db.session.execute(update(_work).where(is_of_it, _work.c.joined_to == joined_to).values(joined_to=work_id))
    db.session.execute(update(_work).where(_work.c.id == work_id).values(joined_to=None))


def _put_back(act: WorkAct, work_id: int, home_of: dict[int, int], held: Container[int] = ()) -> None:
    """Move the editions of an act that are in a work now, but for those held, to the present home of their former."""
    still = {row.id for row in _list_editions([work_id])}
    for id, former, placed_by in act.moved:
        if id in still and id not in held:
            _place([id], work_id=home_of[former], placed_by=placed_by)


def _held_by_later_joins(act: WorkAct, work_id: int) -> set[int]:
    """Return the editions that a join named of its first work and that later ones hold; these forget the join."""
    named = {id: placed_by for id, former, placed_by in act.moved if former == act.work_id}
    works = act.work_id, work_id
    of_them = or_(WorkAct.work_id.in_(works), WorkAct.other_id.in_(works))
    later = select(WorkAct).where(
        WorkAct.id > act.id, WorkAct.kind == ActKind.JOIN, WorkAct.undone_at.is_(None), of_them
    )
    held: set[int] = set()
    for other in db.session.scalars(later.with_for_update()):
        held.update(id for id, *_ in other.moved if id in named)
        other.moved = [[id, former, named.get(id, placed_by)] for id, former, placed_by in other.moved]
    return held


def _present(work_id: int) -> int:
    return db.session.get_one(Work, work_id).joined_to or work_id


def _lock_works(ids: Collection[int]) -> list[int]:
    """Return the works of books in their order; until the end of the transaction, these books stay in them."""
    locked = select(_book.c.id, _book.c.work_id).where(_book.c.id.in_(ids)).order_by(_book.c.id).with_for_update()
    work_of = {row.id: row.work_id for row in db.session.execute(locked)}
    return list(dict.fromkeys(work_of[id] for id in ids))


def _list_editions(works: Sequence[int]) -> Sequence[Row[Any]]:
    columns = _book.c.id, _book.c.work_id, _book.c.placed_by, _book.c.status
    of_them = select(*columns).where(_book.c.work_id.in_(works)).order_by(_book.c.id)
    return db.session.execute(of_them.with_for_update()).all()


def _place(ids: Iterable[int], **values: Any) -> None:
    ids = list(ids)
    if ids:
        db.session.execute(update(_book).where(_book.c.id.in_(ids)).values(work_version=VERSION, **values))
        BookChange.note_by_ids(ids)


def _log(kind: ActKind, user_id: int | None, work_id: int, other_id: int, rows: Iterable[Row[Any]]) -> None:
    moved = [[row.id, row.work_id, row.placed_by] for row in rows]
    db.session.add(WorkAct(kind=kind, user_id=user_id, work_id=work_id, other_id=other_id, moved=moved))
