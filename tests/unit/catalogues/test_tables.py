"""Tables as programs write them: separators, line ends, encodings, wrapped cells, numbers that were spoilt."""

import csv
import io
import json
from pathlib import Path

import pytest

from app.catalogues.files.list_files import BookLine, ListFile, RejectedLine, UnreadableFile

ISBN = "9780439023481"
PROGRAMS = Path(__file__).parents[2] / "fixtures" / "imports"
LAMP = {"isbn": ISBN, "title": "A Lamp in the Marsh"}
BOTH = {"authors": ("Ann Example", "Bo Sample")}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("goodreads.csv", {
            "isbn": ISBN, "title": "A Lamp in the Marsh (Fen Tales, #1)", "publisher": "Harbour Press", "pages": 212,
            "authors": ("Ann Example", "Bo Sample", "Cy Muster"), "pubdate": "2011", "binding": "Paperback",
            "series": "Fen Tales", "series_number": "1", "first_year": 1998, "subjects": (),
        }),
        ("storygraph.csv", {**LAMP, **BOTH, "translators": ("Cy Muster",), "binding": "paperback"}),
        ("librarything.tsv", {
            "isbn": ISBN, "title": "La clé du marais", "authors": ("René Exemple",), "pubdate": "1998", "pages": 212,
            "subjects": ("Marshes", "fens"),
        }),
        ("bookwyrm.csv", {**LAMP, **BOTH}),
        ("calibre.csv", {**LAMP, "pubdate": "2011-03-05", "language": "en", "summary": "A marsh & a lamp.",
                         "series": "Fen Tales", "series_number": "1", "subjects": ("fens", "lamps")}),
        ("openreads.csv", {**LAMP, "authors": ("Ann Example",), "subtitle": "A Tale", "pages": 212, "pubdate": "2011",
                           "subjects": ("fens",)}),
        ("neodb.csv", {"isbn": "9787536692930", "title": "沼中灯", "subjects": ("沼泽",)}),
        ("douban.csv", {
            "isbn": "9787536692930", "title": "沼中灯", "authors": ("[英] 安·示例",),
            "translators": ("王小明", "李大伟"),
            "publisher": "示例出版社", "pubdate": "2011-03", "pages": 212, "price": "28.00元", "binding": "平装",
            "original_title": "A Lamp in the Marsh", "series": "沼泽丛书", "series_number": "2", "subjects": ("沼泽",),
        }),
        ("kaggle_goodreads.csv", {**LAMP, **BOTH, "pubdate": "2011-09-16", "pages": 212, "language": "en"}),
        ("kaggle_goodbooks.csv", {
            **LAMP, **BOTH, "pubdate": "2011", "first_year": 2011, "language": "en", "original_title": "A Lamp",
        }),
        ("book_crossing.csv", {
            "isbn": ISBN, "title": "Die Prüfung am Fluß", "authors": ("Jörg Muster",), "pubdate": "2011",
        }),
        ("excel_unicode_text.txt", {"isbn": "9787536692930", "title": "沼中灯 “新”", "authors": ("例安",)}),
        ("excel.xlsx", {"isbn": "9787536692930", "title": "沼中灯", "pubdate": "2011-03-05", "pages": 212}),
        ("books.json", {**LAMP, "pages": 212, "pubdate": "2011"}),
        ("books.jsonl", {**LAMP, "authors": ("Ann Example",), "pages": 212}),
    ],
)  # fmt: skip
def test_the_export_of_each_program_comes_in_whole(read_table, file, said):
    first = read_table(PROGRAMS / file)[0]
    assert isinstance(first, BookLine), first
    assert {name: getattr(first.records[0], name) for name in said} == said


@pytest.mark.parametrize("file", ["goodreads.csv", "storygraph.csv", "books.jsonl"])
def test_a_row_without_a_number_is_told_to_have_none(read_table, file):
    assert read_table(PROGRAMS / file)[1].reason == "no ISBN"


