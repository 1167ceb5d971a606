"""Several readers at one copy at the same time, on both databases."""

import threading
from collections.abc import Callable
from functools import partial

from sqlalchemy import func, select, update

from app.models.base import db
from app.models.copy import Copy
from app.models.journey import BlankMark, Station
from app.rules.journey.mark import make_mark
from app.rules.journey.telling import BLANK_A_DAY, MarkUsed, NotFreeAnyMore, TooManyBlankMarks
from app.services.errors import NotFound
from app.services.journey.freeing import set_free, take_back, take_over
from app.services.journey.marks import bind_mark, make_marks, reserve_marks
from app.services.journey.stations import Consent
from tests.exchange import NOW, book, id_of, reader


def shelved(holder: int) -> int:
    book_id = id_of(book())
    with db.auto_commit():
        db.session.add(copy := Copy(book_id=book_id, holder_id=holder, since=NOW))
    return copy.id


def at_once(app, actions: list[Callable[[], object]]) -> list[type[Exception]]:
    """Run actions in threads that start together, and return what they raised."""
    start, raised = threading.Barrier(len(actions)), []

    def act(action):
        with app.app_context():
            start.wait()
            try:
                action()
            except Exception as fault:  # noqa: BLE001  (the test looks at it)
                raised.append(type(fault))
            db.session.remove()

    threads = [threading.Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return raised


def test_of_two_finders_and_who_takes_it_back_one_gets_the_copy(any_engine_app):
    for _ in range(5):
        holder, finders = reader(0), [reader(0), reader(0), reader(0)]
        copy_id = shelved(holder)
        mark = set_free(holder, copy_id, "a shelf", NOW)
        actions = [partial(take_over, finder, mark, Consent(), NOW) for finder in finders]
        raised = at_once(any_engine_app, [*actions, partial(take_back, holder, copy_id, NOW)])
        copy = db.session.get_one(Copy, copy_id)
        stations = db.session.scalars(select(Station.reader_id).where(Station.copy_id == copy_id)).all()

        assert len(raised) == 3
        assert set(raised) <= {NotFreeAnyMore, NotFound}
        assert copy.holder_id in {holder, *finders}
        assert set(stations) == {holder, copy.holder_id}


def test_a_label_is_made_once_and_bound_once(any_engine_app):
    holder = reader(0)
    one, two = shelved(holder), shelved(holder)
    assert at_once(any_engine_app, [partial(make_marks, holder, [one])] * 4) == []
    assert db.session.get_one(Copy, one).mark is not None
    with db.auto_commit():
        db.session.execute(update(Copy).values(mark=None))
        db.session.add(blank := BlankMark(mark=make_mark(), reader_id=holder))
    mark = blank.mark
    raised = at_once(any_engine_app, [partial(bind_mark, holder, mark, one), partial(bind_mark, holder, mark, two)])
    assert raised == [MarkUsed]
    assert db.session.scalar(select(func.count(Copy.id)).where(Copy.mark == mark)) == 1


def test_blank_labels_of_a_day_are_counted_across_requests(any_engine_app):
    holder = reader(0)
    raised = at_once(any_engine_app, [partial(reserve_marks, holder, BLANK_A_DAY // 3, NOW)] * 6)
    assert raised == [TooManyBlankMarks] * 3
    assert db.session.scalar(select(func.count(BlankMark.id)).where(BlankMark.reader_id == holder)) == BLANK_A_DAY
