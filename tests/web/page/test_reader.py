import pytest

from app.models.base import db
from app.models.user import User
from app.rules.account.role import Role
from app.services.account.administration import set_role
from app.web.page.reader import role_required
from tests.site.pages import BY_ROLE
from tests.site.rights import pages_by_role
from tests.web.forms import token

JSON = {"Accept": "application/json"}


@pytest.fixture
def app(app):
    """A site with a page for each role, and one with a button."""

    @app.get("/desk/<int:number>")
    @role_required(Role.MODERATOR)
    def desk(number):
        """Show a report."""
        return f"report {number}"

    @app.get("/engine")
    @role_required(Role.OPERATOR)
    def engine():
        return "engine"

    @app.post("/desk/hide")
    @role_required(Role.MODERATOR)
    def hide():
        return "hidden"

    return app


@pytest.fixture
def become(app, reader):
    """A function that gives the reader a role and returns the client."""

    def become(role):
        with app.app_context():
            set_role(str(reader.user_id), role)
            db.session.remove()
        return reader

    return become


@pytest.mark.parametrize(
    ("role", "desk", "engine"), [("reader", 404, 404), ("moderator", 200, 404), ("operator", 200, 200)]
)
def test_a_page_is_open_to_its_role_and_to_higher_ones(become, role, desk, engine):
    client = become(Role(role))
    csrf = token(client, "/personal/settings")

    assert [client.get(path).status_code for path in ("/desk/7", "/engine")] == [desk, engine]
    assert client.post("/desk/hide", data={"csrf_token": csrf}).status_code == desk


def test_to_others_a_page_looks_like_one_that_does_not_exist(become):
    client = become(Role.READER)
    closed, missing = client.get("/desk/7"), client.get("/desk/x")

    assert (closed.status_code, missing.status_code) == (404, 404)
    assert closed.page.main == missing.page.main
    assert client.get("/desk/7", headers=JSON).json == client.get("/desk/x", headers=JSON).json


def test_a_visitor_is_asked_to_log_in_and_led_back(client):
    assert client.get("/desk/7").location == "/login?next=/desk/7"
    answer = client.get("/desk/7", headers=JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "login_required")
    answer = client.post("/desk/hide", data={"csrf_token": token(client, "/login")})
    assert answer.location.startswith("/login?next=")


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(become):
    assert become(Role.MODERATOR).get("/desk/7").text == "report 7"
    assert become(Role.READER).get("/desk/7").status_code == 404
    assert become(Role.OPERATOR).get("/desk/7").text == "report 7"


def test_a_role_that_is_not_known_opens_nothing(app, reader):
    with app.app_context(), db.auto_commit():
        db.session.get_one(User, reader.user_id).role = "chief"

    assert reader.get("/desk/7").status_code == 404
    assert reader.get("/personal").status_code == 200


def test_pages_behind_a_role_are_seen_by_the_check_of_the_lists(app):
    seen = pages_by_role(app)

    assert {name: seen[name] for name in seen.keys() - BY_ROLE.keys()} == {
        "desk": Role.MODERATOR,
        "engine": Role.OPERATOR,
        "hide": Role.MODERATOR,
    }
    assert (app.view_functions["desk"].__name__, app.view_functions["desk"].__doc__) == ("desk", "Show a report.")
