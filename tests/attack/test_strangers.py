"""2: readers who have not confirmed their address, and strangers who try to find out which addresses are registered."""

import re
import statistics
import time
from functools import partial

import pytest
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.gift import Gift
from app.models.user import User
from tests.attack.people import (
    ADDRESS,
    confirming_link,
    email_of,
    log_in,
    logged_in,
    mails_to,
    newcomer,
    page_of,
    press,
    register,
    requests_for,
    sign_up,
    state_of,
    visitor,
    who_has,
)
from tests.attack.time_travel import pass_time
from tests.exchange import beans_of, book, copy_of, id_of, reader
from tests.factories import PASSWORD
from tests.web.server import at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]
WRONG = "not the password 书"


def unconfirmed(site):
    """Register without confirming; return the address."""
    nickname, email = newcomer()
    assert register(site, nickname, email).status_code == 302
    return email


def test_who_has_not_confirmed_does_not_get_in(site):
    email = unconfirmed(site)
    client, answer = log_in(site, email)

    assert answer.status_code == 400
    assert client.get(f"{site.url}/my/gifts", allow_redirects=False, timeout=60).status_code == 302


def test_a_session_from_before_opens_nothing_either(site):
    """With the cookie of an account that is no longer, or not yet, confirmed."""
    giver, client, isbn, copy = (who := reader(0)), logged_in(who), book(), copy_of(reader(0), now=now())
    [drift] = requests_for(site, giver, 1)
    with db.auto_commit():
        db.session.get_one(User, giver).confirmed_at = None
    posts = {
        f"/drift/{drift}/accept": {},
        f"/gifts/book/{isbn}": {"condition": "good", "ways": "post"},
        f"/wish/book/{isbn}": {},
    }
    posts |= {
        f"/drift/{copy}": ADDRESS,
        "/book/9787506365437/entry": {"title": "x"},
        "/book/new": {"title": "x"},
        "/personal/export": {},
    }
    for path, fields in posts.items():
        assert press(client, site.url + path, **fields).headers["Location"].startswith("/login"), path
    for path in ("/pending", "/personal", "/personal/ledger", "/my/gifts", f"/drift/{copy}"):
        answer = client.get(site.url + path, allow_redirects=False, timeout=60)
        assert answer.headers["Location"].startswith("/login"), path

    assert state_of(drift) == "waiting"
    assert db.session.scalar(select(func.count(Gift.id)).where(Gift.book_id == id_of(isbn))) == 0


def test_a_link_is_used_once_even_by_ten_at_the_same_moment(site):
    email = unconfirmed(site)
    link = confirming_link(site, email)
    answers = [answer.status_code for answer in at_once([partial(press, visitor(), link) for _ in range(10)])]

    assert sorted(answers) == [302] + [400] * 9
    assert beans_of(who_has(email)) == 1


def test_a_link_that_was_forged_or_overtaken_confirms_nothing(site):
    email = unconfirmed(site)
    link = confirming_link(site, email)
    other = confirming_link(site, unconfirmed(site))
    body, signature = link.rsplit(".", 1)
    forged = [
        body + "." + signature[::-1],
        f"{body}.{other.rsplit('.', 1)[1]}",
        link.replace("/confirm/", "/reset/password/"),
    ]
    assert {press(visitor(), one, password=PASSWORD, repeat=PASSWORD).status_code for one in forged} == {400}
    log_in(site, email)

    assert not db.session.get_one(User, who_has(email)).is_confirmed


def test_ten_who_register_one_address_at_the_same_moment_make_one_account(site):
    email = newcomer()[1]
    forms = [{"nickname": newcomer()[0], "email": email, "password": PASSWORD} for _ in range(10)]
    answers = at_once([partial(press, visitor(), f"{site.url}/register", **form) for form in forms])

    # Three in a quarter of an hour, and each of the two workers counts on its own.
    assert {answer.status_code for answer in answers} <= {302, 429}
    db.session.rollback()
    assert db.session.scalar(select(func.count(User.id)).where(User.email == email)) == 1


