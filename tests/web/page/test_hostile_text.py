"""Text that is expensive to normalise, or grows when normalised: no field and no part of a URL takes long with it."""

import inspect
import re
import time
import unicodedata
from contextlib import closing
from typing import ClassVar

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Form

from app.forms import account, book, browse, drift, gift, language
from app.models.base import db
from app.rules.account.names import fold_nickname
from app.rules.circle.circle import Door
from app.rules.exchange.drift import Way
from app.services.circle.founding import found
from tests.circles import circle
from tests.conftest import PageResponse, Reader
from tests.exchange import NOW, copy_of, exchange, reader
from tests.factories import BookFactory
from tests.site.pages import LOGIN_POSTS, PUBLIC_POSTS
from tests.site.test_routes import address
from tests.web.readers import logged_in

MARKS = {"marks": "a" + "\u0300\u0316" * 100_000, "a phrase": "\ufdfa" * 133_000}


def _measure_bound():
    """Return how many CPU seconds may be spent: fewer than it takes to normalize one of these texts here and now."""
    start = time.process_time()
    unicodedata.normalize("NFKC", MARKS["a phrase"]).casefold()
    return max(0.2, 0.75 * (time.process_time() - start))


SECONDS = _measure_bound()
FIELDS = sorted(
    {
        name
        for module in (account, book, browse, drift, gift, language)
        for _, form in inspect.getmembers(module, inspect.isclass)
        if issubclass(form, Form | FlaskForm) and form.__module__ == module.__name__
        for name, field in inspect.getmembers(form)
        if type(field).__name__ == "UnboundField"
    }
)


class NotedFields(ImmutableMultiDict):
    """A form that notes which fields it was asked for."""

    asked: ClassVar[set[str]] = set()

    def __contains__(self, field):
        self.asked.add(field)
        return super().__contains__(field)

    def getlist(self, field, *arguments, **options):
        self.asked.add(field)
        return super().getlist(field, *arguments, **options)

    def __getitem__(self, field):
        self.asked.add(field)
        return super().__getitem__(field)


@pytest.fixture
def open_app(app):
    """The application without CSRF tokens, so that forms are read.

    `app.busy` is the CPU time of its last response, `app.asked` has the fields that were looked for.
    """
    app.config["WTF_CSRF_ENABLED"] = False
    fold_nickname("loads what is loaded once")
    answers = app.wsgi_app

    def wsgi_app(environ, start_response):
        start = time.process_time()
        with closing(answers(environ, start_response)) as chunks:
            body = b"".join(chunks)
        app.busy = time.process_time() - start
        return [body]

    app.wsgi_app = wsgi_app
    app.request_class = type("Request", (app.request_class,), {"parameter_storage_class": NotedFields})
    NotedFields.asked = app.asked = set()
    with app.app_context():
        BookFactory(isbn="9787536692930")
    return app


def cost(app, ask):
    """Return the CPU seconds of a response: the lowest of three, unless the first is low."""
    assert ask().status_code < 500
    first = app.busy
    return first if first <= SECONDS else min(first, *((ask(), app.busy)[1] for _ in range(2)))


def who(app, endpoint):
    with app.app_context():
        return logged_in(app, reader(1)) if endpoint in LOGIN_POSTS else Reader(app, PageResponse)


def fields_read(app, client, path):
    """Return the fields that are looked for; no other text is ever looked at, but one is tried.

    Until a field has been looked for, it makes no difference whether it was sent.
    """
    app.asked.clear()
    client.post(path, data={"unknown": "a"}, content_type="multipart/form-data")
    return [field for field in FIELDS if field in app.asked] or FIELDS[:1]


@pytest.mark.parametrize("endpoint", sorted(PUBLIC_POSTS | LOGIN_POSTS))
def test_no_field_of_a_form_takes_a_text_for_long(open_app, endpoint):
    """As large as a body may be; larger ones are not read at all."""
    open_app.config["RATELIMIT_ENABLED"] = False
    rule = next(rule for rule in open_app.url_map.iter_rules() if rule.endpoint == endpoint and "POST" in rule.methods)
    client, path = who(open_app, endpoint), address(open_app, rule)
    client.post(path)  # what is loaded once must not count
    slow = {}
    for field in fields_read(open_app, client, path):
        for name, text in MARKS.items():
            most = text.encode()[: open_app.config["MAX_CONTENT_LENGTH"] - 1_000].decode(errors="ignore")
            for body in (most, text):
                form = {"data": {field: body}, "content_type": "multipart/form-data"}
                # Lists of books may be longer than a body, and take time that grows with their length alone.
                most_seconds = SECONDS * max(1, len(body) / len(most))
                if (busy := cost(open_app, lambda form=form: client.post(path, **form))) > most_seconds:
                    slow[field, name, len(body)] = busy
    assert slow == {}


