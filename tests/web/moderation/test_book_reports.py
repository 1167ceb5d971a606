"""Reports of what the site says about a book, and hiding what a reader entered by hand."""

import pytest

from app.models.base import db, now
from app.models.book import Book
from app.models.gift import Gift
from app.models.wish import Wish
from app.services.moderation.decision import get_decision
from tests.exchange import book, copy_of, exchange, id_of, reader, wish_for
from tests.site.rights import SECOND_FACTOR
from tests.web.forms import mails
from tests.web.forms import text_of as said_in
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
INSULT = "my neighbour is a thief"


@pytest.fixture
def desk(app):
    return logged_in(app, reader(role="moderator", **SECOND_FACTOR))


def decide(desk, book_id, act):
    return press(desk, f"/desk/case/book/{book_id}", {"act": act, "ground": "insult"})


def test_an_entry_is_reported_hidden_and_shown_again(app, desk, client):
    isbn = book(entered_by_hand=True, summary=INSULT)
    id, page, tells = id_of(isbn), f"/book/{isbn}/detail", logged_in(app, reader())
    [link] = [link["href"] for link in tells.get(page).page.select("main a[href]") if "/report/book/" in link["href"]]
    assert INSULT in text_of(client.get(link))
    assert press(tells, link, {"reason": "insult"}).status_code == 303
    assert INSULT in text_of(desk.get("/desk/reports"))
    assert text_of(desk.get(f"/desk/case/book/{id}")).count("who has left") == 0
    gift, wish = copy_of(reader(0), isbn, now()), wish_for(reader(0), isbn, now())
    assert decide(desk, id, "hide").status_code == 303
    assert (client.get(page).status_code, client.get(link).status_code) == (404, 404)
    states = [db.session.get_one(model, id, populate_existing=True).state for model, id in ((Gift, gift), (Wish, wish))]
    assert states == ["withdrawn", "withdrawn"]
    [letter] = [said_in(mail) for mail in mails(app)]
    assert ("You reported the entry of" in letter, INSULT in letter) == (True, False)
    assert "hidden" in text_of(desk.get("/desk/log"))
    assert press(desk, f"/desk/log/{get_decision(1).id}", {"ground": "mistake"}).status_code == 303
    assert INSULT in text_of(client.get(page))


def test_what_a_catalogue_says_and_what_is_under_way_stays(app, desk):
    done = exchange("accepted", now())
    under_way = db.session.get_one(Gift, done.gift).book_id
    for book_id, says in ((id_of(book()), "comes from a catalogue"), (under_way, "on its way")):
        with db.auto_commit():
            db.session.get_one(Book, under_way).entered_by_hand = True
        answer = decide(desk, book_id, "hide")
        assert (answer.status_code, says in text_of(answer)) == (409, True)
        assert decide(desk, book_id, "limit").status_code == 400


def test_the_second_of_two_moderators_is_told_that_the_first_has_decided(app, desk):
    reported, other = reader(), logged_in(app, reader(role="moderator", **SECOND_FACTOR))
    path = f"/desk/case/reader/{reported}"
    seen = {"seen": desk.get(path).page.select_one("[name=seen]")["value"], "act": "nothing", "ground": "no_breach"}
    answers = [press(who, path, seen) for who in (desk, other)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "Somebody else has decided this" in text_of(answers[1])
    seen["seen"] = answers[1].page.select_one("[name=seen]")["value"]
    assert press(other, path, seen).status_code == 303
    assert press(other, path, seen | {"seen": "x" * 99}).status_code == 400
