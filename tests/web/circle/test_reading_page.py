"""The page of a circle's reading list: stewards look for books, members say that they need one."""

import time

import pytest

from app.models.base import db, now
from app.models.wish import Wish
from app.rules.clock import DAY
from app.services.circle.reading import add_title
from tests.circles import circle, listed_in, put_in
from tests.exchange import book, id_of, reader
from tests.web.forms import errors, send
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
LIST = "/circle/circle-1/reading"


@pytest.fixture
def club(app):
    return circle(name="House")


@pytest.fixture
def steward(app, club):
    return entered(app, club, role="steward", nickname="Ada")


@pytest.fixture
def member(app, club):
    return entered(app, club, nickname="Bert")


def entered(app, club, nickname, **said):
    someone = reader(nickname=nickname)
    put_in(club, someone, **said)
    client = logged_in(app, someone)
    client.user_id = someone
    return client


def day_in(days):
    return time.strftime("%Y-%m-%d", time.gmtime(now() + days * DAY))


def test_a_steward_puts_a_book_on_the_list_by_its_number_and_takes_it_off(steward, member):
    isbn = book(title="三体")
    assert "Nothing is to be read yet" in text_of(steward.get(LIST))
    found = steward.get(f"{LIST}?q={isbn}").page
    choice = found.select_one("input[name=book]")
    assert (choice.parent.get_text(strip=True).startswith("三体"), choice["value"]) == (True, str(id_of(isbn)))

    answer = send(steward, LIST, f"{LIST}?q={isbn}", book=choice["value"], wanted_by=day_in(9))
    assert answer.location == LIST
    assert "三体" in text_of(member.get(LIST))
    assert "三体" in member.get("/circle/circle-1").page.find(id="circle-reading").find_parent("section").get_text()
    assert not member.get(f"{LIST}?q={isbn}").page.select("input[name=book]")

    assert press(steward, f"{LIST}/{id_of(isbn)}/take-off").location == LIST
    assert "三体" not in text_of(steward.get(LIST))


def test_what_cannot_be_put_on_the_list_is_said(steward):
    isbn = book()
    page = f"{LIST}?q={isbn}"
    for book_id, day, said in (
        (id_of(isbn), "", "Please choose a day."),
        (id_of(isbn), "2001-01-01", "This day has passed."),
        ("", day_in(5), "Please choose a book."),
        ("x", day_in(5), "Please write a whole number."),
    ):
        answer = send(steward, LIST, page, book=book_id, wanted_by=day)
        assert said in " ".join(errors(answer)), (book_id, day)
        assert answer.status_code in (400, 409)
    assert send(steward, LIST, page, book="9999999999", wanted_by=day_in(5)).status_code == 404
    assert "We don’t know such a book yet." in text_of(steward.get(f"{LIST}?q=9787020008735"))


def test_a_member_needs_one_and_hears_who_has_it(club, steward, member):
    isbn, other = book(title="三体"), book(title="活着")
    for one in (isbn, other):
        add_title(steward.user_id, club, id_of(one), now() + DAY, now())
    listed_in(steward.user_id, id_of(other), club)
    page = text_of(member.get(LIST))
    assert "On offer from: Ada" in " ".join(page.split())

    assert press(member, f"{LIST}/{id_of(isbn)}/need").location == LIST
    db.session.rollback()
    assert [(wish.user_id, wish.book_id) for wish in db.session.query(Wish)] == [(member.user_id, id_of(isbn))]
    assert "Needed by: Bert" in " ".join(text_of(steward.get(LIST)).split())
    assert press(member, f"{LIST}/{id_of(isbn)}/need").status_code in (303, 409)
    assert db.session.query(Wish).count() == 1
