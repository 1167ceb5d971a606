"""Every route, tried in every role, and every transition of an exchange, in every role on both databases."""

import sqlite3
from contextlib import ExitStack, closing, contextmanager

import pytest
from sqlalchemy import event

from app import create_app
from app.models.base import db
from app.models.drift import Drift
from app.rules.exchange.drift import ADDRESS_SHOWN, CAME_TO_NOTHING
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.exchange import WAY_TO
from tests.servers import mariadb_database
from tests.site.pages import BY_ROLE, LOGIN, PUBLIC
from tests.site.rights import LATELY, ROLES, THEIRS, pages_by_role, read_table, set_stage
from tests.web.readers import logged_in

# Who may take each action, and its transitions; every other state and every other reader is refused.
STEPS = {
    "accept": ("giver", {"waiting": "accepted"}),
    "reject": ("giver", {"waiting": "rejected"}),
    "redraw": ("asker", {"waiting": "withdrawn", "accepted": "withdrawn"}),
    "mailed": ("giver", {"accepted": "mailed"}),
    "received": ("asker", {"mailed": "received", "missing": "received"}),
    "missing": ("asker", {"mailed": "missing"}),
}


ON_MARIADB = pytest.param("mariadb", marks=[pytest.mark.mariadb, pytest.mark.slow])


@pytest.fixture(scope="module", params=["sqlite", ON_MARIADB])
def app(request, tmp_path_factory):
    """One application for all tests of this module; each test creates its own readers and books."""
    folder = tmp_path_factory.mktemp("rights")
    places = ("SEARCH_INDEX_PATH", "MAIL_FOLDER", "COVERS_PATH", "IMPORTS_PATH")
    with ExitStack() as stack:
        uri = f"sqlite:///{folder / 'any.db'}"
        if request.param == "mariadb":
            uri = stack.enter_context(mariadb_database(request.getfixturevalue("mariadb_port")))
        settings = Testing(SQLALCHEMY_DATABASE_URI=uri, **{name: str(folder / name) for name in places})
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            db.create_all()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(autouse=True)
def _open(app_context):
    yield
    db.session.remove()


class Stages:
    """An exchange in each state; what was done on it is undone before it is used again, if the database is a file."""

    def __init__(self):
        self.path = db.engine.url.database if db.engine.name == "sqlite" else None
        self.kept = {}

    def get(self, state, ago=LATELY):
        key = state, ago
        if key not in self.kept:
            stage = set_stage(state, ago)
            db.session.rollback()
            if not self.path:
                return stage
            self.kept[key] = stage, (copy := sqlite3.connect(":memory:"))
            with closing(sqlite3.connect(self.path)) as site:
                site.backup(copy)
        db.session.rollback()
        stage, copy = self.kept[key]
        with closing(sqlite3.connect(self.path)) as site:
            copy.backup(site)
        return stage


@pytest.fixture(scope="module")
def stages(app):
    """The stages of all tests of this module on one database."""
    with app.app_context():
        stages = Stages()
    yield stages
    for _, copy in stages.kept.values():
        copy.close()


def client_of(app, role, stage):
    return Reader(app, PageResponse) if role == "visitor" else logged_in(app, stage.reader_in(role))


def outcome(answer):
    """Return a cell of the table."""
    is_led = answer.status_code == 302 and answer.location.startswith("/login?next=")
    return "in" if is_led else str(answer.status_code)


