import sqlite3
import statistics
import time
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
import time_machine
from sqlalchemy.engine import make_url

from app import create_app
from app.jobs.worker import write_periodic_jobs
from app.models.base import db
from app.models.user import LoginSession, User
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.factories import PASSWORD, UserFactory
from tests.tables import drop_tables
from tests.web.forms import do_jobs, errors, log_in, send

EMAIL = "li@example.org"


@pytest.fixture
def user_id(app_context):
    return UserFactory(email=EMAIL).id


@pytest.mark.parametrize("email", [EMAIL, "LI@Example.Org", f" {EMAIL} "])
def test_a_reader_logs_in_with_the_address_in_any_case(client, user_id, email):
    assert log_in(client, email, PASSWORD).location == "/"
    assert client.get("/personal").status_code == 200


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(client, user_id):
    wrong = log_in(client, EMAIL, "not the password")
    unknown = log_in(client, "nobody@example.org", "not the password")

    assert wrong.status_code == unknown.status_code == 400
    assert (
        errors(wrong)
        == errors(unknown)
        == ["E-mail or password is wrong, or the address has not been confirmed yet (see our e-mail)."]
    )


def test_an_unknown_address_takes_as_long_as_a_wrong_password(settings):
    app = create_app(Testing(**settings | {"PASSWORD_HASH_MEMORY": 19_456, "PASSWORD_HASH_ROUNDS": 2}))
    client = Reader(app, PageResponse)
    with app.app_context():
        UserFactory(email=EMAIL)
        db.session.remove()

    def seconds(email):
        csrf = client.get("/login").page.find("input", {"name": "csrf_token"})["value"]
        started = time.process_time()
        client.post("/login", data={"csrf_token": csrf, "email": email, "password": "not the password"})
        return time.process_time() - started

    seconds(EMAIL), seconds("nobody@example.org")
    pairs = [(seconds(EMAIL), seconds("nobody@example.org")) for _ in range(7)]
    wrong, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))

    # Without hashing, the second would take a tenth of the time of the first.
    assert 0.6 < unknown / wrong < 1.7
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "///evil.example", "\\\\evil.example", "/\\evil.example", "\\/evil.example",
        "https://evil.example", "https:evil.example", "http:///evil.example", "javascript:alert(1)",
        "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/%09/evil.example",
        "/%2Fevil.example", "/%2fevil.example", "%2F%2Fevil.example", "/%5Cevil.example", "evil.example",
        "//evil.example@127.0.0.1/", "//[", "/\u2028/evil.example", "data:text/html,x", "x" * 5000, "/" + "x" * 5000,
        "\x00//evil.example",
    ],
)  # fmt: skip
def test_a_page_elsewhere_is_not_gone_to_after_log_in(client, user_id, target):
    assert client.get("/login", query_string={"next": target}).status_code == 200
    assert log_in(client, EMAIL, PASSWORD, next=target).location == "/"


@pytest.mark.parametrize("target", ["/personal", "/book/search?q=三体&page=2", "/book/9787536692930/detail"])
def test_a_page_of_ours_is_gone_to_after_log_in(client, user_id, target):
    shown = client.get("/login", query_string={"next": target}).page.find("input", {"name": "next"})["value"]
    assert shown == target

    answer = log_in(client, EMAIL, PASSWORD, next=target)
    assert unquote(answer.location) == target


@pytest.mark.parametrize(
    ("pressed_on", "back"),
    [
        ("http://localhost/book/9787536692930/detail", "/book/9787536692930/detail"),
        ("http://localhost/gifts/book/9787536692930", "/"),  # accepts POST only
        ("http://evil.example/personal", "/"),
    ],
)
def test_a_button_that_needs_a_log_in_leads_back_to_its_page(app, client, pressed_on, back):
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/wish/book/9787536692930", headers={"Referer": pressed_on})

    assert answer.location == f"/login?next={back}"


def test_a_page_for_readers_comes_back_after_log_in(client, user_id):
    answer = client.get("/personal/sessions")

    assert answer.location == "/login?next=/personal/sessions"
    assert "Please log in first." in client.get(answer.location).page.main.get_text()


def test_the_session_before_the_log_in_is_not_kept(app, client, user_id):
    client.get("/login")
    with client.session_transaction() as session:
        session["planted"] = "by a stranger"
        before = session["csrf_token"]
    log_in(client, EMAIL, PASSWORD)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before
    # A cookie from before the log-in gives no access.
    assert Reader(app, PageResponse).get("/personal").status_code == 302


def test_log_out_ends_the_log_in_for_a_copy_of_the_cookie_too(app, client, user_id):
    log_in(client, EMAIL, PASSWORD, remember="y")
    with client.session_transaction() as session:
        copied = dict(session)
    assert send(client, "/logout", "/personal").location == "/"
    thief = Reader(app, PageResponse)
    with thief.session_transaction() as session:
        session.update(copied)

    assert client.get("/personal").status_code == 302
    assert thief.get("/personal").status_code == 302


def test_a_changed_network_or_browser_does_not_log_out(client, user_id):
    log_in(client, EMAIL, PASSWORD)
    answer = client.get("/personal", environ_base={"REMOTE_ADDR": "203.0.113.9"}, headers={"User-Agent": "Firefox/999"})

    assert answer.status_code == 200


