"""8: texts that fit when typed but not in MariaDB's column, and other values that only MariaDB refuses."""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest
import requests
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.copy import Copy
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.circle.circle import Door
from app.rules.clock import DAY
from app.rules.journey.mark import make_mark
from app.rules.moderation.decision import Act, Ground, Verdict
from app.rules.trust.complaint import Fault
from app.services.circle.founding import found
from app.services.delivery.thread import Draft
from app.services.exchange.drift import write_message
from app.services.moderation.appeal import make_appeal_token
from app.services.moderation.decision import decide
from app.services.trust.complaint import complain
from tests.attack.people import ADDRESS, elsewhere, logged_in, newcomer, press, visitor
from tests.exchange import book, copy_of, exchange, id_of, knocking, reader
from tests.factories import PASSWORD, isbn13
from tests.web.server import Site

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]
SIGNS = ("\ufdfa", "ﬃ", "İ", "🀄", "\x00a")
"""Characters that become eighteen, three or two; one of four bytes; one that no text may contain."""
unknown_books = map(isbn13, count(88_000_001))


@dataclass(frozen=True)
class Field:
    """A text field: its maximum length, and a function that makes a new, otherwise valid form."""

    name: str
    length: int
    form: Callable[[], tuple[requests.Session, str, dict[str, str]]]


def _registering():
    nickname, email = newcomer()
    return visitor(), "/register", {"nickname": nickname, "email": email, "password": PASSWORD}


def _settings():
    return logged_in(reader(0)), "/personal/settings", {"locale": "en", "time_zone": "UTC"}


def _public_page():
    nickname, _ = newcomer()
    session, path, said = _settings()
    return session, path, said | {"nickname": nickname}


def _going_away():
    return logged_in(reader(0)), "/personal/away", {"back": time.strftime("%Y-%m-%d", time.gmtime(now() + 3 * DAY))}


def _entering():
    return logged_in(reader(0)), f"/book/{next(unknown_books)}/entry", {"title": "海边"}


def _entering_without_isbn():
    return logged_in(reader(0)), "/book/new", {"title": f"{next(unknown_books)}"[3:]}


def _listing():
    return logged_in(reader(0)), f"/gifts/book/{book()}", {"condition": "good", "ways": "post", "note": ""}


def _bringing():
    return logged_in(reader(0)), "/my/books/add", {}


def _asking():
    return logged_in(reader(1)), f"/drift/{copy_of(reader(0), now=now())}", ADDRESS


def _mailing():
    done = exchange("accepted", now())
    return logged_in(done.giver), f"/drift/{done.drift}/mailed", {}


def _writing():
    done = exchange("accepted", now())
    return logged_in(done.giver), f"/drift/{done.drift}/thread", {}


def _reporting():
    done = exchange("accepted", now())
    message = write_message(done.giver, done.drift, Draft("hello"), now())
    return logged_in(done.asker), f"/report/message/{message.id}", {"reason": "spam"}


def _on_its_way():
    done = exchange("mailed", now())
    return logged_in(done.giver), f"/drift/{done.drift}/tracking", {}


def _receiving():
    done = exchange("mailed", now())
    return logged_in(done.asker), f"/drift/{done.drift}/received", {}


def _complaining():
    done = exchange("received", now())
    return logged_in(done.asker), f"/drift/{done.drift}/complaint", {"fault": "pages"}


def _answering():
    done = exchange("received", now())
    complain(done.asker, done.drift, Fault.PAGES, "torn", now())
    return logged_in(done.giver), f"/drift/{done.drift}/complaint/answer", {"answer": "disagree"}


def _thanking():
    done = exchange("received", now())
    return logged_in(done.asker), f"/drift/{done.drift}/thanks", {}


def _labelled():
    holder, mark = reader(0), make_mark()
    with db.auto_commit():
        db.session.add(copy := Copy(book_id=id_of(book()), holder_id=holder, since=now(), mark=mark))
    return holder, copy.id, mark


def _telling():
    _, _, mark = _labelled()
    return logged_in(reader(0)), f"/c/{mark}", {}


