"""Asking, wishing and offering cannot be misused to flood somebody with requests, or to keep copies from others."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.gift import Gift
from app.rules.clock import DAY, HOUR
from app.rules.exchange.refusals import AskedLately, OfferedToday, TooManyOpenRequests, TooManyToOneGiver, TooManyWishes
from app.services.exchange import drift, gift, wish
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.gift import bring_back_gift
from tests.exchange import (
    NOW,
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
)

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.mark.parametrize("state", ["withdrawn", "rejected", "expired"])
def test_a_copy_can_be_asked_for_again_a_week_after_a_request_that_came_to_nothing(state):
    done = exchange(state)
    if state == "expired":
        bring_back_gift(done.giver, done.gift, NOW)
    with pytest.raises(AskedLately) as refused:
        ask(done.asker, done.gift, NOW + 7 * DAY - 1)
    assert refused.value.possible_from == NOW + 7 * DAY
    other = ask(reader(), done.gift, NOW)
    drift.reject_request(done.giver, other, NOW)
    make_certain(other)
    ask(done.asker, done.gift, NOW + 7 * DAY)


def test_a_giver_gets_at_most_three_requests_a_day_of_one_reader():
    giver, asker = reader(0), reader()
    for _ in range(3):
        drift.redraw_request(asker, ask(asker, copy_of(giver)), NOW)
    wanted = copy_of(giver)
    with pytest.raises(TooManyToOneGiver):
        ask(asker, wanted, NOW + DAY - 1)
    drift.redraw_request(asker, ask(asker, copy_of(reader(0))), NOW)
    ask(asker, wanted, NOW + DAY)


def test_copies_kept_for_a_reader_count_as_requests_under_way_but_for_the_one_asked_for():
    isbns, squatter, giver = [book(), book()], reader(5), reader(0)
    for isbn in isbns:
        wish_for(squatter, isbn)
    kept, free = (copy_of(giver, isbn) for isbn in isbns)
    db.session.rollback()
    offered = db.session.scalars(select(Gift.offered_to).order_by(Gift.id)).all()
    assert offered == [squatter, None]
    with pytest.raises(TooManyOpenRequests) as refused:
        ask(squatter, free)
    assert refused.value.kept == 1
    drift.redraw_request(squatter, ask(squatter, kept), NOW)
    ask(squatter, free)


def test_a_newcomer_waits_for_five_books_at_most_and_others_for_fifty():
    newcomer, done = reader(), exchange("received")
    for who, limit in ((newcomer, 5), (done.asker, 50)):
        for _ in range(limit):
            wish_for(who, book())
        last = book()
        with pytest.raises(TooManyWishes) as refused:
            wish_for(who, last)
        assert refused.value.limit == limit


def test_listing_and_withdrawing_a_book_again_and_again_is_offered_to_a_wish_once_a_day():
    isbn, wisher, giver, letter = book(), reader(), reader(0), last_letter()
    wish_id = wish_for(wisher, isbn)
    for _ in range(5):
        gift.withdraw_gift(giver, copy_of(giver, isbn), NOW)
    assert [kind for kind, _ in letters(letter)].count("wish_offered") == 1
    copy_of(giver, isbn)
    with pytest.raises(OfferedToday):
        wish.satisfy_wish(giver, wish_id, NOW + 23 * HOUR)
    assert wish.satisfy_wish(giver, wish_id, NOW + DAY) == id_of(isbn)
    run_deadlines(NOW + 3 * DAY)
