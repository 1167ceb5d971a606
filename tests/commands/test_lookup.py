"""`flask books lookup` and `flask books refresh`."""

import pytest

from app.models.base import now
from tests.factories import BookFactory
from tests.stand_in import answer, close

SAN_TI = "9787536692930"
BOOK = {"isbn": SAN_TI, "title": "三体", "author": ["[中] 刘慈欣 著"], "pages": "302"}


@pytest.fixture
def settings(settings, outside_settings):
    return settings | outside_settings


@pytest.fixture
def flask(app):
    """Run a `flask` command."""
    return app.test_cli_runner().invoke


def test_a_look_up_prints_what_each_catalogue_says(flask, outside):
    outside.behave = answer(BOOK)

    result = flask(args=["books", "lookup", "978-7-5366-9293-0"])

    assert result.exit_code == 0
    assert result.output.startswith("yushu: found, ")
    for line in ("title: 三体", "authors: [中] 刘慈欣", "pages: 302", f"isbn: {SAN_TI}"):
        assert f"  {line}\n" in result.output


def test_words_print_hits(flask, outside):
    outside.behave = answer({"books": [BOOK], "total": 7})

    result = flask(args=["books", "lookup", "三体"])

    assert "  7 in all\n" in result.output
    assert f"  {SAN_TI}  三体  [中] 刘慈欣\n" in result.output


def test_a_failure_is_told_without_secrets_and_with_an_exit_code(flask, outside):
    outside.behave = close

    result = flask(args=["books", "lookup", SAN_TI])

    assert result.exit_code == 1
    assert "yushu: out of order (connection failed), " in result.output
    assert "SECRETKEY" not in result.output


def test_an_unknown_catalogue_is_told_with_the_known_ones(flask, outside):
    result = flask(args=["books", "lookup", SAN_TI, "--catalogue", "nobody"])

    assert result.exit_code == 2
    assert "yushu" in result.output
    assert outside.calls == []


def test_one_catalogue_can_be_asked_alone(flask, outside):
    assert flask(args=["books", "lookup", SAN_TI, "--catalogue", "yushu"]).output.startswith("yushu: not found (")


def test_refresh_says_what_it_did(app, flask, outside):
    with app.app_context():
        BookFactory(isbn=SAN_TI, fetched_at=now() - 100 * 86_400, pages=None)
    outside.behave = answer(BOOK)

    result = flask(args=["books", "refresh"])

    assert result.exit_code == 0
    assert "1 refreshed, 1 have more now" in result.output
    assert "0 refreshed" in flask(args=["books", "refresh", "--limit", "5"]).output
