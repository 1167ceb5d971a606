"""The reading list of a circle: what each member may know of it, and that a need is a wish like any other."""

import pytest

from app.models.base import db
from app.models.gift import Gift
from app.rules.circle import refusals as no
from app.rules.circle.circle import MemberState
from app.rules.circle.reading import MOST_DAYS, MOST_TITLES
from app.rules.clock import DAY
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import AlreadyWished
from app.rules.exchange.way import Terms
from app.services.circle.reading import add_title, list_reading, need_title, take_off_title
from app.services.copy.keeping import keep_copy
from app.services.errors import NotFound
from app.services.exchange.gift import offer_gift
from app.services.moderation.block import block
from app.services.sight.visible import Sight
from tests.circles import circle, listed_in, put_in
from tests.exchange import NOW, book, copy_of, editions, id_of, reader, wish_for
from tests.rows import statements_sent

pytestmark = pytest.mark.usefixtures("app_context")
SOON = NOW + 10 * DAY


@pytest.fixture
def steward(app_context):
    return reader(0)


@pytest.fixture
def club(steward):
    made = circle()
    put_in(made, steward, role="steward")
    return made


@pytest.fixture
def member(club):
    someone = reader()
    put_in(club, someone)
    return someone


def seen(club, looker):
    """Return of each title who offers one, who needs one, and whether the member who looks has one."""
    db.session.rollback()
    rows = list_reading(club, looker, Sight(looker, has_blocks=True, has_circles=True))
    return [(set(row.offered_by), set(row.needed_by), row.has_one) for row in rows]


def test_members_see_which_of_them_offer_one_there_and_nothing_of_private_copies(steward, club, member):
    [isbn, other_edition, _] = editions()
    add_title(steward, club, id_of(isbn), SOON, NOW)
    outsider, keeper, elsewhere = reader(0), reader(0), reader(0)
    other = circle(elsewhere)
    for who in (keeper, elsewhere):
        put_in(club, who)
    assert seen(club, member) == [(set(), set(), False)]

    copy_of(outsider, isbn)
    listed_in(elsewhere, id_of(isbn), other)
    keep_copy(keeper, id_of(isbn), NOW)
    assert seen(club, member) == [(set(), set(), False)]
    assert seen(club, keeper) == [(set(), set(), True)]

    listed_in(steward, id_of(other_edition), club)
    copy_of(elsewhere, isbn)
    assert seen(club, member) == [({steward, elsewhere}, set(), False)]
    put_in(club, elsewhere, MemberState.LEFT)
    assert seen(club, member) == [({steward}, set(), False)]
    block(member, steward, NOW)
    assert seen(club, member) == [(set(), set(), False)]


def test_who_needs_one_waits_in_the_ordinary_queue(steward, club, member):
    isbn = book()
    add_title(steward, club, id_of(isbn), SOON, NOW)
    wish_for(reader(), isbn)
    wish_id = need_title(member, club, id_of(isbn), NOW)
    assert seen(club, steward) == [(set(), {member}, False)]
    with pytest.raises(AlreadyWished):
        need_title(member, club, id_of(isbn), NOW)
    gift = offer_gift(steward, id_of(isbn), Condition.GOOD, "", None, NOW, Terms(circles=(club,)))
    assert db.session.get_one(Gift, gift).offered_wish_id == wish_id


def test_only_stewards_change_the_list_and_only_members_need_what_is_on_it(steward, club, member):
    book_id, stranger = id_of(book()), reader(0)
    for who in (member, stranger):
        with pytest.raises(NotFound):
            add_title(who, club, book_id, SOON, NOW)
    add_title(steward, club, book_id, SOON, NOW)
    for who, wrong in ((stranger, book_id), (member, id_of(book())), (member, 9_999_999_999)):
        with pytest.raises(NotFound):
            need_title(who, club, wrong, NOW)
    with pytest.raises(NotFound):
        take_off_title(member, club, book_id)
    for _ in range(2):
        take_off_title(steward, club, book_id)
    assert seen(club, steward) == []


def test_a_title_stands_there_once_by_a_day_that_is_ahead(steward, club):
    book_id = id_of(book())
    for refused, day in ((no.DayNotAhead, NOW - 2 * DAY), (no.DayTooFar, NOW + (MOST_DAYS + 2) * DAY)):
        with pytest.raises(refused):
            add_title(steward, club, book_id, day, NOW)
    with pytest.raises(NotFound):
        add_title(steward, club, 9_999_999_999, SOON, NOW)
    for day in (SOON, SOON + DAY):
        add_title(steward, club, book_id, day, NOW)
    assert [row.wanted_by for row in list_reading(club, steward, Sight(steward, has_circles=True))] == [SOON + DAY]
    for _ in range(MOST_TITLES - 1):
        add_title(steward, club, id_of(book()), SOON, NOW)
    with pytest.raises(no.TooManyTitles):
        add_title(steward, club, id_of(book()), SOON, NOW)
    add_title(steward, club, book_id, SOON, NOW)


def test_a_long_list_takes_no_more_statements_than_a_short_one(steward, club, member):
    def counted():
        db.session.rollback()
        with statements_sent() as sent:
            list_reading(club, member, Sight(member, has_circles=True))
        return len(sent)

    for place in range(4):
        isbn = book()
        add_title(steward, club, id_of(isbn), SOON, NOW)
        listed_in(steward, id_of(isbn), club)
        wish_for(member, isbn)
        if place == 0:
            of_one = counted()
    assert counted() == of_one == 4
