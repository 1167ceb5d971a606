"""The pages on which many books are brought at once."""

import csv
from io import BytesIO, StringIO

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.basket import BasketLine
from app.models.book import Book
from app.models.user import User
from app.rules.clock import DAY
from tests.barcodes import draw_sheet
from tests.exchange import NOW, book, copy_of, reader, wish_for
from tests.factories import isbn13
from tests.web.readers import logged_in, press, text_of

ADD, BASKET = "/my/books/add", "/my/books/basket"
JSON = {"Accept": "application/json"}


@pytest.fixture
def me(app_context):
    return reader(0)


@pytest.fixture
def client(app, me):
    return logged_in(app, me)


def bring(client, text, **options):
    return press(client, ADD, {"text": text}, **options)


def lines():
    db.session.rollback()
    return list(db.session.scalars(select(BasketLine).order_by(BasketLine.id)))


def photo(isbns):
    draw_sheet(isbns).save(sent := BytesIO(), "JPEG")
    sent.seek(0)
    return sent


def alerts(answer):
    return " ".join(tag.get_text(" ", strip=True) for tag in answer.page.select("[role=alert], .field-error"))


def test_a_pasted_list_is_given_away_with_one_choice_for_all(client):
    isbns = [book() for _ in range(20)]
    assert "20 books are in the basket." in text_of(bring(client, "\n".join(isbns), follow_redirects=True))

    page = client.get(BASKET).page
    assert len(page.select(".book-row")) == 20
    assert {select.find("option", selected=True) for select in page.select("[name^=plan-]")} == {None}
    listed = press(client, BASKET, {"plan": "list", "condition": "good"}, follow_redirects=True)
    assert "20 books are listed." in text_of(listed)
    assert "Your basket is empty" in text_of(listed)
    assert client.get("/my/gifts").page.select_one("h1 .count").get_text() == "20"


def test_a_row_shows_who_waits_and_what_is_wrong_and_where_to_go(client):
    wish_for(reader(), wished := book())
    unknown = isbn13(60_000_000)
    bring(client, f"{wished}\n9787536692931\n{unknown}")

    rows = [row.get_text(" ", strip=True) for row in client.get(BASKET).page.select(".book-row")]
    assert "None of the catalogues we ask knows this book." in rows[0]
    assert "A digit of this number is wrong" in rows[1]
    assert "One reader is waiting for it" in rows[2]
    links = {link["href"] for link in client.get(BASKET).page.select(".book-row .actions a")}
    assert {f"/book/{unknown}/entry", f"/book/search?q={unknown}", "/book/new"} <= {
        link.split("?title")[0] for link in links
    }


def test_what_is_refused_stays_with_its_reason_and_the_rest_is_done(client, me):
    wished = book()
    wish_for(me, wished)
    bring(client, f"{wished}\n{book()}")
    answer = press(client, BASKET, {"plan": "list", "condition": "good"})

    assert answer.status_code == 409
    assert "One book is listed." in text_of(answer)
    assert "on your own wish list" in alerts(answer) or "wish" in alerts(answer)
    assert len(answer.page.select(".book-row")) == 1


def test_a_reader_who_may_list_nothing_is_told_and_keeps_the_basket(client, me):
    with db.auto_commit():
        db.session.get_one(User, me).limited_until = NOW + 900 * DAY
    bring(client, f"{book()}\n{book()}")
    answer = press(client, BASKET, {"plan": "list", "condition": "good"})
    assert (answer.status_code, len(lines())) == (409, 2)
    assert len(answer.page.select(".book-row .field-error")) == 2


def test_one_book_is_worn_and_kept_and_the_others_are_as_for_all(client, me):
    bring(client, f"{book()}\n{book()}")
    first, _ = lines()
    press(client, BASKET, {"plan": "list", "condition": "new", f"plan-{first.id}": "private"})
    shown = text_of(client.get("/my/gifts"))
    assert "as new" in shown
    assert client.get("/my/gifts").page.select_one("h1 .count").get_text() == "1"


@pytest.mark.parametrize(
    "sent",
    [
        {"plan": "burn"},
        {"condition": "mint"},
        {"plan-1": "burn"},
        {"plan-x": "list"},
        {"plan-1": "list", "condition-1": "mint"},
        {"plan-1": "list", "book-1": "1 or 2"},
        {"plan-" + "9" * 5000: "list"},
    ],
)
def test_what_is_not_on_the_page_is_refused(client, sent):
    bring(client, book())
    answer = press(client, BASKET, {"condition": "good"} | sent)
    assert (answer.status_code, len(lines())) == (400, 1)
    assert "Please choose again" in alerts(answer)


def test_the_lines_of_another_reader_are_out_of_reach(app, client):
    bring(client, book())
    [line] = lines()
    other = logged_in(app, reader(0))
    press(other, BASKET, {"condition": "good", f"plan-{line.id}": "drop"})
    assert len(lines()) == 1
    assert "Your basket is empty" in text_of(other.get(BASKET))


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_nothing(client, text):
    answer = bring(client, text)
    assert (answer.status_code, "There is no book in this." in alerts(answer)) == (400, True)


def test_a_text_that_is_too_long_is_refused_and_one_that_is_long_is_not(client):
    isbn = book()
    assert bring(client, isbn + " " * 900_000).status_code == 303
    answer = bring(client, isbn + "\n" * 1_000_001)
    assert (answer.status_code, "at most" in alerts(answer)) == (409, True)
    assert bring(client, "x" * 9_000_000).status_code == 413


