"""Wishes for a work: offers of its editions, by turn, and what a reader says to them."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.refusals import (
    AlreadyWished,
    EditionNotWanted,
    ListsThisBook,
    NoCopyToGive,
    OfferGone,
    WishedForThisBook,
    WishGone,
)
from app.rules.exchange.wish_scope import WishScope, is_covered
from app.services.errors import NotFound
from app.services.exchange import drift, wish
from app.services.exchange.editions import is_granted_by, list_editions
from app.services.exchange.wish import change_scope, decline_offer, find_open_wish
from app.services.exchange.wish_queue import find_wishers
from tests.exchange import NOW, ask, book, copy_of, editions, id_of, reader, receive, wish_for

EDITION, LANGUAGE, ANY = WishScope.THIS_EDITION, WishScope.THIS_LANGUAGE, WishScope.ANY_EDITION

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def site(any_engine_app):
    with any_engine_app.app_context():
        yield any_engine_app


def kept_for(gift_id):
    db.session.rollback()
    return db.session.get_one(Gift, gift_id).offered_to


def scope_of(wish_id):
    db.session.rollback()
    return db.session.get_one(Wish, wish_id).scope


@pytest.mark.parametrize(("scope", "granted"), [(EDITION, {0}), (LANGUAGE, {0, 1}), (ANY, {0, 1, 2}), (None, {0, 1})])
def test_copies_of_the_editions_that_a_wish_covers_are_offered_for_it(scope, granted):
    for place in range(3):
        isbns, wisher = editions(), reader()
        wish_for(wisher, isbns[0], scope=scope)

        assert (kept_for(copy_of(reader(0), isbns[place])) == wisher) is (place in granted)


def test_those_who_wait_for_a_work_take_turns_whatever_edition_they_named():
    first, second, english = editions()
    readers = [reader() for _ in range(4)]
    wish_for(readers[0], second, NOW)
    wish_for(readers[1], first, NOW + 1, EDITION)
    wish_for(readers[2], english, NOW + 2, ANY)
    wish_for(readers[3], first, NOW + 3)

    offered = [kept_for(copy_of(reader(0), isbn, NOW + 9)) for isbn in (second, second, second, english, first)]
    assert offered == [readers[0], readers[2], readers[3], None, readers[1]]


def test_who_does_not_want_an_edition_keeps_the_place_and_is_not_asked_about_it_again():
    first, second, english = editions()
    waits, next_one = reader(), reader()
    wish_id = wish_for(waits, first, NOW, ANY)
    wish_for(next_one, first, NOW + 1, ANY)
    copy = copy_of(reader(0), english, NOW + 2)
    decline_offer(waits, copy, NOW + 3)

    assert kept_for(copy) == next_one
    assert kept_for(copy_of(reader(0), english, NOW + 4)) is None
    assert kept_for(copy_of(reader(0), second, NOW + 5)) == waits
    assert db.session.get_one(Wish, wish_id).create_time == NOW
    with pytest.raises(OfferGone):
        decline_offer(waits, copy, NOW + 6)


def test_a_copy_of_the_very_edition_that_is_declined_is_only_that_copy():
    first, _, _ = editions()
    waits = reader()
    wish_for(waits, first)
    decline_offer(waits, copy_of(reader(0), first), NOW + 1)

    assert kept_for(copy_of(reader(0), first, NOW + 2)) == waits


def test_an_edition_that_a_reader_declined_can_not_be_given_for_the_wish():
    first, _, english = editions()
    waits, giver = reader(), reader(0)
    wish_id = wish_for(waits, first, NOW, ANY)
    decline_offer(waits, copy_of(reader(0), english), NOW + 1)
    copy_of(giver, english, NOW + 2)

    with pytest.raises(EditionNotWanted):
        wish.satisfy_wish(giver, wish_id, NOW + 3)


@pytest.mark.parametrize("who", ["another", "nobody"])
def test_only_the_reader_to_whom_it_is_offered_declines(who):
    first, _, _ = editions()
    if who == "another":
        wish_for(reader(), first)
    copy = copy_of(reader(0), first)

    with pytest.raises(OfferGone):
        decline_offer(reader(), copy, NOW)
    with pytest.raises(NotFound):
        decline_offer(reader(), 10**9, NOW)


def test_a_giver_grants_a_wish_with_another_edition_that_it_covers():
    first, _, english = editions()
    waits, giver = reader(), reader(0)
    wish_id = wish_for(waits, first)
    copy_of(giver, english)
    with pytest.raises(NoCopyToGive):
        wish.satisfy_wish(giver, wish_id, NOW)
    change_scope(waits, wish_id, ANY, NOW)

    assert wish.satisfy_wish(giver, wish_id, NOW) == id_of(english)


def test_any_edition_that_arrives_grants_the_wish():
    first, second, _ = editions()
    waits, giver = reader(), reader(0)
    request = ask(waits, copy_of(giver, second))
    wish_id = wish_for(waits, first)
    assert kept_for(copy_of(reader(0), first)) is None, "one is on its way"
    drift.accept_request(giver, request, NOW)
    drift.confirm_mailed(giver, request, "", NOW)
    receive(waits, request)

    assert db.session.get_one(Wish, wish_id).state == "granted"


def test_another_edition_on_its_way_does_not_hold_up_a_wish_for_one_edition():
    first, second, _ = editions()
    waits = reader(2)
    ask(waits, copy_of(reader(0), second))
    copy = copy_of(reader(0), first)
    for scope in (EDITION, ANY):
        wish_id = wish_for(waits, first, scope=scope)
        (wisher,) = find_wishers(db.session.get_one(Gift, copy), [db.session.get_one(Wish, wish_id)], NOW)
        assert wisher.is_getting_one is (scope == ANY)
        wish.withdraw_wish(waits, wish_id, NOW)


def test_nobody_has_two_places_for_one_edition():
    first, second, english = editions()
    waits = reader()
    narrow = wish_for(waits, first, scope=EDITION)
    wish_for(waits, second, scope=EDITION)

    for isbn, scope in ((first, EDITION), (second, ANY), (english, ANY), (english, LANGUAGE)):
        with pytest.raises(AlreadyWished):
            wish_for(waits, isbn, scope=scope)
    with pytest.raises(AlreadyWished):
        change_scope(waits, narrow, ANY, NOW)


def test_nobody_waits_for_an_edition_that_they_give():
    first, second, english = editions()
    giver = reader()
    copy_of(giver, second)
    for scope in (LANGUAGE, ANY):
        with pytest.raises(ListsThisBook):
            wish_for(giver, first, scope=scope)
    wish_id = wish_for(giver, first, scope=EDITION)
    with pytest.raises(ListsThisBook):
        change_scope(giver, wish_id, LANGUAGE, NOW)
    with pytest.raises(WishedForThisBook):
        copy_of(giver, first)
    copy_of(giver, english)


def test_a_narrower_wish_gives_back_an_offer_that_it_does_not_cover():
    first, second, _ = editions()
    waits, other = reader(), reader()
    wish_id = wish_for(waits, first)
    wish_for(other, second, NOW + 1)
    copy = copy_of(reader(0), second)
    change_scope(waits, wish_id, LANGUAGE, NOW)
    assert kept_for(copy) == waits
    change_scope(waits, wish_id, EDITION, NOW)

    assert (kept_for(copy), scope_of(wish_id)) == (other, EDITION)


def test_a_wider_wish_is_granted_by_what_is_on_its_way():
    first, second, _ = editions()
    waits, giver = reader(), reader(0)
    request = ask(waits, copy_of(giver, second))
    wish_id = wish_for(waits, first, scope=EDITION)
    change_scope(waits, wish_id, ANY, NOW)
    drift.accept_request(giver, request, NOW)
    drift.confirm_mailed(giver, request, "", NOW)
    receive(waits, request)

    assert db.session.get_one(Wish, wish_id).state == "granted"


def test_only_its_reader_changes_an_open_wish():
    first, _, _ = editions()
    waits = reader()
    wish_id = wish_for(waits, first)
    with pytest.raises(WishGone):
        change_scope(reader(), wish_id, ANY, NOW)
    wish.withdraw_wish(waits, wish_id, NOW)
    with pytest.raises(WishGone):
        change_scope(waits, wish_id, ANY, NOW)
    with pytest.raises(NotFound):
        change_scope(waits, 10**9, ANY, NOW)


def test_the_wish_for_this_very_edition_is_found_first():
    first, second, _ = editions()
    waits = reader()
    narrow, other = wish_for(waits, first, scope=EDITION), wish_for(waits, second, scope=EDITION)

    assert (find_open_wish(waits, id_of(first)), find_open_wish(waits, id_of(second))) == (narrow, other)


def test_two_copies_of_a_giver_are_not_offered_to_one_reader_in_a_day():
    first, second, _ = editions()
    waits, giver = reader(), reader(0)
    wish_for(waits, first)
    decline_offer(waits, copy_of(giver, first), NOW + 1)

    assert kept_for(copy_of(giver, second, NOW + 2)) is None
    assert kept_for(copy_of(giver, second, NOW + DAY + 2)) == waits


def test_the_database_and_the_rules_agree_on_which_editions_grant_a_wish():
    isbns = [*editions(), book(title="海边", work_key="OL9W"), book()]
    with db.auto_commit():
        Book.find_by_isbn(isbns[3]).work_id = Book.find_by_isbn(isbns[0]).work_id
        Book.find_by_isbn(isbns[3]).language = ""
    made = [(isbn, scope, wish_for(reader(), isbn, scope=scope)) for isbn in isbns for scope in WishScope]
    books = {isbn: Book.find_by_isbn(isbn) for isbn in isbns}
    wished, given = Book.__table__, Book.__table__.alias()
    for isbn in isbns:
        expected = {id for of, scope, id in made if is_covered(scope, books[of], books[isbn])}
        joined = select(Wish.id).join(wished, wished.c.id == Wish.book_id).join(given, is_granted_by(wished, given))

        assert set(db.session.scalars(select(Wish.id).where(list_editions(books[isbn].id).is_wished()))) == expected
        assert set(db.session.scalars(joined.where(given.c.id == books[isbn].id))) == expected
