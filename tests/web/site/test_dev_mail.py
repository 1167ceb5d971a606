import pytest

from app import create_app
from app.models.base import db
from config import Development, Production, Testing
from tests.conftest import PageResponse, Reader
from tests.web.forms import mails, send

SECRETS = {
    "SECRET_KEY": "x" * 32,
    "FIELD_KEYS": ("ZmlzaGVyLXRlc3Rpbmctb25seS1maWVsZC1rZXktMDA=",),
    "SITE_URL": "https://fisher.example",
}


def site(environment, settings, **more):
    quiet = {"JOB_RUNNER": "none", "SEARCH_KEEPER": False, "BOOK_CATALOGUES": (), "LOG_LEVEL": "ERROR"}
    return create_app(environment(**settings | quiet | more))


def test_mails_of_a_development_site_are_read_in_the_browser(settings):
    app = site(Development, settings, SITE_URL="http://localhost")
    client = Reader(app, PageResponse)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "No e-mails yet" in client.get("/dev/mail").page.main.get_text()
    fields = {"nickname": "<b>", "email": "wang@example.org", "password": "a good phrase 书"}
    send(client, "/register", **fields | {"nickname": "小王"})
    mails(app)

    page = client.get("/dev/mail").page
    assert page.h2.get_text() == "Please confirm your e-mail address"
    assert page.select_one('.mail a[href*="/confirm/"]')
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"base_url": "http://127.0.0.1:5000"}, 200),
        ({"base_url": "http://127.0.0.1:5101"}, 200),
        ({"base_url": "http://evil.example"}, 404),
        ({"base_url": "http://127.0.0.1.evil.example:5000"}, 404),
        ({"environ_base": {"REMOTE_ADDR": "192.0.2.7"}, "base_url": "http://127.0.0.1:5000"}, 404),
        ({"headers": {"X-Forwarded-For": "192.0.2.7"}, "base_url": "http://127.0.0.1:5000"}, 404),
    ],
)
def test_mails_are_shown_to_this_machine_that_asks_by_the_name_of_the_site(settings, asked, status):
    app = site(Development, settings, SERVE_OTHERS=True)
    answer = Reader(app, PageResponse).get("/dev/mail", **asked)

    assert answer.status_code == status
    assert status == 404 or answer.headers["Cache-Control"] == "no-store"
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("environment", "more"),
    [(Production, SECRETS), (Testing, {}), (Development, {"MAIL_BACKEND": "smtp"})],
    ids=["production", "testing", "smtp"],
)
def test_elsewhere_there_is_no_such_page(settings, environment, more):
    app = site(environment, settings, **more)
    client = Reader(app, PageResponse)

    assert client.get("/dev/mail").status_code == 404
    assert "/dev/mail" not in client.get("/register/done").text
    with app.app_context():
        db.engine.dispose()
