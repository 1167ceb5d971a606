"""Random circles: for who is in none of a copy's circles, the site is byte for byte as if there were no such copy.

Every route is looked at by visitors, outsiders, readers who wait to be let in, have left or were excluded, and by
members of other circles: once with closed copies, offers and requests, once after all of that is taken out of the
database, as if it had never been. A site takes as long as 25 histories of exchanges, by whose number
`FISHER_TEST_HISTORIES` more sites are tried.
"""

import os
import random
import re
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from app.models.base import db
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.notice import Notice
from app.rules.circle.circle import MemberState
from app.search.write.build import build_index
from app.search.write.source import BookSource
from app.services.exchange.looking_again import look_for_readers
from app.services.exchange.wish_queue import offer_to_next
from app.services.transaction import transaction
from app.web.book.work import PATH
from tests.circles import circle, listed_in, put_in
from tests.exchange import NOW, ask, book, editions, id_of, reader, wish_for
from tests.site.pages import ALL_PAGES
from tests.site.test_routes import VALUES
from tests.web.readers import REQUEST, logged_in, press

pytestmark = pytest.mark.usefixtures("app_context")
SITES = max(1, int(os.environ.get("FISHER_TEST_HISTORIES", "1")) // 25)
OF_EACH_REQUEST = re.compile(rb'<input[^>]*type="hidden"[^>]*>|seed-[0-9a-f]+')
AS_JSON = re.compile("/(book|books|report|drift|suggest|c)/")
AREA = "CN/上海市/上海市/徐汇区"
MARK = "23456789"
NOT_OF_THE_SITE = {"static", "web.metrics", "web.health", "web.ready", "web.language"}


class Site:
    """A random site: who is in the circle whose copies are hidden, who is not, and what everybody sees."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        pick = self.random.choice
        self.giver, self.member, *others = (reader(3, area=AREA, nickname=f"读者{n}") for n in range(9))
        self.outsider, self.left, self.excluded, self.waiting, self.neighbour, self.second, self.asker = others
        self.outsiders = [None, self.outsider, self.left, self.excluded, self.waiting, self.neighbour]
        self.books = [*editions(), book(), book(), book()]
        self.circles = [
            circle(self.giver, self.member, self.second, self.asker) for _ in range(self.random.randint(1, 3))
        ]
        for circle_id in self.circles:
            put_in(circle_id, self.left, MemberState.LEFT)
            put_in(circle_id, self.excluded, MemberState.OUT)
            put_in(circle_id, self.waiting, MemberState.ASKED)
        other = circle(self.neighbour, self.giver)
        ended = circle(*filter(None, self.outsiders), self.giver, state="ended")
        for _ in range(self.random.randint(2, 8)):
            listed_in(pick([self.giver, self.second, *others]), id_of(pick(self.books[:-1])), is_closed=False)
        listed_in(self.giver, id_of(pick(self.books)), other)
        for wisher in (self.member, *others[:-1]):
            wished = pick(self.books)
            if not db.session.query(Gift).filter_by(giver_id=wisher, book_id=id_of(wished)).count():
                wish_for(wisher, wished)
        look_for_readers(NOW, 20)
        self.ended = [ended]

    def close(self):
        """List some closed copies, ask for some of them, and let the queue look."""
        pick = self.random.choice
        self.hidden = []
        for place in range(self.random.randint(2, 5)):
            shown_in = self.random.sample(self.circles, self.random.randint(1, len(self.circles)))
            chosen = self.books[-1] if place == 0 else pick(self.books)
            more = {"lend_days": 30} if pick([True, False]) else {}
            own = [*shown_in, *(self.ended if pick([True, False]) else [])]
            said = {"note": "只给圈子", "meeting_words": "圈子的地方", "ways": "post meet"} | more
            self.hidden.append(listed_in(pick([self.giver, self.second]), id_of(chosen), *own, **said))
        db.session.execute(
            update(Copy).where(Copy.id == db.session.get_one(Gift, self.hidden[0]).copy_id).values(mark=MARK)
        )
        db.session.commit()
        if pick([True, False]):
            ask(self.asker, self.hidden[-1])
        for gift_id in self.hidden:
            transaction(offer_to_next)(gift_id, NOW)
        look_for_readers(NOW, 20)

    def forget(self):
        """Take the closed copies out of the database, as if they had never been listed."""
        db.session.rollback()
        drifts = list(db.session.scalars(select(Drift.id).where(Drift.gift_id.in_(self.hidden))))
        with db.auto_commit():
            for table in reversed(db.metadata.sorted_tables):
                for column in table.columns:
                    of = {key.column.table.name for key in column.foreign_keys}
                    gone = drifts if "drift" in of else self.hidden if "gift" in of else ()
                    if gone:
                        db.session.execute(delete(table).where(column.in_(gone)))
            db.session.execute(delete(Gift).where(Gift.id.in_(self.hidden)))


@pytest.fixture(params=range(SITES))
def site(request, app):
    return Site(request.param)


def index(app):
    """Build the index for searching, as it is after every change."""
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))


def addresses(app, site):
    """Return the address of every page, with what is hidden, and of every list that counts copies."""
    isbn = site.books[-1]
    ids = {"gid": site.hidden[0], "kind": "listing", "id": site.hidden[0], "isbn": isbn, "mark": MARK}
    with app.test_request_context():
        routes = app.url_map.bind("localhost")
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
        rules = [rule for rule in rules if rule.endpoint not in NOT_OF_THE_SITE]
        paths = {
            routes.build(rule.endpoint, {name: values[name] for name in rule.arguments})
            for rule in rules
            for values in (VALUES | ids, VALUES | ids | {"id": site.giver}, VALUES | ids | {"isbn": site.books[0]})
        }
    paths |= {path for paths in ALL_PAGES.values() for path in paths}
    paths |= {f"/report/listing/{gift_id}" for gift_id in site.hidden} | {f"/drift/{id}" for id in site.hidden}
    paths |= {f"/user/{id}" for id in (site.giver, site.second)} | {f"/og/user/{site.giver}.png"}
    paths |= {
        f"{start}{number}{end}"
        for number in site.books
        for start, end in (("/book/", "/detail"), ("/v2/book/isbn/", ""))
    }
    asked = {f"{path}{kept}" for path in ("/book/search?q=海边", "/books?", "/?") for kept in ("", "&near=1", "&had=1")}
    asked |= {
        "/book/search?q=海边&near=1&had=1&sort=new",
        "/suggest?q=海边",
        "/suggest?q=村上",
        "/v2/book/search?q=海边",
    }
    works = {f"{PATH}/{id_of(number)}{end}" for number in site.books for end in ("", "/editions")}
    return sorted((paths | asked | works) - {"/personal/sessions"})  # which tells when each was used last


def look(client, paths, accept="text/html"):
    """Return what a client gets at each address, without what differs each time."""
    client.get("/")  # takes along what was flashed before
    seen = {}
    for path in paths:
        with client.get(path, headers={"Accept-Encoding": "", "Accept": accept}) as answer:
            seen[path] = answer.status_code, answer.headers.get("Location"), OF_EACH_REQUEST.sub(b"", answer.data)
    return seen


def look_as(client, paths, site):
    """Return all that somebody gets to see, pages and JSON, and what comes of forms about hidden copies."""
    seen = {
        "pages": look(client, paths),
        "json": look(client, [path for path in paths if AS_JSON.match(path)], "application/json"),
    }
    if client.get("/personal").status_code == 200:
        forms = [path for id in site.hidden for path in (f"/drift/{id}", f"/offer/{id}/decline", f"/gifts/{id}/redraw")]
        answers = {path: press(client, path, REQUEST) for path in forms}
        seen["forms"] = {path: (one.status_code, OF_EACH_REQUEST.sub(b"", one.data)) for path, one in answers.items()}
    return seen


def differences(one, other):
    return [(kind, path) for kind in one for path in one[kind] if one[kind][path] != other[kind][path]]


@pytest.mark.slow
def test_who_is_in_no_circle_of_a_copy_has_no_sign_that_it_exists(app, site):
    site.close()
    index(app)
    readers = filter(None, [*site.outsiders, site.member])
    clients = {None: app.test_client()} | {who: logged_in(app, who) for who in readers}
    paths = addresses(app, site)
    with_copies = {who: look_as(client, paths, site) for who, client in clients.items()}
    hidden_from = [who for who in site.outsiders if who]
    offered = db.session.scalars(select(Gift.offered_to).where(Gift.id.in_(site.hidden))).all()
    told = set(db.session.scalars(select(Notice.user_id).where(Notice.gift_id.in_(site.hidden))))
    assert set(hidden_from) & ({*offered} | told) == set()
    site.forget()
    index(app)
    without = {who: look_as(client, paths, site) for who, client in clients.items()}
    wrong = {who: differences(with_copies[who], without[who]) for who in site.outsiders}
    assert {who: found for who, found in wrong.items() if found} == {}
    assert len(differences(with_copies[site.member], without[site.member])) > 5, "members see the copies"
