"""The wish queue looks again: whoever becomes able to ask is offered the open copies they wait for, once each."""

import pytest
from sqlalchemy import event, select, update

from app.models.base import db, now
from app.models.gift import Gift, WishOffer
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY, HOUR
from app.rules.exchange.asking import MISSING_COUNTS, REST
from app.rules.exchange.wish_scope import WishScope
from app.services.account.registration import mark_confirmed
from app.services.bean.transfers import grant_beans
from app.services.book.placing import join_editions
from app.services.exchange import drift, gift, wish
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.looking_again import look_for_readers
from tests.exchange import (
    NOW,
    ask,
    book,
    copy_of,
    editions,
    exchange,
    last_letter,
    letters,
    list_left_out,
    reader,
    wish_for,
    withdraw_wish,
)

pytestmark = pytest.mark.usefixtures("app_context")


def kept_for(gift_id):
    db.session.rollback()
    return db.session.scalars(select(Gift.offered_to).where(Gift.id == gift_id)).one()


def an_open_copy_and_a_wish(**wisher):
    isbn, who = book(), reader(**wisher)
    wish_for(who, isbn)
    return who, copy_of(reader(0), isbn)


def test_a_reader_who_gets_a_bean_is_offered_the_copy_they_wait_for_and_told_once():
    poor, copy = an_open_copy_and_a_wish(beans=0)
    run_deadlines(NOW)
    assert kept_for(copy) is None
    grant_beans(poor, 1, "late", NOW + 1)
    letter = last_letter()
    run_deadlines(NOW + 1)
    assert (kept_for(copy), letters(letter)) == (poor, [("wish_offered", poor)])
    run_deadlines(NOW + 49 * HOUR)
    run_deadlines(NOW + 99 * HOUR)
    assert (kept_for(copy), letters(letter)) == (None, [("wish_offered", poor), ("wish_offer_ended", poor)])


def test_a_reader_who_confirms_the_address_is_offered_it(monkeypatch):
    monkeypatch.setattr("app.services.account.registration.now", lambda: NOW)
    isbn, stranger = book(), reader()
    wish_for(stranger, isbn)
    with db.auto_commit():
        db.session.get_one(User, stranger).confirmed_at = None
    copy = copy_of(reader(0), isbn)
    run_deadlines(NOW)
    assert kept_for(copy) is None
    with db.auto_commit():
        mark_confirmed(db.session.get_one(User, stranger))
    run_deadlines(NOW)
    assert kept_for(copy) == stranger


def test_a_reader_who_wishes_for_a_book_on_the_shelf_is_offered_it():
    isbn, who = book(), reader()
    copy = copy_of(reader(0), isbn)
    wish_for(who, isbn)
    run_deadlines(NOW)
    assert kept_for(copy) == who


def test_a_reader_whose_request_has_ended_is_offered_another_book():
    who, copy = an_open_copy_and_a_wish(beans=0)
    grant_beans(who, 1, "one", NOW)
    request = ask(who, copy_of(reader(0)))
    run_deadlines(NOW)
    assert kept_for(copy) is None
    drift.redraw_request(who, request, NOW + 1)
    run_deadlines(NOW + 1)
    assert kept_for(copy) == who


@pytest.mark.parametrize("end", ["lapse", "decline", "withdraw", "take back"])
def test_a_reader_whose_offer_has_ended_is_offered_the_next_book(end):
    (_, there, _), who, giver = editions(), reader(), reader(0)
    wish_for(who, there, scope=WishScope.ANY_EDITION)
    other = book()
    first, second = copy_of(giver, there), copy_of(reader(0), other)
    wish_for(who, other)
    run_deadlines(NOW)
    assert (kept_for(first), kept_for(second)) == (who, None)
    match end:
        case "decline":
            wish.decline_offer(who, first, NOW)
        case "withdraw":
            gift.withdraw_gift(giver, first, NOW)
        case "take back":
            withdraw_wish(who, there)
    run_deadlines(NOW + 48 * HOUR if end == "lapse" else NOW)
    assert (kept_for(first), kept_for(second)) == (None, who)


def test_of_several_readers_the_one_who_has_waited_longest_gets_it():
    isbn, late, early = book(), reader(0), reader(0)
    wish_for(early, isbn, NOW)
    wish_for(late, isbn, NOW + 1)
    copy = copy_of(reader(0), isbn, NOW + 2)
    grant_beans(late, 1, "late", NOW + 3)
    grant_beans(early, 1, "early", NOW + 3)
    run_deadlines(NOW + 3)
    assert kept_for(copy) == early


