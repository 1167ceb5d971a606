"""Workers that look for holders at the same time: each is asked once, and mailed once, on MariaDB."""

from functools import partial

import pytest
from sqlalchemy import func, select

from app.models.base import db
from app.models.copy import CopyQuestion
from app.models.notice import Notice
from app.models.outbox import Outbox
from app.rules.shelf.asking import MOST_A_WEEK, Answer
from app.services.copy.keeping import keep_copy
from app.services.shelf.answering import keep_for_oneself
from app.services.shelf.asking import WANTED_MAIL, ask_all, ask_for_wish, ask_holders
from app.services.shelf.keeping import offer_copy
from tests.exchange import NOW, book, id_of, reader, wish_for
from tests.processes import in_processes

pytestmark = [pytest.mark.slow, pytest.mark.mariadb, pytest.mark.usefixtures("app_context")]
WORKERS = 4


@pytest.fixture
def app_uri(mariadb_uri_with_tables):
    return mariadb_uri_with_tables


def keeper(*isbns):
    holder = reader(0, may_be_asked=True)
    return holder, [keep_copy(holder, id_of(isbn), NOW) for isbn in isbns]


def counts(holder):
    """Return how many questions, notices and mails there are for a reader."""
    db.session.rollback()
    mails = select(func.count(Outbox.id)).where(Outbox.kind == WANTED_MAIL, Outbox.user_id == holder)
    questions = select(func.count(CopyQuestion.id)).where(CopyQuestion.holder_id == holder)
    notices = select(func.count(Notice.id)).where(Notice.user_id == holder)
    return tuple(db.session.scalar(count) for count in (questions, notices, mails))


def test_workers_at_once_ask_a_holder_once_for_a_copy_whoever_waits_for_it():
    for _ in range(3):
        isbn = book()
        holder, _ = keeper(isbn)
        wishes = [wish_for(reader(), isbn, NOW + place) for place in range(2)]
        looks = [partial(ask_for_wish, wishes[place % 2], NOW) for place in range(WORKERS)]
        assert in_processes([*looks, partial(ask_all, NOW), partial(ask_holders, [holder], NOW)]) == [0] * 6
        assert counts(holder) == (1, 1, 1)


def test_workers_at_once_ask_one_of_several_holders_for_a_wish():
    for _ in range(3):
        isbn = book()
        holders = [keeper(isbn)[0] for _ in range(3)]
        wish_id = wish_for(reader(), isbn)
        assert in_processes([partial(ask_for_wish, wish_id, NOW)] * WORKERS) == [0] * WORKERS
        assert sorted(map(counts, holders)) == [(0, 0, 0), (0, 0, 0), (1, 1, 1)]


def test_workers_at_once_ask_a_holder_no_more_often_than_is_allowed_and_write_one_mail():
    isbns = [book() for _ in range(MOST_A_WEEK + 3)]
    holder, _ = keeper(*isbns)
    for isbn in isbns:
        wish_for(reader(), isbn)
    assert in_processes([partial(ask_all, NOW)] * WORKERS) == [0] * WORKERS
    assert counts(holder) == (MOST_A_WEEK, MOST_A_WEEK, 1)


@pytest.mark.parametrize("answer", [offer_copy, keep_for_oneself])
def test_a_holder_who_answers_while_workers_look_is_asked_no_more(answer):
    isbn = book()
    holder, [copy] = keeper(isbn)
    wish_id = wish_for(reader(), isbn)
    ask_for_wish(wish_id, NOW)
    later = NOW + 8 * 86_400
    looks = [partial(ask_for_wish, wish_id, later), partial(ask_all, later)]
    assert in_processes([partial(answer, holder, copy, later), *looks]) == [0, 0, 0]
    assert counts(holder)[0] == 1
    said = db.session.scalars(select(CopyQuestion.answer)).one()
    assert said == (Answer.LISTED if answer is offer_copy else Answer.NO)
