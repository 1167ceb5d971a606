import pytest
from flask import abort

from app import create_app
from app.models.base import db
from config import Production, Testing
from tests.tables import drop_tables


@pytest.fixture
def client_of_faults(app, client):
    """A site with pages that fail."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/fault/<int:status>")
    def fault(status):
        if status == 500:
            raise ZeroDivisionError("secret detail")
        abort(status)

    return client


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500])
def test_an_error_is_a_page_of_the_site_in_both_languages(client_of_faults, status):
    english = client_of_faults.get(f"/fault/{status}")
    chinese = client_of_faults.get(f"/fault/{status}", headers={"Accept-Language": "zh"})

    for answer in (english, chinese):
        assert answer.status_code == status
        assert answer.page.h1.get_text(strip=True)
        assert answer.page.find("a", href="/")
        assert "secret detail" not in answer.text
    assert english.page.html["lang"] == "en"
    assert chinese.page.html["lang"] == "zh"


def test_an_error_is_json_for_those_who_ask_for_it(client_of_faults):
    answer = client_of_faults.get("/fault/404", headers={"Accept": "application/json"})

    assert answer.status_code == 404
    assert answer.json["error"]["status"] == 404


def test_a_path_that_does_not_exist_is_404(client):
    assert client.get("/no/such/page").status_code == 404


@pytest.mark.parametrize("host", ["..", "x" * 3000, "[", "a b", "a@b", "\xff", "a:b:c"])
@pytest.mark.parametrize("path", ["/", "/no/such/page", "/v2/book/id/1"])
def test_a_host_that_can_not_be_is_no_error_of_ours(client, path, host):
    assert client.get(path, headers={"Host": host}).status_code < 500


def test_a_body_that_is_too_large_is_413(app, client):
    app.config["MAX_CONTENT_LENGTH"] = 10

    assert client.post("/language", data={"language": "en" * 100}).status_code == 413


def test_a_form_without_its_token_is_refused_with_advice(app):
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI="sqlite://"))
    answer = app.test_client().post("/language", data={"language": "en"}, headers={"Accept-Language": "en"})

    assert answer.status_code == 400
    assert "Please reload it" in answer.text


def test_a_database_that_is_not_migrated_is_said_with_the_command_that_mends_it(app, client, app_context):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    drop_tables()

    answer = client.get("/")

    assert answer.status_code == 503
    assert "flask --app fisher db upgrade" in answer.text


def test_readers_in_production_are_not_told_commands(tmp_path):
    app = create_app(
        Production(
            SECRET_KEY="x" * 40,
            SEARCH_KEEPER=False,
            JOB_RUNNER="none",
            SITE_URL="https://fisher.example",
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'new.db'}",
            LOG_LEVEL="CRITICAL",
        )
    )
    answer = app.test_client().get("/")

    assert answer.status_code == 503
    assert "db upgrade" not in answer.text
    with app.app_context():
        db.engine.dispose()
