"""Lending a book on the pages of both sides: listing, asking, keeping longer, giving back."""

import pytest

from app.models.base import db, now
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.clock import DAY
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.export import export_drifts, export_gifts
from app.services.feed.address import find_token, renew_feed
from tests.exchange import book, copy_of, exchange, reader
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")


def lent(state="lent", days_ago=1):
    return exchange(state, now() - days_ago * DAY, lend_days=30)


def number_of(done):
    db.session.rollback()
    return Book.get_number(db.session.get_one(Drift, done.drift).book_id)


@pytest.mark.parametrize(("days", "status"), [("7", 303), ("90", 303), ("", 303)])
def test_a_copy_is_lent_for_as_many_days_as_its_giver_says(app, days, status):
    giver, isbn = reader(0), book()
    sent = {"condition": "good", "ways": "post", "lend_days": days}
    assert press(logged_in(app, giver), f"/gifts/book/{isbn}", sent).status_code == status
    listed = db.session.query(Gift).filter(Gift.giver_id == giver).one()
    assert listed.lend_days == (int(days) if days else None)
    assert ("to borrow for" in text_of(logged_in(app, reader(1)).get(f"/book/{isbn}/detail"))) is bool(days)


@pytest.mark.parametrize("days", ["6", "91", "0", "-7", "7.5", "soon", "9" * 400])
def test_any_other_number_of_days_is_refused(app, days):
    giver, isbn = reader(0), book()
    sent = {"condition": "good", "ways": "post", "lend_days": days}
    assert press(logged_in(app, giver), f"/gifts/book/{isbn}", sent).status_code == 400
    assert db.session.query(Gift).filter(Gift.giver_id == giver).count() == 0


def test_the_days_of_a_listed_copy_can_be_changed(app):
    giver = reader(0)
    copy = copy_of(giver, now=now())
    gives = logged_in(app, giver)
    press(gives, f"/gifts/{copy}/edit", {"condition": "good", "ways": "post", "lend_days": "21"})
    db.session.rollback()
    assert db.session.get_one(Gift, copy).lend_days == 21
    assert gives.get(f"/gifts/{copy}/edit").page.select_one("[name=lend_days]")["value"] == "21"


def test_who_asks_reads_that_the_book_comes_back_and_what_the_bean_is_for(app):
    copy = copy_of(reader(0), now=now())
    with db.auto_commit():
        db.session.get_one(Gift, copy).lend_days = 14
    page = text_of(logged_in(app, reader(1)).get(f"/drift/{copy}"))
    assert "This book is lent for 14 days from its arrival on. Your bean is held as a deposit" in page
    assert "You can extend the loan once" in page
    assert "A book costs 1 bean" not in page


def test_a_lent_book_stands_apart_with_its_day_and_its_buttons(app):
    done = lent()
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    borrowed, shown = text_of(asks.get("/pending")), text_of(gives.get("/pending"))
    assert all(words in borrowed for words in ("On loan", "Please give it back by", "Keep it longer", "It is lost"))
    assert all(words in shown for words in ("On loan", "Due back by", "I have it back", "It is lost"))
    assert "On loan until" in text_of(gives.get("/my/gifts"))
    assert "On loan until" in text_of(gives.get(f"/book/{number_of(done)}/detail"))
    assert "On loan until" not in text_of(logged_in(app, reader(0)).get(f"/book/{number_of(done)}/detail"))


def test_a_borrower_keeps_a_book_longer_once(app):
    done = lent()
    asks = logged_in(app, done.asker)
    assert "You have the book until" in text_of(press(asks, f"/drift/{done.drift}/extend", follow_redirects=True))
    assert "Keep it longer" not in text_of(asks.get("/pending"))
    again = press(asks, f"/drift/{done.drift}/extend")
    assert (again.status_code, "A loan can be extended once" in text_of(again)) == (409, True)


def test_an_overdue_book_is_the_borrowers_move(app):
    done = lent(days_ago=31)
    run_deadlines(now())
    page = text_of(logged_in(app, done.asker).get("/pending"))
    assert ("Your move" in page, "It was due back by" in page, "Keep it longer" in page) == (True, True, False)


def test_what_its_borrower_says_is_back_waits_for_the_lender(app):
    done = lent()
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    said = text_of(press(asks, f"/drift/{done.drift}/give-back", follow_redirects=True))
    assert "We’ll ask the lender." in said
    assert "The borrower says that you have it back. Is that so?" in text_of(gives.get("/pending"))
    objected = text_of(press(gives, f"/drift/{done.drift}/object?seen=given_back", follow_redirects=True))
    assert "We’ll tell the borrower that the book is not back." in objected
    back = text_of(press(gives, f"/drift/{done.drift}/returned", follow_redirects=True))
    assert "The borrower gets the bean back" in back
    undone = text_of(press(gives, f"/drift/{done.drift}/undo", follow_redirects=True))
    assert "You have lent it. Tell us when it is back." in undone


@pytest.mark.parametrize(
    ("state", "borrower", "lender"),
    [
        ("returned", "It is back, and so is your bean.", "You have it back."),
        ("lost", "You said that it is lost.", "The borrower lost it."),
        ("kept", "It did not go back in time", "It did not come back, so it counts as given."),
    ],
)
def test_both_sides_read_how_a_loan_ended(app, state, borrower, lender):
    done = lent(state)
    assert borrower in text_of(logged_in(app, done.asker).get("/pending"))
    assert lender in text_of(logged_in(app, done.giver).get("/pending"))


def test_who_has_borrowed_a_book_complains_of_nothing(app):
    done = lent("kept")
    assert "not as described" not in text_of(logged_in(app, done.asker).get("/pending"))
    assert logged_in(app, done.asker).get(f"/drift/{done.drift}/complaint").status_code == 404


def test_the_calendar_has_the_day_on_which_a_book_is_due(app):
    done = lent()
    renew_feed(done.asker)
    db.session.rollback()
    token = find_token(db.session.get_one(User, done.asker))
    calendar = app.test_client().get(f"/feed/mine/{token}.ics").get_data(as_text=True)
    assert "Give “" in calendar
    assert "” back" in calendar.replace("\r\n ", "")


def test_the_export_has_the_days_of_a_loan():
    done = lent()
    drifts = export_drifts(db.session.get_one(User, done.asker))
    assert (drifts[0]["lend_days"], bool(drifts[0]["lent_until"]), drifts[0]["state"]) == (30, True, "lent")
    assert export_gifts(db.session.get_one(User, done.giver))[0]["lend_days"] == 30
