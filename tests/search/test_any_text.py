"""No text that a reader can send makes the search raise."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NASTY = [
    "", " ", "%", "_", '"', "'", "''", '""', "*", "^", "-", "--", "()", "{}:", "a:b",
    "title_n:x", "+", "AND", "OR", "NOT", "NEAR",
    "AND OR NOT NEAR", "NEAR(a b)", '"a" OR', "a*", "a NEAR/3 b", "\x00", "a\x00b", "\x1f\x1e",
    "\x07\x1b[31m", "\u202e三体\u202c",
    "\u200b", "😀", "😀三体😀", "𠮷", "\U0002a6d6" * 50, "\ud800", "好" * 100, "a" * 100, "a " * 50,
    "好 " * 50, "三体" * 50, "9" * 100,
    "-" * 100, "1-2-3-4", "ﷺ" * 40, "x̂̂̂" * 30, "١٩٨٤", "²³", "①②", "İ", "ẞ", "ǆ", "'; DROP TABLE doc;--",
    "<script>", "\\", "\r\n\t",
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_odd_texts_are_answered(starter_library, text):
    answer = starter_library.index.search(text)

    assert answer.is_complete
    assert len(answer.book_ids) <= 15


WORDS = st.sampled_from(
    ["三体", "the", "harry", "santi", "9787", "c++", "活着", "乔治·", '"', "*", "AND", " ", "-", "x"]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=12).map(" ".join)), page=st.integers(-5, 200))
def test_any_text_and_page_are_answered(starter_library, text, page):
    answer = starter_library.index.search(text, page=page)

    assert len(set(answer.book_ids)) == len(answer.book_ids) <= 15
    assert answer.total >= len(answer.book_ids)


@settings(max_examples=100, deadline=None)
@given(title=st.text(max_size=80), author=st.text(max_size=40))
def test_any_title_can_be_stored_and_taken_out_again(title, author):
    from app.search.text.pinyin import Readings, sound_tokens
    from app.search.text.tokens import index_tokens
    from app.search.write.document import make_document

    document = make_document(
        (1, "9787536692930", title, None, json.dumps([author]), None, "", "", "", "", 1, "", 0, False)
    )
    readings = Readings({}, {}, frozenset())
    index_tokens(document.title).encode()
    index_tokens(document.other).encode()
    assert isinstance(sound_tokens(document.title, document.people, "", document.joined, readings), str)
    assert document == make_document(
        (1, "9787536692930", title, None, json.dumps([author]), None, "", "", "", "", 1, "", 0, False)
    )
