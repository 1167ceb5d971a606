import pytest
from pymarc import Field, Indicators, Record, Subfield

from app.catalogues.files.list_files import BookLine, PassedLine, RejectedLine
from app.catalogues.files.marc import read_books
from tests.marc_records import LAMP, LAMP_UNIMARC, laid_out

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
    return laid_out(fields, lambda text: text.encode(encoding))


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
        (b"\xff" * 50 + b"\x1d", "damaged: it has no directory"),
        (b"garbage\x1d", ""),
        (marc(SAN_TI | {"010": [("a", "9787536692931")]}), "no valid ISBN in 010 $a: 9787536692931"),
        (marc({"200": [("a", "三体")]}), "no ISBN in 010 $a"),
        (marc(SAN_TI | {"200": [("f", "刘慈欣")]}), "no title in 200 $a"),
        (marc(SAN_TI | {"200": [("a", "x" * 5001)]}), "title has 5001 characters, at most 5000 can be stored: 'xxxx"),
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


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_an_encoding_that_the_leader_does_not_say_is_found_out(encoding):
    (line,) = read(marc(LAMP, encoding))
    assert (line.records[0].title, line.records[0].authors) == ("La clé du marais", ("René Example",))


def test_a_leader_that_says_utf_8_of_another_encoding_does_not_reject_the_record():
    spoilt = marc(SAN_TI, "gb18030")
    (line,) = read(spoilt[:9] + b"a" + spoilt[10:])
    assert line.records[0].title == "三体"


def test_a_cyrillic_record_under_a_marc_8_leader_is_read():
    fields = LAMP | {"100": [("a", "Примерова, Анна.")], "245": [("a", "Фонарь на болоте"), ("c", "Анна Примерова.")]}
    (line,) = read(marc(fields, "cp1251"))
    assert (line.records[0].title, line.records[0].authors) == ("Фонарь на болоте", ("Анна Примерова",))


def test_iso_5426_is_read_when_field_100_says_so():
    fields = {"010": LAMP_UNIMARC["010"], "100": [("a", "20080101d1942    m  y0frey0103    ba")]}
    fields["200"] = [("a", "La cl\xc2e du marais"), ("f", "Ren\xc2e Exemple")]
    (line,) = read(marc(fields, "latin-1"))
    assert (line.records[0].title, line.records[0].authors) == ("La clé du marais", ("René Exemple",))


def test_one_bad_subfield_costs_itself_only():
    data = marc(LAMP | {"500": [("a", "Note")]}).replace(b"\x1faNote", b"\x1f\xe1ote")
    (line,) = read(data)
    assert line.records[0].title == "La clé du marais"


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n"])
def test_a_mark_or_a_line_end_before_the_leader_is_passed_over(before):
    (line,) = read(before + marc(LAMP))
    assert line.records[0].isbn == "9780439023481"


