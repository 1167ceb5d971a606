"""What a reader does with the copies on the shelf."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.drift import Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import GiftReserved, Limited, NothingToUndo, WishedForThisBook
from app.rules.shelf.keeping import Change, CopyIsPrivate, CopyOnOffer, CopyStillListed, NoWayKept
from app.services.copy.keeping import keep_copy
from app.services.correction.undo import undo_step
from app.services.delivery.places import list_place_ids_of
from app.services.errors import NotFound
from app.services.exchange import drift
from app.services.shelf.keeping import change_copies, forget_copy, make_private, offer_copy, set_condition
from tests.exchange import DAY, NOW, book, copy_of, exchange, id_of, reader, wish_for

pytestmark = pytest.mark.usefixtures("app_context")


def kept(holder, isbn=None, condition=Condition.GOOD):
    return keep_copy(holder, id_of(isbn or book()), NOW, condition)


def copy_under(gift_id):
    return db.session.get_one(Gift, gift_id).copy_id


def listing(gift_id):
    db.session.expire_all()
    gift = db.session.get_one(Gift, gift_id)
    return gift.giver_id, gift.state, gift.condition, gift.ways


def whereabouts(copy_id):
    db.session.expire_all()
    copy = db.session.get_one(Copy, copy_id)
    return copy.holder_id, copy.state


def test_one_press_lists_a_private_copy_as_it_is_known_and_offers_it_to_who_waits_longest():
    holder, isbn = reader(0, ways="post meet", meeting_words="north gate"), book()
    late, early = reader(1), reader(1)
    wish_for(late, isbn, NOW)
    wish_for(early, isbn, NOW - DAY)
    offered = offer_copy(holder, kept(holder, isbn, Condition.WORN), NOW)
    assert listing(offered) == (holder, "open", "worn", "post meet")
    gift = db.session.get_one(Gift, offered)
    assert (gift.offered_to, gift.meeting_words) == (early, "north gate")


def test_a_copy_that_was_left_at_places_is_left_there_again():
    holder = reader(0)
    first = copy_of(holder, None, NOW, Way.PLACE)
    again = offer_copy(holder, kept(holder), NOW)
    assert listing(again)[3] == "place"
    assert list_place_ids_of(again) == list_place_ids_of(first) != []


@pytest.mark.parametrize("ways", ["", "place"])
def test_nobody_hands_over_in_a_way_that_they_have_not_chosen(ways):
    holder = reader(0, ways=ways)
    with pytest.raises(NoWayKept):
        offer_copy(holder, kept(holder), NOW)
    assert db.session.scalars(select(Gift)).all() == []


def test_a_copy_is_offered_made_private_and_offered_again():
    holder = reader(0)
    copy = kept(holder)
    with pytest.raises(CopyIsPrivate):
        make_private(holder, copy, NOW)
    first = offer_copy(holder, copy, NOW)
    with pytest.raises(CopyOnOffer):
        offer_copy(holder, copy, NOW)
    make_private(holder, copy, NOW)
    assert listing(first)[1] == "withdrawn"
    assert copy_under(offer_copy(holder, copy, NOW)) == copy


def test_a_hidden_copy_is_brought_back_by_offering_it():
    done = exchange("expired")
    offer_copy(done.giver, copy_under(done.gift), NOW)
    assert listing(done.gift)[1] == "open"


def test_what_is_listed_or_promised_stays_on_the_shelf():
    done = exchange("accepted")
    copy = copy_under(done.gift)
    for refused in (make_private, forget_copy):
        with pytest.raises(GiftReserved):
            refused(done.giver, copy, NOW)
    holder = reader(0)
    listed = copy_under(copy_of(holder))
    with pytest.raises(CopyStillListed):
        forget_copy(holder, listed, NOW)
    assert whereabouts(listed) == (holder, "kept")


def test_a_private_copy_is_forgotten_once():
    holder = reader(0)
    copy = kept(holder)
    forget_copy(holder, copy, NOW)
    assert whereabouts(copy) == (None, "gone")
    for again in (forget_copy, offer_copy, make_private):
        with pytest.raises(NotFound):
            again(holder, copy, NOW)


def test_nobody_touches_the_copy_of_another_reader():
    copy, other = kept(reader(0)), reader(0)
    for touch in (forget_copy, offer_copy, make_private):
        with pytest.raises(NotFound):
            touch(other, copy, NOW)
    with pytest.raises(NotFound):
        set_condition(other, copy, Condition.NEW, NOW)


def test_who_wishes_for_a_book_or_is_limited_lists_none():
    holder, isbn = reader(0), book()
    copy = kept(holder, isbn)
    wish_for(holder, isbn)
    with pytest.raises(WishedForThisBook):
        offer_copy(holder, copy, NOW)
    limited = reader(0, limited_until=NOW + DAY)
    with pytest.raises(Limited):
        offer_copy(limited, kept(limited), NOW)


def test_who_has_received_a_book_passes_the_same_copy_on():
    done = exchange("received")
    copy = copy_under(done.gift)
    again = offer_copy(done.asker, copy, NOW + DAY)
    assert (copy_under(again), listing(again)[:2]) == (copy, (done.asker, "open"))
    with pytest.raises(NotFound):
        offer_copy(done.giver, copy, NOW + DAY)


def test_passing_on_within_the_minutes_of_undoing_ends_them():
    done = exchange("mailed", NOW - DAY)
    copy = copy_under(done.gift)
    drift.confirm_received(done.asker, done.drift, NOW)
    assert whereabouts(copy) == (done.giver, "kept")
    again = offer_copy(done.asker, copy, NOW)
    assert (copy_under(again), whereabouts(copy)) == (copy, (done.asker, "kept"))
    assert listing(done.gift)[1] == "given"
    assert db.session.get_one(Drift, done.drift).undo_until is None
    with pytest.raises(NothingToUndo):
        undo_step(done.asker, done.drift, NOW)


def test_a_refused_passing_on_leaves_the_receipt_to_be_undone():
    done = exchange("mailed", NOW - DAY)
    drift.confirm_received(done.asker, done.drift, NOW)
    with db.auto_commit():
        db.session.get_one(User, done.asker).ways = ""
    with pytest.raises(NoWayKept):
        offer_copy(done.asker, copy_under(done.gift), NOW)
    db.session.rollback()
    undo_step(done.asker, done.drift, NOW)
    assert db.session.get_one(Drift, done.drift).state == "mailed"


def test_several_are_changed_each_for_itself_and_the_others_are_named():
    holder, isbn, wanted = reader(0), book(), book(title="想要的")
    good, listed = kept(holder, isbn), copy_under(copy_of(holder))
    refused, foreign = kept(holder, wanted), kept(reader(0))
    wish_for(holder, wanted)
    changed = change_copies(holder, [good, listed, refused, foreign, 10**17], Change.OFFER, Condition.GOOD, NOW)
    assert changed.done == 1
    assert [(title, refusal.code) for title, refusal in changed.refused][1] == ("想要的", "wished_for_this_book")
    assert [refusal.code for _, refusal in changed.refused] == ["copy_on_offer", "wished_for_this_book"]
    again = change_copies(holder, [good, listed, foreign], Change.CONDITION, Condition.WORN, NOW)
    assert (again.done, again.refused) == (2, [])
    db.session.expire_all()
    assert {gift.condition for gift in db.session.scalars(select(Gift).where(Gift.giver_id == holder))} == {"worn"}
    assert change_copies(holder, [good, listed], Change.WITHDRAW, Condition.GOOD, NOW).done == 2
    assert change_copies(holder, [good, listed, foreign], Change.FORGET, Condition.GOOD, NOW).done == 2
    assert whereabouts(good) == (None, "gone")
    assert whereabouts(foreign)[1] == "kept"


def test_a_copy_that_was_lent_is_not_given_away_by_one_press():
    holder = reader(0)
    copy = kept(holder)
    offer_copy(holder, copy, NOW)
    with db.auto_commit():
        db.session.scalars(select(Gift)).one().lend_days = 30
    make_private(holder, copy, NOW)
    assert db.session.get_one(Gift, offer_copy(holder, copy, NOW)).lend_days == 30
