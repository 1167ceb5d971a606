"""Givers who list the same book at the same time, on both databases."""

import threading
import time

from sqlalchemy import select, update

from app.models.base import db
from app.models.gift import Gift, WishOffer
from app.models.wish import Wish
from app.services.exchange import gift
from tests.exchange import NOW, Condition, book, copy_of, id_of, reader, wish_for, withdraw_wish


def test_givers_who_list_at_once_never_offer_two_copies_to_one_wish(any_engine_app):
    for _ in range(5):
        isbn, wishers, givers = book(), [reader() for _ in range(3)], [reader(0) for _ in range(6)]
        wishes = [wish_for(who, isbn, NOW + place) for place, who in enumerate(wishers)]
        faults, start = [], threading.Barrier(len(givers))

        def offer(giver, isbn=isbn, start=start, faults=faults):
            try:
                with any_engine_app.app_context():
                    start.wait()
                    gift.offer_gift(giver, id_of(isbn), Condition.GOOD, "", None, NOW + 9)
            except Exception as fault:  # noqa: BLE001  (any failure of a thread fails the test)
                faults.append(fault)

        threads = [threading.Thread(target=offer, args=(giver,)) for giver in givers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
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
