"""A copy is offered to the longest-waiting reader who may ask, then to the next, then to all."""

import pytest
from sqlalchemy import select, update

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift, WishOffer
from app.models.wish import Wish
from app.rules.clock import DAY, HOUR
from app.rules.exchange.mails import MAIL_DELAY
from app.rules.exchange.refusals import (
    CopyKeptForAnother,
    NoCopyToGive,
    OfferedBefore,
    WisherMayNotAsk,
    WishGone,
    WishHasAnOffer,
)
from app.services.errors import NotFound
from app.services.exchange import drift, gift, wish
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import (
    NOW,
    WAY_TO,
    ask,
    book,
    copy_of,
    exchange,
    id_of,
    last_letter,
    letters,
    make_certain,
    reader,
    wish_for,
    withdraw_wish,
)

pytestmark = pytest.mark.usefixtures("app_context")


def finish_an_exchange(giver):
    """Let a reader give a book, after which three requests at a time are allowed."""
    asker = reader()
    drift_id = ask(asker, copy_of(giver))
    drift.accept_request(giver, drift_id, NOW)
    drift.confirm_mailed(giver, drift_id, "", NOW)
    drift.confirm_received(asker, drift_id, NOW)


def kept_for(gift_id):
    db.session.rollback()
    row = db.session.get_one(Gift, gift_id)
    return row.offered_to


def test_three_wishers_get_the_copy_one_after_the_other_and_then_it_is_open_to_all():
    isbn, passer_by = book(), reader()
    wishers = [reader() for _ in range(3)]
    for place, who in enumerate(wishers):
        wish_for(who, isbn, NOW + place)
    copy = copy_of(reader(0), isbn, NOW + 10)
    for turn, who in enumerate(wishers):
        now = NOW + 10 + turn * 48 * HOUR
        assert kept_for(copy) == who
        for other in {*wishers, passer_by} - {who}:
            with pytest.raises(CopyKeptForAnother) as refused:
                ask(other, copy, now + 1)
            assert refused.value.until == now + 48 * HOUR
        letter = last_letter()
        run_deadlines(now + 48 * HOUR - 1)
        assert (kept_for(copy), last_letter()) == (who, letter)
        run_deadlines(now + 48 * HOUR)
        told = letters(letter)
        assert told[0] == ("wish_offer_ended", who)
        assert told[1:] == [("wish_offered", next_) for next_ in wishers[turn + 1 : turn + 2]]
    assert kept_for(copy) is None
    ask(passer_by, copy, NOW + 30 * DAY)


def test_the_first_wisher_takes_the_copy_and_the_wish_is_granted_on_receipt():
    isbn, first, giver = book(), reader(), reader(0)
    wish_id = wish_for(first, isbn)
    copy = copy_of(giver, isbn)
    drift_id = ask(first, copy)
    assert kept_for(copy) is None
    drift.accept_request(giver, drift_id, NOW)
    drift.confirm_mailed(giver, drift_id, "", NOW)
    assert db.session.get_one(Wish, wish_id).state == "open"
    drift.confirm_received(first, drift_id, NOW)
    make_certain(drift_id)
    granted = db.session.get_one(Wish, wish_id)
    assert (granted.state, granted.open_key) == ("granted", None)


@pytest.mark.parametrize("state", ["waiting", "mailed", "missing"])
def test_a_wish_for_what_is_on_its_way_ends_when_it_arrives(state):
    done = exchange(state)
    isbn = Book.get_number(db.session.get_one(Gift, done.gift).book_id)
    withdrawn = wish_for(done.asker, isbn)
    withdraw_wish(done.asker, isbn, NOW - DAY)
    wish_id, other = wish_for(done.asker, isbn), wish_for(done.asker, book())
    for step in WAY_TO["received"][len(WAY_TO[state]) :] if state != "missing" else ():
        step(done, NOW)
    if state == "missing":
        drift.confirm_received(done.asker, done.drift, NOW)
    states = [db.session.get_one(Wish, id).state for id in (withdrawn, wish_id, other)]
    assert states == ["withdrawn", "granted", "open"]


def test_a_wish_made_while_its_drift_is_being_received_ends_with_it(monkeypatch):
    """The drift was loaded before the wish was made."""
    done = exchange("mailed")
    isbn, made = Book.get_number(db.session.get_one(Gift, done.gift).book_id), []
    read_drift = drift.get_own_drift

    def read_and_wish(reader_id, drift_id):
        found = read_drift(reader_id, drift_id)
        made.append(Wish(user_id=done.asker, book_id=id_of(isbn), open_key=Wish.key_of(done.asker, id_of(isbn))))
        db.session.add(made[0])
        db.session.flush()
        db.session.execute(update(Drift).values(wish_id=made[0].id).execution_options(synchronize_session=False))
        return found

    monkeypatch.setattr(drift, "get_own_drift", read_and_wish)
    drift.confirm_received(done.asker, done.drift, NOW)
    make_certain(done.drift)
    assert made[0].state == "granted"


