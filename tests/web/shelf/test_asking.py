"""The pages on which a reader allows to be asked for private copies, and answers."""

import json
import re

import pytest

from app.models.base import db, now
from app.models.user import User
from app.rules.clock import HOUR
from app.services.copy.keeping import keep_copy
from app.services.shelf.asking import ask_all
from tests.exchange import book, id_of, reader, wish_for
from tests.factories import PASSWORD
from tests.web.forms import do_jobs, mails, send
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
WISHER = "someone waiting"
LONG_AGO = now() - HOUR
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


def asked(app, *titles, **values):
    """Return a client whose reader was asked for private copies with these titles, and their ids."""
    holder = reader(0, may_be_asked=True, **values)
    copies = []
    for place, title in enumerate(titles):
        isbn = book(title=title)
        copies.append(keep_copy(holder, id_of(isbn), LONG_AGO))
        wish_for(reader(nickname=f"{WISHER} {place}", area="CN/四川省/成都市"), isbn, LONG_AGO)
    ask_all(LONG_AGO)
    return logged_in(app, holder), copies


def test_the_line_is_offered_once_there_is_a_private_copy_until_one_press_turns_it_on(app):
    holder = reader(0)
    client = logged_in(app, holder)
    offer = "May we ask you in private"
    assert offer not in text_of(client.get("/my/books")) + text_of(client.get("/my/books/basket"))
    keep_copy(holder, id_of(book()), now())
    assert all(offer in text_of(client.get(page)) for page in ("/my/books", "/my/books/basket"))
    assert press(client, "/my/books/asking/on").status_code == 303
    assert offer not in text_of(client.get("/my/books")) + text_of(client.get("/my/books/basket"))
    db.session.rollback()
    assert db.session.get_one(User, holder).may_be_asked
    assert "Do not ask me any more" in text_of(client.get("/personal/settings"))
    press(client, "/my/books/asking/off")
    assert "Yes, ask me" in text_of(client.get("/personal/settings"))


def test_the_shelf_asks_and_takes_each_answer(app):
    client, copies = asked(app, "三体", "活着")
    page = client.get("/my/books").page
    assert [link.get_text() for link in page.select("#questions li a")] == ["三体", "活着"]
    assert press(client, f"/my/books/{copies[0]}/keep").status_code == 303
    assert [link.get_text() for link in client.get("/my/books").page.select("#questions li a")] == ["活着"]
    assert press(client, f"/my/books/{copies[1]}/offer").status_code == 303
    assert client.get("/my/books").page.select("#questions") == []
    assert press(logged_in(app, reader(0)), f"/my/books/{copies[0]}/keep").status_code == 404


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_neither_page_nor_notice_nor_mail_says_who_is_waiting(app, locale):
    client, _ = asked(app, "三体", "活着", locale=locale)
    [mail] = mails(app)
    assert mail["List-Unsubscribe"]
    parts = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    assert all("三体" in part and "活着" in part for part in parts)
    assert "2" in mail["Subject"]
    shown = "".join(text_of(client.get(page)) for page in ("/my/books", "/notices"))
    assert "三体" in shown
    for secret in (WISHER, "成都", "Chengdu"):
        assert secret not in "".join([*parts, mail["Subject"], shown])


def test_who_wishes_sees_the_same_whether_a_private_copy_matches_or_not(app):
    isbn, wisher = book(), reader()
    wish_for(wisher, isbn, LONG_AGO)
    client = logged_in(app, wisher)
    pages = ("/my/wish", "/notices", f"/book/{isbn}/detail", "/personal", "/", "/my/books", f"/v2/book/isbn/{isbn}")

    def seen():
        do_jobs(app)
        document = json.loads(send(client, "/personal/export", password=PASSWORD).text)
        exported = {name: document[name] for name in ("wishes", "notices", "jobs", "copies", "questions")}
        shown = {page: TOKEN.sub("", client.get(page).text) for page in pages}
        return shown, exported

    before = seen()
    holder = reader(0, may_be_asked=True)
    keep_copy(holder, id_of(isbn), LONG_AGO)
    do_jobs(app)
    assert len(logged_in(app, holder).get("/my/books").page.select("#questions li")) == 1
    assert seen() == before


def test_the_question_is_not_shown_after_it_is_turned_off(app):
    client, _ = asked(app, "三体")
    press(client, "/my/books/asking/off")
    assert client.get("/my/books").page.select("#questions") == []
    assert ask_all(now()) == 0
