"""The page of a book lists what is to be had of its work, and says what the visitor can do: what the services allow."""

import itertools

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.rules.exchange.listing import Condition
from app.rules.exchange.wish_scope import WishScope
from app.rules.refusal import Refusal
from app.services.bean.transfers import grant_beans
from app.services.exchange.book_listings import find_book_listings
from app.services.exchange.gift import offer_gift
from app.services.exchange.wish import decline_offer, satisfy_wish, wish_for_book
from tests.exchange import NOW, ask, book, copy_of, editions, id_of, reader, wish_for
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("site")
SCOPES = list(WishScope)


@pytest.fixture
def site(any_engine_app):
    with any_engine_app.app_context():
        yield any_engine_app


def listings(isbn, reader_id=None):
    db.session.rollback()
    return find_book_listings(Book.find_by_isbn(isbn), reader_id, NOW)


def is_allowed(action):
    """Return whether a service does it."""
    try:
        action()
    except Refusal:
        return False
    return True


def test_copies_of_all_editions_are_listed_those_of_this_one_first_then_its_language_then_by_wear():
    first, second, english = editions()
    other = book()
    offered = [
        offer_gift(reader(0), id_of(isbn), condition, "", None, NOW)
        for isbn, condition in (
            (english, Condition.NEW), (second, Condition.GOOD), (second, Condition.NEW), (first, Condition.WORN),
            (other, Condition.NEW),
        )
    ]  # fmt: skip
    shown = listings(first)

    assert [gift.id for gift in shown.gifts] == [offered[3], offered[2], offered[1], offered[0]]
    assert [shown.is_of_book(gift) for gift in shown.gifts] == [True, False, False, False]
    assert [gift.edition.isbn for gift in shown.gifts] == [first, second, second, english]
    assert shown.gift_count == 4
    assert [gift.id for gift in listings(english).gifts] == [offered[0], offered[2], offered[1], offered[3]]


def test_all_who_wait_for_the_work_are_listed_by_how_long_they_wait():
    first, second, english = editions()
    wishes = [wish_for(reader(), isbn, NOW + n) for n, isbn in enumerate((english, first, second))]
    wish_for(reader(), book())
    shown = listings(first)

    assert [wish.id for wish in shown.wishes] == wishes
    assert [shown.grants(wish) for wish in shown.wishes] == [False, True, True]
    assert (shown.wish_count, shown.waiting_since) == (3, NOW)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("title", ["海边", "海边 第7版"])
def test_the_page_offers_to_wish_exactly_when_the_service_takes_the_wish(scope, title):
    for wished, given, seen in itertools.product((None, 0, 1, 2), (None, 0, 2), range(3)):
        isbns = [book(title=title, work_key="OL9W" + title, language=language) for language in ("zh", "zh", "en")]
        who = reader(0)
        if wished is not None:
            wish_for(who, isbns[wished], scope=scope)
        if given is not None and not is_allowed(lambda who=who, isbn=isbns[given]: copy_of(who, isbn)):
            continue
        offered = listings(isbns[seen], who).may_wish
        case = wished, given, seen
        assert is_allowed(lambda who=who, isbn=isbns[seen]: wish_for_book(who, id_of(isbn), NOW)) is offered, case
        _forget(isbns)


def _forget(isbns):
    """Part these editions from those that the next case makes."""
    with db.auto_commit():
        for isbn in isbns:
            Book.find_by_isbn(isbn).set_attrs({"work_key": "", "title": f"书{isbn}", "authors": []})


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("given", range(3))
def test_the_page_offers_to_grant_exactly_the_wishes_that_the_service_grants(scope, given):
    isbns = editions()
    giver, waiting = reader(0), [reader(0) for _ in isbns]  # without beans: nothing is offered to them by itself
    wishes = [wish_for(who, isbn, scope=scope) for who, isbn in zip(waiting, isbns, strict=True)]
    copy_of(giver, isbns[given])
    _give_beans(waiting)
    shown = {wish.id: wish for wish in listings(isbns[0], giver).wishes}
    grantable = [shown[wish].is_mine_to_grant and shown[wish].refusal is None for wish in wishes]

    assert any(grantable)
    for wish, offered in zip(wishes, grantable, strict=True):
        assert is_allowed(lambda wish=wish: satisfy_wish(giver, wish, NOW)) is offered
        if offered:
            _take_back(giver, isbns[given])


def _give_beans(readers):
    for who in readers:
        grant_beans(who, 1, f"listings-{who}", NOW)


def _take_back(giver, isbn):
    with db.auto_commit():
        for gift in db.session.scalars(select(Gift).where(Gift.giver_id == giver, Gift.book_id == id_of(isbn))):
            gift.set_attrs({"offered_to": None, "offered_wish_id": None, "offer_until": None})


def test_a_copy_of_an_edition_that_a_reader_refused_is_not_offered_to_be_given_again():
    first, second, _ = editions()
    giver, wisher = reader(0), reader()
    wish_for(wisher, first)
    decline_offer(wisher, copy_of(giver, second), NOW)
    copy_of(giver, second)
    [wish] = listings(first, giver).wishes

    assert wish.is_mine_to_grant
    assert wish.refusal is not None


def test_a_reader_who_gets_another_edition_is_not_offered_one_more():
    first, second, _ = editions()
    giver, wisher = reader(0), reader(2)
    wish_for(wisher, first)
    ask(wisher, copy_of(reader(0), second))
    copy_of(giver, first)
    [wish] = listings(first, giver).wishes

    assert wish.refusal is not None


def test_who_waits_for_another_edition_reads_that_beside_the_actions(log_in_on):
    first, _, english = editions()
    who = reader()
    wish_for(who, english, scope=WishScope.THIS_EDITION)
    page = log_in_on(who).get(f"/book/{first}/detail").page

    assert "You are waiting for another edition of it." in page.select_one(".book-lead").text
    assert page.find("form", action=f"/wish/book/{first}") is None


@pytest.fixture
def log_in_on(site):
    return lambda who: logged_in(site, who)


def test_a_copy_of_another_edition_says_so_and_leads_to_its_page(site, log_in_on):
    first, second, _ = editions()
    copy_of(reader(0), second)
    page = log_in_on(reader()).get(f"/book/{first}/detail").page
    row = page.select_one("[aria-labelledby=givers] li")

    assert "Another edition:" in row.text
    assert row.select_one(f'a[href="/book/{second}/detail"]')
    assert page.select_one(".book-lead a.button")["href"] == "#givers"
