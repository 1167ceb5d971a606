"""Every page, in both languages, is well-formed and accessible."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from app.models.base import db
from app.models.circle import Circle, Membership
from app.models.copy import Copy
from app.models.decision import Appeal, Complaint, Decision
from app.models.drift import Drift
from app.models.encrypted import seal
from app.models.hand_over import HandOver
from app.models.message import Message
from app.models.place import Place
from app.models.report import Report
from app.models.user import Arrival, User
from app.rules.account.role import Role
from app.search.write.build import build_index
from app.search.write.source import BookSource
from tests.exchange import listed
from tests.factories import BookFactory, UserFactory
from tests.site.pages import BOOK, ERROR_PAGES, LOGIN_PAGES, PUBLIC_PAGES, ROLE_PAGES, faults

ADDRESSES = [address for addresses in PUBLIC_PAGES.values() for address in addresses] + ERROR_PAGES


@pytest.fixture
def books(app_context):
    hostile = "<script>alert(1)</script>\"'&{{ 7*7 }}"
    BookFactory(
        isbn=BOOK, title="三体", subtitle="地球往事", summary="一\n二", entered_by_hand=True, price="23.00", pages=302
    )
    BookFactory(isbn="9787020002207", title=hostile, authors=[hostile], translators=[hostile], summary=hostile)
    BookFactory.create_batch(40)
    build_index(Path(app_context.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))


@pytest.mark.parametrize("language", ["zh", "zh_Hant", "en"])
def test_every_page_is_whole(client, books, language):
    found = {}
    for address in ADDRESSES:
        page = client.get(address, headers={"Accept-Language": language}).page
        found[address] = faults(page)
        assert page.html["lang"] == language.replace("_", "-")

    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_the_check_of_pages_sees_what_is_wrong():
    page = BeautifulSoup(
        "<html><title> · Fisher</title><h1>a</h1><h1>b</h1><main>Nov 27, 2026</main><p id=x></p><p id=x></p><h3></h3>"
        "<time>today</time>"
        "<label for=nobody></label><input name=q><a href=/></a><img src=//x.example/a.png style='x' onload=x>"
        "<form method=post action=/do></form><script>1</script></html>",
        "html.parser",
    )
    found = " ".join(faults(page))

    for complaint in (
        "2 h1", "no title", "no lang", "heading levels", "id x twice", "nobody leads nowhere", "q has no label",
        "says nothing", "lacks alt", "/do has no token", "/do has no button", "inline style", "inline script", "onload",
        "lacks its time", "no <time>",
        "is not ours",
    ):  # fmt: skip
        assert complaint in found


def test_a_page_without_books_says_so(client):
    page = client.get("/").page

    assert page.select_one(".empty-state")
    assert faults(page) == []


@pytest.mark.parametrize("language", ["zh", "zh_Hant", "en"])
def test_every_page_of_a_reader_is_whole(app, reader, language):
    with app.app_context(), db.auto_commit():
        db.session.get_one(User, reader.user_id).set_attrs({"locale": language, "role": Role.OPERATOR})
        giver, book = UserFactory(), BookFactory()
        db.session.add_all([Place(id=1, name="Library"), Circle(id=1, slug="circle-1", name="圈子")])
        db.session.flush()
        db.session.add(Membership(circle_id=1, user_id=reader.user_id, since=1, role="steward"))
        assert [listed(giver.id, book.id).id for _ in range(3)] == [1, 2, 3]
        for id, asks, gives in ((1, reader.user_id, giver.id), (2, giver.id, reader.user_id)):
            at = {"gift_id": id + 1, "book_id": book.id, "create_time": 1, "state_time": 1, "beans": 1}
            db.session.add(Drift(id=id, asker_id=asks, giver_id=gives, way="meet", state="accepted", **at))
            db.session.add(HandOver(drift_id=id, code="123456"))
        message = {"author_id": giver.id, "reader_id": reader.user_id, "sealed": seal("hello")}
        db.session.add(Message(id=1, drift_id=1, **message))
        decided = {"kind": "message", "ref": 1, "about_id": giver.id, "act": "hide", "ground": "spam"}
        db.session.add(Decision(id=1, words=seal("why"), **decided))
        db.session.flush()
        waiting = UserFactory(confirmed_at=None, waits_since=1)
        asking = {"state": "asking", "state_time": 1, "words": seal("hello")}
        db.session.add(Arrival(user_id=waiting.id, **asking))
        db.session.add(Appeal(id=1, decision_id=1, reader_id=giver.id, words=seal("no")))
        reported = {"kind": "message", "ref": 1, "about_id": giver.id, "reason": "spam"}
        db.session.add(Report(id=1, words=seal("look"), copied=seal("hello"), **reported))
        assert listed(reader.user_id, book.id).id == 4
        db.session.add(Copy(id=5, book_id=book.id, holder_id=reader.user_id, since=1))
        asked = {"gift_id": 1, "book_id": book.id, "create_time": 1, "state_time": 1, "beans": 1}
        db.session.add(Drift(id=3, asker_id=reader.user_id, giver_id=giver.id, **asked))
        db.session.flush()
        said = {"fault": "pages", "words": seal("torn"), "state": "disagreed", "state_time": 1}
        db.session.add(Complaint(drift_id=3, author_id=reader.user_id, about_id=giver.id, **said))
    found = {}
    lists = [LOGIN_PAGES, *ROLE_PAGES.values()]
    for address in (address for pages in lists for addresses in pages.values() for address in addresses):
        if address == "/desk":
            with app.app_context(), db.auto_commit():
                db.session.get_one(User, reader.user_id).totp_since = 1
        answer = reader.get(address)
        found[address] = [f"{answer.status_code}"] * (answer.status_code != 200) + faults(answer.page)
        assert answer.page.html["lang"] == language.replace("_", "-")

    assert {address: wrong for address, wrong in found.items() if wrong} == {}
