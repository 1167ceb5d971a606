"""Whatever is typed into the search page, or written into its URL, the response is a page."""

import contextvars
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import create_app
from app.rules.book import isbn
from app.rules.text import fold_width
from config import Testing

WORDS = st.lists(st.sampled_from(["三体", "the", "9787536692930", "AND", '"', "*", "%", "c++", "santi"]), max_size=12)
TEXTS = st.one_of(st.text(max_size=120), WORDS.map(" ".join), st.binary(max_size=60))
NUMBERS = st.one_of(st.none(), st.integers().map(str), st.text(max_size=20))
EXAMPLES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def ask(tmp_path_factory, empty_database):
    """A function that sends a request to a site with the starter books and an index."""
    folder = tmp_path_factory.mktemp("search-page")
    path = folder / "fisher.db"
    path.write_bytes(empty_database.read_bytes())
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}", SEARCH_INDEX_PATH=str(folder / "search.db")))
    for command in (["books", "starter"], ["search", "build"]):
        assert app.test_cli_runner().invoke(args=command).exit_code == 0
    client = app.test_client()

    def get(address, **query):
        given = {name: value for name, value in query.items() if value is not None}
        return contextvars.Context().run(client.get, address, query_string=given)

    return get


@EXAMPLES
@given(text=TEXTS, page=NUMBERS, cursor=NUMBERS)
def test_any_search_is_answered_with_a_page_or_a_book(ask, text, page, cursor):
    words = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    answer = ask("/book/search", q=words, page=page and page.encode("utf-8", "replace"), cursor=cursor)

    if answer.status_code == 302:  # a number was found in the text
        assert re.fullmatch(r"/book/97[89][0-9]{10}/detail", answer.location)
    else:
        assert answer.status_code in (200, 400)
        assert "<h1" in answer.text


@EXAMPLES
@given(text=st.text(max_size=200))
def test_any_text_is_an_isbn_or_none(text):
    found = isbn.parse(text)

    assert found is None or (len(found) == 13 and found.isdigit() and isbn.parse(found) == found)
    assert isbn.hyphenate(found).replace("-", "") == found if found else True


@EXAMPLES
@given(text=st.text(max_size=200))
def test_folding_twice_is_folding_once(text):
    assert fold_width(fold_width(text)) == fold_width(text)
