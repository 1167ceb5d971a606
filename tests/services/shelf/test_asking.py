"""Who is asked in private for a copy that they keep, for which wish, and how often."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.copy import Copy, CopyQuestion
from app.models.gift import Gift
from app.models.notice import Notice
from app.models.outbox import Outbox
from app.models.user import Block, User
from app.rules.exchange.listing import Condition
from app.rules.exchange.mails import MAIL_DELAY
from app.rules.exchange.wish_scope import WishScope
from app.rules.shelf.asking import MOST_A_WEEK, READ_FIRST, SILENCE, Answer
from app.services.account.closing import erase_account
from app.services.copy.keeping import keep_copy
from app.services.copy.questions import ASK_FOR_WISH, ASK_HOLDER
from app.services.errors import NotFound
from app.services.exchange import wish
from app.services.exchange.gift import withdraw_gift
from app.services.shelf.answering import choose_asking, has_private_copies, keep_for_oneself, list_questions
from app.services.shelf.asking import WANTED_MAIL, ask_all, ask_for_wish, ask_holders
from app.services.shelf.keeping import forget_copy, offer_copy
from tests.exchange import DAY, NOW, book, copy_of, editions, exchange, id_of, reader, wish_for, withdraw_wish

pytestmark = pytest.mark.usefixtures("app_context")
AREA = "CN/上海市/上海市/徐汇区"


def keeper(isbn, **values):
    """Store a reader who may be asked for a private copy, and return the ids of both."""
    holder = reader(0, may_be_asked=True, **values)
    return holder, keep_copy(holder, id_of(isbn), NOW)


def asked():
    """Return who was asked for which copy, in that order."""
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(select(CopyQuestion.holder_id, CopyQuestion.copy_id))]


def change(model, row, **values):
    with db.auto_commit():
        db.session.get_one(model, row).set_attrs(values)


def test_a_holder_who_allows_it_is_asked_once():
    isbn = book()
    holder, copy = keeper(isbn)
    wish_id = wish_for(reader(), isbn)
    assert [ask_for_wish(wish_id, NOW), ask_for_wish(wish_id, NOW), ask_for_wish(wish_id, NOW + SILENCE)] == [
        True,
        False,
        False,
    ]
    assert (asked(), [one.copy_id for one in list_questions(holder)]) == ([(holder, copy)], [copy])
    assert list(db.session.scalars(select(Notice.copy_id).where(Notice.user_id == holder))) == [copy]


def test_another_wish_for_the_work_does_not_ask_again_for_the_copy():
    isbn = book()
    holder, copy = keeper(isbn)
    assert [ask_for_wish(wish_for(reader(), isbn), NOW + place * SILENCE) for place in range(2)] == [True, False]
    assert asked() == [(holder, copy)]


@pytest.mark.parametrize(
    "values",
    [
        {"may_be_asked": False},
        {"away_until": NOW + DAY},
        {"limited_until": NOW + DAY},
        {"suspended_until": NOW + DAY},
        {"confirmed_at": None},
    ],
    ids=lambda values: next(iter(values)),
)
def test_some_holders_are_never_asked(values):
    isbn = book()
    holder, copy = keeper(isbn)
    change(User, holder, **values)
    wish_id = wish_for(reader(), isbn)
    assert (ask_for_wish(wish_id, NOW), ask_all(NOW), asked()) == (False, 0, [])
    change(User, holder, **{name: NOW if name == "confirmed_at" else None for name in values} | {"may_be_asked": True})
    assert (ask_all(NOW), asked()) == (1, [(holder, copy)])


def lose(holder, copy):
    change(Copy, copy, holder_id=None, state="lost")


def free(holder, copy):
    change(Copy, copy, holder_id=None, state="free", freed_by_id=holder)


@pytest.mark.parametrize(
    "step",
    [
        lambda holder, copy: offer_copy(holder, copy, NOW),
        lambda holder, copy: forget_copy(holder, copy, NOW),
        lambda holder, _: erase_account(db.session.get_one(User, holder)),
        lambda holder, copy: db.session.add(Block(reader_id=holder, blocked_id=0)),
        lose,
        free,
    ],
    ids=["listed", "forgotten", "closed", "blocked", "lost", "free"],
)
def test_some_copies_are_never_asked_for(step):
    isbn = book()
    holder, copy = keeper(isbn)
    wisher = reader(0)  # without a bean, so that a copy that is listed stays open
    wish_id = wish_for(wisher, isbn)
    with db.auto_commit():
        step(holder, copy)
        for block in db.session.new:
            block.blocked_id = wisher
    change(User, wisher, beans=1)
    assert (ask_for_wish(wish_id, NOW), ask_all(NOW), asked()) == (False, 0, [])


def test_nobody_is_asked_for_their_own_wish_or_a_book_they_wish_for_themselves():
    isbn = book()
    holder, _ = keeper(isbn)
    own, other = wish_for(holder, isbn), wish_for(reader(), isbn)
    assert (ask_for_wish(own, NOW), ask_for_wish(other, NOW), ask_all(NOW)) == (False, False, 0)


@pytest.mark.parametrize(("scope", "grants"), [("this_edition", 1), ("this_language", 2), ("any_edition", 3)])
def test_the_scope_of_the_wish_decides_which_editions_are_asked_for(scope, grants):
    numbers = editions()
    copies = [keeper(isbn)[1] for isbn in numbers]
    wish_id = wish_for(reader(), numbers[0], scope=WishScope(scope))
    for place in range(4):
        ask_for_wish(wish_id, NOW + place * SILENCE)
    assert sorted(copy for _, copy in asked()) == copies[:grants]


def test_who_cannot_ask_now_is_asked_for_later():
    isbn = book()
    keeper(isbn)
    wisher = reader(0)
    wish_id = wish_for(wisher, isbn)
    assert (ask_for_wish(wish_id, NOW), ask_all(NOW)) == (False, 0)
    change(User, wisher, beans=1)
    assert ask_all(NOW) == 1


def test_a_wish_that_is_over_asks_nobody_and_its_question_is_gone():
    isbn = book()
    holder, _ = keeper(isbn)
    wisher = reader()
    wish_id = wish_for(wisher, isbn)
    assert ask_for_wish(wish_id, NOW)
    withdraw_wish(wisher, isbn)
    assert (ask_for_wish(wish_id, NOW + SILENCE), list_questions(holder)) == (False, [])
    wish_for(reader(), isbn)  # somebody waits for it again
    assert len(list_questions(holder)) == 1


def test_the_nearest_holder_is_asked_first_then_who_was_asked_the_longest_time_ago():
    isbn, other = book(), book()
    far, near, asked_before = keeper(isbn, area="CN/浙江省/杭州市"), keeper(isbn, area=AREA), keeper(isbn)
    keep_copy(asked_before[0], id_of(other), NOW)
    assert ask_for_wish(wish_for(reader(), other), NOW)
    never = keeper(isbn)
    wish_id = wish_for(reader(area="CN/上海市/上海市"), isbn)
    for place in range(4):
        assert ask_for_wish(wish_id, NOW + place * SILENCE)
    assert [holder for holder, _ in asked()[1:]] == [near[0], far[0], never[0], asked_before[0]]


def test_the_next_holder_is_asked_after_a_no_or_seven_days():
    isbn = book()
    (first, copy), second, third = keeper(isbn), keeper(isbn), keeper(isbn)
    wish_id = wish_for(reader(), isbn)
    assert ask_for_wish(wish_id, NOW)
    assert not ask_for_wish(wish_id, NOW + SILENCE - 1)
    keep_for_oneself(first, copy, NOW + 60)
    assert list_questions(first) == []
    assert ask_for_wish(wish_id, NOW + 60)
    assert not ask_for_wish(wish_id, NOW + SILENCE)
    assert ask_all(NOW + 60 + SILENCE) == 1
    assert [holder for holder, _ in asked()] == [first, second[0], third[0]]


def test_a_no_queues_the_next_holder_once_and_is_for_ones_own_copy_only():
    isbn = book()
    holder, copy = keeper(isbn)
    wish_id = wish_for(reader(), isbn)
    ask_for_wish(wish_id, NOW)
    with pytest.raises(NotFound):
        keep_for_oneself(reader(0), copy, NOW)
    for time in (NOW + 60, NOW + 90):
        keep_for_oneself(holder, copy, time)
    jobs = db.session.scalars(select(Outbox).where(Outbox.kind == ASK_FOR_WISH).order_by(Outbox.id)).all()
    assert [job.run_after for job in jobs] == [NOW + MAIL_DELAY, NOW + 60]
    assert db.session.scalar(select(CopyQuestion.answer)) == Answer.NO


def test_who_keeps_a_copy_of_which_nobody_asked_changes_nothing():
    holder, copy = keeper(book())
    keep_for_oneself(holder, copy, NOW)
    assert asked() == []


def test_a_copy_that_is_listed_goes_through_the_queue_and_the_answer_is_kept():
    isbn = book()
    holder, copy = keeper(isbn)
    wisher = reader()
    ask_for_wish(wish_for(wisher, isbn), NOW)
    offer_copy(holder, copy, NOW)
    gift = db.session.scalars(select(Gift)).one()
    assert (gift.offered_to, list_questions(holder)) == (wisher, [])
    assert db.session.scalar(select(CopyQuestion.answer)) == Answer.LISTED


def test_who_was_offered_a_copy_before_it_was_private_is_no_reason_to_ask_for_it():
    isbn = book()
    holder, wisher = reader(0, may_be_asked=True), reader()
    wish_id = wish_for(wisher, isbn)
    withdraw_gift(holder, copy_of(holder, isbn), NOW)
    assert (ask_for_wish(wish_id, NOW), ask_for_wish(wish_for(reader(), isbn), NOW)) == (False, True)


def test_a_copy_that_has_just_come_from_another_reader_is_read_first():
    done = exchange("received")
    change(User, done.asker, may_be_asked=True)
    isbn_id = db.session.get_one(Gift, done.gift).book_id
    wish.wish_for_book(reader(), isbn_id, NOW)
    assert [ask_all(NOW + READ_FIRST - 1), ask_all(NOW + READ_FIRST)] == [0, 1]


def test_nobody_is_asked_for_more_than_some_copies_a_week():
    holder = reader(0, may_be_asked=True)
    for _ in range(MOST_A_WEEK + 2):
        isbn = book()
        keep_copy(holder, id_of(isbn), NOW)
        wish_for(reader(), isbn)
    assert [ask_holders([holder], NOW), ask_all(NOW + SILENCE - 1), ask_all(NOW + SILENCE)] == [MOST_A_WEEK, 0, 2]


def test_what_is_asked_within_a_week_is_in_one_mail():
    holder = reader(0, may_be_asked=True)
    times = []
    for day in (0, 1, 8):
        isbn = book()
        keep_copy(holder, id_of(isbn), NOW)
        assert ask_for_wish(wish_for(reader(), isbn), NOW + day * DAY)
        mails = select(Outbox.run_after).where(Outbox.kind == WANTED_MAIL).order_by(Outbox.id)
        times.append(list(db.session.scalars(mails)))
        db.session.rollback()
    first = NOW + MAIL_DELAY
    assert times == [[first], [first, first + 7 * DAY], [first, first + 7 * DAY, first + 14 * DAY]]
    assert [len(list_questions(holder, first + week * 7 * DAY)) for week in range(3)] == [1, 1, 1]


def test_turning_it_on_and_putting_copies_on_the_shelf_is_looked_at_in_one_job():
    holder = reader(0)
    keep_copy(holder, id_of(book()), NOW)
    jobs = select(Outbox.run_after).where(Outbox.kind == ASK_HOLDER)
    assert (list(db.session.scalars(jobs)), has_private_copies(holder)) == ([], True)
    choose_asking(holder, True, NOW)
    for second in range(3):
        keep_copy(holder, id_of(book()), NOW + second)
    assert list(db.session.scalars(jobs)) == [NOW - NOW % 600 + 660]
    choose_asking(holder, False, NOW)
    keep_copy(holder, id_of(book()), NOW + DAY)
    assert len(list(db.session.scalars(jobs))) == 1


def test_closing_the_account_forgets_the_questions():
    isbn = book()
    holder, _ = keeper(isbn)
    wisher = reader()
    ask_for_wish(wish_for(wisher, isbn), NOW)
    erase_account(db.session.get_one(User, wisher))
    assert list_questions(holder) == []
    erase_account(db.session.get_one(User, holder))
    assert (asked(), db.session.get_one(User, holder, execution_options={"include_deleted": True}).may_be_asked) == (
        [],
        False,
    )


def test_a_wish_that_is_made_or_widened_has_a_job_of_its_reader():
    isbn, wisher = book(), reader()
    wish_id = wish_for(wisher, isbn)
    wish.change_scope(wisher, wish_id, WishScope.ANY_EDITION, NOW + 60)
    jobs = db.session.scalars(select(Outbox).where(Outbox.kind == ASK_FOR_WISH).order_by(Outbox.id)).all()
    assert [(job.user_id, job.run_after) for job in jobs] == [
        (wisher, NOW + MAIL_DELAY),
        (wisher, NOW + 60 + MAIL_DELAY),
    ]


def test_all_shelves_are_looked_through_in_parts(monkeypatch):
    monkeypatch.setattr("app.services.shelf.asking.HOLDERS", 2)
    wanted = [book() for _ in range(5)]
    holders = [keeper(isbn, nickname=f"holder{place}")[0] for place, isbn in enumerate(wanted)]
    for isbn in wanted:
        wish_for(reader(), isbn)
    assert (ask_all(NOW), sorted(holder for holder, _ in asked())) == (5, holders)


def test_a_condition_is_still_that_of_the_copy():
    isbn = book()
    holder, copy = keeper(isbn)
    change(Copy, copy, condition=Condition.WORN)
    offer_copy(holder, copy, NOW)
    assert db.session.scalars(select(Gift.condition)).one() == Condition.WORN
