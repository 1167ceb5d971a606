import signal
import time

import pytest
import time_machine
from redis.exceptions import RedisError
from sqlalchemy import select

from app import create_app
from app.extensions import limiter
from app.models.base import db
from app.models.user import User
from app.web.page import login_limits as limits
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.exchange import book, copy_of, reader
from tests.factories import PASSWORD, UserFactory
from tests.servers import free_port, redis_server
from tests.web.forms import link_in, log_in, mails, send, token
from tests.web.readers import logged_in

EMAIL = "li@example.org"


@pytest.fixture
def settings(settings):
    return settings | {"RATELIMIT_ENABLED": True}


@pytest.fixture(autouse=True)
def nothing_counted(app):
    with app.app_context():
        limiter.reset()
        UserFactory(email=EMAIL)
        db.session.remove()


def visitor(app, address="127.0.0.1"):
    client = Reader(app, PageResponse)
    client.environ_base |= {"HTTP_ACCEPT_LANGUAGE": "en", "REMOTE_ADDR": address}
    return client


def test_after_five_wrong_passwords_the_page_says_when_to_come_back(app):
    client = visitor(app)
    for _ in range(5):
        assert log_in(client, EMAIL, "wrong password").status_code == 400
    answer = log_in(client, EMAIL, PASSWORD)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "Please try again in" in answer.page.main.get_text()
    with time_machine.travel(time.time() + 61):
        assert log_in(client, EMAIL, PASSWORD).status_code == 302


def test_the_wait_grows(app):
    client, waits = visitor(app), []
    with time_machine.travel(time.time(), tick=False) as clock:
        for _ in range(25):
            answer = log_in(client, EMAIL, "wrong password")
            if answer.status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))
                clock.shift(waits[-1] + 1)

    assert waits[0] <= 60 < waits[1]
    assert max(waits) > 600
    # Never so long that nobody comes back.
    assert max(waits) <= 3600


def test_addresses_in_another_case_or_a_changing_network_are_counted_together(app):
    for number, email in enumerate((EMAIL, EMAIL.upper(), f" {EMAIL}", "Li@example.org", EMAIL)):
        assert log_in(visitor(app, f"203.0.113.{number}"), email, "wrong password").status_code == 400

    assert log_in(visitor(app, "203.0.113.99"), EMAIL, "wrong password").status_code == 429


def test_a_stranger_who_guesses_does_not_lock_out_the_owner(app):
    owner = visitor(app, "198.51.100.7")
    log_in(owner, EMAIL, PASSWORD)
    send(owner, "/logout", "/personal")
    stranger = visitor(app, "203.0.113.1")
    while log_in(stranger, EMAIL, "wrong password").status_code == 400:
        pass

    assert log_in(owner, EMAIL, PASSWORD).location == "/"
    # The owner's browser has its own count, so that a stolen one is no way around.
    send(owner, "/logout", "/personal")
    answers = [log_in(owner, EMAIL, "wrong password").status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]


def test_an_owner_on_a_new_device_gets_in_by_a_reset(app):
    stranger = visitor(app, "203.0.113.1")
    while log_in(stranger, EMAIL, "wrong password").status_code == 400:
        pass
    owner = visitor(app, "198.51.100.7")
    assert log_in(owner, EMAIL, PASSWORD).status_code == 429
    send(owner, "/reset/password", email=EMAIL)
    link = link_in(mails(app)[0])
    send(owner, link, password="another phrase 书", repeat="another phrase 书")

    assert log_in(owner, EMAIL, "another phrase 书").location == "/"


@pytest.mark.parametrize("cookie", ["x", "W10.x", "e30", ".", "\u00e9"])
def test_a_made_up_device_is_a_stranger(app, cookie):
    client = visitor(app)
    for _ in range(5):
        client.set_cookie("device", cookie)
        log_in(client, EMAIL, "wrong password")

    assert log_in(client, EMAIL, "wrong password").status_code == 429


