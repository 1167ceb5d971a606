"""A lent copy that goes on from its borrower to the next reader, on the pages of all three."""

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.clock import DAY
from app.services.exchange import drift
from app.services.exchange.export import export_drifts, export_gifts
from app.services.exchange.wish import wish_for_book
from tests.exchange import ask, book, copy_of, exchange, reader, receive
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
ALLOWED = {"condition": "good", "ways": "post", "lend_days": "30", "goes_on": "y"}


def lent(goes_on=True):
    """Return a loan and the reader who waits for its book."""
    done, third = exchange("lent", now() - DAY, lend_days=30), reader(1)
    with db.auto_commit():
        listing = db.session.get_one(Gift, done.gift)
        listing.goes_on = goes_on
        db.session.get_one(User, done.asker).ways = "post"
    wish_for_book(third, listing.book_id, now())
    return done, third


def next_listing():
    db.session.rollback()
    return db.session.scalars(select(Gift).where(Gift.loan_id.is_not(None)).order_by(Gift.id.desc()).limit(1)).one()


def buttons(client):
    return [button.get_text(" ") for button in client.get("/pending").page.select("main .actions button")]


def has_button(client, words):
    return any(button.strip().startswith(words) for button in buttons(client))


def test_a_giver_says_whether_a_copy_may_go_on(app):
    giver, isbn = reader(0), book()
    gives = logged_in(app, giver)

    press(gives, f"/gifts/book/{isbn}", ALLOWED)

    copy = db.session.scalars(select(Gift)).one()
    assert (copy.lend_days, copy.goes_on) == (30, True)
    assert gives.get(f"/gifts/{copy.id}/edit").page.select_one("[name=goes_on]").has_attr("checked")
    press(gives, f"/gifts/{copy.id}/edit", {"condition": "good", "ways": "post", "lend_days": "30"})
    db.session.rollback()
    assert db.session.get_one(Gift, copy.id).goes_on is False


def test_a_copy_that_is_given_for_good_does_not_go_on(app):
    giver = reader(0)
    copy = copy_of(giver, now=now())

    press(logged_in(app, giver), f"/gifts/{copy}/edit", ALLOWED | {"lend_days": ""})

    db.session.rollback()
    assert db.session.get_one(Gift, copy).goes_on is False


def test_a_borrower_passes_the_book_on_and_takes_the_offer_back(app):
    done, _ = lent()
    borrows = logged_in(app, done.asker)
    assert has_button(borrows, "Pass it on to the next reader")

    said = text_of(press(borrows, f"/drift/{done.drift}/pass-on", follow_redirects=True))

    assert "We ask whoever waits next." in said
    assert "You offer it to the next reader; it is among your gifts." in said
    assert not has_button(borrows, "Pass it on to the next reader")
    assert "The borrower offers it to the next reader" in text_of(logged_in(app, done.giver).get("/pending"))
    page = borrows.get(f"/gifts/{next_listing().id}/edit").page
    assert page.select_one("[name=ways]")
    assert not page.select("[name=lend_days], [name=goes_on], [name=audience]")

    said = text_of(press(borrows, f"/drift/{done.drift}/call-home", follow_redirects=True))
    assert "You offer it to nobody now." in said
    assert next_listing().state == "withdrawn"


def test_a_lender_forbids_it_and_allows_it_again(app):
    done, _ = lent()
    lends, borrows = logged_in(app, done.giver), logged_in(app, done.asker)
    assert has_button(lends, "It is to come home first")

    press(lends, f"/drift/{done.drift}/call-home")

    assert not has_button(borrows, "Pass it on to the next reader")
    refused = press(borrows, f"/drift/{done.drift}/pass-on")
    assert refused.status_code == 409
    assert "The lender wants this book back before anybody else gets it." in text_of(refused)
    press(lends, f"/drift/{done.drift}/pass-on")
    assert has_button(borrows, "Pass it on to the next reader")


def test_the_next_reader_knows_whose_book_it_is_and_all_three_see_where_it_has_gone(app):
    done, third = lent()
    press(logged_in(app, done.asker), f"/drift/{done.drift}/pass-on")
    listing = next_listing().id
    asks = logged_in(app, third)
    assert "It belongs to another reader" in text_of(asks.get(f"/drift/{listing}"))
    onward = ask(third, listing, now())
    assert "see the request in this list" in text_of(logged_in(app, done.asker).get("/pending"))

    drift.accept_request(done.asker, onward, now())
    drift.confirm_mailed(done.asker, onward, "", now())
    assert "Enjoy reading!" in text_of(press(asks, f"/drift/{onward}/received", follow_redirects=True))
    press(asks, f"/drift/{onward}/undo")
    receive(third, onward, now())

    lender = db.session.get_one(User, done.giver).nickname
    said = text_of(asks.get("/pending"))
    assert f"You borrow it from {lender} ." in said
    assert "You have borrowed it." in said
    assert "It has arrived. You borrow it from its lender now." in said
    assert "The next reader has it, and your bean is back." in text_of(logged_in(app, done.asker).get("/pending"))
    assert "It has gone on to the next reader" in text_of(logged_in(app, done.giver).get("/pending"))


def test_all_of_it_is_in_the_export(app):
    done, third = lent()
    press(logged_in(app, done.asker), f"/drift/{done.drift}/pass-on")
    ask(third, next_listing().id, now())

    assert export_gifts(db.session.get_one(User, done.giver))[0]["goes_on"] is True
    assert export_drifts(db.session.get_one(User, third))[0]["hands_on"] == done.drift
    assert db.session.get_one(Drift, done.drift).state == "lent"