@pytest.mark.parametrize(
    ("main", "author"),
    [
        ("Le Guin, Ursula K.,", "Ursula K. Le Guin"), ("García Muestra, Ana María.", "Ana María García Muestra"),
        ("Lutz, Mark.", "Mark Lutz"), ("Voltaire,", "Voltaire"), ("Sample, B. C.", "B.C. Sample"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ["autor.", "Verfasser", "auteur.", "автор.", "illustrator.", "writer", "poet."])
def test_the_main_field_is_the_author_whatever_the_role(main, author, role):
    (line,) = read(marc(LAMP | {"100": [("a", main), ("d", "1929-2018."), ("e", role)]}))
    assert line.records[0].authors == (author,)


@pytest.mark.parametrize(
    "role", [("4", "trl"), ("4", "http://id.loc.gov/vocabulary/relators/trl"), ("e", "traductor"), ("e", "Übersetzer")]
)
def test_a_translator_is_known_by_code_address_and_word(role):
    (line,) = read(marc(LAMP | {"700": [("a", "Bravo, Luis,"), role]}))
    assert line.records[0].translators == ("Luis Bravo",)


@pytest.mark.parametrize("tag", ["701", "711"])
def test_what_a_chinese_body_or_person_did_is_no_part_of_the_name(tag):
    (line,) = read(marc(LAMP_UNIMARC | {"200": [("a", "x")], tag: [("a", "吕红光著.")]}))
    assert line.records[0].authors == ("吕红光",)


def test_a_body_stays_whole():
    fields = {tag: parts for tag, parts in LAMP.items() if tag != "100"}
    (line,) = read(marc(fields | {"110": [("a", "United States."), ("b", "Congress.")]}))
    assert line.records[0].authors == ("United States. Congress",)


@pytest.mark.parametrize(
    ("extent", "pages"),
    [
        ("1 online resource", None), ("6 sound discs", None), ("1 audio disc (4 hr., 30 min.)", None),
        ("1 CD-ROM", None),
        ("3 Bde", None), ("1 Band", None), ("1 videocassette (120 min.)", None), ("xii, 300 pages :", 300),
        ("212 p. ;", 212), ("302页", 302), ("1 online resource (212 pages)", 212), ("2 v. (800 p.)", 800),
    ],
)  # fmt: skip
def test_only_pages_are_pages(extent, pages):
    (line,) = read(marc(LAMP | {"300": [("a", extent)]}))
    assert line.records[0].pages == pages


def test_a_publisher_beside_a_later_copyright_date_and_a_parallel_title_are_kept():
    fields = {"260": [("b", "Harbour Press,"), ("c", "2010.")], "264": [("c", "©2010")]}
    (line,) = read(marc(LAMP | fields | {"245": [("a", "Le marais"), ("b", "= The marsh")]}))
    book = line.records[0]
    assert (book.publisher, book.subtitle) == ("Harbour Press", "The marsh")


@pytest.mark.parametrize("name", ["", ",", "1927-2014", "1927-2014."])
def test_a_person_without_a_name_is_nobody(name):
    (line,) = read(marc(LAMP | {"100": [("a", name)], "700": [("a", "Sample, Bo")]}))
    assert line.records[0].authors == ("Bo Sample",)


def kept(*lines):
    names = ("original_title", "series", "series_number", "subjects")
    return [tuple(getattr(line.records[0], name) for name in names) for line in lines]


def test_a_marc_21_record_says_what_work_it_is_of():
    more = {
        "240": [("a", "Demian."), ("l", "English")],
        "490": [("a", "Fen tales ;"), ("v", "v. 2")],
        "650": [("a", "Marshes."), ("x", "Fiction.")],
        "651": [("a", "Fens (England)")],
    }
    (line,) = read(marc(LAMP | more))
    assert kept(line) == [("Demian", "Fen tales", "2", ("Marshes", "Fens (England)"))]
    (line,) = read(
        marc(LAMP | more | {"765": [("t", "Die Lampe.")], "830": [("a", "Fen tales (Example Press) ;"), ("v", "3.")]})
    )
    assert kept(line) == [("Die Lampe", "Fen tales (Example Press)", "3", ("Marshes", "Fens (England)"))]


def test_a_uniform_title_of_no_translation_is_no_original_title():
    (line,) = read(marc(LAMP | {"240": [("a", "Selections")]}))
    assert kept(line) == [("", "", "", ())]


@pytest.mark.parametrize("original", [[("t", "The lamp")], [("1", "2001 "), ("a", "The lamp")]])
def test_a_unimarc_record_says_what_work_it_is_of(original):
    more = {"225": [("a", "译文经典"), ("v", "第3卷")], "454": original, "606": [("a", "长篇小说"), ("y", "中国")]}
    (line,) = read(marc(LAMP_UNIMARC | more))
    assert kept(line) == [("The lamp", "译文经典", "3", ("长篇小说",))]


def test_a_series_that_is_too_long_to_be_stored_rejects_the_record():
    (line,) = read(marc(LAMP | {"490": [("a", "x" * 5001)]}))
    assert line.reason.startswith("series has 5001 characters")
