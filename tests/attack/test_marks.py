"""1: one request that stops a worker."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest
import requests

from tests.attack.forms import find_forms
from tests.attack.people import elsewhere, log_in, visitor
from tests.site.pages import ALL_POSTS, LOGIN_PAGES, PUBLIC_PAGES
from tests.timing import shortest

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]
ROOM = 63_000
"""Bytes of a field in the largest form that is read."""
DEAR = {"marks": "a" + "\u0300\u0316" * 100_000, "a phrase": "\ufdfa" * 133_000}
ARGUMENTS = ("q", "page", "cursor", "next", "letter", "language", "year", "after", "start", "count", "part")
LONGEST_LINE = 4_000
"""Bytes of the first line of a request that gunicorn reads."""


def cut(text, length):
    return text.encode()[:length].decode(errors="ignore")


def seconds(ask):
    """Return the response time seen by the client."""

    def answered():
        assert ask().status_code < 500

    return shortest(answered, 0.2)


@pytest.fixture(scope="module")
def forms(attacked_site):
    with attacked_site.app.app_context():
        return find_forms(attacked_site)


@pytest.fixture
def bound(site):
    """Seconds that a response may take, measured by an ordinary one that checks a password."""
    ask = partial(log_in, site, "nobody@example.org", "not the password 书")
    return 0.25 + 5 * min(seconds(lambda: ask()[1]) for _ in range(3))


def test_no_field_of_any_form_holds_a_worker(site, forms, bound):
    assert {form.endpoint for form in forms} == ALL_POSTS
    slow = {}
    for form in forms:
        for field in form.fields:
            for name, text in DEAR.items():
                form.client.headers["X-Forwarded-For"] = elsewhere()
                taken = seconds(partial(form.send, **{field: cut(text, ROOM)}))
                if taken > bound:
                    slow[form.endpoint, field, name] = taken
    assert slow == {}


def test_forms_of_400_kb_are_not_read(site, forms, bound):
    for form in forms:
        # The link of a mail authorises the request, so its form is not validated; lists of books may be this long.
        refusals = {"web.do_mail_off": {200}, "web.bring_books": {400}}.get(form.endpoint, {413})
        assert seconds(partial(send_too_much, form, refusals)) < bound, form.endpoint


def send_too_much(form, refusals):
    answer = SimpleNamespace(status_code=413)
    with contextlib.suppress(requests.ConnectionError):  # refused before it was sent completely
        answer = form.send(csrf_token=DEAR["marks"])
    assert answer.status_code in {413, *refusals}, form.endpoint
    return answer


def test_no_argument_and_no_part_of_an_address_holds_a_worker(site, bound):
    client, slow = visitor(), {}
    pages = [path.partition("?")[0] for paths in (PUBLIC_PAGES | LOGIN_PAGES).values() for path in paths[:1]]
    for page in [*pages, "/v2/book/search"]:
        for argument in ARGUMENTS:
            text = cut(DEAR["marks"], LONGEST_LINE // 3 - 40)
            client.headers["X-Forwarded-For"] = elsewhere()
            taken = seconds(partial(client.get, site.url + page, params={argument: text}, timeout=120))
            if taken > bound:
                slow[page, argument] = taken
    for path in ("/book/{}/detail", "/v2/book/isbn/{}", "/confirm/{}", "/reset/password/{}", "/mail/off/{}"):
        text = cut(DEAR["marks"], LONGEST_LINE // 3 - 40)
        if (taken := seconds(partial(client.get, site.url + path.format(text), timeout=120))) > bound:
            slow[path] = taken
    assert slow == {}


HEADERS = [
    ("Accept-Language", "zh;q=0.1," * 800),
    ("Accept", "text/html;q=0.1," * 500),
    ("Cookie", "session=" + "a" * 7_000),
    ("Cookie", "lang=" + "e" * 3_000 + "; device=" + "." * 3_000),
    ("Referer", "http://127.0.0.1/" + "%CC%80" * 1_200),
    ("User-Agent", "Mozilla/5.0 (" * 600),
    ("X-Forwarded-For", "1.1.1.1, " * 800),
    ("If-None-Match", '"a", ' * 1_500),
]


def test_no_header_holds_a_worker(site, bound):
    client = visitor()
    for header, text in HEADERS:
        for path in ("/", "/login", "/static/style.css"):
            ask = partial(client.get, site.url + path, headers={header: text}, timeout=120)
            assert seconds(ask) < bound, (header, path)


def test_others_are_answered_while_sixteen_send_such_texts(site, forms, bound):
    forms = [form for form in forms if form.endpoint in ("web.do_register", "web.do_login")]
    waits, is_over, other = [], threading.Event(), visitor()

    def look_on():
        while not is_over.is_set():
            waits.append(seconds(partial(other.get, f"{site.url}/login", timeout=120)))
            time.sleep(0.02)

    with ThreadPoolExecutor(9) as threads:
        watcher = threads.submit(look_on)
        fields = ("nickname", "email", "password", "next", "csrf_token")
        sends = [
            threads.submit(form.send, **{field: cut(text, ROOM)})
            for _ in range(16)
            for form in forms
            for field in fields
            if field in form.fields
            for text in DEAR.values()
        ]
        assert {send.result().status_code for send in sends} <= {302, 400, 429}
        is_over.set()
        watcher.result()

    # Eight threads of two workers compete for two processors.
    assert max(waits) < 10 * bound
