"""What stewards see of the desk, and what moderators who are in no circle see of one: the table in docs/circles.md."""

import re
from pathlib import Path

import pytest

from app.models.base import db, now
from app.models.circle import Circle
from app.models.gift import Gift
from app.rules.clock import DAY
from app.rules.moderation.hold import HoldReason
from app.rules.moderation.report import Reason
from app.services.moderation.report import report
from app.services.sight.hold import hold
from tests.circles import circle, listed_in, put_in
from tests.exchange import book, copy_of, id_of, reader
from tests.site.rights import SECOND_FACTOR
from tests.web.readers import logged_in, text_of

pytestmark = pytest.mark.usefixtures("app_context")
ROW = re.compile(r"^\| `(/[^`]+)` \| (.+) \|$", re.MULTILINE)
TABLE = dict(ROW.findall(Path("docs/circles.md").read_text().partition("## Who looks after what")[2]))
NAME, TITLE = "Red Door", "三体黑暗森林"


class Club:
    """A circle with a copy that is for it alone, and a moderator who is not in it."""

    def __init__(self, app):
        self.giver, self.member = reader(0, nickname="Ada"), reader(0)
        self.id = circle(self.giver, self.member, name=NAME, about="Everybody with a red door")
        self.isbn = book(title=TITLE)
        self.gift = listed_in(self.giver, id_of(self.isbn), self.id)
        self.moderator = logged_in(app, reader(0, role="moderator", **SECOND_FACTOR))
        self.values = {"<slug>": "circle-1", "<isbn>": self.isbn}

    def see(self, path):
        for name, value in self.values.items():
            path = path.replace(name, value)
        answer = self.moderator.get(path.replace("<id>", str(self.giver if "reader" in path else self.gift)))
        return answer.status_code, text_of(answer)


@pytest.fixture
def club(app):
    return Club(app)


@pytest.fixture
def steward(app, club):
    put_in(club.id, someone := reader(0), role="steward")
    return logged_in(app, someone)


def test_what_is_not_there_for_a_moderator_is_not_there(club):
    gone = [path for path, said in TABLE.items() if said == "404"]
    assert len(gone) == 6
    assert [club.see(path)[0] for path in gone] == [404] * 6


def test_a_moderator_sees_of_a_circle_what_everybody_does(club):
    assert {"/circles", "/circle/<slug>", "/book/<isbn>/detail"} <= TABLE.keys()
    assert NAME in club.see("/circles")[1]
    status, page = club.see("/circle/<slug>")
    assert (status, "Everybody with a red door" in page, "2 members" in page) == (200, True, True)
    assert "Ada" not in page
    assert "Ada" not in club.see("/book/<isbn>/detail")[1]
    with db.auto_commit():
        db.session.get_one(Circle, club.id).listed = False
    assert NAME not in club.see("/circles")[1]
    assert club.see("/circle/<slug>")[0] == 404


def test_the_desk_shows_a_closed_copy_once_it_has_to_do_with_it_and_never_the_circle(club):
    paths = ["/desk/reader/<id>", "/desk/case/listing/<id>", "/desk/reports"]
    assert set(paths) <= TABLE.keys()
    assert [club.see(path)[0] for path in paths] == [200, 404, 200]
    assert TITLE not in club.see("/desk/reports")[1]
    report("listing", club.gift, club.member, Reason.SPAM, "look", now())
    for path in paths[1:]:
        status, page = club.see(path)
        assert (status, TITLE in page) == (200, True)
    assert not [path for path in paths if NAME in club.see(path)[1]]


def test_the_table_says_nothing_that_no_test_here_looks_at():
    assert len(TABLE) == 12
    assert [path for path, said in TABLE.items() if said != "404"] == [
        "/circles", "/circle/<slug>", "/book/<isbn>/detail",
        "/desk/reader/<id>", "/desk/case/listing/<id>", "/desk/reports",
    ]  # fmt: skip


def test_stewards_see_what_is_reported_or_held_in_their_circle_and_nothing_else(app, club, steward):
    elsewhere = listed_in(club.giver, id_of(book(title="Elsewhere")), circle(club.giver, club.member))
    public = copy_of(club.giver, book(title="For everybody"))
    waiting = listed_in(club.giver, id_of(book(title="Held")), club.id)
    assert steward.get("/circle/circle-1/steward").page.find(id="troubled") is None

    for gift in (club.gift, elsewhere, public):
        report("listing", gift, club.member, Reason.SPAM, "secret words", now() - DAY)
    with db.auto_commit():
        db.session.get_one(Gift, waiting).state = "held"
        hold("listing", waiting, club.giver, HoldReason.LINK, now())
    page = steward.get("/circle/circle-1/steward")
    rows = [row.get_text(" ", strip=True) for row in page.page.select("section[aria-labelledby=troubled] li")]
    assert [row.partition(" ·")[0] for row in rows] == [TITLE, "Held"]
    assert "reported once" in rows[0]
    assert "secret words" not in text_of(page)
    assert logged_in(app, club.member).get("/circle/circle-1/steward").status_code == 404