def test_a_wisher_without_a_bean_is_passed_over_and_keeps_the_place():
    isbn, poor, second = book(), reader(0), reader()
    wish_for(poor, isbn, NOW)
    wish_for(second, isbn, NOW + 1)
    first_copy = copy_of(reader(0), isbn)
    assert kept_for(first_copy) == second
    from app.services.bean.transfers import grant_beans

    grant_beans(poor, 1, "late", NOW)
    assert kept_for(copy_of(reader(0), isbn)) == poor


def test_a_wisher_to_whom_a_copy_is_on_its_way_is_passed_over():
    isbn, first, second, giver = book(), reader(2), reader(), reader(0)
    finish_an_exchange(first)
    wish_for(first, isbn, NOW)
    wish_for(second, isbn, NOW + 1)
    ask(first, copy_of(giver, isbn))
    assert kept_for(copy_of(giver, isbn)) == second


def test_two_copies_are_never_kept_for_the_same_wish():
    isbn, only = book(), reader(3)
    wish_for(only, isbn)
    first, second = copy_of(reader(0), isbn), copy_of(reader(0), isbn)
    assert (kept_for(first), kept_for(second)) == (only, None)
    offers = db.session.scalars(select(WishOffer.gift_id)).all()
    assert offers == [first]


def test_a_copy_goes_to_the_next_when_the_wish_is_withdrawn():
    isbn, first, second = book(), reader(), reader()
    wish_for(first, isbn, NOW)
    wish_for(second, isbn, NOW + 1)
    copy = copy_of(reader(0), isbn)
    withdraw_wish(first, isbn, NOW + 2)
    assert kept_for(copy) == second


def test_a_declined_reader_is_not_offered_the_same_copy_again():
    isbn, first, second, giver = book(), reader(), reader(), reader(0)
    wish_for(first, isbn, NOW)
    wish_for(second, isbn, NOW + 1)
    copy = copy_of(giver, isbn)
    declined = ask(first, copy)
    drift.reject_request(giver, declined, NOW)
    assert kept_for(copy) is None
    make_certain(declined)
    assert kept_for(copy) == second


def test_withdrawing_a_kept_copy_tells_the_reader_it_was_kept_for():
    isbn, first, giver = book(), reader(), reader(0)
    wish_for(first, isbn)
    copy, letter = copy_of(giver, isbn), last_letter()
    gift.withdraw_gift(giver, copy, NOW + MAIL_DELAY)
    assert letters(letter) == [("wish_offer_ended", first)]
    assert kept_for(copy) is None


def test_a_giver_chooses_whose_wish_to_grant():
    isbn, first, second, giver = book(), reader(0), reader(), reader(0)
    copy = copy_of(giver, isbn)
    wish_for(first, isbn, NOW)
    chosen = wish_for(second, isbn, NOW + 1)
    letter = last_letter()
    assert wish.satisfy_wish(giver, chosen, NOW) == id_of(isbn)
    assert (kept_for(copy), letters(letter)) == (second, [("wish_offered", second)])


def test_a_wish_can_be_granted_only_with_a_free_copy_by_somebody_else_once():
    isbn, wisher, giver, other = book(), reader(), reader(0), reader(0)
    wish_id = wish_for(wisher, isbn)
    with pytest.raises(NoCopyToGive):
        wish.satisfy_wish(giver, wish_id, NOW)
    with pytest.raises(NotFound):
        wish.satisfy_wish(giver, 10**9, NOW)
    copy_of(other, isbn)
    copy = copy_of(giver, isbn)
    with pytest.raises(WishHasAnOffer):
        wish.satisfy_wish(giver, wish_id, NOW)
    run_deadlines(NOW + 48 * HOUR)
    assert kept_for(copy) == wisher
    run_deadlines(NOW + 96 * HOUR)
    assert kept_for(copy) is None
    with pytest.raises(OfferedBefore):
        wish.satisfy_wish(giver, wish_id, NOW + 96 * HOUR)
    withdraw_wish(wisher, isbn, NOW)
    with pytest.raises(WishGone):
        wish.satisfy_wish(giver, wish_id, NOW)


def test_a_wish_of_a_reader_who_can_not_ask_or_of_oneself_is_not_granted():
    isbn, poor, giver = book(), reader(0), reader(0)
    wish_id = wish_for(poor, isbn)
    copy_of(giver, isbn)
    with pytest.raises(WisherMayNotAsk):
        wish.satisfy_wish(giver, wish_id, NOW)
    with pytest.raises(NoCopyToGive):
        wish.satisfy_wish(poor, wish_id, NOW)


def test_who_makes_a_wish_anew_is_not_offered_a_copy_that_they_have_let_go():
    isbn, squatter, waiting, giver = book(), reader(), reader(), reader(0)
    wish_for(squatter, isbn, NOW)
    wish_for(waiting, isbn, NOW + 1)
    copy = copy_of(giver, isbn, NOW + 2)
    withdraw_wish(squatter, isbn, NOW + 3)
    again = wish_for(squatter, isbn, NOW + 4)
    assert kept_for(copy) == waiting
    withdraw_wish(waiting, isbn, NOW + 5)

    assert kept_for(copy) is None
    with pytest.raises(OfferedBefore):
        wish.satisfy_wish(giver, again, NOW + 6)