def test_strangers_send_no_large_body(app, client):
    token = client.get("/language").page.find("input", attrs={"name": "csrf_token"})["value"]
    answer = app.test_client().post(ADD, data={"csrf_token": token, "text": "x" * 100_000})
    assert answer.status_code in (302, 400, 413)


def test_all_books_of_a_photo_are_brought_and_what_is_no_photo_is_refused(client):
    isbns = [book() for _ in range(6)]
    sent = {"photo": (photo(isbns), "pile.jpg")}
    assert "6 books are in the basket." in text_of(press(client, ADD, sent, follow_redirects=True))
    for bad, words in ((BytesIO(b"no photo"), "can’t be read"), (photo_of_nothing(), "no barcode of a book")):
        answer = press(client, ADD, {"photo": (bad, "x.jpg")})
        assert (answer.status_code, words in alerts(answer)) == (400, True)


def photo_of_nothing():
    return photo(["4006381333931"])


def test_a_picture_of_the_camera_is_answered_with_what_it_shows(client):
    isbn = book(title="海边的卡夫卡")
    sent = {"photo": (photo([isbn]), "frame.jpg")}
    told = press(client, ADD, sent, headers=JSON).json
    assert (told["added"], told["present"], told["lines"]) == (1, 0, 1)
    assert told["books"] == [{"key": isbn, "isbn": isbn, "state": "found", "words": "海边的卡夫卡"}]
    again = press(client, ADD, {"photo": (photo([isbn]), "frame.jpg")}, headers=JSON).json
    assert (again["added"], again["lines"], again["books"]) == (0, 1, told["books"])
    empty = press(client, ADD, {"photo": (photo_of_nothing(), "frame.jpg")}, headers=JSON)
    assert (empty.status_code, empty.json["books"]) == (200, [])
    broken = press(client, ADD, {"photo": (BytesIO(b"x"), "frame.jpg")}, headers=JSON)
    assert (broken.status_code, broken.json["error"]["code"]) == (400, "unreadable_photo")


def test_only_the_page_that_scans_may_use_the_camera(client):
    assert client.get(ADD).headers["Permissions-Policy"].startswith("camera=(self)")
    assert "camera=()" in client.get(BASKET).headers["Permissions-Policy"]
    assert "camera=()" in client.get("/").headers["Permissions-Policy"]


def test_a_program_is_told_how_far_the_look_ups_are(client):
    bring(client, f"{book()}\n9787536692931")
    assert client.get(BASKET, headers=JSON).json == {"found": 1, "wrong": 1}


def test_a_page_beyond_the_last_leads_to_the_last(client):
    bring(client, book())
    assert client.get(f"{BASKET}?page=9").location == f"{BASKET}?page=1"


def test_a_book_that_is_hidden_in_the_meantime_is_unknown(client):
    isbn = book()
    bring(client, isbn)
    with db.auto_commit():
        Book.find_by_isbn(isbn).delete()
    answer = press(client, BASKET, {"plan": "list", "condition": "good"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "None of the catalogues we ask knows this book." in text_of(answer)


def test_a_copy_on_offer_is_on_the_shelf_already(client, me):
    isbn = book()
    copy_of(me, isbn)
    assert "One is on your shelf or your wish list already." in text_of(bring(client, isbn, follow_redirects=True))


GOODREADS = "Title,Author,ISBN13,Exclusive Shelf,Owned Copies\n"


def test_the_export_of_another_program_is_brought_with_what_it_says_of_each_book(client):
    wished, owned, titled = book(), book(), book(title="北风那个吹", authors=["何建明"])
    table = GOODREADS + f'a,b,="{wished}",to-read,0\nc,d,="{owned}",read,1\n北风那个吹,何建明,="",to-read,0\n'
    sent = {"file": (BytesIO(table.encode()), "goodreads_library_export.csv")}
    assert "3 books are in the basket." in text_of(press(client, ADD, sent, follow_redirects=True))

    assert [(line.isbn, line.intent) for line in lines()][:2] == [(wished, "wish"), (owned, "private")]
    assert lines()[2].book_id == Book.find_by_isbn(titled).id
    again = {"file": (BytesIO(table.encode()), "goodreads_library_export.csv")}
    assert "3 were in it before." in text_of(press(client, ADD, again, follow_redirects=True))
    done = text_of(press(client, BASKET, {"condition": "good"}, follow_redirects=True))
    assert "2 are on your wish list." in done
    assert "One is on your private shelf." in done


def test_a_file_that_is_no_list_is_refused(client):
    answer = press(client, ADD, {"file": (BytesIO(b"%PDF-1.4 nothing"), "books.pdf")})
    assert answer.status_code >= 400
    assert alerts(answer)


def test_what_became_of_a_list_is_downloaded_as_a_table(client):
    assert client.get(BASKET).page.select(f"a[href='{BASKET}/report.csv']") == []
    isbn = book(title="=HYPERLINK(1)", authors=["刘慈欣", "@x"])
    bring(client, f"{isbn}\n9787999999990")
    press(client, BASKET, {"plan": "list", "condition": "good"})
    link = client.get(BASKET).page.select_one(f"a[href='{BASKET}/report.csv']")

    answer = client.get(link["href"])
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/csv", "no-store")
    assert 'filename="fisher-report.csv"' in answer.headers["Content-Disposition"]
    header, listed, wrong = csv.reader(StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert header == ["Line", "Title", "Authors", "ISBN", "What became of it", "Why", "Brought on"]
    assert listed[:6] == ["1", "'=HYPERLINK(1)", "刘慈欣 / @x", isbn, "given away", ""]
    assert wrong[3:5] == ["9787999999990", "not found"]
    assert wrong[5].startswith("A digit of this number is wrong")
