"""Givers who list the same book at the same time, on both databases."""

import threading
import time
from functools import partial

from sqlalchemy import select, update

from app.models.base import db
from app.models.gift import Gift, WishOffer
from app.models.wish import Wish
from app.services.bean.transfers import grant_beans
from app.services.exchange import gift
from app.services.exchange.looking_again import look_for_readers
from tests.exchange import (
    NOW,
    Condition,
    book,
    copy_of,
    id_of,
    letters,
    list_left_out,
    reader,
    wish_for,
    withdraw_wish,
)


def test_givers_who_list_at_once_never_offer_two_copies_to_one_wish(any_engine_app):
    for _ in range(5):
        isbn, wishers, givers = book(), [reader() for _ in range(3)], [reader(0) for _ in range(6)]
        wishes = [wish_for(who, isbn, NOW + place) for place, who in enumerate(wishers)]
        faults = at_once(any_engine_app, [partial(offer_one, giver, isbn) for giver in givers])
        db.session.rollback()
        kept = db.session.scalars(select(Gift.offered_wish_id).where(Gift.book_id == id_of(isbn))).all()
        offers = db.session.scalars(select(WishOffer.wish_id).where(WishOffer.wish_id.in_(wishes))).all()
        assert faults == []
        assert sorted(filter(None, kept)) == sorted(offers) == wishes
        assert len(kept) == 6


def while_open(app, change, action):
    """Make a change, start `action` before the change is committed, and wait for both to finish."""
    faults = []

    def act():
        try:
            with app.app_context():
                action()
        except Exception as fault:  # noqa: BLE001  (any failure of the thread fails the test)
            faults.append(fault)

    thread = threading.Thread(target=act)
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(change)
        thread.start()
        time.sleep(0.5)
    thread.join()
    db.session.rollback()
    assert faults == []


def test_a_wish_that_is_being_withdrawn_is_offered_nothing(any_engine_app):
    isbn, leaver, giver = book(), reader(), reader(0)
    wish_id = wish_for(leaver, isbn)
    withdrawn = update(Wish).where(Wish.id == wish_id).values(state="withdrawn", open_key=None)
    while_open(any_engine_app, withdrawn, lambda: gift.offer_gift(giver, id_of(isbn), Condition.GOOD, "", None, NOW))
    assert db.session.scalars(select(Gift.offered_to)).all() == [None]


def test_who_withdraws_a_wish_takes_no_copy_from_the_reader_it_has_gone_to(any_engine_app):
    isbn, first, second = book(), reader(), reader()
    wish_for(first, isbn)
    copy = copy_of(reader(0), isbn)
    next_wish = wish_for(second, isbn)
    with db.auto_commit():
        db.session.add(WishOffer(gift_id=copy, wish_id=next_wish))
    gone_on = update(Gift).where(Gift.id == copy).values(offered_to=second, offered_wish_id=next_wish)
    while_open(any_engine_app, gone_on, lambda: withdraw_wish(first, isbn, NOW))
    assert db.session.get_one(Gift, copy).offered_to == second


def test_a_copy_that_is_being_asked_for_is_not_offered_to_who_has_become_able_to_ask(any_engine_app):
    isbn = book()
    copy = copy_of(reader(0), isbn)
    wish_for(reader(), isbn)
    reserved = update(Gift).where(Gift.id == copy).values(state="reserved")
    while_open(any_engine_app, reserved, lambda: look_for_readers(NOW, 50))
    assert db.session.execute(select(Gift.state, Gift.offered_to)).one() == ("reserved", None)


def test_clocks_and_givers_at_once_leave_nobody_out_and_tell_everybody_once(any_engine_app):
    for turn in range(5):
        isbn, wishers, givers = book(), [reader(0) for _ in range(3)], [reader(0) for _ in range(4)]
        wishes = [wish_for(who, isbn, NOW + place) for place, who in enumerate(wishers)]
        copy_of(givers[0], isbn, NOW)
        actions = [partial(offer_one, giver, isbn) for giver in givers[1:]]
        actions += [partial(grant_beans, who, 1, f"late-{who}", NOW) for who in wishers]
        actions += [partial(look_for_readers, NOW, 50)] * 3
        assert at_once(any_engine_app, actions) == []
        look_for_readers(NOW, 50)
        db.session.rollback()
        kept = db.session.scalars(select(Gift.offered_wish_id).where(Gift.book_id == id_of(isbn))).all()
        assert sorted(filter(None, kept)) == wishes
        assert len(letters()) == 3 * (turn + 1)
        assert list_left_out(NOW) == []


def offer_one(giver, isbn):
    gift.offer_gift(giver, id_of(isbn), Condition.GOOD, "", None, NOW)


def at_once(app, actions):
    """Call the actions at the same moment, each in a thread, and return their exceptions."""
    faults, start = [], threading.Barrier(len(actions))

    def act(action):
        try:
            with app.app_context():
                start.wait()
                action()
        except Exception as fault:  # noqa: BLE001  (any failure of a thread fails the test)
            faults.append(fault)

    threads = [threading.Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults
