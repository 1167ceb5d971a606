"""`flask economy`."""

import json

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.bean import EconomyDay
from app.services.economy.refused import count_refused_ask
from tests.exchange import exchange

pytestmark = pytest.mark.usefixtures("app_context")


def run(app, *words):
    return app.test_cli_runner().invoke(args=["economy", *words])


def test_the_report_says_where_beans_are_and_how_exchanges_went(app):
    exchange("waiting", now())
    count_refused_ask("not_enough_beans", now())
    said = run(app, "report").output
    assert "beans: 0 live, 1 escrow, 0 pool, 1 minted; 0 asleep, which the pool owes" in said
    assert "readers: 2 confirmed, 2 without a bean, richest tenth holds –" in said
    assert "refused: 1 not_enough_beans" in said
    assert "post: 1 asked, 0 arrived" in said


def test_the_report_is_printed_as_json_for_as_many_days_as_one_wants(app):
    exchange("received", now())
    read = json.loads(run(app, "report", "--json", "--days", "7").output)
    assert (read["days"], read["ways"]["post"]["arrived"]) == (7, 1)


@pytest.mark.parametrize("days", ["0", "x", "99999"])
def test_days_that_make_no_sense_are_refused(app, days):
    assert run(app, "report", "--days", days).exit_code == 2


def test_the_figures_of_a_day_are_kept(app):
    assert run(app, "keep").output == "kept\n"
    assert run(app, "keep").exit_code == 0
    assert len(db.session.scalars(select(EconomyDay)).all()) == 1


def test_what_if_says_what_the_days_would_have_come_to(app):
    exchange("received", now())
    said = run(app, "what-if", "--price", "2", "--grant", "1").output
    assert "price 2, for confirming 1" in said
    assert "asked: 1 as it was, 0 would be" in said
    assert "arrived: 1 as it was, 0 would be" in said
    assert "would be refused: 1 not_enough_beans" in said
    same = json.loads(run(app, "what-if", "--json").output)
    assert same["was"] == same["would_be"]


@pytest.mark.parametrize("number", ["--price=-1", "--price=101", "--grant=x", "--received-per-given=0", "--days=0"])
def test_numbers_that_make_no_sense_are_not_tried(app, number):
    assert run(app, "what-if", number).exit_code == 2
