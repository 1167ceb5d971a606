"""Attackers and victims, each with a browser, a network address and a mailbox."""

import re
import unicodedata
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import requests
from bs4 import BeautifulSoup
from flask import current_app
from sqlalchemy import select

from app.models.base import db, now
from app.models.drift import Drift
from app.models.user import User
from tests.attack.time_travel import do_jobs
from tests.exchange import HOME, copy_of, reader
from tests.factories import PASSWORD
from tests.web.server import CSRF, Site, browser, press

ADDRESS = {"saved": "new", "recipient": HOME.recipient, "phone": HOME.phone, "address": HOME.address, "note": ""}
_numbers = count(1)
_read: dict[Path, tuple[str, EmailMessage]] = {}


def elsewhere() -> str:
    """Return an unused network address."""
    number = next(_numbers)
    return f"203.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def visitor() -> requests.Session:
    """Return a browser with a new network address."""
    signer = current_app.session_interface.get_signing_serializer(current_app)
    client = requests.Session()
    client.cookies.set("session", signer.dumps({"csrf_token": CSRF}), domain="127.0.0.1", path="/")
    return from_elsewhere(client)


def from_elsewhere(client: requests.Session) -> requests.Session:
    client.headers.update({"X-Forwarded-For": elsewhere(), "Accept-Language": "en"})
    return client


def logged_in(reader_id: int) -> requests.Session:
    """Return a browser with a new network address in which a reader is logged in."""
    return from_elsewhere(browser(reader_id))


def twin(client: requests.Session) -> requests.Session:
    """Return a second client with the same cookies, for simultaneous requests."""
    other = requests.Session()
    other.cookies.update(client.cookies)
    return from_elsewhere(other)


def page_of(answer: requests.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def newcomer(nickname: str = "") -> tuple[str, str]:
    """Return an unused nickname and e-mail address."""
    number = next(_numbers)
    return nickname or f"newcomer {number}", f"newcomer{number}@example.org"


def register(site: Site, nickname: str, email: str, password: str = PASSWORD) -> requests.Response:
    """Register from a new network address."""
    return press(visitor(), f"{site.url}/register", nickname=nickname, email=email, password=password)


def log_in(site: Site, email: str, password: str = PASSWORD) -> tuple[requests.Session, requests.Response]:
    """Log in from a new network address; return the browser and the response."""
    client = visitor()
    return client, press(client, f"{site.url}/login", email=email, password=password)


def confirming_link(site: Site, email: str, path: str = "/confirm/") -> str:
    """Return the newest confirmation link that the address has received."""
    links = [link for mail in mails_to(email) for link in links_in(mail) if link.startswith(path)]
    return site.url + links[-1]


def sign_up(site: Site, nickname: str = "") -> int:
    """Register and confirm as anybody can; return the new reader."""
    nickname, email = newcomer(nickname)
    assert register(site, nickname, email).status_code == 302
    assert press(visitor(), confirming_link(site, email)).status_code == 302
    return who_has(email)


def who_has(email: str) -> int:
    db.session.rollback()
    user = User.find_by_email(email)
    assert user is not None
    return user.id


def email_of(reader_id: int) -> str:
    db.session.rollback()
    return db.session.get_one(User, reader_id).email


def mails_to(email: str) -> list[EmailMessage]:
    """Run the jobs that are due, and return the mails sent to this address, oldest first."""
    do_jobs()
    folder = Path(current_app.config["MAIL_FOLDER"])
    for path in sorted(folder.glob("*.eml"), key=lambda path: int(path.name.split(".")[0])):
        if path not in _read:
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            _read[path] = _mailbox(mail["To"]), mail
    return [mail for mailbox, mail in _read.values() if mailbox == _mailbox(email)]


def _mailbox(address: str) -> str:
    return re.sub(r"\+[^@]*", "", unicodedata.normalize("NFKC", address).lower())


def links_in(mail: EmailMessage) -> list[str]:
    body = mail.get_body(("plain",))
    assert body is not None
    return re.findall(r"https?://[^/\s]+(/\S+)", body.get_content())


def requests_for(site: Site, giver: int, count: int) -> list[int]:
    """Let readers with different addresses each ask a giver for a copy; return the drifts."""
    drifts = []
    for number in range(count):
        asker, copy = reader(1), copy_of(giver, now=now())
        home = ADDRESS | {"address": f"海边路 {number} 号 · {asker}"}
        assert press(logged_in(asker), f"{site.url}/drift/{copy}", **home).status_code == 303
        drifts.append(drift_of(copy))
    return drifts


def drift_of(copy: int) -> int | None:
    """Return the drift under way of a copy, if there is one."""
    db.session.rollback()
    return db.session.scalar(select(Drift.id).where(Drift.open_gift_id == copy))


def state_of(drift: int) -> str:
    db.session.rollback()
    return db.session.get_one(Drift, drift).state


def asker_of(drift: int) -> int:
    db.session.rollback()
    return db.session.get_one(Drift, drift).asker_id


def step(site: Site, client: requests.Session, drift: int, action: str) -> requests.Response:
    """Press a button of an exchange."""
    return press(client, f"{site.url}/drift/{drift}/{action}")
