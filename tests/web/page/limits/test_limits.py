import signal
import time

import pytest
from redis.exceptions import RedisError

from app import create_app
from app.extensions import limiter
from app.models.base import db
from app.web.page import login_limits as limits
from config import Testing
from tests.exchange import book, copy_of, reader
from tests.factories import PASSWORD
from tests.servers import free_port, redis_server
from tests.web.forms import log_in, mails, send
from tests.web.page.limits.visitors import EMAIL, visitor
from tests.web.readers import logged_in


def test_mails_that_a_reader_asks_for_are_limited(app):
    client = visitor(app)
    log_in(client, EMAIL, PASSWORD)
    to_others = [send(client, "/change/email", email="x@example.org", password=PASSWORD).status_code for _ in range(4)]

    assert to_others == [302, 302, 302, 429]


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
    assert seconds < 60


def test_lists_and_pictures_of_the_camera_are_counted_by_reader(app):
    app.config.update(WTF_CSRF_ENABLED=False, SCAN_RATE_LIMIT="2 per minute")
    with app.app_context():
        who, isbn = reader(0), book()
        clients = [logged_in(app, who), logged_in(app, who), logged_in(app, who), logged_in(app, reader(0))]
    sent = [client.post("/my/books/add", data={"text": isbn}).status_code for client in clients]
    assert sent == [303, 303, 429, 303]


def test_asking_and_listing_are_counted_by_reader_on_all_devices_together(app):
    app.config.update(WTF_CSRF_ENABLED=False, ASKING_RATE_LIMIT="3 per hour", LISTING_RATE_LIMIT="2 per hour")
    app.config.update(MESSAGE_RATE_LIMIT="1 per hour", REPORT_RATE_LIMIT="1 per hour")
    with app.app_context():
        who, copy, isbn = reader(0), copy_of(reader(0)), book()
        phone, client, somebody_else = logged_in(app, who), logged_in(app, who), logged_in(app, reader(0))
    asked = [client.post(f"/drift/{copy}").status_code for client in (phone, client, phone, client, somebody_else)]
    assert asked == [400, 400, 400, 429, 400]
    steps = (f"/gifts/book/{isbn}", "/satisfy/wish/1", f"/gifts/book/{isbn}")
    listed = [phone.post(path, data={"condition": "good", "ways": "post"}).status_code for path in steps]
    assert listed == [303, 404, 429]
    for path in ("/drift/1/thread", "/report/message/1"):
        assert [client.post(path).status_code for client in (phone, client, somebody_else)] == [404, 429, 404]
    assert visitor(app).post(f"/drift/{copy}").status_code == 302