@contextmanager
def changes(engine):
    """Collect the statements in the block that write and are committed; that a request was refused may be counted."""
    done = []

    def executed(connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and "refused_ask" not in statement:
            connection.info.setdefault("changes", []).append(statement)

    listeners = {
        "before_cursor_execute": executed,
        "commit": lambda connection: done.extend(connection.info.pop("changes", [])),
        "rollback": lambda connection: connection.info.pop("changes", None),
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield done
    for name, listener in listeners.items():
        event.remove(engine, name, listener)


def ask(client, row, path, fields):
    """Send one request; return its cell, and whether the response contains the asker's postal address."""
    with client.open(path, method=row.method, data=fields) as answer:
        return outcome(answer), THEIRS.address.encode() in answer.get_data()


class Tries:
    """The rows of the table for one role; a stage is reused until something has been changed on it."""

    def __init__(self, app, role, stages):
        self.app, self.role, self.stages, self.wrong = app, role, stages, []
        self.at = self.stage = self.client = None

    def try_row(self, row):
        if row.state != self.at:
            self.at, self.stage = row.state, self.stages.get(row.state)
            self.client = client_of(self.app, self.role, self.stage)
        stage, client = self.stage, self.client
        request = client, row, row.path(self.app, stage), row.fields(stage)
        with changes(db.engine) as changed:
            got, has_address = ask(*request)
        self.note(row, row.cells[self.role], got)
        if got[0] not in "23":
            self.note(row, [], changed)
        elif row.again != "-":
            self.note(row, f"then {row.again}", f"then {ask(*request)[0]}")
        if self.role not in ("giver", "asker"):
            self.note(row, "shows the address: False", f"shows the address: {has_address}")
        if got[0] in "23" and row.method == "POST":
            self.at = None

    def note(self, row, expected, got):
        if expected != got:
            self.wrong.append((row.method, row.endpoint, row.state, expected, got))


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_as_the_table_says(app, stages, role):
    """Refused requests change nothing, and readers without a part in the exchange see no postal address."""
    tries = Tries(app, role, stages)
    for row in sorted(read_table(), key=lambda row: row.state):
        tries.try_row(row)
    assert tries.wrong == []


def test_the_table_has_every_route(app):
    routes = {(method, rule.endpoint) for rule in app.url_map.iter_rules() for method in {"GET", "POST"} & rule.methods}
    rows = {(row.method, row.endpoint) for row in read_table()}

    assert rows == routes
    assert {endpoint for _, endpoint in rows} == PUBLIC | LOGIN | set(BY_ROLE)
    for row in read_table():
        led_in = {role for role, cell in row.cells.items() if cell == "in"}
        assert led_in == ({"visitor", "unconfirmed"} if row.endpoint in LOGIN | set(BY_ROLE) else set()), row
        if row.endpoint in BY_ROLE:
            assert {row.cells[role] for role in ("reader", "other", "giver", "asker")} == {"404"}, row


def test_what_asks_for_a_role_is_on_the_list_of_that_role_and_nothing_else_is(app):
    assert pages_by_role(app) == BY_ROLE


@pytest.mark.parametrize("action", STEPS)
def test_a_step_is_taken_by_its_reader_in_its_state_and_by_nobody_else(app, stages, action):
    whose, ways = STEPS[action]
    others = {"visitor": "in", "unconfirmed": "in", "giver": "403", "asker": "403"}
    others |= dict.fromkeys(("reader", "other", "moderator", "operator"), "404")
    for state in WAY_TO:
        cells = others | {whose: "303" if state in ways else "409"}
        stage = stages.get(state)
        for role in sorted(ROLES, key=lambda role: role == whose):
            with client_of(app, role, stage).post(f"/drift/{stage.done.drift}/{action}") as answer:
                assert (role, state, outcome(answer)) == (role, state, cells[role])
            db.session.rollback()
            after = ways.get(state, state) if role == whose else state
            assert (role, db.session.get_one(Drift, stage.done.drift).state) == (role, after)


def test_the_address_is_shown_to_its_two_readers_in_the_states_that_need_it(app, stages):
    for state in WAY_TO:
        stage = stages.get(state, ago=0)
        may_see = {"giver"} if state in ADDRESS_SHOWN else set()
        may_see |= {"asker"} if state not in CAME_TO_NOTHING else set()
        for role in ("visitor", "unconfirmed", "reader", "giver", "asker"):
            with client_of(app, role, stage).get("/pending") as answer:
                is_seen = THEIRS.address.encode() in answer.get_data()
            assert (state, role, is_seen) == (state, role, role in may_see)
