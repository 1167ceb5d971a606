"""Two readers, one of whom has blocked the other, never meet, and nothing tells that it is so."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.models.base import db, now
from app.models.gift import Gift
from app.models.message import Message
from app.models.notice import Notice
from app.models.user import Block, User
from app.models.wish import Wish
from app.rules.exchange.thread import Phrase
from app.rules.moderation.block import TooManyBlocked
from app.search.write.build import build_index
from app.search.write.source import BookSource
from app.services.account.closing import erase_account
from app.services.account.export import export_account
from app.services.delivery.thread import Draft
from app.services.exchange.drift import write_message
from app.services.exchange.looking_again import look_for_readers
from app.services.exchange.mails import find_mail_facts
from app.services.moderation import block as service
from app.web.book.work import PATH
from tests.exchange import NOW, book, copy_of, exchange, id_of, letters, listed, reader, wish_for
from tests.site.pages import ALL_PAGES, NO_PAGES
from tests.site.test_routes import VALUES
from tests.web.readers import REQUEST, logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
NAME, AREA = "沈不再见", "CN/上海市/上海市/徐汇区"
BUT = {
    "web.work",
    "web.suggest",
    "web.api_search",
    "web.api_book_by_isbn",
    "web.api_book_by_id",
    "web.new_feed",
    "web.book_feed",
    "web.author_feed",
}
"""Answers for programs that know of copies."""
OF_EACH_REQUEST = re.compile(rb'<input[^>]*type="hidden"[^>]*>')


class Pair:
    """A reader and another one with copies and wishes of the same books, some of which a third one has, too."""

    def __init__(self, is_blocker):
        self.me, self.other, third = (reader(3, area=AREA, nickname=name) for name in ("我", NAME, "第三位"))
        self.mine, self.wanted, self.theirs, self.both = (book() for _ in range(4))
        give = [(self.me, self.mine), (self.other, self.wanted), (self.other, self.theirs), (self.other, self.both)]
        give.append((third, self.both))
        with db.auto_commit():
            for giver, isbn in give:
                listed(giver, id_of(isbn), create_time=NOW)
            for wisher, isbn in ((self.other, self.mine), (self.me, self.wanted), (third, self.theirs)):
                key = Wish.key_of(wisher, id_of(isbn))
                db.session.add(Wish(user_id=wisher, book_id=id_of(isbn), open_key=key, create_time=NOW))
        their = select(Gift.id).where(Gift.giver_id == self.other).order_by(Gift.id)
        self.copy = db.session.scalars(their).first()
        self.wish = db.session.scalars(select(Wish.id).where(Wish.user_id == self.other)).one()
        self.block = (self.me, self.other) if is_blocker else (self.other, self.me)

    def empty_other(self):
        """Take everything of the other one off their lists."""
        with db.auto_commit():
            db.session.execute(update(Gift).where(Gift.giver_id == self.other).values(state="withdrawn"))
            off = {"state": "withdrawn", "open_key": None}
            db.session.execute(update(Wish).where(Wish.user_id == self.other).values(off))


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.slow)], ids=["blocked", "blocker"])
def pair(request, app):
    pair = Pair(request.param)
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))
    return pair


def addresses(app, pair):
    """Return the address of every page, with what the other one has, and of every list that counts copies."""
    values = VALUES | {"gid": pair.copy, "wid": pair.wish, "kind": "listing", "id": pair.copy, "isbn": pair.both}
    with app.test_request_context():
        routes = app.url_map.bind("localhost")
        rules = [
            rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint not in NO_PAGES - BUT
        ]
        one_each = {routes.build(rule.endpoint, {name: values[name] for name in rule.arguments}) for rule in rules}
    own = {"/personal/settings", f"/user/{pair.copy}", f"/user/{pair.other}"}
    listed = {path for paths in ALL_PAGES.values() for path in paths if not path.startswith("/user/")}
    details = {f"/book/{isbn}/detail" for isbn in (pair.mine, pair.wanted, pair.theirs, pair.both)}
    found = {f"{path}{kept}" for path in ("/book/search?q=海边", "/books?", "/?") for kept in ("", "&near=1", "&had=1")}
    found |= {"/book/search?q=海边&near=1&had=1&sort=new", "/suggest?q=海边", "/suggest?q=村上"}
    works = {f"{PATH}/{id_of(isbn)}{part}" for isbn in (pair.wanted, pair.theirs) for part in ("", "/editions")}
    return sorted((one_each | listed | details | found | works) - own), sorted(own)


def look(client, paths):
    """Return what a client gets at each address, without what differs each time."""
    seen = {}
    for path in paths:
        with client.get(path, headers={"Accept-Encoding": ""}) as answer:
            seen[path] = answer.status_code, OF_EACH_REQUEST.sub(b"", answer.data)
    return seen


def test_no_page_shows_the_other_or_tells_of_the_block(app, pair):
    client = logged_in(app, pair.me)
    paths, own = addresses(app, pair)
    before = look(client, paths)
    service.block(*pair.block, NOW)
    apart, on_own = look(client, paths), look(client, own)
    with db.auto_commit():
        db.session.query(Block).delete()
    pair.empty_other()
    assert [path for path in paths if apart[path] != look(client, [path])[path]] == []
    assert [path for path, (_, page) in apart.items() if NAME.encode() in page] == []
    assert sum(before[path] != apart[path] for path in paths) > 10
    if pair.block[0] != pair.me:
        assert look(client, own) == on_own


def test_nothing_can_be_asked_for_or_granted_by_a_crafted_form(app, pair):
    client = logged_in(app, pair.me)
    tries = [(f"/drift/{pair.copy}", REQUEST), (f"/satisfy/wish/{pair.wish}", {})]
    service.block(*pair.block, NOW)
    apart = [press(client, path, data) for path, data in tries]
    service.unblock(*pair.block)
    pair.empty_other()
    gone = [press(client, path, data) for path, data in tries]
    assert [(one.status_code, text_of(one)) for one in apart] == [(one.status_code, text_of(one)) for one in gone]
    assert [one.status_code for one in apart] == [409, 409]


@pytest.mark.parametrize("is_blocker", [False, True])
def test_the_wish_queue_offers_nothing_between_the_two(is_blocker):
    giver, wisher = reader(0), reader(1)
    wish_for(wisher, isbn := book(), NOW)
    blocks = (giver, wisher) if is_blocker else (wisher, giver)
    service.block(*blocks, NOW)
    gift = copy_of(giver, isbn)
    look_for_readers(NOW, 10)
    assert db.session.get_one(Gift, gift, populate_existing=True).offered_to is None
    service.unblock(*blocks)
    look_for_readers(NOW, 10)
    assert db.session.get_one(Gift, gift, populate_existing=True).offered_to == wisher


def test_an_offer_between_the_two_ends_as_if_the_copy_were_taken_off_and_goes_to_the_next():
    giver, wisher, other = reader(0), reader(1), reader(1)
    isbn = book()
    wish_for(wisher, isbn, NOW)
    wish_for(other, isbn, NOW + 1)
    gift = copy_of(giver, isbn)
    service.block(wisher, giver, NOW + 3_600)
    assert db.session.get_one(Gift, gift, populate_existing=True).offered_to == other
    assert letters()[-2:] == [("wish_offer_ended", wisher), ("wish_offered", other)]


def test_words_of_who_is_blocked_are_shown_to_them_alone_until_the_block_ends(app):
    done = exchange("accepted", now())
    giver, asker = logged_in(app, done.giver), logged_in(app, done.asker)
    early = write_message(done.asker, done.drift, Draft("before it"), now())
    service.block(done.giver, done.asker, now())
    last = write_message(done.asker, done.drift, Draft("call me"), now())
    write_message(done.asker, done.drift, Draft(phrase=Phrase.LATE), now())
    path = f"/drift/{done.drift}/thread"

    assert text_of(asker.get(path)).count("call me") == 1
    assert [giver.get(f"/report/message/{one.id}").status_code for one in (early, last)] == [404, 404]
    phrase = db.session.scalars(select(Message.id).where(Message.is_phrase)).one()
    assert db.session.scalars(select(Notice.message_id).where(Notice.message_id.is_not(None))).all() == [phrase]
    assert find_mail_facts("written", done.giver, done.drift, None, early.id) is None
    write_message(done.giver, done.drift, Draft("no more, please"), now())
    assert "no more, please" in text_of(asker.get(path))
    service.unblock(done.giver, done.asker)
    assert "call me" in text_of(giver.get(path))


def test_a_request_under_way_goes_on(app):
    done = exchange("waiting", now())
    service.block(done.asker, done.giver, now())
    assert press(logged_in(app, done.giver), f"/drift/{done.drift}/accept").status_code == 303
    assert press(logged_in(app, done.asker), f"/drift/{done.drift}/redraw").status_code == 303


def test_blocking_is_one_press_on_the_public_page_and_undone_in_the_settings(app, reader):
    with db.auto_commit():
        db.session.add(other := User(nickname=NAME, email="other@example.org", confirmed_at=1))
    path = f"/user/{other.id}"
    [form] = reader.get(path).page.select("details.confirm form")
    assert form["action"] == f"{path}/block"
    for _ in range(2):
        assert press(reader, f"{path}/block", follow_redirects=True).page.select_one(f'form[action="{path}/unblock"]')
    db.session.rollback()
    assert len(db.session.scalars(select(Block)).all()) == 1
    [line] = reader.get("/personal/settings").page.select("#blocked li")
    assert NAME in line.get_text()
    assert press(reader, f"{path}/unblock", follow_redirects=True).page.select("#blocked li") == []
    assert press(reader, f"{path}/unblock").status_code == 303
    refused = [press(reader, f"/user/{id}/block").status_code for id in (reader.user_id, 999)]
    assert refused == [409, 404]


def test_a_reader_blocks_only_so_many(monkeypatch):
    monkeypatch.setattr("app.rules.moderation.block.MOST_BLOCKED", 1)
    one, other, third = (reader(0) for _ in range(3))
    service.block(one, other, NOW)
    with pytest.raises(TooManyBlocked):
        service.block(one, third, NOW)


def test_an_export_names_whom_one_has_blocked_and_a_closed_account_forgets_all_blocks():
    one, other, third = (reader(0) for _ in range(3))
    service.block(one, other, NOW)
    service.block(third, one, NOW)
    exported = {id: json.loads(export_account(db.session.get_one(User, id)))["blocks"] for id in (one, other)}
    assert ([line["reader"] for line in exported[one]], exported[other]) == ([other], [])
    erase_account(db.session.get_one(User, one))
    assert db.session.scalars(select(Block)).all() == []


@pytest.mark.parametrize("state", ["waiting", "rejected"])
def test_who_has_asked_before_finds_the_copy_taken_off(app, state):
    done = exchange(state, now())
    service.block(done.giver, done.asker, now())
    answer = press(logged_in(app, done.asker), f"/drift/{done.gift}", REQUEST)
    assert answer.status_code == 409
    assert ("You have already asked for this copy" in text_of(answer)) == (state == "waiting")
