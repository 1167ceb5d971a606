"""`flask circle …`."""

import pytest

from app.models.base import db
from app.models.circle import Circle
from tests.circles import circle, put_in
from tests.exchange import reader

pytestmark = pytest.mark.usefixtures("app_context")


def run(app, *words):
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["circle", *words])


def test_an_operator_founds_a_circle_for_a_reader(app):
    steward = reader(0, nickname="Ada")
    done = run(app, "new", "Readers of Elm Street", "Ada", "--door", "link")

    assert (done.exit_code, done.output) == (0, "/circle/readers-of-elm-street\n")
    assert run(app, "members", "readers-of-elm-street").output == f"{steward}\tAda\tsteward\n"
    assert not db.session.query(Circle).one().listed


def test_circles_and_members_are_printed(app):
    here = circle(reader(0, nickname="Ada"), name="House", slug="house", listed=False)
    put_in(here, reader(0, nickname="Bert"), role="steward")

    assert run(app, "list").output == "house\tHouse\task\t2\tnot listed\n"
    assert [line.split("\t")[1:] for line in run(app, "members", "house").output.splitlines()] == [
        ["Bert", "steward"],
        ["Ada", "member"],
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "House", "nobody"), "there is no such reader"),
        (("new", "", "Ada"), "name: "),
        (("new", "House", "Newcomer"), "not confirmed"),
        (("members", "nowhere"), "there is no such circle"),
    ],
)
def test_what_cannot_be_done_is_said(app, words, said):
    reader(0, nickname="Ada")
    reader(0, nickname="Newcomer", confirmed=False)
    done = run(app, *words)

    assert done.exit_code == 1
    assert said in done.output
    assert db.session.query(Circle).count() == 0