def test_who_registers_an_address_after_its_owner_does_not_come_to_share_the_account(site):
    """The owner opens the newest link, of the stranger's registration, with the stranger's password."""
    email, owner = newcomer()[1], visitor()
    press(owner, f"{site.url}/register", nickname=newcomer()[0], email=email, password=PASSWORD)
    register(site, newcomer()[0], email, WRONG)
    assert press(owner, confirming_link(site, email)).headers["Location"].startswith("/login")
    assert log_in(site, email)[1].status_code == 400
    stranger, answer = log_in(site, email, WRONG)
    assert answer.status_code == 302
    press(owner, f"{site.url}/reset/password", email=email)
    link = confirming_link(site, email, "/reset/password/")
    assert press(owner, link, password=PASSWORD, repeat=PASSWORD).status_code == 302

    assert log_in(site, email)[1].status_code == 302
    assert log_in(site, email, WRONG)[1].status_code == 400
    left = stranger.get(f"{site.url}/personal", allow_redirects=False, timeout=60)
    assert left.headers["Location"].startswith("/login")


def seen(answer):
    """Return what distinguishes a response, without the token of its form and what was typed into it."""
    text = re.sub(r'(?<=value=")[^"]*|\w+@example\.org|(?<=/user/)\d+|读者\d+|newcomer \d+', "…", answer.text)
    headers = {name for name in answer.headers if name.lower() not in ("x-request-id", "date")}
    return answer.status_code, answer.headers.get("Location"), sorted(headers), text


def asked_about(site, email):
    """Send an address with every form that could reveal whether it is registered; return the response by form."""
    attacker = logged_in(reader(0))
    nickname = newcomer()[0]
    return {
        "log in": log_in(site, email, WRONG)[1],
        "log in with the password that was tried to be registered": log_in(site, email, WRONG + "2")[1],
        "register": register(site, nickname, email, WRONG + "2"),
        "log in after that": log_in(site, email, WRONG + "2")[1],
        "reset": press(visitor(), f"{site.url}/reset/password", email=email),
        "change": press(attacker, f"{site.url}/change/email", email=email, password=PASSWORD),
        "its page": attacker.get(f"{site.url}/change/email", timeout=60),
        "the nickname is free": press(
            attacker, f"{site.url}/personal/settings", nickname=nickname, locale="en", time_zone="UTC"
        ),
    }


def test_known_and_unknown_addresses_get_the_same_pages(site):
    """The addresses of a reader, of somebody who has not confirmed, and of nobody."""
    emails = [email_of(reader(0)), email_of(reader(0, confirmed=False)), newcomer()[1]]
    pages = [{form: seen(answer) for form, answer in asked_about(site, email).items()} for email in emails]
    for form in pages[0]:
        assert pages[0][form] == pages[2][form], form
        assert pages[1][form] == pages[2][form], form


def seconds(ask):
    """Return the response time."""
    start = time.perf_counter()
    assert ask().status_code < 500
    return time.perf_counter() - start


@pytest.mark.parametrize(
    "ask",
    [
        lambda site, email: log_in(site, email, WRONG)[1],
        lambda site, email: register(site, newcomer()[0], email),
        lambda site, email: press(visitor(), f"{site.url}/reset/password", email=email),
    ],
    ids=["log in", "register", "reset"],
)
def test_known_and_unknown_addresses_take_the_same_time(site, ask):
    """Coarse, because other programs use this machine too: a missing hash would save three quarters of the time."""
    known, unknown = [], []
    for _ in range(7):
        known.append(seconds(partial(ask, site, email_of(sign_up(site)))))
        unknown.append(seconds(partial(ask, site, newcomer()[1])))
    one, other = sorted([statistics.median(known), statistics.median(unknown)])

    assert other < 3 * one + 0.02


def test_a_mail_goes_to_the_owner_alone(site):
    """Nor does the mailbox of the reader who tries an address reveal anything."""
    attacker, victim = sign_up(site), email_of(reader(0))
    press(logged_in(attacker), f"{site.url}/change/email", email=victim, password=PASSWORD)
    pass_time(60)
    before = len(mails_to(email_of(attacker)))
    press(logged_in(attacker), f"{site.url}/change/email", email=newcomer()[1], password=PASSWORD)

    assert len(mails_to(email_of(attacker))) == before
    assert victim not in page_of(logged_in(attacker).get(f"{site.url}/personal", timeout=60)).get_text()
