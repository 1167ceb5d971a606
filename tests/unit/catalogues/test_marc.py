import pytest
from pymarc import Field, Indicators, Leader, Record, Subfield

from app.catalogues.list_files import BookLine, PassedLine, RejectedLine
from app.catalogues.marc import read_books

SAN_TI = {
    "010": [("a", "978-7-5366-9293-0"), ("b", "平装"), ("d", "CNY23.00")],
    "101": [("a", "chi")],
    "200": [("a", "三体"), ("e", "地球往事"), ("f", "刘慈欣著"), ("g", "某人译"), ("g", "某人绘图")],
    "210": [("a", "重庆"), ("c", "重庆出版社"), ("d", "2008.1")],
    "215": [("a", "302页"), ("d", "24cm")],
    "330": [("a", "文化大革命如火如荼进行的同时。")],
}
HOBBIT = {
    "020": [("a", "9780547928227 (pbk.) :"), ("c", "$14.95")],
    "100": [("a", "Tolkien, J. R. R."), ("d", "1892-1973."), ("e", "author.")],
    "245": [("a", "The hobbit, or, There and back again /"), ("c", "J.R.R. Tolkien.")],
    "264": [("a", "Boston :"), ("b", "Mariner Books,"), ("c", "[2012]")],
    "300": [("a", "xii, 300 pages :")],
    "520": [("a", "A hobbit leaves home.")],
    "700": [("a", "Lee, Alan"), ("e", "illustrator.")],
}


def marc(fields, encoding="utf-8", controls=()):
    record = Record(leader="00000nam a2200000   4500" if encoding == "utf-8" else "00000nam  2200000   4500")
    for tag, value in controls:
        record.add_field(Field(tag=tag, data=value))
    for tag, subfields in fields.items():
        parts = [Subfield(code, value) for code, value in subfields]
        record.add_field(Field(tag=tag[:3], indicators=Indicators("1", " "), subfields=parts))
    if encoding == "utf-8":
        return record.as_marc()
    record.leader = Leader(str(record.leader))
    return _encoded(record, encoding)


def _encoded(record, encoding):
    """pymarc writes UTF-8 only: lay out ISO 2709 by hand."""
    directory, body = b"", b""
    for field in record:
        parts = "".join(f"\x1f{part.code}{part.value}" for part in field.subfields)
        data = ("1 " + parts).encode(encoding) + b"\x1e"
        directory += f"{field.tag}{len(data):04}{len(body):05}".encode()
        body += data
    base = 24 + len(directory) + 1
    leader = f"{base + len(body) + 1:05}nam  22{base:05}   4500".encode()
    return leader + directory + b"\x1e" + body + b"\x1d"


def read(*pieces, **options):
    return list(read_books(pieces, "import", **options))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_record_of_a_chinese_library_is_read_whatever_its_encoding(encoding):
    (line,) = read(marc(SAN_TI, encoding))

    assert isinstance(line, BookLine)
    (book,) = line.records
    assert (book.isbn, book.title, book.subtitle) == ("9787536692930", "三体", "地球往事")
    assert (book.authors, book.translators) == (("刘慈欣",), ("某人",))
    assert (book.publisher, book.pubdate, book.pages) == ("重庆出版社", "2008-01", 302)
    assert (book.price, book.binding, book.language) == ("CNY23.00", "平装", "zh")
    assert book.summary.startswith("文化大革命")


def test_a_marc_21_record_loses_its_punctuation_and_its_illustrator():
    (line,) = read(
        marc(HOBBIT, controls=[("005", "20190102030405.0"), ("008", "120101s2012    mau           000 1 eng d")])
    )

    (book,) = line.records
    assert (book.isbn, book.title) == ("9780547928227", "The hobbit, or, There and back again")
    assert book.authors == ("J.R.R. Tolkien",)
    assert (book.publisher, book.pubdate, book.pages, book.language) == ("Mariner Books", "2012", 300, "en")
    assert line.changed == "2019-01-02"


def test_the_original_script_is_preferred_to_its_transcription():
    fields = {
        "020": [("a", "9787536692930")],
        "100": [("6", "880-01"), ("a", "Liu, Cixin.")],
        "245": [("6", "880-02"), ("a", "San ti /")],
        "880": [("6", "100-01/$1"), ("a", "刘慈欣.")],
        "880b": [("6", "245-02/$1"), ("a", "三体 /")],
    }
    (line,) = read(marc(fields))
    assert (line.records[0].title, line.records[0].authors) == ("三体", ("刘慈欣.",)) or line.records[0].authors == (
        "刘慈欣",
    )


def test_every_isbn_of_a_record_is_a_book():
    (line,) = read(marc(SAN_TI | {"010": [("a", "9787536692930"), ("a", "7-5063-6543-X"), ("a", "wrong")]}))
    assert [book.isbn for book in line.records] == ["9787536692930", "9787506365437"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (marc(SAN_TI)[:-20], "cut short"),
        (marc(SAN_TI)[:40] + b"\x1d", "damaged"),
        (b"99999nam  22     a  4500\x1e\x1d", "damaged"),
        (b"\xff" * 50 + b"\x1d", "not ascii"),
        (b"garbage\x1d", ""),
        (marc(SAN_TI | {"010": [("a", "9787536692931")]}), "no valid ISBN: 9787536692931"),
        (marc({"200": [("a", "三体")]}), "no ISBN"),
        (marc(SAN_TI | {"200": [("f", "刘慈欣")]}), "no title"),
        (marc(SAN_TI | {"200": [("a", "x" * 5001)]}), "title has 5001 characters"),
        (marc(SAN_TI, "gb18030")[:5] + b"nam a" + marc(SAN_TI, "gb18030")[10:], "not utf-8"),
        (None, "too long"),
    ],
)
def test_a_bad_record_is_named_and_the_next_one_read(data, reason):
    lines = read(data, marc(SAN_TI))
    assert isinstance(lines[0], RejectedLine)
    assert reason in lines[0].reason
    assert isinstance(lines[1], BookLine)
    assert lines[1].number == 2


def test_line_ends_between_records_are_no_records():
    lines = read(marc(SAN_TI), b"\r\n" + marc(HOBBIT), b"\r\n\x1d", start=1)
    assert [type(line) for line in lines] == [BookLine, PassedLine]
