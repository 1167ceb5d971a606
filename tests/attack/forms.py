"""All forms of the site, as an attacker who opens every page finds them: who can send them, and their fields."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from bs4 import BeautifulSoup, Tag
from flask import current_app
from sqlalchemy import select, update

from app.models.base import db, now
from app.models.book import Book
from app.models.circle import Circle, Membership
from app.models.copy import Copy
from app.models.decision import Appeal
from app.models.gift import Gift
from app.models.journey import BlankMark, JournalLine
from app.models.notice import Notice
from app.models.user import Block, User
from app.rules.account.mail_topic import MailTopic
from app.rules.circle.circle import Door, MemberState
from app.rules.clock import DAY
from app.rules.exchange.drift import MailKind, Way
from app.rules.journey.mark import make_mark
from app.rules.moderation.decision import Act, Ground, Verdict
from app.rules.shelf.row import ShelfRow
from app.rules.trust.complaint import Fault
from app.services.account.link_token import Purpose, make_link_token
from app.services.account.take_back import make_take_back_token
from app.services.basket.filling import fill_basket
from app.services.bean.transfers import grant_beans
from app.services.circle.directory import find_circle_id
from app.services.circle.founding import found
from app.services.circle.invitation import invite_to_circle
from app.services.circle.reading import add_title
from app.services.copy.keeping import keep_copy
from app.services.delivery.places import list_places
from app.services.delivery.postal_address import keep_address
from app.services.delivery.thread import Draft
from app.services.door.invitation import invite
from app.services.exchange.drift import reject_request, write_message
from app.services.journey.freeing import set_free
from app.services.journey.year import share_year
from app.services.moderation.appeal import appeal, make_appeal_token
from app.services.moderation.decision import decide
from app.services.shelf.answering import choose_asking
from app.services.shelf.asking import ask_for_wish
from app.services.trust.complaint import answer_complaint, complain
from app.services.trust.thanks import thank
from app.web.book.work import PATH
from tests.attack.people import log_in, logged_in, page_of, visitor
from tests.exchange import HOME, book, copy_of, exchange, id_of, knocking, place, reader, wish_for
from tests.factories import isbn13
from tests.web.server import Site

UNKNOWN_BOOK = isbn13(77_000_001)


@dataclass(frozen=True)
class FoundForm:
    """One form; `fields` have the values from the page, and the required ones are filled in."""

    client: requests.Session
    page: str
    action: str
    endpoint: str
    fields: dict[str, str]

    def send(self, **changed: str) -> requests.Response:
        """Send it with `changed`, as multipart, so that the body is not longer than its texts."""
        parts = {name: (None, text) for name, text in (self.fields | changed).items()}
        return self.client.post(self.action, files=parts, allow_redirects=False, timeout=120)


def find_forms(site: Site) -> list[FoundForm]:
    """Return the forms of all pages, one for each endpoint that accepts them."""
    found: dict[str, FoundForm] = {}
    for client, paths in _readers(site):
        for path in paths:
            answer = client.get(site.url + path, timeout=60)
            assert answer.status_code == 200, path
            for form in _forms_on(site, client, path, page_of(answer)):
                found.setdefault(form.endpoint, form)
    return list(found.values())


def _forms_on(site: Site, client: requests.Session, path: str, page: BeautifulSoup) -> Iterator[FoundForm]:
    for form in page.find_all("form", method="post"):
        buttons = page.select(f'button[formaction][form="{form.get("id")}"]') + form.select("button[formaction]")
        own = page.select(f'button[name][form="{form.get("id")}"]:not([formaction])')
        for action in [form.get("action") or (own and path), *(button["formaction"] for button in buttons)]:
            if action:
                place = urlsplit(action).path
                endpoint, _ = current_app.url_map.bind("localhost").match(place, "POST")
                yield FoundForm(client, path, site.url + action, endpoint, _fields(form))


def _fields(form: Tag) -> dict[str, str]:
    texts = {"email": "x@example.org", "password": "not the password 书", "text": "a text"}
    fields = {box["name"]: "a text" for box in form.select("textarea[name]")}
    for choice in form.select("select[name]"):
        fields[choice["name"]] = (choice.select_one("option[selected]") or choice.select_one("option"))["value"]
    for box in form.select("input[name]"):
        if box.find_parent(attrs={"aria-hidden": "true"}):
            continue  # a trap
        kind = box.get("type", "text")
        if kind not in ("radio", "checkbox") or box.has_attr("checked"):
            fields[box["name"]] = box.get("value") or texts.get(kind, "")
        elif kind == "checkbox":
            fields.setdefault(box["name"], "")
    return fields


def _readers(site: Site) -> Iterator[tuple[requests.Session, list[str]]]:
    """Yield browsers, with the pages that each should open."""
    owner, isbn, wisher, _ = reader(1), book(), reader(0), place()
    wish_for(wisher, isbn, now())
    copy_of(owner, isbn, now())
    hidden = copy_of(owner, now=now())
    wish_for(owner, wanted := book(), now())
    invite(owner, 1, now())
    keep_copy(owner, id_of(kept := book()), now())
    choose_asking(owner, True, now())
    ask_for_wish(wish_for(reader(1), kept), now())
    fill_basket(owner, [ShelfRow(1, isbn=book())], now())
    with db.auto_commit():
        db.session.execute(update(Gift).where(Gift.id == hidden).values(state="hidden"))
        keep_address(owner, HOME)
        db.session.get_one(User, owner).set_attrs({"area": "XX", "away_until": now() + DAY, "feed_number": 1})
    wish_for(waiting := reader(1), offered := book(), now())
    copy_of(reader(0), offered, now())
    grant_beans(wisher, 1, f"forms-{wisher}", now())  # only now, or the copy would already be on offer for this wish
    account = ["", "/settings", "/area", "/away", "/sessions", "/second-factor", "/delete", "/export", "/invitations"]
    pages = [
        f"/book/{isbn}/detail",
        f"/book/{wanted}/detail",
        "/my/gifts",
        "/my/books",
        "/my/wish",
        "/my/books/add",
        "/my/books/basket",
        f"/book/{UNKNOWN_BOOK}/entry",
        "/book/new",
    ]
    pages += [f"/personal{page}" for page in account] + ["/change/password", "/change/email", "/language"]
    moving = exchange("waiting", now())
    yield logged_in(moving.asker), [f"/drift/{moving.drift}/address"]
    mistaken = exchange("waiting", now())
    reject_request(mistaken.giver, mistaken.drift, now())
    yield logged_in(mistaken.giver), ["/pending"]
    pages.append(f"/gifts/{copy_of(owner, now=now())}/edit")
    yield logged_in(owner), [*pages, f"/drift/{copy_of(reader(0), now=now())}", f"/book/{book()}/detail"]
    with db.auto_commit():
        db.session.add(Block(reader_id=waiting, blocked_id=wisher))
    yield logged_in(waiting), ["/my/wish", "/personal/settings", f"/user/{owner}", f"/user/{wisher}"]
    work = db.session.scalars(select(Book.work_id).where(Book.isbn == isbn)).one()
    closed = place(closed=True)
    last = list_places(None, 1, current_app.config["ROWS_PER_PAGE"], with_closed=True).pages  # closed ones come last
    pages = ["/places", f"/places?page={last}", "/places/new", f"/places/{closed}"]
    yield logged_in(reader(0, role="operator")), [f"{PATH}/{work}/editions", *pages]
    for state, way in itertools.product(("waiting", "accepted", "mailed"), Way):
        done = exchange(state, now() - 20 * DAY, way)
        message = write_message(done.asker, done.drift, Draft("hello"), now())
        code = [f"/drift/{done.drift}/hand-over"] if (state, way) == ("accepted", Way.MEET) else []
        yield logged_in(done.giver), ["/pending", f"/report/message/{message.id}", *code]
        yield logged_in(done.asker), ["/pending"]
    for state in ("lent", "given_back"):
        done = exchange(state, now() - DAY, lend_days=30)
        yield logged_in(done.giver), ["/pending"]
        yield logged_in(done.asker), ["/pending"]
    going_on = exchange("lent", now() - DAY, lend_days=30)
    with db.auto_commit():
        db.session.get_one(Gift, going_on.gift).goes_on = True
    yield logged_in(going_on.giver), ["/pending"]
    for is_thanked in (False, True):
        arrived = exchange("received", now())
        if is_thanked:
            thank(arrived.asker, arrived.drift, "Thank you", now())
        yield logged_in(arrived.giver), ["/pending"]
        yield logged_in(arrived.asker), ["/pending", f"/drift/{arrived.drift}/complaint"]
    complain(arrived.asker, arrived.drift, Fault.PAGES, "torn", now())
    yield logged_in(arrived.giver), [f"/drift/{arrived.drift}/complaint"]
    yield from _journeys()
    yield from _circles()
    told = exchange("waiting", now() - DAY).giver
    notice = {"user_id": told, "kind": MailKind.OFFERED, "gift_id": copy_of(told, now=now()), "show_from": now()}
    with db.auto_commit():
        rows = current_app.config["ROWS_PER_PAGE"] + 1
        Notice.add_all([notice | {"key": f"form:{told}:{number}"} for number in range(rows)], now())
    yield logged_in(told), ["/notices"]
    yield visitor(), ["/login", "/register", "/reset/password", "/language", *_opened_by_mail()]
    yield from _with_second_factor(site)
    yield from _at_the_desk()


def _journeys() -> Iterator[tuple[requests.Session, list[str]]]:
    """Yield readers with labels, copies that they leave or find, and lines about these."""
    holder, finder = reader(0), reader(0)
    books, marks = [id_of(book()) for _ in range(3)], [make_mark() for _ in range(3)]
    with db.auto_commit():
        copies = [Copy(book_id=id, holder_id=holder, since=now(), mark=make_mark()) for id in books]
        db.session.add_all([*copies, BlankMark(mark=marks[0], reader_id=holder)])
        db.session.flush()
        db.session.add(JournalLine(copy_id=copies[0].id, words="in a train"))
    ids, names = [copy.id for copy in copies], [copy.mark for copy in copies]
    set_free(holder, ids[1], "a shelf", now())
    set_free(holder, ids[2], "a shelf", now())
    share_year(holder, 2026)
    pages = ["/my/labels", f"/c/{marks[0]}", f"/c/{names[0]}", "/my/journeys", f"/my/books/{ids[0]}/free"]
    yield logged_in(holder), [*pages, "/my/year/2026"]
    yield logged_in(finder), [f"/c/{names[1]}"]


def _circles() -> Iterator[tuple[requests.Session, list[str]]]:
    """Yield a steward with a circle, and readers who come to its door, or by its link."""
    steward = reader(0)
    slug = found(steward, f"Readers {steward}", "", Door.OPEN, now())
    circle_id = find_circle_id(slug) or 0
    token = invite_to_circle(steward, circle_id, 1, now())
    yield logged_in(reader(0)), ["/circle/new", f"/circle/{slug}", f"/join/{token}"]
    asker, member = reader(0), reader(0)
    with db.auto_commit():
        asking = {"circle_id": circle_id, "user_id": asker, "state": MemberState.ASKED, "since": now()}
        ending = Circle(slug=f"{slug}-left", name="Nobody’s")
        db.session.add_all([Membership(**asking), ending])
        db.session.flush()
        asked = {"circle_id": ending.id, "user_id": member, "since": now(), "steward_asked_at": now()}
        db.session.add(Membership(**asked))
        left = ending.slug
    add_title(steward, circle_id, id_of(title := book()), now() + DAY, now())
    pages = ["", "/steward", "/rules", "/invitations", "/members", f"/reading?q={title}"]
    yield logged_in(steward), [f"/circle/{slug}{page}" for page in pages]
    bare = found(other := reader(0), f"Readers {other}", "", Door.OPEN, now())
    yield logged_in(other), [f"/circle/{bare}/poster"]
    yield logged_in(member), [f"/circle/{left}"]


def _waiting_complaint() -> int:
    done = exchange("received", now())
    complain(done.asker, done.drift, Fault.PAGES, "torn", now())
    answer_complaint(done.giver, done.drift, False, "", now())
    return done.drift


def _at_the_desk() -> Iterator[tuple[requests.Session, list[str]]]:
    limited = reader(0)
    decided = _limit(limited)
    token = make_appeal_token(db.session.get_one(User, limited), decided)
    yield visitor(), [f"/appeal/{token}"]
    appeal(make_appeal_token(db.session.get_one(User, other := reader(0)), _limit(other)), "why?", now())
    asked = db.session.scalars(select(Appeal.id).order_by(Appeal.id.desc())).first()
    pages = [
        f"/desk/case/complaint/{_waiting_complaint()}",
        f"/desk/case/reader/{limited}",
        f"/desk/log/{decided}",
        f"/desk/appeal/{asked}",
        f"/desk/door/{knocking()}",
    ]
    yield logged_in(reader(0, role="moderator", totp_secret="A" * 32, totp_since=1)), pages


def _limit(reader_id: int) -> int:
    return decide(None, "reader", reader_id, Verdict(Act.LIMIT, Ground.SPAM, until=now() + DAY), now())


def _with_second_factor(site: Site) -> Iterator[tuple[requests.Session, list[str]]]:
    guarded = reader(0, totp_secret="A" * 32, totp_since=1)
    yield logged_in(guarded), ["/personal/second-factor", "/change/email", "/personal/delete"]
    half_way, _ = log_in(site, db.session.get_one(User, guarded).email)
    yield half_way, ["/login/code"]


def _opened_by_mail() -> list[str]:
    new, old = reader(0, confirmed=False), reader(0, new_email="somebody.else@example.org")
    user = db.session.get_one(User, old)
    return [
        f"/confirm/{make_link_token(Purpose.CONFIRM, db.session.get_one(User, new))}",
        f"/reset/password/{make_link_token(Purpose.RESET, user)}",
        f"/change/email/{make_link_token(Purpose.NEW_EMAIL, user)}",
        f"/change/email/back/{make_take_back_token(user, 'before@example.org', now())}",
        f"/mail/off/{make_link_token(Purpose.MAIL_OFF, user, MailTopic.DRIFT)}",
    ]