def test_the_device_of_one_account_is_a_stranger_to_another(app):
    with app.app_context():
        UserFactory(email="thief@example.org")
    thief = visitor(app)
    for _ in range(5):
        log_in(visitor(app), EMAIL, "wrong password")
    log_in(thief, "thief@example.org", PASSWORD)
    send(thief, "/logout", "/personal")

    assert log_in(thief, EMAIL, "wrong password").status_code == 429


def test_accounts_that_log_in_with_one_browser_are_known_by_it(app):
    with app.app_context():
        UserFactory(email="sock@example.org")
        UserFactory(email="other@example.org")
    shared = visitor(app)
    for client, email in ((shared, EMAIL), (shared, "sock@example.org"), (visitor(app), "other@example.org")):
        log_in(client, email, PASSWORD)
        send(client, "/logout", "/personal")
    with app.app_context():
        of = {user.email: user.browser_hash for user in db.session.scalars(select(User))}
    assert of[EMAIL] == of["sock@example.org"] != of["other@example.org"]
    assert shared.get_cookie("device").decoded_value not in repr(of)


def owner(app, **attributes):
    """The owner's browser, logged in."""
    client = visitor(app)
    log_in(client, EMAIL, PASSWORD)
    with app.app_context(), db.auto_commit():
        User.find_by_email(EMAIL).set_attrs(attributes)
    return client


@pytest.mark.parametrize(
    ("path", "page", "fields"),
    [
        (
            "/change/password",
            None,
            {"present": "wrong", "password": "another phrase 书", "repeat": "another phrase 书"},
        ),
        ("/change/email", None, {"password": "wrong", "email": "x@example.org"}),
        ("/personal/delete", None, {"password": "wrong"}),
        ("/personal/second-factor/off", "/personal/second-factor", {"password": "wrong"}),
        ("/personal/second-factor/codes", "/personal/second-factor", {"password": "wrong"}),
    ],
)
def test_whoever_finds_a_browser_logged_in_can_not_try_passwords(app, path, page, fields):
    app.config["MAIL_RATE_LIMIT"] = "100 per minute"
    client = owner(app, totp_secret="A" * 32, totp_since=1)
    answers = [send(client, path, page, **fields).status_code for _ in range(6)]

    assert answers == [400] * 5 + [429]


@pytest.mark.parametrize("is_on", [False, True])
def test_codes_can_not_be_tried_one_after_the_other(app, is_on):
    client = owner(app, totp_secret="A" * 32, totp_since=1 if is_on else None)
    path, page = "/personal/second-factor/on", "/personal/second-factor"
    if is_on:
        client, path, page = visitor(app), "/login/code", None
        assert log_in(client, EMAIL, PASSWORD).location == path
    answers = [send(client, path, page, code=f"00000{n}").status_code for n in range(6)]

    assert answers[:4] == [400] * 4
    assert answers[5] == 429


def test_mails_that_a_reader_asks_for_are_limited(app):
    client = owner(app)
    to_others = [send(client, "/change/email", email="x@example.org", password=PASSWORD).status_code for _ in range(4)]

    assert to_others == [302, 302, 302, 429]


def test_one_network_address_can_not_try_many_accounts(app):
    client = visitor(app)
    answers = [log_in(client, f"reader{number}@example.org", "wrong password").status_code for number in range(35)]

    assert answers[:30] == [400] * 30
    assert 429 in answers[30:]


@pytest.mark.parametrize(
    ("addresses", "one_more", "status"),
    [
        ([f"2001:db8:0:1::{n:x}" for n in range(20)], "2001:db8:0:1:ffff::1", 429),
        ([f"2001:db8:0:{n:x}::1" for n in range(20)], "2001:db8:0:ffff::1", 302),
        ([f"::ffff:203.0.113.{n}" for n in range(20)], "::ffff:203.0.113.99", 302),
    ],
)
def test_the_addresses_that_one_caller_has_are_counted_together(app, addresses, one_more, status):
    def register(address, n):
        fields = {"nickname": f"name {n}", "email": f"x{n}@example.org", "password": PASSWORD}
        return send(visitor(app, address), "/register", **fields).status_code

    for n, address in enumerate(addresses):
        assert register(address, n) == 302

    assert register(one_more, 99) == status


