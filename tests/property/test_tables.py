"""A table comes back as it was written, whatever the program and the encoding, or is refused: never otherwise."""

import csv
import io
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from app.catalogues.files.csv_books import read_books
from app.catalogues.files.list_files import BookLine, ListFile, PassedLine, UnreadableFile
from app.catalogues.files.tables import find_table
from app.catalogues.text.text import clean_line

ISBN = "9780439023481"
WORDS = {
    "cp1252": [
        ["Prüfung", "Fluß", "garden"],
        ["père", "île", "cœur", "garden"],
        ["Kærlighed", "Ærø"],
        ["São", "não"],
        ["niño", "pequeño"],
    ],
    "cp1250": [["Příliš", "žluťoučký", "kůň", "garden"], ["książka", "żółw", "Łódź"], ["őszi", "idő"]],
    "cp1251": [["Мастер", "и", "Маргарита", "дом", "ЁЖ", "объезд"]],
    "koi8-r": [["Мастер", "и", "Маргарита", "дом", "ёж"]],
    "cp1253": [["Βίος", "και", "Πολιτεία", "Ζορμπάς"]],
    "gb18030": [["三体", "百年孤独", "解忧杂货店", "红楼梦", "a"]],
    "big5": [["三體", "紅樓夢", "解憂雜貨店", "a"]],
    "shift_jis": [["雪国", "ぬまのあかり", "ノルウェイの森", "a"]],
    "euc_kr": [["채식주의자", "한강", "늪의", "등불", "a"]],
    "utf-8-sig": [["三体", "père", "Мастер", "한강", "الكتاب", "📚"]],
    "utf-8": [["三体", "père", "Мастер", "한강", "الكتاب", "📚"]],
    "utf-16": [["三体", "père", "Мастер", "한강", "الكتاب", "📚"]],
}
"""Words of one language each."""
EXAMPLES = int(os.environ.get("FISHER_TEST_TABLES", "0"))
"""How many new tables are tried, else the same 300: of thousands of a few words each, one may look like others."""
HABITS: list[dict[str, object]] = [
    {"delimiter": ",", "lineterminator": "\n"},
    {"delimiter": ",", "lineterminator": "\r\n", "quoting": csv.QUOTE_ALL},
    {"delimiter": ";", "lineterminator": "\r\n"},
    {"delimiter": "\t", "lineterminator": "\n"},
    {"delimiter": "|", "lineterminator": "\r"},
]
"""Of Python's csv."""


def by_csv(titles, habits):
    """Write rows as Python's csv does."""
    text = io.StringIO()
    csv.writer(text, **habits).writerows([["ISBN", "Title"], *([ISBN, title] for title in titles)])
    return text.getvalue()


def by_pandas(titles, habits):
    """Write a frame as pandas does: with its index, numbers as floats, and what is missing as nothing."""
    rows = [[number, f"{ISBN}.0", title, "", "nan"] for number, title in enumerate(titles)]
    text = io.StringIO()
    csv.writer(text, **habits).writerows([["", "isbn13", "title", "authors", "num_pages"], *rows])
    return text.getvalue()


def by_excel(titles, habits):
    """Write a sheet as Excel does: its separator in the first line, numbers kept as text, rows filled up."""
    sign = str(habits["delimiter"])
    rows = [["Title", "ISBN", "", ""], *([title, f'="{ISBN}"', "", ""] for title in titles), ["", "", "", ""]]
    text = io.StringIO()
    csv.writer(text, **(habits | {"lineterminator": "\r\n"})).writerows(rows)
    return f"sep={sign}\r\n{text.getvalue()}"


def title_in(encoding):
    of_one_language = st.sampled_from(WORDS[encoding])
    words = of_one_language.flatmap(lambda known: st.lists(st.sampled_from(known), min_size=1, max_size=6))
    return words.map(" ".join)


def tables():
    return st.sampled_from(list(WORDS)).flatmap(
        lambda encoding: st.tuples(
            st.just(encoding),
            st.lists(title_in(encoding), min_size=1, max_size=4),
            st.sampled_from([by_csv, by_pandas, by_excel]),
            st.sampled_from(HABITS),
        )
    )


@given(tables())
@example(("shift_jis", ["雪国"], by_csv, HABITS[-1]))
@settings(max_examples=EXAMPLES or 300, deadline=None, derandomize=not EXAMPLES)
def test_a_table_is_read_as_it_was_written_or_refused(table):
    encoding, titles, write, habits = table
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(write(titles, habits).encode(encoding))
        try:
            found = find_table(path, "csv")
        except UnreadableFile:
            return
        with ListFile(path) as file:
            lines = [line for line in read_books(file, found, "test") if not isinstance(line, PassedLine)]
    assert [line.records[0].title if isinstance(line, BookLine) else line for line in lines] == titles


CELLS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30).filter(str.isalnum)
"""Titles of letters and digits of any writing."""


@given(st.lists(CELLS, min_size=1, max_size=5), st.sampled_from(["xlsx", "list", "lines", "columns"]))
@settings(max_examples=EXAMPLES or 200, deadline=None, derandomize=not EXAMPLES)
def test_a_workbook_and_json_are_read_as_they_were_written(titles, shape):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        if shape == "xlsx":
            book = Workbook()
            for row in [["ISBN", "Title"], *([ISBN, title] for title in titles)]:
                book.active.append(row)
            book.save(path)
        else:
            path.write_text(as_json(titles, shape), encoding="utf-8")
        with ListFile(path) as file:
            table = find_table(path, file.find_kind())
            lines = list(read_books(file, table, "test"))
    assert [line.records[0].title for line in lines] == [clean_line(title) for title in titles]


def as_json(titles, shape):
    """Return the books as a list, a record on each line, or pandas' columns."""
    records = [{"isbn": ISBN, "title": title} for title in titles]
    if shape == "list":
        return json.dumps(records)
    if shape == "lines":
        return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return json.dumps({name: {str(n): record[name] for n, record in enumerate(records)} for name in ("isbn", "title")})