def test_remember_me_outlives_the_browser_and_nothing_else_does(app, client, user_id):
    log_in(client, EMAIL, PASSWORD, remember="y")
    cookie = client.get_cookie("remember_token")
    assert 29 < (cookie.expires - datetime.now(UTC)).days + 1 < 31
    later = Reader(app, PageResponse)
    later.set_cookie("remember_token", cookie.value)
    assert later.get("/personal").status_code == 200

    forgetful = Reader(app, PageResponse)
    log_in(forgetful, EMAIL, PASSWORD)
    assert forgetful.get_cookie("remember_token") is None


@pytest.mark.parametrize("cookie", ["\xe9|\xe9", "x|" + "0" * 128, "|", "x"])
def test_a_made_up_remember_me_is_a_visitor(client, cookie):
    client.set_cookie("remember_token", cookie)

    assert client.get("/").status_code == 200
    assert client.get("/personal").location.startswith("/login")


def test_a_remembered_reader_is_not_shown_the_page_kept_for_visitors(settings):
    app = create_app(Testing(**settings | {"CACHE_TYPE": "SimpleCache", "PAGE_CACHE_SECONDS": 60}))
    with app.app_context():
        UserFactory(email=EMAIL, nickname="老李")
    client = Reader(app, PageResponse)
    log_in(client, EMAIL, PASSWORD, remember="y")
    later = Reader(app, PageResponse)
    later.set_cookie("remember_token", client.get_cookie("remember_token").value)

    assert "老李" not in Reader(app, PageResponse).get("/").text
    assert "老李" in later.get("/").text
    assert "老李" not in Reader(app, PageResponse).get("/").text
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("is_secure", [True, False])
def test_cookies_are_for_this_site_alone(settings, is_secure):
    base = "https://localhost" if is_secure else "http://localhost"
    app = create_app(Testing(**settings | {"SITE_URL": base}))
    with app.app_context():
        UserFactory(email=EMAIL)
    client = Reader(app, PageResponse)
    page = client.get("/login", base_url=base).page
    fields = {"csrf_token": page.find("input", {"name": "csrf_token"})["value"], "email": EMAIL, "remember": "y"}
    # Over HTTPS the form's origin is checked as well.
    origin = {"Referer": base + "/login"}
    answer = client.post("/login", base_url=base, data=fields | {"password": PASSWORD}, headers=origin)
    cookies = {cookie.split("=")[0]: cookie for cookie in answer.headers.getlist("Set-Cookie")}
    fields |= {"csrf_token": client.get("/language", base_url=base).page.find("input", {"name": "csrf_token"})["value"]}
    chosen = client.post("/language", base_url=base, data=fields | {"language": "zh"}, headers=origin)
    cookies |= {cookie.split("=")[0]: cookie for cookie in chosen.headers.getlist("Set-Cookie")}

    prefix = "__Host-" if is_secure else ""
    assert set(cookies) == {f"{prefix}{name}" for name in ("session", "remember_token", "device", "lang")}
    assert client.get("/personal", base_url=base).page.html["lang"] == "zh"
    for cookie in cookies.values():
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is is_secure
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    with app.app_context():
        db.engine.dispose()


def test_an_unused_log_in_ends(app, client, user_id):
    log_in(client, EMAIL, PASSWORD)
    with app.app_context(), db.auto_commit():
        device = db.session.query(LoginSession).one()
        device.expires_at = 1
    assert client.get("/personal").status_code == 302


def test_a_log_in_that_has_ended_is_forgotten(app, client, user_id):
    log_in(client, EMAIL, PASSWORD, remember="y")
    log_in(Reader(app, PageResponse), EMAIL, PASSWORD)

    with time_machine.travel(time.time() + 24 * 3600), app.app_context():
        write_periodic_jobs()
        do_jobs(app)
        assert [device.is_remembered for device in db.session.query(LoginSession)] == [True]


def test_the_reader_was_last_seen_when_the_site_was_last_used(app, client, user_id):
    log_in(client, EMAIL, PASSWORD)
    with app.app_context(), db.auto_commit():
        db.session.query(LoginSession).one().last_seen = 1
        db.session.get_one(User, user_id).last_seen = 1
    client.get("/personal")

    with app.app_context():
        assert db.session.query(LoginSession).one().last_seen > 1
        assert db.session.get_one(User, user_id).last_seen > 1


@pytest.mark.sqlite("its file is locked")
def test_a_reader_need_not_wait_while_somebody_else_writes(app, client, user_id):
    log_in(client, EMAIL, PASSWORD)
    writer = sqlite3.connect(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with time_machine.travel(time.time() + 3600):
        answer = client.get("/personal")
    writer.close()

    assert answer.status_code == 200
    assert time.monotonic() - started < 9  # the default wait for a lock is ten


def test_an_old_hash_is_renewed_at_log_in(app, client, user_id):
    from argon2 import PasswordHasher

    with app.app_context(), db.auto_commit():
        old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
        db.session.get_one(User, user_id).password_hash = old
    log_in(client, EMAIL, PASSWORD)

    with app.app_context():
        assert "m=64,t=1" in db.session.get_one(User, user_id).password_hash
    assert client.get("/personal").status_code == 200


def test_a_reader_gets_the_calm_page_when_the_database_is_of_no_use(app, client, user_id):
    log_in(client, EMAIL, PASSWORD)
    drop_tables()
    answer = client.get("/personal")

    assert answer.status_code == 503
    assert "short break" in answer.page.h1.get_text()
