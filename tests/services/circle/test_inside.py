"""Exchanges inside circles: their rules, and what becomes of copies, offers and requests when members go."""

from functools import partial

import pytest

from app.models.base import db
from app.models.circle import Circle
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.circle.circle import MemberRole
from app.rules.exchange import audience as no
from app.rules.exchange.drift import Way
from app.rules.exchange.refusals import CopyNotOpen
from app.rules.exchange.undo import UNDO_WINDOW
from app.services.circle import joining, members
from app.services.errors import NotFound
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.gift import offer_gift
from app.services.exchange.looking_again import look_for_readers
from app.services.exchange.wish_queue import offer_to_next
from app.services.transaction import transaction
from tests.circles import circle, listed_in, put_in
from tests.exchange import (
    NOW,
    Condition,
    Terms,
    ask,
    assert_audit_is_clean,
    book,
    id_of,
    make_certain,
    reader,
    receive,
    wish_for,
)

pytestmark = pytest.mark.usefixtures("app_context")
BOTH = "post meet"


def club(*readers, **said):
    """Store a circle of these readers with a steward, and return the circle and the steward."""
    steward = reader(0)
    here = circle(*readers, **said)
    put_in(here, steward, role=MemberRole.STEWARD)
    return here, steward


def copy_in(giver, *circles, isbn=None, **said):
    return listed_in(giver, id_of(isbn or book()), *circles, ways=BOTH, **said)


def of(gift_id):
    db.session.rollback()
    gift = db.session.get_one(Gift, gift_id)
    return gift.state, gift.offered_to


def say(circle_id, **rules):
    with db.auto_commit():
        db.session.get_one(Circle, circle_id).set_attrs(rules)


def test_a_copy_is_asked_for_only_as_a_shared_circle_allows():
    giver, asker = reader(0), reader(1)
    here, _ = club(giver, asker, ways="meet", lends=False)
    copy, lent = copy_in(giver, here), copy_in(giver, here, lend_days=30)
    with pytest.raises(no.OtherWaysInCircle):
        ask(asker, copy)
    with pytest.raises(no.NoLendingInCircle):
        ask(asker, lent, way=Way.MEET)
    assert ask(asker, copy, way=Way.MEET)


def test_a_copy_is_listed_only_as_its_circles_allow():
    giver = reader(0)
    here, _ = club(giver, ways="meet")
    offer = partial(offer_gift, giver, id_of(book()), Condition.GOOD, "", None, NOW)
    with pytest.raises(no.OtherWaysInCircle):
        offer(Terms(circles=(here,)))
    with pytest.raises(no.NotInTheseCircles):
        offer(Terms(circles=(club()[0],)))
    assert offer(Terms((Way.MEET,), circles=(here,)))


def test_who_has_left_asks_no_more_and_is_promised_nothing_more():
    giver, asker, other = reader(0), reader(1), reader(1)
    here, _ = club(giver, asker, other)
    asked, open_one = ask(asker, copy_in(giver, here)), copy_in(giver, here)
    joining.leave(asker, here, NOW)
    joining.leave(other, here, NOW)
    with pytest.raises(no.NoSharedCircle):
        drift.accept_request(giver, asked, NOW)
    with pytest.raises((CopyNotOpen, NotFound)):
        ask(other, open_one)


def test_a_request_is_accepted_only_if_the_circle_still_allows_it():
    giver, asker = reader(0), reader(1)
    here, _ = club(giver, asker)
    asked = ask(asker, copy_in(giver, here))
    say(here, ways="meet")
    with pytest.raises(no.OtherWaysInCircle):
        drift.accept_request(giver, asked, NOW)
    say(here, ways=BOTH)
    drift.accept_request(giver, asked, NOW)


def test_an_excluded_member_finishes_what_is_under_way():
    giver, asker = reader(0), reader(1)
    here, steward = club(giver, asker)
    asked = ask(asker, copy_in(giver, here))
    drift.accept_request(giver, asked, NOW)
    for someone in (asker, giver):
        members.exclude(steward, here, someone, NOW)
    drift.confirm_mailed(giver, asked, "", NOW)
    make_certain(asked)
    receive(asker, asked)
    assert db.session.get_one(Drift, asked).state == "received"
    assert_audit_is_clean()


@pytest.mark.parametrize("end", ["reject", "redraw", "lapse"])
def test_a_copy_of_whose_circles_none_is_left_is_private_when_its_request_ends(end):
    giver, asker = reader(0), reader(1)
    here, steward = club(giver, asker)
    copy, kept = copy_in(giver, here), copy_in(giver, here, club(giver)[0])
    requests = [ask(asker, copy), ask(put_asker(here), kept)]
    members.exclude(steward, here, giver, NOW)
    assert (of(copy)[0], of(kept)[0]) == ("reserved", "reserved")
    for asked in requests:
        side = db.session.get_one(Drift, asked)
        if end == "reject":
            drift.reject_request(side.giver_id, asked, NOW)
            make_certain(asked)
        elif end == "redraw":
            drift.redraw_request(side.asker_id, asked, NOW)
    run_deadlines(NOW + 6 * 86_400 + UNDO_WINDOW)
    assert (of(copy)[0], of(kept)[0]) == ("withdrawn", "hidden" if end == "lapse" else "open")


def put_asker(here):
    asker = reader(1)
    put_in(here, asker)
    return asker


def test_who_leaves_loses_the_offers_of_the_circle_and_the_next_reader_has_them():
    giver, first, second, isbn = reader(0), reader(1), reader(1), book()
    here, _ = club(giver, first, second)
    wish_for(first, isbn)
    wish_for(second, isbn, NOW + 1)
    copy = copy_in(giver, here, isbn=isbn)
    transaction(offer_to_next)(copy, NOW + 2)
    assert of(copy) == ("open", first)
    joining.leave(first, here, NOW + 3)
    assert of(copy) == ("open", second)


def test_a_giver_who_leaves_one_of_two_circles_offers_to_the_other_alone():
    giver, first, second, isbn = reader(0), reader(1), reader(1), book()
    here, there = club(giver, first)[0], club(giver, second)[0]
    wish_for(first, isbn)
    wish_for(second, isbn, NOW + 1)
    copy, private = copy_in(giver, here, there, isbn=isbn), copy_in(giver, here, isbn=book())
    transaction(offer_to_next)(copy, NOW + 2)
    assert of(copy) == ("open", first)
    joining.leave(giver, here, NOW + 3)
    assert (of(copy), of(private)) == (("open", second), ("withdrawn", None))


def test_the_queue_looks_again_for_who_enters():
    giver, newcomer, isbn = reader(0), reader(1), book()
    here, steward = club(giver, door="ask")
    wish_for(newcomer, isbn)
    copy = copy_in(giver, here, isbn=isbn)
    look_for_readers(NOW, 20)
    assert of(copy) == ("open", None)
    joining.knock(newcomer, here, "", NOW)
    look_for_readers(NOW, 20)
    assert of(copy) == ("open", None), "waits at the door"
    members.let_in(steward, here, newcomer, NOW)
    look_for_readers(NOW, 20)
    assert of(copy) == ("open", newcomer)