def test_what_stands_for_nothing_is_not_stored(read_table):
    (_, undated) = read_table(PROGRAMS / "calibre.csv")
    (_, nought) = read_table(PROGRAMS / "book_crossing.csv")
    assert (undated.records[0].pubdate, nought.records[0].pubdate) == ("", "")


@pytest.mark.parametrize("file", ["excel.xlsx", "kaggle_goodbooks.csv"])
def test_leading_zeros_that_a_spreadsheet_took_are_put_back(read_table, file):
    isbns = [line.records[0].isbn for line in read_table(PROGRAMS / file)]
    assert isbns[-3:] == [ISBN, "9780141439518", "9780261103344"]


def test_a_short_number_in_a_column_of_whole_ones_is_no_isbn(read_table):
    rows = "".join(f"{isbn},x\n" for isbn in (ISBN, "439023483", "12345678", "1234567", "7654321"))
    lines = read_table(f"isbn,title\n{rows}".encode())
    assert [type(line) for line in lines] == [BookLine, *[RejectedLine] * 4]


@pytest.mark.parametrize(
    "cell",
    [
        ISBN, "978-0-439-02348-1", f'"=""{ISBN}"""', f'="{ISBN}"', "[0439023483]", f"{ISBN}.0", f"ISBN 13 {ISBN}",
        f"{ISBN} (pbk.)", f'"{ISBN}, 9780141439518"', f"'{ISBN}", f"{ISBN} 51200", "９７８０４３９０２３４８１",
        "٩٧٨٠٤٣٩٠٢٣٤٨١",
        f"urn:isbn:{ISBN}", f"https://books.example/isbn/{ISBN}", "0-439-02348-3", f"9780439023482 / {ISBN}",
    ],
)  # fmt: skip
def test_a_number_is_found_in_what_is_written_around_it(read_table, cell):
    (line,) = read_table(f"isbn13,title\n{cell},x\n".encode())
    assert line.records[0].isbn == ISBN


@pytest.mark.parametrize("bad", ["9.78043902348e+12", "n/a", "9780439023482", "", "0", "nan"])
def test_the_first_valid_number_of_all_columns_counts(read_table, bad):
    (line,) = read_table(f"title,isbn13,isbn10\nx,{bad},0439023483\n".encode())
    assert line.records[0].isbn == ISBN


@pytest.mark.parametrize("cell", ["9.78044E+12", '"9,78043902348E+12"', "9.78043902348e+12"])
def test_a_rounded_number_is_named_as_what_it_is(read_table, cell):
    (line,) = read_table(f"ISBN-13;Titel\n{cell};x\n".encode())
    assert "column ISBN-13: '9" in line.reason
    assert "a spreadsheet has rounded" in line.reason


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "\n", "sep=D\n", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_separators_line_ends_and_blank_lines_are_found_out(read_table, delimiter, end, before, encoding):
    if encoding == "gb18030" and before == "\ufeff":
        before = ""
    text = f"{before}isbn,title,author\n{ISBN},沼中灯的故事,例安\n".replace(",", delimiter).replace("D", delimiter)
    (line,) = read_table(text.replace("\n", end).encode(encoding))
    assert (line.records[0].title, line.records[0].authors) == ("沼中灯的故事", ("例安",))


