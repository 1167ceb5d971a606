"""Listing copies and wishes."""

import pytest
from sqlalchemy import func, select, update

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import (
    AlreadyListed,
    AlreadyWished,
    EmailNotConfirmed,
    GiftGone,
    GiftReserved,
    ListsThisBook,
    WishedForThisBook,
    WishGone,
)
from app.services.errors import NotFound
from app.services.exchange import gift, wish
from app.services.exchange.drift import accept_request
from tests.exchange import NOW, ask, book, copy_of, exchange, id_of, reader, snapshot, wish_for, withdraw_wish

pytestmark = pytest.mark.usefixtures("app_context")


def test_listing_a_copy_earns_nothing_and_several_copies_of_a_title_may_be_listed():
    giver, isbn = reader(0), book()
    first = gift.offer_gift(giver, id_of(isbn), Condition.NEW, "第一版", "form-1", NOW)
    second = gift.offer_gift(giver, id_of(isbn), Condition.WORN, "", "form-2", NOW)
    rows = db.session.scalars(select(Gift).order_by(Gift.id)).all()
    assert [(row.id, row.condition, row.note) for row in rows] == [
        (first, "new", "第一版"),
        (second, "worn", ""),
    ]
    assert db.session.scalar(select(func.count()).select_from(Gift)) == 2


def test_the_same_form_lists_one_copy():
    giver, isbn = reader(0), book()
    gift.offer_gift(giver, id_of(isbn), Condition.GOOD, "", "form", NOW)
    with pytest.raises(AlreadyListed):
        gift.offer_gift(giver, id_of(isbn), Condition.GOOD, "", "form", NOW)


def test_an_empty_name_of_a_form_stands_in_the_way_of_no_copy():
    giver, isbn = reader(0), book()
    for _ in range(2):
        gift.offer_gift(giver, id_of(isbn), Condition.GOOD, "", "", NOW)
    assert db.session.scalars(select(Gift.form_key)).all() == [None, None]


def test_an_unknown_book_can_be_neither_listed_nor_wished_for():
    with pytest.raises(NotFound):
        gift.offer_gift(reader(), 10**9, Condition.GOOD, "", None, NOW)
    with pytest.raises(NotFound):
        wish.wish_for_book(reader(), 10**9, NOW)


def test_nobody_lists_what_they_wish_for_or_wishes_for_what_they_list():
    who, isbn = reader(), book()
    wish_for(who, isbn)
    with pytest.raises(WishedForThisBook):
        copy_of(who, isbn)
    withdraw_wish(who, isbn, NOW)
    copy_of(who, isbn)
    with pytest.raises(ListsThisBook):
        wish_for(who, isbn)


def test_a_book_is_wished_for_once_and_again_after_withdrawing():
    who, isbn = reader(), book()
    wish_for(who, isbn)
    with pytest.raises(AlreadyWished):
        wish_for(who, isbn)
    withdraw_wish(who, isbn, NOW)
    with pytest.raises(WishGone):
        withdraw_wish(who, isbn, NOW)
    wish_for(who, isbn, NOW + 86_400)
    assert db.session.scalars(select(Wish.state).order_by(Wish.id)).all() == ["withdrawn", "open"]


def test_a_copy_is_withdrawn_by_its_owner_once_and_not_while_reserved():
    giver = reader(0)
    copy = copy_of(giver)
    with pytest.raises(NotFound):
        gift.withdraw_gift(reader(), copy, NOW)
    drift_id = ask(reader(), copy)
    before = snapshot()
    with pytest.raises(GiftReserved):
        gift.withdraw_gift(giver, copy, NOW)
    assert snapshot() == before
    from app.services.exchange.drift import reject_request

    reject_request(giver, drift_id, NOW)
    gift.withdraw_gift(giver, copy, NOW)
    with pytest.raises(GiftGone):
        gift.withdraw_gift(giver, copy, NOW)


def test_a_hidden_copy_is_brought_back_by_its_owner_unless_they_wish_for_it_now():
    done = exchange("expired")
    assert db.session.get_one(Gift, done.gift).state == "hidden"
    isbn = Book.get_number(db.session.get_one(Gift, done.gift).book_id)
    with pytest.raises(NotFound):
        gift.bring_back_gift(done.asker, done.gift, NOW)
    wish_for(done.giver, isbn)
    with pytest.raises(WishedForThisBook):
        gift.bring_back_gift(done.giver, done.gift, NOW)
    withdraw_wish(done.giver, isbn, NOW)
    gift.bring_back_gift(done.giver, done.gift, NOW)
    with pytest.raises(GiftGone):
        gift.bring_back_gift(done.giver, done.gift, NOW)
    ask(reader(), done.gift)


def test_who_has_not_confirmed_the_address_does_nothing_in_the_exchange():
    isbn, stranger = book(), reader(1, confirmed=False)
    wish_id, free, asked = wish_for(reader(), isbn), copy_of(reader(0)), exchange("waiting")
    db.session.execute(update(User).where(User.id == asked.giver).values(confirmed_at=None))
    db.session.commit()
    for action in (
        lambda: copy_of(stranger, isbn),
        lambda: wish_for(stranger, isbn),
        lambda: ask(stranger, free),
        lambda: wish.satisfy_wish(stranger, wish_id, NOW),
        lambda: accept_request(asked.giver, asked.drift, NOW),
    ):
        with pytest.raises(EmailNotConfirmed):
            action()
