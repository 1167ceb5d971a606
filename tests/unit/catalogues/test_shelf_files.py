"""Files of all kinds that readers try to bring: encodings, packed ones, other tables, damaged and hostile ones."""

import gzip
import io
import zipfile

import pytest
from openpyxl import Workbook

from app.catalogues.shelves.archive import MEGABYTE, MOST_UNPACKED
from app.catalogues.shelves.files import MOST_MEGABYTES, read_upload
from app.rules.shelf.pasted import MOST_ROWS
from app.rules.shelf.refusals import ListTooLarge, ListTooLong, UnknownList, UnreadableList
from app.rules.shelf.row import Fault, Intent

LAMP, SWAMP = "9780439023481", "9787536692930"
CHINESE = f"书名,作者,ISBN\n沼中灯与示例,王小明,{SWAMP}\n山水之间的故事,李大伟,\n"


def rows_of(content, name="list.csv", intent=Intent.NOTHING):
    return read_upload(content, name, intent).rows


def named(value):
    """Return a name for a file among the parameters of a test: packed ones have the time in their bytes."""
    return "file" if isinstance(value, bytes) else None


def workbook(*rows, sheet="Sheet1"):
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"])
def test_a_table_is_read_in_the_encoding_that_it_is_written_in(encoding):
    text = CHINESE if encoding != "big5" else CHINESE.translate(str.maketrans("书灯与间李伟", "書燈與間李偉"))
    first, second = rows_of(text.encode(encoding))
    assert first.isbn == SWAMP
    assert second.title.startswith("山水之")


def test_letters_that_may_be_any_are_refused_and_not_guessed():
    with pytest.raises(UnreadableList) as refusal:
        rows_of("title,author\nÐ\xe6\xf8,\xfe\xf0\n".encode("latin-1"))
    assert refusal.value.kind == "encoding"


@pytest.mark.parametrize(
    "text",
    [
        f"{LAMP}\n{SWAMP}\n",
        f"my books\n{LAMP};{SWAMP}\n",
        f"Dear all, I have {LAMP} and\n{SWAMP}, who wants them?",
        f"<html><p>{LAMP}</p><p>{SWAMP}</p></html>",
        f"TY  - BOOK\nSN  - {LAMP}\nER  -\nTY  - BOOK\nSN  - {SWAMP}\n",
        f'["{LAMP}", "{SWAMP}"]',
    ],
)
def test_any_text_with_numbers_is_a_list(text):
    found = read_upload(text.encode(), "x.txt", Intent.PRIVATE)
    assert found.program == "text"
    assert [(row.isbn, row.intent) for row in found.rows] == [(LAMP, Intent.PRIVATE), (SWAMP, Intent.PRIVATE)]


def test_a_column_of_titles_is_a_list():
    assert [row.title for row in rows_of("三体\n活着\n".encode())] == ["三体", "活着"]
    assert [row.title for row in rows_of(b"Title\nDune\n1984\n")] == ["Dune", "1984"]
    assert [row.title for row in rows_of(workbook(["三体"], ["活着"]))] == ["三体", "活着"]


def test_a_workbook_with_a_header_below_its_title_is_a_table():
    content = workbook(["我的书"], [], ["书名", "ISBN", "状态"], ["沼中灯", int(SWAMP), "想读"])
    (row,) = rows_of(content)
    assert (row.number, row.isbn, row.title, row.intent) == (4, SWAMP, "沼中灯", Intent.WISH)


def test_numbers_in_a_workbook_without_a_header_are_found():
    assert [row.isbn for row in rows_of(workbook([int(LAMP), 3], ["x", SWAMP]))] == [LAMP, SWAMP]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (b"Name,Email\nAnn,ann@example.org\n", "Name, Email"),
        (
            b"Date,Name,Year,Letterboxd URI\n2020-01-01,A Film,2010,https://x.example\n",
            "Date, Name, Year, Letterboxd URI",
        ),
        (b"", ""),
        (b"\n\n", ""),
        (b"{}", ""),
        (workbook(["Name", "Email"], ["Ann", "ann@example.org"]), "Name, Email"),
        (workbook(["标题", "链接", "我的评分"], ["沼泽电影", "x", 4], sheet="看过"), "看过"),
    ],
    ids=named,
)
def test_a_table_of_something_else_is_refused_with_the_names_of_its_columns(content, columns):
    with pytest.raises(UnknownList) as refusal:
        rows_of(content)
    assert refusal.value.columns == columns


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 x", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (gzip.compress(LAMP.encode()), "packed"),
        (b"7z\xbc\xaf\x27\x1c", "packed"),
        (archive({"a.csv": "isbn,title\n", "b.csv": "isbn,title\n"}), "packed"),
        (archive({"a.csv": gzip.compress(LAMP.encode())}), "packed"),
        (archive({"a.csv": archive({"b.csv": LAMP})}), "packed"),
        (b"<html><p>Hello</p></html>", "web_page"),
        (b"PK\x03\x04 cut short", None),
        (workbook(["书名"], ["沼中灯"])[:-200], None),
        (archive({"mimetype": "application/epub+zip"}), None),
    ],
    ids=named,
)
def test_what_is_no_list_is_refused_with_what_it_is(content, kind):
    with pytest.raises(UnreadableList) as refusal:
        rows_of(content)
    assert refusal.value.kind == kind


def test_a_list_within_an_archive_is_read():
    for content in (CHINESE, workbook(["书名", "ISBN"], ["沼中灯", SWAMP])):
        packed = archive({"export/books.csv": content, "__MACOSX/x.csv": "x", "readme.md": "x"})
        assert rows_of(packed)[0].isbn == SWAMP


def test_an_archive_that_grows_too_large_is_never_unpacked():
    zeros = b"0" * (MOST_UNPACKED + 1)
    bombs = [
        archive({"book_mark.csv": zeros}),
        archive({"[Content_Types].xml": "x", "xl/sharedStrings.xml": zeros}),
    ]
    for bomb in bombs:
        assert len(bomb) < MEGABYTE
        with pytest.raises(ListTooLarge) as refusal:
            rows_of(bomb)
        assert refusal.value.megabytes == MOST_UNPACKED // MEGABYTE


def test_a_workbook_with_a_cell_at_its_far_end_is_read_no_further_than_is_sensible():
    book = Workbook()
    for at, text in (("A1", "书名"), ("A2", "沼中灯"), ("XFD3", "x"), ("A1048576", "far below")):
        book.active[at] = text
    file = io.BytesIO()
    book.save(file)
    assert [row.title for row in rows_of(file.getvalue())] == ["沼中灯"]


def test_a_list_may_have_so_many_rows_and_bytes():
    table = "title\n" + "".join(f"Book {place}\n" for place in range(MOST_ROWS))
    assert len(rows_of(table.encode())) == MOST_ROWS
    with pytest.raises(ListTooLong):
        rows_of(f"{table}One more\n".encode())
    with pytest.raises(ListTooLarge):
        rows_of(b"x" * (MOST_MEGABYTES * MEGABYTE + 1))


def test_a_line_that_is_not_in_the_encoding_of_the_others_is_told():
    lines = [f"书{place},{SWAMP}\n".encode() for place in range(20)]
    rows = rows_of(b"title,isbn\n" + b"".join(lines) + b"\xff\xfe\xff,1\n" + lines[0])
    assert [row.reason for row in rows if row.reason] == [Fault.BROKEN]
    assert len(rows) == 22
