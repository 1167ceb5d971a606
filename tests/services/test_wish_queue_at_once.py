"""Givers who list the same book at the same moment, on both databases."""

import threading

import pytest
from sqlalchemy import select

from app import create_app
from app.models.base import db
from app.models.gift import Gift, WishOffer
from app.services import gift
from config import Testing
from tests.services.exchange import NOW, Condition, book, reader, wish_for


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": any_database_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


@pytest.fixture
def app(settings):
    app = create_app(Testing(**settings))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_givers_who_list_at_once_never_offer_two_copies_to_one_wish(app):
    for _ in range(5):
        isbn, wishers, givers = book(), [reader() for _ in range(3)], [reader(0) for _ in range(6)]
        wishes = [wish_for(who, isbn, NOW + place) for place, who in enumerate(wishers)]
        faults, start = [], threading.Barrier(len(givers))

        def offer(giver, isbn=isbn, start=start, faults=faults):
            try:
                with app.app_context():
                    start.wait()
                    gift.offer_gift(giver, isbn, Condition.GOOD, "", None, NOW + 9)
            except Exception as fault:  # noqa: BLE001  (any failure of a thread fails the test)
                faults.append(fault)

        threads = [threading.Thread(target=offer, args=(giver,)) for giver in givers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.rollback()
        kept = db.session.scalars(select(Gift.offered_wish_id).where(Gift.isbn == isbn)).all()
        offers = db.session.scalars(select(WishOffer.wish_id).where(WishOffer.wish_id.in_(wishes))).all()
        assert faults == []
        assert sorted(filter(None, kept)) == sorted(offers) == wishes
        assert len(kept) == 6
