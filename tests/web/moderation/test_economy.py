"""The page of the desk with the figures of the economy."""

import pytest

from app.models.base import now
from app.models.user import User
from app.rules.clock import DAY
from app.services.economy.days import keep_report
from app.services.economy.refused import count_refused_ask
from app.web.moderation import what_if
from tests.exchange import exchange, reader
from tests.site.pages import faults
from tests.site.rights import SECOND_FACTOR
from tests.web.readers import logged_in, text_of

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def desk(app):
    return logged_in(app, reader(role="moderator", **SECOND_FACTOR))


def test_before_the_first_day_is_over_the_page_says_that_there_are_no_figures(desk):
    assert "There are no figures yet" in text_of(desk.get("/desk/economy"))


@pytest.mark.parametrize("days", [1, 3])
def test_the_page_shows_what_was_kept_in_words_charts_and_tables_and_names_nobody(desk, days):
    done = exchange("received", now())
    for reason in ("not_enough_beans", "something_new"):
        count_refused_ask(reason, now())
    for day in reversed(range(days)):
        keep_report(now() - day * DAY)
    shown = desk.get("/desk/economy")
    said = text_of(shown)
    assert faults(shown.page) == []
    assert "no beans left 1" in said
    assert "something new 1" in said
    charts = shown.page.select("figure.chart")
    assert [len(chart.select("tbody tr")) for chart in charts] == [days] * 4
    assert len(charts[0].select("polyline")) == 4
    for side in (done.asker, done.giver):
        assert User.find(side).nickname not in said


def test_other_numbers_are_tried_beside_what_was(desk):
    exchange("received", now())
    before = desk.get("/desk/economy/what-if")
    assert before.page.select("#result") == []
    shown = desk.get("/desk/economy/what-if?price=2&for_confirming=1")
    assert faults(shown.page) == []
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in shown.page.select("#result tbody tr")]
    assert ["requests", "1", "0"] in rows
    assert ["books that arrived", "1", "0"] in rows
    assert "no beans left 1" in text_of(shown)
    entered = [box["value"] for box in shown.page.select("main form input")]
    assert entered == ["2", "1", "1", "1", "1", "2"]
    assert "the result is what happened" in text_of(desk.get("/desk/economy/what-if?price=1"))


@pytest.mark.parametrize("query", ["price=101", "price=-1", "price=x", "received_per_given=0", "price=" + "9" * 99])
def test_numbers_that_can_not_be_tried_are_told_at_their_field(desk, query):
    shown = desk.get(f"/desk/economy/what-if?{query}")
    assert shown.status_code == 400
    assert len(shown.page.select(".field-error")) == 1


def test_too_many_requests_are_left_to_the_command(desk, monkeypatch):
    exchange("received", now())
    monkeypatch.setattr(what_if, "MOST_REQUESTS", 0)
    assert "flask economy what-if" in text_of(desk.get("/desk/economy/what-if?price=2"))