def test_a_copy_asked_for_lately_is_offered_only_when_it_can_be_asked_for_again():
    isbn, who, giver = book(), reader(), reader(0)
    copy = copy_of(giver, isbn)
    drift.reject_request(giver, ask(who, copy), NOW)
    wish_for(who, isbn)
    for day in range(REST // DAY):
        run_deadlines(NOW + day * DAY)
        assert kept_for(copy) is None
    run_deadlines(NOW + REST)
    assert kept_for(copy) == who


def test_a_second_copy_of_the_same_giver_is_offered_a_day_later():
    isbn, who, giver = book(), reader(), reader(0)
    wish_for(who, isbn)
    first, second = copy_of(giver, isbn), copy_of(giver, isbn)
    gift.withdraw_gift(giver, first, NOW + HOUR)
    run_deadlines(NOW + HOUR)
    assert kept_for(second) is None
    run_deadlines(NOW + HOUR + DAY)
    assert kept_for(second) == who


def test_a_reader_whose_books_went_missing_is_offered_one_when_that_is_long_ago():
    who, copy = an_open_copy_and_a_wish(beans=0)
    for _ in range(2):
        done = exchange("missing")
        with db.auto_commit():
            db.session.execute(update(drift.Drift).where(drift.Drift.id == done.drift).values(asker_id=who))
    for _ in range(3):
        done = exchange("received")
        with db.auto_commit():
            db.session.execute(update(drift.Drift).where(drift.Drift.id == done.drift).values(giver_id=who))
    grant_beans(who, 1, "one", NOW)
    run_deadlines(NOW)
    assert kept_for(copy) is None
    run_deadlines(NOW + MISSING_COUNTS)
    assert kept_for(copy) == who


def test_an_edition_that_was_refused_is_not_offered_again_and_hides_no_other(monkeypatch):
    monkeypatch.setattr("app.services.exchange.looking_again.BATCH", 2)
    (wanted, refused, third), who = editions(), reader(0)
    wish_for(who, wanted, scope=WishScope.ANY_EDITION)
    grant_beans(who, 1, "one", NOW)
    copies = [copy_of(reader(0), refused)]
    wish.decline_offer(who, copies[0], NOW)
    copies += [copy_of(reader(0), refused) for _ in range(3)]
    run_deadlines(NOW + DAY)
    assert [kept_for(copy) for copy in copies] == [None] * 4
    request = ask(who, copy_of(reader(0)), NOW + DAY)
    last = copy_of(reader(0), third, NOW + DAY)
    drift.redraw_request(who, request, NOW + DAY)
    run_deadlines(NOW + DAY)
    assert [kept_for(copy) for copy in (*copies, last)] == [None] * 4 + [who]


def test_a_wish_for_more_editions_finds_the_copies_of_these():
    (one, other, _), who = editions(), reader()
    wish_id = wish_for(who, one, scope=WishScope.THIS_EDITION)
    copy = copy_of(reader(0), other)
    run_deadlines(NOW)
    assert kept_for(copy) is None
    wish.change_scope(who, wish_id, WishScope.ANY_EDITION, NOW + 1)
    run_deadlines(NOW + 1)
    assert kept_for(copy) == who


def test_who_waits_for_a_work_is_offered_the_copies_of_one_that_is_joined_to_it():
    wanted, other, who = book(), book(), reader()
    wish_for(who, wanted, scope=WishScope.ANY_EDITION)
    copy = copy_of(reader(0), other)
    run_deadlines(NOW)
    assert kept_for(copy) is None
    join_editions(wanted, other)
    run_deadlines(now())
    assert kept_for(copy) == who


def test_a_clock_that_was_ahead_and_is_set_right_keeps_nobody_waiting():
    who, copy = an_open_copy_and_a_wish(beans=0)
    run_deadlines(NOW)
    grant_beans(who, 1, "late", NOW + 300 * DAY)
    run_deadlines(NOW)
    assert kept_for(copy) == who


def test_a_run_looks_for_few_readers_and_the_next_one_for_the_others():
    pairs = [an_open_copy_and_a_wish() for _ in range(3)]
    with db.auto_commit():
        db.session.execute(update(Gift).values(offered_to=None, offered_wish_id=None, offer_until=None))
        db.session.execute(update(User).values(look_time=NOW))
        db.session.execute(WishOffer.__table__.delete())
    assert look_for_readers(NOW, 2) == 2
    while look_for_readers(NOW, 2):
        pass
    assert [kept_for(copy) for _, copy in pairs] == [who for who, _ in pairs]
    assert list_left_out(NOW) == []


def test_readers_who_wait_for_nothing_cost_a_few_statements_together():
    for _ in range(5):
        reader(1)
    with db.auto_commit():
        db.session.execute(update(User).values(look_time=NOW))
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert (look_for_readers(NOW, 50), len(statements)) == (5, 3)
    assert look_for_readers(NOW, 50) == 0


def test_a_closed_account_is_not_looked_at():
    who, _ = an_open_copy_and_a_wish(beans=0)
    with db.auto_commit():
        db.session.get_one(User, who).look_time = NOW
        db.session.execute(update(Wish).values(state="withdrawn"))
        db.session.get_one(User, who).delete()
    assert look_for_readers(NOW, 50) == 0