def test_a_reader_who_logs_in_again_and_again_is_not_stopped(app):
    for _ in range(8):
        assert log_in(visitor(app), EMAIL, PASSWORD).status_code == 302


def test_mails_to_one_recipient_are_limited_whether_there_is_an_account_or_not(app):
    for email in (EMAIL, "nobody@example.org"):
        answers = [send(visitor(app), "/reset/password", email=email).status_code for _ in range(4)]
        assert answers == [302, 302, 302, 429]
    assert len(mails(app)) == 3


def test_registrations_from_one_address_are_limited(app):
    client = visitor(app)
    answers = [
        send(client, "/register", nickname=f"name {n}", email=f"x{n}@example.org", password=PASSWORD).status_code
        for n in range(21)
    ]

    assert answers == [302] * 20 + [429]


def test_the_same_wait_is_told_in_json(app):
    client = visitor(app)
    csrf = token(client, "/login")
    fields = {"csrf_token": csrf, "email": EMAIL, "password": "wrong password"}
    answers = [client.post("/login", data=fields, headers={"Accept": "application/json"}) for _ in range(6)]

    assert answers[-1].status_code == 429
    assert answers[-1].json["error"]["status"] == 429


@pytest.mark.redis
def test_the_counts_are_shared_through_redis(settings, redis_uri):
    apps = [create_app(Testing(**settings | {"RATELIMIT_STORAGE_URI": redis_uri})) for _ in range(2)]
    answers = [log_in(visitor(apps[n % 2]), EMAIL, "wrong password").status_code for n in range(6)]

    assert answers == [400] * 5 + [429]
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def test_without_redis_the_site_goes_on_and_counts_by_itself(settings):
    limits.fallback_limiter.storage.reset()
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    app = create_app(Testing(**settings | {"RATELIMIT_STORAGE_URI": nowhere}))
    with app.app_context(), pytest.raises(RedisError):
        limiter.limiter.storage.storage.ping()
    client = visitor(app)
    assert client.get("/").status_code == 200
    assert client.get("/book/search?q=x").status_code == 200
    answers = [log_in(client, EMAIL, "wrong password").status_code for _ in range(6)]

    assert answers == [400] * 5 + [429]
    with app.app_context():
        db.engine.dispose()


@pytest.mark.redis
@pytest.mark.parametrize("fate", [signal.SIGSTOP, signal.SIGKILL])
def test_a_site_whose_redis_hangs_or_dies_works(settings, tmp_path, fate):
    port = free_port()
    uri = f"redis://127.0.0.1:{port}/0"
    shared = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": uri, "RATELIMIT_STORAGE_URI": uri}
    with redis_server(tmp_path, port) as server:
        app = create_app(Testing(**settings | shared))
        client = visitor(app)
        assert client.get("/").status_code == 200
        server.send_signal(fate)
        started = time.monotonic()
        answers = [client.get("/"), client.get("/book/search?q=x"), log_in(client, EMAIL, PASSWORD)]
        seconds = time.monotonic() - started
        server.kill()
    with app.app_context():
        db.engine.dispose()

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert seconds < 15


def test_asking_and_listing_are_counted_by_reader_on_all_devices_together(app):
    app.config.update(WTF_CSRF_ENABLED=False, ASKING_RATE_LIMIT="3 per hour", LISTING_RATE_LIMIT="2 per hour")
    with app.app_context():
        who, copy, isbn = reader(0), copy_of(reader(0)), book()
        phone, client, somebody_else = logged_in(app, who), logged_in(app, who), logged_in(app, reader(0))
    asked = [client.post(f"/drift/{copy}").status_code for client in (phone, client, phone, client, somebody_else)]
    assert asked == [400, 400, 400, 429, 400]
    steps = (f"/gifts/book/{isbn}", "/satisfy/wish/1", f"/gifts/book/{isbn}")
    listed = [phone.post(path, data={"condition": "good"}).status_code for path in steps]
    assert listed == [303, 404, 429]
    assert visitor(app).post(f"/drift/{copy}").status_code == 302