def _freeing():
    holder, copy_id, _ = _labelled()
    return logged_in(holder), f"/my/books/{copy_id}/free", {}


def _cancelling():
    done = exchange("accepted", now())
    return logged_in(done.giver), f"/drift/{done.drift}/cancel", {"reason": "other"}


def _moving():
    done = exchange("accepted", now())
    return logged_in(done.asker), f"/drift/{done.drift}/address", ADDRESS


def _editing():
    copy = copy_of(giver := reader(0), now=now())
    return logged_in(giver), f"/gifts/{copy}/edit", {"condition": "good", "ways": ["post", "meet"], "note": ""}


def _changing_email():
    return logged_in(reader(0)), "/change/email", {"password": PASSWORD}


def _placing():
    return logged_in(reader(0, role="moderator")), "/places/new", {"name": f"{next(unknown_books)}", "kind": "shelf"}


def _deciding():
    moderator = logged_in(reader(0, role="moderator", totp_secret="A" * 32, totp_since=1))
    return moderator, f"/desk/case/reader/{reader(0)}", {"act": "nothing", "ground": "spam"}


def _appealing():
    verdict = Verdict(Act.LIMIT, Ground.SPAM, until=now() + DAY)
    number = decide(None, "reader", limited := reader(0), verdict, now())
    return visitor(), f"/appeal/{make_appeal_token(db.session.get_one(User, limited), number)}", {}


def _answering_at_the_door():
    moderator = logged_in(reader(0, role="moderator", totp_secret="A" * 32, totp_since=1))
    return moderator, f"/desk/door/{knocking()}", {"answer": "in"}


def _founding():
    return logged_in(reader(0)), "/circle/new", {"name": "Readers", "door": "ask"}


def _knocking():
    slug = found(reader(0), "Readers", "", Door.ASK, now())
    return logged_in(reader(0)), f"/circle/{slug}/join", {}


def _ruling():
    slug = found(steward := reader(0), "Readers", "", Door.ASK, now())
    return logged_in(steward), f"/circle/{slug}/rules", {"name": "Readers", "door": "ask", "ways": "meet"}


FIELDS = [
    Field("nickname", 24, _registering),
    Field("email", 254, _registering),
    Field("password", 128, _registering),
    Field("next", 2000, _registering),
    Field("invite", 2000, _registering),
    Field("nickname", 24, _settings),
    Field("about", 200, _public_page),
    Field("words", 100, _going_away),
    Field("title", 250, _entering),
    Field("authors", 250, _entering),
    Field("publisher", 120, _entering),
    Field("title", 250, _entering_without_isbn),
    Field("authors", 250, _entering_without_isbn),
    Field("summary", 2000, _entering_without_isbn),
    Field("note", 200, _listing),
    Field("form_key", 32, _listing),
    Field("text", 300, _bringing),
    Field("recipient", 40, _asking),
    Field("address", 120, _asking),
    Field("note", 200, _asking),
    Field("tracking", 60, _mailing),
    Field("text", 1000, _writing),
    Field("words", 1000, _reporting),
    Field("words", 1000, _deciding),
    Field("words", 1000, _appealing),
    Field("words", 1000, _answering_at_the_door),
    Field("thanks", 200, _receiving),
    Field("words", 500, _complaining),
    Field("words", 500, _answering),
    Field("text", 200, _thanking),
    Field("words", 200, _telling),
    Field("words", 100, _freeing),
    Field("tracking", 60, _on_its_way),
    Field("words", 200, _cancelling),
    Field("recipient", 40, _moving),
    Field("address", 120, _moving),
    Field("note", 200, _editing),
    Field("meeting_words", 200, _editing),
    Field("email", 254, _changing_email),
    Field("name", 40, _placing),
    Field("words", 200, _placing),
    Field("opening", 100, _placing),
    Field("name", 40, _founding),
    Field("about", 500, _founding),
    Field("words", 200, _knocking),
    Field("announcement", 500, _ruling),
]