WRITTEN = {
    "cp1252": [
        "Die Prüfung am Fluß – “neu”,Jörg Muster",
        "La clé du marais,René Exemple",
        "Kærlighed på øen,Åse Prøve",
    ],
    "cp1250": ["Příliš žluťoučký kůň,Jiří Příklad", "Książka o żółwiu,Łukasz Wzór"],
    "iso8859-2": ["Príliš žltý kôň,Ľubica Vzorová"],
    "cp1251": ["Фонарь на болоте,Анна Примерова"],
    "koi8-r": ["Фонарь на болоте,Анна Примерова"],
    "cp866": ["Фонарь на болоте,Анна Примерова"],
    "cp1253": ["Το φανάρι του βάλτου,Άννα Δείγμα"],
    "cp1254": ["Bataklıktaki Işık,Ayşe Örnekoğlu"],
    "cp1255": ["המנורה בביצה,אנה דוגמה"],
    "cp874": ["ตะเกียงในหนองน้ำ,อานนท์ ตัวอย่าง"],
    "gb18030": ["沼泽中的一盏灯,示例出版社"],
    "big5": ["沼中燈與燈中人的故事,葉示範"],
    "shift_jis": ["ぬまのあかり,見本花子"],
    "euc_jp": ["ぬまのあかり,見本花子"],
    "cp949": ["늪의 등불과 별하늘 이야기,김보기"],
    "utf-16-le": ["沼中灯,例安"],
}


@pytest.mark.parametrize(("encoding", "row"), [(name, row) for name, rows in WRITTEN.items() for row in rows])
def test_an_encoding_is_told_by_what_can_be_read_in_it(read_table, encoding, row):
    (line,) = read_table(f"isbn,title,publisher\n{ISBN},{row}\n".encode(encoding))
    book = line.records[0]
    assert [book.title, book.publisher] == row.split(",")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("百年", "gb18030"),
        ("Un père", "cp1252"),
        ("雪国", "cp932"),
        ("ė", "cp1257"),
        ("ДОН", "koi8-r"),
        ("紅樓夢", "big5"),
    ],
)
def test_an_encoding_that_is_not_clear_is_asked_for_and_nothing_is_guessed(read_table, text, encoding):
    table = f"isbn,title\n{ISBN},{text}\n".encode(encoding)
    with pytest.raises(UnreadableFile, match="by --encoding NAME"):
        read_table(table)
    assert read_table(table, encoding=encoding)[0].records[0].title == text


def test_what_may_be_read_is_shown_with_the_encodings_that_read_it_so(read_table):
    with pytest.raises(UnreadableFile) as refused:
        read_table(f"isbn,title\n{ISBN},Un père\n".encode("cp1252"))
    assert f"cp1252: '{ISBN},Un père'" in str(refused.value)
    assert f"cp1250: '{ISBN},Un pčre'" in str(refused.value)


def test_one_bad_line_does_not_make_a_file_another_encoding(read_table):
    rows = f"{ISBN},Prüfung\n".encode() * 3 + f"{ISBN},Prüfung\n".encode("cp1252")
    lines = read_table(b"isbn,title\n" + rows)
    assert [type(line) for line in lines] == [BookLine] * 3 + [RejectedLine]
    assert lines[-1].reason == "the line is not utf-8"


