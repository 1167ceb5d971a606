"""Before asking and accepting, readers read what may be known of each other, and no more."""

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.services.exchange.trust import facts_of, facts_of_askers
from tests.exchange import ask, copy_of, exchange, reader
from tests.site.rights import SECOND_FACTOR
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")
MARCH_2025 = 1_741_000_000


@pytest.fixture
def known():
    """A reader with six exchanges."""
    me = reader(2)
    given = [
        exchange(state, now(), way)
        for state, way in (
            ("received", Way.POST),
            ("missing", Way.POST),
            *[("received", Way.MEET)] * 2,
            ("cancelled", Way.POST),
        )
    ]
    absent, asked = exchange("expired", now(), Way.MEET), exchange("received", now())
    with db.auto_commit():
        db.session.get_one(User, me).create_time = MARCH_2025
        for done in (*given, absent):
            drift = db.session.get_one(Drift, done.drift)
            drift.set_attrs({"giver_id": me, "create_time": drift.create_time - 2 * DAY})
        db.session.get_one(Drift, absent.drift).absent = "giver"
        db.session.get_one(Drift, asked.drift).asker_id = me
    return me


LINES = {
    "en": "sent 2 of 3 · handed over 2, missed 1 · received 1 · reported missing 1 · since March 2025",
    "zh": "答应邮寄 3 本，寄出 2 本 · 当面或在交接点交接 2 次，失约 1 次 · 收到 1 本 · 1 本被报未收到 · 2025年3月加入",
}
ANSWERS = {"en": "nswers in about 2 days", "zh": "通常 2 天左右答复"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_reader_with_three_exchanges_is_known_on_each_page_where_that_matters(app, known, language):
    other = reader(2, locale=language)
    desk = logged_in(app, reader(role="moderator", locale=language, **SECOND_FACTOR))
    ask(known, copy_of(other, None, now()), now())
    copy = copy_of(known, None, now())
    for client, path, says_answers in (
        (logged_in(app, other), f"/user/{known}", True),
        (logged_in(app, other), f"/drift/{copy}", True),
        (logged_in(app, other), "/pending", False),
        (desk, f"/desk/reader/{known}", True),
    ):
        text = " ".join(client.get(path).page.main.get_text().split())
        assert (path, LINES[language] in text, ANSWERS[language] in text) == (path, True, says_answers)


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "new here since March 2025, 2 exchanges so far"), ("zh", "2025年3月加入的新读者，至今交换 2 次")],
)
def test_of_a_newcomer_only_the_number_is_told(app, client, language, line):
    me, done = reader(0), [exchange("missing", now()), exchange("received", now())]
    with db.auto_commit():
        db.session.get_one(User, me).create_time = MARCH_2025
        for one in done:
            db.session.get_one(Drift, one.drift).giver_id = me
    page = client.get(f"/user/{me}", headers={"Accept-Language": language}).page
    assert page.select_one(".known-facts").get_text().strip() == line


def test_the_facts_of_several_readers_are_those_of_each(known):
    others = [reader(0), known]
    facts = facts_of_askers(others)
    assert [facts[id].given for id in others] == [0, 3]
    assert facts_of(known).answer_days == 2
    assert facts_of_askers([]) == {}
