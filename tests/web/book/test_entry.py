"""Entering books by hand, and replacing them by a catalogue's data."""

import re

import pytest

from app.models.base import db, now
from app.models.book import Book
from tests.factories import PASSWORD, BookFactory, UserFactory
from tests.stand_in import answer
from tests.web.forms import do_jobs

SAN_TI = "9787536692930"
ENTERED = {"title": " 三体 ", "authors": "[中] 刘慈欣 著；另一人", "publisher": "重庆出版社", "year": "2008"}


@pytest.fixture
def settings(settings, outside_settings):
    return settings | outside_settings


def entered(reader, isbn=SAN_TI, **values):
    page = reader.get(f"/book/{isbn}/entry").page
    token = page.find("input", {"name": "csrf_token"})["value"]
    return reader.post(f"/book/{isbn}/entry", data=ENTERED | values | {"csrf_token": token})


def test_a_book_that_nobody_knows_can_be_entered(reader, app_context):
    link = reader.get(f"/book/{SAN_TI}/detail").page.main.find("a", href=f"/book/{SAN_TI}/entry")
    assert link

    answer = entered(reader)
    page = reader.get(answer.location).page

    assert answer.status_code == 302
    assert page.h1.get_text(strip=True) == "三体"
    assert "entered this book by hand" in page.main.get_text()
    book = Book.find_by_isbn(SAN_TI)
    assert (book.authors, book.year, book.pubdate) == (["[中] 刘慈欣", "另一人"], 2008, "2008")
    assert (book.language, book.entered_by_hand, book.source) == ("zh", True, "reader")


def test_what_is_missing_is_told_at_its_field_and_the_rest_is_kept(reader, app_context):
    answer = entered(reader, title="  ", year="nineteen")

    assert answer.status_code == 400
    assert answer.page.find(id="title-error")
    assert answer.page.find(id="year-error")
    assert answer.page.find("input", {"name": "publisher"})["value"] == "重庆出版社"
    assert Book.find_by_isbn(SAN_TI) is None


@pytest.mark.parametrize(
    "values",
    [{"title": "x" * 251}, {"authors": "x" * 251}, {"publisher": "x" * 121}, {"year": "999"}, {"year": "9" * 400}],
)
def test_too_much_is_refused(reader, values):
    assert entered(reader, **values).status_code == 400


def test_without_the_token_nothing_is_stored(reader, app_context):
    assert reader.post(f"/book/{SAN_TI}/entry", data=ENTERED).status_code == 400
    assert Book.find_by_isbn(SAN_TI) is None


def test_a_book_that_has_turned_up_meanwhile_stays_as_it_is(reader, app_context):
    page = reader.get(f"/book/{SAN_TI}/entry").page
    token = page.find("input", {"name": "csrf_token"})["value"]
    BookFactory(isbn=SAN_TI, title="三体（书目）")

    answer = reader.post(f"/book/{SAN_TI}/entry", data=ENTERED | {"csrf_token": token})

    assert answer.status_code == 302
    assert "三体（书目）" in reader.get(answer.location).page.h1.get_text()
    assert reader.get(f"/book/{SAN_TI}/entry").status_code == 302


def test_other_spellings_lead_to_the_number_and_wrong_numbers_nowhere(reader):
    assert reader.get("/book/7-5366-9293-5/entry").location == f"/book/{SAN_TI}/entry"
    assert reader.get("/book/9787536692931/entry").status_code == 404
    assert reader.get("/book/nonsense/entry").status_code == 404


def test_catalogue_data_replaces_what_was_entered_when_it_turns_up(app, reader, app_context, outside):
    entered(reader, publisher="手写出版社")
    book = Book.find_by_isbn(SAN_TI)
    with db.auto_commit():
        book.fetched_at = now() - 8 * 86_400
    outside.behave = answer({"isbn": SAN_TI, "title": "三体", "author": ["刘慈欣"], "pages": "302"})

    reader.get(f"/book/{SAN_TI}/detail")
    do_jobs(app)

    db.session.expire_all()
    book = Book.find_by_isbn(SAN_TI)
    assert (book.authors, book.pages, book.entered_by_hand, book.source) == (["刘慈欣"], 302, False, "yushu")
    assert book.publisher == "手写出版社", "nothing gives way to nothing"


def test_a_visitor_is_led_through_the_log_in_to_the_form(client, app_context):
    link = client.get(f"/book/{SAN_TI}/detail").page.main.find("a", string="Enter the book by hand")["href"]
    UserFactory(email="li@example.org")
    page = client.get(link).page
    form = page.find("form", action=re.compile("^/login"))
    values = {field["name"]: field.get("value", "") for field in form.select("input[name]:not([type=checkbox])")}

    answer = client.post(form["action"], data=values | {"email": "li@example.org", "password": PASSWORD})

    assert link.startswith("/login?next=")
    assert answer.location == f"/book/{SAN_TI}/entry"
    assert client.get(answer.location).status_code == 200


def test_nobody_enters_a_book_without_logging_in(client, app_context):
    token = client.get("/login").page.find("input", {"name": "csrf_token"})["value"]

    answer = client.post(f"/book/{SAN_TI}/entry", data=ENTERED | {"csrf_token": token})

    assert answer.location.startswith("/login")
    assert client.get(f"/book/{SAN_TI}/entry").location == f"/login?next=/book/{SAN_TI}/entry"
    assert Book.find_by_isbn(SAN_TI) is None
