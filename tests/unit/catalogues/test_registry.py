"""From settings to catalogues."""

import pytest

from app import create_app
from app.catalogues.api.registry import agent
from config import ConfigurationError, Testing


def test_the_catalogues_are_asked_in_the_order_of_the_settings():
    app = create_app(Testing(BOOK_CATALOGUES=("googlebooks", "yushu", "openlibrary")))

    assert [client.name for client in app.extensions["lookup"].clients] == ["googlebooks", "yushu", "openlibrary"]


def test_a_name_that_is_no_catalogue_stops_the_start_and_names_those_there_are():
    with pytest.raises(ConfigurationError, match=r"'duoban' .* yushu, openlibrary, googlebooks"):
        create_app(Testing(BOOK_CATALOGUES=("duoban",)))


@pytest.mark.parametrize(
    ("contact", "named"),
    [("", "Fisher/0.1 (+http://127.0.0.1:5000)"), ("books@example.org", "Fisher/0.1 (+books@example.org)")],
)
def test_we_name_ourselves_with_somebody_to_write_to(contact, named):
    assert agent(Testing(CATALOGUE_CONTACT=contact).as_flask_config()) == named


@pytest.mark.parametrize(("text", "seconds"), [("3", 3.0), ("0.5", 0.5)])
def test_a_number_with_a_fraction_can_be_set(text, seconds):
    assert seconds == Testing.from_environment({"FISHER_BOOK_LOOKUP_DEADLINE": text}).BOOK_LOOKUP_DEADLINE


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan", "inf", ""])
def test_a_number_that_makes_no_sense_is_refused(text):
    with pytest.raises(ConfigurationError, match="FISHER_BOOK_LOOKUP_DEADLINE"):
        Testing.from_environment({"FISHER_BOOK_LOOKUP_DEADLINE": text})