def test_missing_last_cells_and_commas_too_many_are_no_fault(read_table):
    lines = read_table(f"isbn,title,authors,pages\n{ISBN},x\n{ISBN},x,Ann Example,212,,\n,,,,\n".encode())
    assert [type(line).__name__ for line in lines] == ["BookLine", "BookLine", "PassedLine"]
    assert lines[1].records[0].pages == 212


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Author", "authors"), ("author(s)", "authors"), ("Book-Author", "authors"), ("作者", "authors"),
        ("Verfasser", "authors"), ("auteur", "authors"), ("Автор", "authors"), ("译者", "translators"),
        ("Translator", "translators"), ("Übersetzer", "translators"), ("Verlag", "publisher"), ("Éditeur", "publisher"),
        ("出版社", "publisher"), ("Издательство", "publisher"), ("Editorial", "publisher"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_usual_names(read_table, header, field):
    (line,) = read_table(f"ISBN,Title,{header}\n{ISBN},x,Beispiel\n".encode())
    assert getattr(line.records[0], field) in ("Beispiel", ("Beispiel",))


def test_a_column_can_be_chosen_and_one_that_is_not_there_is_named(read_table):
    table = f"Code,Werk,title\n{ISBN},Die Lampe,x\n".encode()
    (line,) = read_table(table, chosen={"isbn": "code", "title": "Werk"})
    assert line.records[0].title == "Die Lampe"
    with pytest.raises(UnreadableFile, match="there is no column 'Nummer' in it; it has Code, Werk, title"):
        read_table(table, chosen={"isbn": "Nummer"})


def test_of_two_columns_of_one_name_the_first_that_says_something_counts(read_table):
    (line,) = read_table(f"Title,title,isbn\n,A Lamp,{ISBN}\n".encode())
    assert line.records[0].title == "A Lamp"


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"-- MySQL dump 10.13\nDROP TABLE IF EXISTS `books`;\n", "an SQL dump"),
        (b"INSERT INTO books VALUES (1);\n", "an SQL dump"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"%PDF-1.4", "a PDF"),
        (b'<?xml version="1.0"?>\n<books><book isbn="1"/></books>', "XML, but not MARCXML"),
        (b"<article><title>A</title></article>", "XML, but not MARCXML"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel table"),
        (
            b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "an OpenDocument table",
        ),
        (b"@book{x,\n title={A}}\n", "BibTeX"),
    ],
)
def test_other_kinds_of_files_are_named_with_what_to_do(read_table, data, advice):
    with pytest.raises(UnreadableFile, match=advice):
        read_table(data)


@pytest.mark.parametrize("data", [b"[1, 2]", b"[]", b'{"a": 1}\n', b'[{"isbn": "1"', b'{"isbn": 1}\n'])
def test_json_without_books_is_refused(read_table, data):
    with pytest.raises(UnreadableFile):
        read_table(data)


@pytest.mark.parametrize("shape", ['{{"books": [{0}], "count": 1}}', "[{0}]", "{0}\n{0}", '[{0}, {{"isbn": NaN}}]'])
def test_json_is_read_in_each_of_its_shapes(read_table, shape):
    record = json.dumps({"ISBN": int(ISBN), "Title": "Die Lampe", "price": 28.5, "pages": None})
    first = read_table(shape.replace("{{", "{").replace("}}", "}").replace("{0}", record).encode())[0]
    assert (first.records[0].title, first.records[0].price) == ("Die Lampe", "28.5")


def test_a_workbook_too_large_for_memory_is_refused(read_table, monkeypatch):
    monkeypatch.setattr("app.catalogues.files.workbooks.MOST_BYTES", 100)
    with pytest.raises(UnreadableFile, match="at most 100 are read: save it as CSV"):
        read_table(PROGRAMS / "excel.xlsx")


def test_a_table_of_quoted_lines_is_read_as_it_was_written(read_table):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["ISBN", "Title"], [ISBN, 'A "lamp"\nin; the\tmarsh, lit']])
    (line,) = read_table(text.getvalue().encode())
    assert line.records[0].title == 'A "lamp" in; the marsh, lit'


def test_a_listed_file_is_looked_at_and_then_read_from_its_start():
    with ListFile(PROGRAMS / "books.jsonl") as file:
        assert file.peek() == file.read(10_000)


def test_many_authors_in_a_cell_are_as_many_people(read_table):
    people = [f"Person{chr(97 + n // 26)}{chr(97 + n % 26)} Example" for n in range(50)]
    (line,) = read_table(f'isbn,title,authors\n{ISBN},A Lamp,"{", ".join(people)}"\n'.encode())
    assert line.records[0].authors == tuple(people)


@pytest.mark.parametrize("cell", ["x" * 300, f"Ann Example, {'y' * 251}", ", ".join(["Ann Example"] * 80)])
def test_names_that_would_be_cut_reject_the_line(read_table, cell):
    (line,) = read_table(f'isbn,title,authors\n{ISBN},A Lamp,"{cell}"\n'.encode())
    assert isinstance(line, RejectedLine)
    assert "characters" in line.reason
