"""Whatever is uploaded as a list is read or refused, within its bounds, and the same each time."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.catalogues.shelves.files import read_upload
from app.rules.book.isbn import parse
from app.rules.refusal import Refusal

HEADERS = (
    ("Title", "Exclusive Shelf", "ISBN13", "Owned Copies", "Author", "Year Published"),
    ("Title", "Authors", "ISBN/UID", "Read Status", "Owned?", "Format"),
    ("Title", "Primary Author", "ISBN", "ISBNs", "Collections", "Date"),
    ("title", "info", "links", "status", "tags", "rating"),
    ("标题", "简介", "链接", "标签", "评论", "豆瓣评分"),
    ("书名", "作者", "ISBN", "状态", "品相", "出版年"),
    ("title", "status", "olid", "deleted", "isbn", "tags"),
)
cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["9780439023481", '="9780439023481"', "0439023483", "[]", "{}", "[1]", '["x"]', "to-read", "owned", "1", "true",
         "例安 / 2008 / 示例出版社", "isbn:9780439023481 author:x", "\0", "=1+1", "'=x", "9.78E+12", "nan"]
    ),
)  # fmt: skip


def outcome(content):
    try:
        return read_upload(content, "list.csv")
    except Refusal as refusal:
        return refusal.code


@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b'{"a": [[1], {"isbn": {"0": [[]]}}]}')
@example(b'[{"title": {"x": {"y": 1}}, "isbn": [{}]}]')
@example(b"title\n\x00\x00")
def test_any_file_is_read_or_refused(content):
    assert outcome(content) == outcome(content)


@settings(max_examples=60)
@given(st.sampled_from(HEADERS), st.lists(st.lists(cells, min_size=6, max_size=6), max_size=8))
def test_any_cells_make_rows_that_name_a_book_or_say_why_not(header, rows):
    file = io.StringIO()
    csv.writer(file).writerows([header, *rows])
    content = file.getvalue().encode(errors="replace")

    found = outcome(content)

    assert found == outcome(content)
    if not isinstance(found, str):
        assert len(found.rows) <= len(rows) + content.count(b"\n")
        assert all(row.is_lookable == (row.reason is None) for row in found.rows)
        assert all(row.isbn is None or parse(row.isbn) == row.isbn for row in found.rows)
        assert all(len(row.title) <= 500 and len(row.said) <= 80 and len(row.note) <= 200 for row in found.rows)
