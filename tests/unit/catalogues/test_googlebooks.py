"""Google Books' answers over a real socket."""

import pytest

from app.catalogues.base import BookNotFound, BookRecord, CatalogueLimited, CatalogueOutOfOrder
from tests.stand_in import answer, routes
from tests.unit.catalogues.conftest import fixture

TABLES = "9780000000026"


@pytest.fixture
def google(catalogues):
    return catalogues["googlebooks"]


def test_the_volume_with_the_isbn_asked_for_is_taken(stand_in, google):
    stand_in.behave = routes({"/volumes": answer(fixture("googlebooks/isbn.json"))})

    assert google.find_book(TABLES, 2) == BookRecord(
        isbn=TABLES,
        title="The Tide Tables",
        subtitle="A Novel",
        authors=("Ann Shore", "Ben Sand"),
        publisher="Harbour Press",
        pubdate="2014-02-04",
        pages=312,
        summary="She counts the tides.\nHe counts her.",
        language="zh",
        subjects=("Fiction",),
        cover="https://books.google.com/books/content?id=inventedBAAAJ&img=1&zoom=1",
        source="googlebooks",
    )


def test_the_key_travels_in_a_header_and_in_no_address(stand_in, google):
    stand_in.behave = answer(fixture("googlebooks/isbn.json"))

    google.search("tide tables", 60, 20, 2)

    call = stand_in.calls[0]
    assert call.headers["x-goog-api-key"] == "SECRETKEY"
    assert "SECRETKEY" not in str(call.params)
    assert call.params["country"] == "CN"
    assert (call.params["q"], call.params["maxResults"], call.params["startIndex"]) == ("tide tables", "40", "20")


def test_other_editions_alone_are_not_found(stand_in, google):
    stand_in.behave = answer(fixture("googlebooks/isbn.json"))

    with pytest.raises(BookNotFound):
        google.find_book("9787000000018", 2)


@pytest.mark.parametrize("recorded", fixture("errors/google_books_errors.json"), ids=lambda entry: entry["where"])
def test_every_recorded_error_has_its_class(stand_in, google, recorded):
    stand_in.behave = answer(recorded["body"], recorded["http"])
    expected = {200: BookNotFound, 429: CatalogueLimited}.get(recorded["http"], CatalogueOutOfOrder)

    with pytest.raises(expected) as raised:
        google.find_book(TABLES, 2)

    assert type(raised.value) is expected


def test_a_403_for_a_used_up_quota_is_a_limit(stand_in, google):
    error = {"error": {"code": 403, "errors": [{"reason": "dailyLimitExceeded"}]}}
    stand_in.behave = answer(error, 403, Retry_After="120")

    with pytest.raises(CatalogueLimited) as raised:
        google.find_book(TABLES, 2)

    assert raised.value.retry_after == 120
