"""7: wishes that block copies."""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.listing import MOST_WISHES, NEWCOMER_WISHES
from tests.attack.people import ADDRESS, logged_in, press, sign_up
from tests.attack.time_travel import pass_time
from tests.exchange import book, copy_of, exchange, reader
from tests.web.server import at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]
LISTING_LIMIT = 2 * 120
"""Wishes and copies an hour; each of the two workers counts on its own."""


@pytest.fixture(scope="module")
def isbns(attacked_site):
    with attacked_site.app.app_context():
        return [book() for _ in range(MOST_WISHES + 10)]


def wish(site, client, isbn):
    return press(client, f"{site.url}/wish/book/{isbn}")


def open_wishes(reader_id):
    db.session.rollback()
    return db.session.scalar(select(func.count(Wish.id)).where(Wish.user_id == reader_id, Wish.state == "open"))


def kept_for(reader_id):
    db.session.rollback()
    return db.session.scalar(select(func.count(Gift.id)).where(Gift.offered_to == reader_id))


def test_a_newcomer_has_five_wishes(site, isbns):
    squatter = sign_up(site)
    answers = Counter(wish(site, logged_in(squatter), isbn).status_code for isbn in isbns[:20])

    assert answers == {303: NEWCOMER_WISHES, 409: 15}
    assert open_wishes(squatter) == NEWCOMER_WISHES


def test_nor_more_at_the_same_moment(site, isbns):
    squatter = sign_up(site)
    answers = at_once([partial(wish, site, logged_in(squatter), isbn) for isbn in isbns[:20]])

    assert Counter(answer.status_code for answer in answers) == {303: NEWCOMER_WISHES, 409: 15}
    assert open_wishes(squatter) == NEWCOMER_WISHES


def test_a_reader_who_has_finished_an_exchange_has_fifty(site, isbns):
    squatter = exchange("received", now()).asker
    client = logged_in(squatter)
    answers = Counter(wish(site, client, isbn).status_code for isbn in isbns)

    assert answers == {303: MOST_WISHES, 409: 10}


def test_one_copy_at_a_time_is_kept_for_a_newcomer(site):
    squatter, isbns = sign_up(site), [book() for _ in range(NEWCOMER_WISHES)]
    for isbn in isbns:
        wish(site, logged_in(squatter), isbn)
    copies = [copy_of(reader(0), isbn, now()) for isbn in isbns]
    other = copy_of(reader(0), now=now())

    assert kept_for(squatter) == 1
    # A copy on offer counts as a request under way.
    assert press(logged_in(squatter), f"{site.url}/drift/{other}", **ADDRESS).status_code in (403, 409)
    pass_time(2 * 86_400 + 60)
    assert kept_for(squatter) <= 1
    honest = press(logged_in(reader(1)), f"{site.url}/drift/{copies[0]}", **ADDRESS)
    assert honest.status_code == 303


def test_copies_listed_at_the_same_moment_are_not_all_kept_for_one(site):
    squatter, isbns = sign_up(site), [book() for _ in range(NEWCOMER_WISHES)]
    for isbn in isbns:
        wish(site, logged_in(squatter), isbn)
    offers = [
        partial(press, logged_in(reader(0)), f"{site.url}/gifts/book/{isbn}", condition="good", ways="post", note="")
        for isbn in isbns
    ]

    assert {answer.status_code for answer in at_once(offers)} == {303}
    assert kept_for(squatter) == 1


def test_wishing_again_and_again_is_limited(site, isbns):
    client, answers = logged_in(sign_up(site)), Counter()
    while not answers[429]:
        answers[wish(site, client, isbns[0]).status_code] += 1
        assert answers.total() <= LISTING_LIMIT + 1
