"""A table comes back as it was written, whatever the program and the encoding, or is refused: never otherwise."""

import csv
import io
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.catalogues.files.csv_books import read_books
from app.catalogues.files.list_files import BookLine, ListFile, UnreadableFile
from app.catalogues.files.tables import find_table

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
    "utf-8": [["三体", "père", "Мастер", "한강", "الكتاب", "📚"]],
    "utf-16": [["三体", "père", "Мастер", "한강", "الكتاب", "📚"]],
}
"""Words of one language each."""
EXAMPLES = int(os.environ.get("FISHER_TEST_TABLES", "0"))
"""How many new tables are tried, else the same 300: of thousands of a few words each, one may look like others."""
HABITS = [
    {"delimiter": ",", "lineterminator": "\n"},
    {"delimiter": ",", "lineterminator": "\r\n", "quoting": csv.QUOTE_ALL},
    {"delimiter": ";", "lineterminator": "\r\n"},
    {"delimiter": "\t", "lineterminator": "\n"},
    {"delimiter": "|", "lineterminator": "\r"},
]


def title_in(encoding):
    of_one_language = st.sampled_from(WORDS[encoding])
    words = of_one_language.flatmap(lambda known: st.lists(st.sampled_from(known), min_size=1, max_size=6))
    return words.map(" ".join)


def tables():
    return st.sampled_from(list(WORDS)).flatmap(
        lambda encoding: st.tuples(
            st.just(encoding), st.lists(title_in(encoding), min_size=1, max_size=4), st.sampled_from(HABITS)
        )
    )


@given(tables())
@example(("shift_jis", ["雪国"], HABITS[-1]))
@settings(max_examples=EXAMPLES or 300, deadline=None, derandomize=not EXAMPLES)
def test_a_table_is_read_as_it_was_written_or_refused(table):
    encoding, titles, habits = table
    text = io.StringIO()
    csv.writer(text, **habits).writerows([["ISBN", "Title"], *([ISBN, title] for title in titles)])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(text.getvalue().encode(encoding))
        try:
            found = find_table(path, "csv")
        except UnreadableFile:
            return
        with ListFile(path) as file:
            lines = list(read_books(file, found, "test"))
    assert [line.records[0].title if isinstance(line, BookLine) else line for line in lines] == titles