def test_the_fields_that_a_page_reads_are_found_out(open_app, client):
    assert {"nickname", "email", "password"} <= set(fields_read(open_app, client, "/register"))


def test_a_body_of_400_kb_is_not_read(open_app, client):
    answer = client.post("/register", data={"nickname": MARKS["marks"]}, content_type="multipart/form-data")

    assert answer.status_code == 413


@pytest.mark.slow
@pytest.mark.parametrize("name", MARKS)
def test_no_part_of_an_address_takes_a_text_for_long(open_app, name):
    slow = {}
    # To know which cookies to send, a client would decode each address, which takes longer than the answer.
    client = Reader(open_app, PageResponse, use_cookies=False)
    client.get("/book/search?q=三体")
    for path in ("/", "/books", "/book/search", "/book/search/outside", "/v2/book/search", "/login", "/language"):
        for argument in ("q", "page", "cursor", "next", "letter", "language", "year", "start", "count", "size"):
            open_app.asked.clear()
            client.get(path, query_string={argument: "a"})
            if argument not in open_app.asked and argument != "q":
                continue  # is never looked at
            query = {"query_string": {argument: MARKS[name]}}
            if (busy := cost(open_app, lambda path=path, query=query: client.get(path, **query))) > SECONDS:
                slow[path, argument] = busy
    for path in ("/book/{}/detail", "/book/{}/entry", "/v2/book/isbn/{}"):
        if (busy := cost(open_app, lambda path=path: client.get(path.format(MARKS[name])))) > SECONDS:
            slow[path] = busy
    assert slow == {}


GROWING = ("\ufdfa", "ﬃ", "ΐ", "İ", "🀄", "한")
TEXTS = {
    "/register": {"nickname": 24, "email": 254, "password": 128},
    "/book/9787020002214/entry": {"title": 250, "authors": 250, "publisher": 120},
    "/book/new": {"title": 250, "authors": 250, "publisher": 120, "isbn": 60, "summary": 2000, "seen": 200},
    "/gifts/book/9787536692930": {"note": 200, "meeting_words": 200},
    "/personal/settings": {"meeting_words": 200},
    "/drift/{meeting}": {"first_time": 80},
    "/drift/{asked}/accept": {"words": 200},
    "/drift/{asked}/hand-over": {"code": 40},
    "/drift/{gift}": {"recipient": 40, "address": 120, "note": 200, "phone": 20},
    "/drift/{accepted}/mailed": {"tracking": 60},
    "/drift/{accepted}/thread": {"text": 1000, "form_key": 32},
    "/change/email": {"email": 254, "password": 128},
    "/circle/new": {"name": 40, "about": 500},
    "/circle/circle-1/join": {"words": 200},
    "/circle/{own_circle}/rules": {"name": 40, "about": 500, "announcement": 500, "domain": 100},
}


@pytest.mark.parametrize("sign", GROWING)
def test_a_text_that_grows_when_folded_fits_or_is_refused(any_engine_app, sign):
    """MariaDB refuses what is longer than its column; SQLite does not."""
    any_engine_app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    BookFactory(isbn="9787536692930")
    free, waiting = copy_of(reader(0)), exchange("accepted")
    meeting, asked = copy_of(reader(0), None, NOW, Way.MEET), exchange(way=Way.MEET)
    circle(reader(0))
    own = found(steward := reader(0), "Readers", "", Door.OPEN, NOW)
    asker, givers = reader(2), {waiting.drift: waiting.giver, asked.drift: asked.giver}
    db.session.remove()
    for path, fields in TEXTS.items():
        path = path.format(gift=free, accepted=waiting.drift, meeting=meeting, asked=asked.drift, own_circle=own)
        of_drift = re.match(r"/drift/(\d+)/", path)
        who = givers[int(of_drift[1])] if of_drift else steward if own in path else asker
        client = logged_in(any_engine_app, who)
        for grown, length in fields.items():
            others = {name: "13800001111" if name == "phone" else "a long enough text" for name in fields}
            others |= {"email": "a@example.org", "condition": "good", "saved": "new", "ways": "meet", "door": "open"}
            others |= {"nickname": "reader", "locale": "en", "time_zone": "UTC"} if "settings" in path else {}
            text = sign * (length - 12) + "@example.org" if grown == "email" else sign * length
            for value in (text, text[length // 2 :], text[-min(length, 32) :]):
                answer = client.post(path, data=others | {grown: value})
                assert answer.status_code < 500, (path, grown)
                assert answer.status_code not in (404, 405), path
