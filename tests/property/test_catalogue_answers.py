"""Whatever types a response contains, it becomes a clean record or an `AnswerMalformed`: never another exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogues.api import googlebooks, openlibrary_shapes, yushu
from app.catalogues.api.answers import mapping
from app.catalogues.base import AnswerMalformed, BookRecord, Hits
from tests.unit.catalogues.conftest import fixture

ISBN = "9787000000018"

wild = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(ISBN),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "value", "key", "large", "isbn_13", "docs", "identifier"]), inner)
    ),
    max_leaves=6,
)


def spoiled(template):
    """The fixture with some of its members, at any depth, replaced by arbitrary values."""
    if isinstance(template, dict):
        members = st.fixed_dictionaries({key: spoiled(value) for key, value in template.items()})
        return st.one_of(members, members, members, wild)
    if isinstance(template, list):
        return st.one_of(st.tuples(*map(spoiled, template[:3])).map(list), wild)
    return st.one_of(st.just(template), st.just(template), wild)


def ensure_clean(record):
    assert isinstance(record, BookRecord)
    assert len(record.isbn) == 13
    assert record.isbn.isdigit()
    assert record.title.strip()
    for name, value in record._asdict().items():
        if name == "pages":
            assert value is None or (type(value) is int and value > 0)
        elif name == "first_year":
            assert value is None or type(value) is int
        elif name in {"authors", "translators", "subjects"}:
            assert all(isinstance(name, str) and name.strip() for name in value)
        else:
            assert isinstance(value, str)
    json.dumps(record._asdict(), ensure_ascii=False).encode()


def check(read, payload):
    try:
        found = read(payload)
    except AnswerMalformed:
        return
    records = [*found.records, *found.loose_hits] if isinstance(found, Hits) else found
    for record in records:
        ensure_clean(record)
    if isinstance(found, Hits):
        assert type(found.total) is int
        assert found.total >= len(records)


def one(record):
    return [record] if record else []


@given(spoiled(fixture("yushu/book.json")) | spoiled(fixture("douban/book.json")))
def test_any_book_in_the_yushu_and_douban_shapes(payload):
    check(lambda p: one(yushu.read_record(mapping(p))), payload)


@given(spoiled(fixture("yushu/search.json")))
def test_any_search_in_the_yushu_shape(payload):
    check(yushu.read_hits, payload)


@given(spoiled(fixture("googlebooks/isbn.json")))
def test_any_answer_in_the_shape_of_google_books(payload):
    check(lambda p: [r for v in googlebooks.volumes_in(mapping(p)) for r in one(googlebooks.read_record(v))], payload)


DATA = {
    f"ISBN:{ISBN}": {
        "title": "Tides",
        "authors": [{"name": "Ann Shore"}],
        "publishers": [{"name": "Harbour"}],
        "identifiers": {"isbn_13": [ISBN]},
        "subjects": [{"name": "Tides", "url": "https://openlibrary.org/subjects/tides"}],
        "by_statement": "Ann Shore ; translated by Ben Sand.",
        "number_of_pages": 12,
        "cover": {"large": "https://covers.example.org/1.jpg"},
    }
}
DOCS = {
    "numFound": 1,
    "docs": [
        {
            "key": "/works/OL1W",
            "first_publish_year": 1990,
            "title": "Tides",
            "isbn": [ISBN],
            "cover_i": 7,
            "editions": {"docs": [{"title": "T", "isbn": [ISBN]}]},
        }
    ],
}


@given(spoiled(DATA))
def test_any_data_answer_of_open_library(payload):
    check(lambda p: openlibrary_shapes.read_data(mapping(p), [ISBN]).values(), payload)


@given(spoiled(DOCS))
def test_any_search_answer_of_open_library(payload):
    check(lambda p: openlibrary_shapes.read_docs(mapping(p), "https://covers.example.org"), payload)


@given(spoiled(fixture("openlibrary/book.json")))
def test_any_edition_of_open_library(payload):
    check(lambda p: one(openlibrary_shapes.read_edition(mapping(p), "https://covers.example.org")), payload)


@pytest.mark.parametrize("payload", [None, [], 5, "text", True])
def test_anything_but_an_object_is_malformed(payload):
    for read in (yushu.read_hits, mapping):
        with pytest.raises(AnswerMalformed):
            read(payload)