def texts(field):
    """Yield texts at the limit of a field, as typed and after normalisation."""
    for sign in SIGNS:
        grown = len(unicodedata.normalize("NFKC", sign))
        for signs in {field.length // len(sign), field.length // grown, field.length // grown + 1, 2}:
            text = sign * signs
            if field.name == "email":
                yield text[: 64 // len(text.encode()) or 1] + "@" + "例" * 3 + ".org"
                text = text[: -len("@example.org")] + "@example.org"
            yield text


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.form.__name__.strip('_')} {field.name}")
def test_no_text_is_too_much_for_its_column(site: Site, field):
    answers = {}
    for text in texts(field):
        client, path, fields = field.form()
        answer = press(client, site.url + path, **fields | {field.name: text})
        answers[text] = answer.status_code

    assert {ascii(text): status for text, status in answers.items() if status >= 500} == {}
    if field.name not in ("nickname", "password"):  # of one sign only: no good name, and too easy
        assert {302, 303} & set(answers.values()), "none has reached the database"


LARGE = (2**31, 2**63, 2**64, 10**30)


def numbered(site):
    """Yield method and endpoint of the pages with an id in their URL, and the name of the id."""
    for rule in site.app.url_map.iter_rules():
        if "<int:" in rule.rule:
            (name,) = rule.arguments - {"scope", "kind", "act", "outcome", "slug", "deed"}
            yield ("POST" if "POST" in rule.methods else "GET"), rule.endpoint, name


def test_no_number_is_too_large_for_its_column(site):
    client, addresses = logged_in(reader(0)), site.app.url_map.bind("localhost")
    for method, endpoint, name in numbered(site):
        for large in LARGE:
            values = {name: large, "scope": "any_edition", "kind": "message", "act": "show", "outcome": "pay"}
            values |= {"slug": "nowhere", "deed": "let-in"}
            url = site.url + addresses.build(endpoint, values, method)
            answer = press(client, url, **ADDRESS) if method == "POST" else client.get(url, timeout=60)
            assert answer.status_code == 404, url


def test_an_address_that_mariadb_takes_for_a_books_is_none(site):
    """Its collations ignore the width of digits, trailing spaces and invisible characters."""
    isbn = book()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in isbn)
    client = logged_in(reader(1))
    for spelling in (wide, f"{isbn}%20", f"{isbn}%E2%80%8B", f"{isbn}%00", f"%EF%BB%BF{isbn}"):
        client.headers["X-Forwarded-For"] = elsewhere()
        for path in (f"/wish/book/{spelling}", f"/gifts/book/{spelling}", f"/wish/book/{spelling}/redraw"):
            assert press(client, site.url + path, condition="good").status_code in (404, 409), path
    db.session.rollback()
    assert db.session.scalar(select(func.count(Wish.id)).where(Wish.book_id == id_of(isbn))) == 0
    assert db.session.scalar(select(func.count(Gift.id)).where(Gift.book_id == id_of(isbn))) == 0


def test_two_forms_that_mariadb_takes_for_one_list_a_copy_each_or_one(site):
    """Form keys that differ only in case, or by a trailing space."""
    client, isbn = logged_in(reader(0)), book()
    keys = ("a" * 32, "A" * 32, "á" * 32, "a" * 31 + " ", "a" * 31)
    statuses = [
        press(client, f"{site.url}/gifts/book/{isbn}", condition="good", ways="post", form_key=key).status_code
        for key in keys
    ]

    assert set(statuses) <= {303, 409}


@pytest.mark.parametrize(
    "path", ["/book/search?q=%ED%A0%80", "/books?letter=%FF", "/v2/book/search?q=%F4%90%80%80", "/login?next=%C0%AF"]
)
def test_bytes_that_are_no_text_are_no_fault_of_ours(site, path):
    assert visitor().get(site.url + path, timeout=60).status_code < 500


def test_nor_are_such_bytes_in_a_form(site):
    client = visitor()
    body = b"csrf_token=x&nickname=%ED%A0%80%00&email=%FF%FE@example.org&password=%F4%90%80%80%80%80%80%80"
    for kind in (
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/json",
    ):
        answer = client.post(f"{site.url}/register", data=body, headers={"Content-Type": kind}, timeout=60)
        assert answer.status_code == 400, kind
