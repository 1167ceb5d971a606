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
    app = site(Development, settings)
    client = Reader(app, PageResponse)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "No mail yet" in client.get("/dev/mail").page.main.get_text()
    fields = {"nickname": "<b>", "email": "wang@example.org", "password": "a good phrase 书"}
    send(client, "/register", **fields | {"nickname": "小王"})
    mails(app)

    page = client.get("/dev/mail").page
    assert page.h2.get_text() == "Please confirm your e-mail address"
    assert page.select_one('.mail a[href*="/confirm/"]')
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
