"""Every kind of mail as sent over the wire, with the longest possible names, titles and links."""

import inspect

import pytest
from sqlalchemy import select

from app.jobs.registry import HANDLERS, Job
from app.mail import account as mails
from app.mail.message import Mail
from app.mail.sender import send
from app.models.base import db, now
from app.models.book import Book
from app.models.outbox import Outbox
from app.models.user import User
from app.rules.account.mail_topic import Pace, topic_of
from app.rules.exchange.drift import MailKind
from app.services.exchange.mails import EXCHANGE_MAIL, ExchangeMail, queue_mails
from tests.exchange import bring_to_what_is_told, exchange
from tests.mail.post_office import post_office
from tests.mail.raw import ensure_can_be_turned_off, ensure_wellformed

TOKEN = "eyJhbGciOiJ" * 15
VALUES = {"words": "why", "days": 30, "count": 2, "token": TOKEN, "hours": 72, "minutes": 30, "is_on": True}
ACCOUNT_MAILS = [
    name
    for name, made in inspect.getmembers(mails, inspect.isfunction)
    if made.__module__ == mails.__name__ and not name.startswith("_")
]
LONG_HOST = ".".join(["books-of-the-city-library"] * 7) + ".example"
SITES = ["https://books.example", f"https://{LONG_HOST}/fisher", "https://鱼书.中国"]
LONG_READER = f"{'reader' * 10}@{'.'.join(['post-office'] * 14)}.example"
READERS = ["li@example.org", LONG_READER, "li@例子.中国", "读者@例子.中国"]
NICKNAMES = ["小王", "W" * 40, "王 \u0301" * 12 + "👩‍👩‍👧‍👦"]
TITLES = ["三体", "字" * 400, "W" * 1200, "《三体》 a “quoted” title, with =?utf-8?q?words?= \u202e and 😀 " * 8]


@pytest.fixture
def office(app_context):
    with post_office() as (office, port):
        app_context.config.update(MAIL_BACKEND="smtp", SMTP_PORT=port, SMTP_SECURITY="none", SITE_URL=SITES[0])
        app_context.config["MAIL_FROM"] = "Fisher 鱼书 <fisher@books.example>"
        yield office


def arrived(office):
    """Return the raw bytes of the mail that arrived, and the parsed mail."""
    assert len(office.taken) == 1
    return office.taken[0], office.mails[0]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ACCOUNT_MAILS)
def test_every_mail_about_an_account_is_well_formed(office, name, language):
    write = getattr(mails, name)
    more = [VALUES[argument] for argument in list(inspect.signature(write).parameters)[3:]]
    mail = write(LONG_READER, language, NICKNAMES[1], *more)
    send(mail, "<7.1700000000.0123456789abcdef@books.example>")

    raw, read = arrived(office)
    assert b"List-Unsubscribe" not in ensure_wellformed(raw)
    assert read["Subject"] == mail.subject
    assert read.get_body(("plain",)).get_content().strip().splitlines() == mail.text.strip().splitlines()


@pytest.mark.parametrize("to", READERS)
@pytest.mark.parametrize("nickname", NICKNAMES)
def test_the_name_and_the_address_of_any_reader_make_a_well_formed_mail(office, to, nickname):
    send(mails.confirm_email(to, "zh", nickname, TOKEN, 72), "<7.1700000000.0123456789abcdef@books.example>")

    raw, read = arrived(office)
    headers = ensure_wellformed(raw)
    assert len(read["To"].addresses) == 1
    assert raw.isascii() or not to.partition("@")[0].isascii()
    assert headers[b"To"].endswith(b"e") or headers[b"To"].endswith(b".org") or b"@xn--" in headers[b"To"]


def letter_to_reader(kind, title, language):
    done = exchange("waiting", now())
    db.session.query(Outbox).delete()
    user = db.session.get_one(User, done.asker)
    user.locale = language
    db.session.scalars(select(Book)).one().title = title
    place = bring_to_what_is_told(done, kind)
    db.session.commit()
    with db.auto_commit():
        db.session.get_one(User, done.asker).mail_paces = f"{topic_of(kind)}:{Pace.NOW}"
        queue_mails([ExchangeMail(kind, done.asker, due=now(), **place)], now())
    row = db.session.scalars(select(Outbox).where(Outbox.kind == EXCHANGE_MAIL)).one()
    job = Job(id=row.id, kind=row.kind, payload=row.payload, attempts=1, created=row.create_time)
    HANDLERS[EXCHANGE_MAIL](job)


@pytest.mark.parametrize(
    ("kind", "title"), [(kind, TITLES[1]) for kind in MailKind] + [(MailKind.ASKED, title) for title in TITLES]
)
def test_every_letter_of_the_exchange_is_well_formed_and_can_be_turned_off(office, client, kind, title):
    letter_to_reader(kind, title, "zh")

    raw, read = arrived(office)
    headers = ensure_wellformed(raw)
    link = read["List-Unsubscribe"].strip("<>")
    assert len(link) > 78, "too short to show a fold"
    ensure_can_be_turned_off(headers, link)
    assert link in read.get_body(("plain",)).get_content()
    assert raw.isascii()
    path = link.removeprefix(SITES[0])
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200


@pytest.mark.parametrize("site", SITES)
def test_a_letter_of_any_site_can_be_turned_off(office, app_context, site):
    app_context.config["SITE_URL"] = site
    letter_to_reader(MailKind.ASKED, "三体", "zh")

    raw, read = arrived(office)
    ensure_can_be_turned_off(ensure_wellformed(raw), read["List-Unsubscribe"].strip("<>"))


def test_a_file_holds_the_bytes_that_would_be_sent(office, app_context, tmp_path):
    letter_to_reader(MailKind.ASKED, TITLES[1], "zh")
    sent = office.taken[0]
    app_context.config["MAIL_BACKEND"] = "file"
    link = office.mails[0]["List-Unsubscribe"].strip("<>")
    send(Mail("li@example.org", "字" * 400, "正文\n", "<p>正文</p>", link), "<7.1.a@books.example>")

    [file] = (tmp_path / "mail").glob("*.eml")
    headers = ensure_wellformed(file.read_bytes())
    ensure_can_be_turned_off(headers, link)
    assert headers.keys() == ensure_wellformed(sent).keys()


def test_a_sender_whose_domain_is_written_in_chinese_is_named_in_ascii(office, app_context):
    app_context.config["MAIL_FROM"] = "鱼书 <fisher@例子.中国>"
    send(Mail("li@example.org", "s", "t", "h"), "<7.1.a@books.example>")

    assert b"<fisher@xn--fsqu00a.xn--fiqs8s>" in ensure_wellformed(arrived(office)[0])[b"From"]
