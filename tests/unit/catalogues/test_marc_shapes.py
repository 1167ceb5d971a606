"""MARC in its other shapes, MARCXML and MarcEdit's text, and what a record says of its encoding."""

import gzip
import json
import unicodedata

import pytest
from pymarc.marc8_mapping import CODESETS

from app.catalogues.files.list_files import LONGEST_LINE, BookLine, ListFile, RejectedLine, UnreadableFile
from app.catalogues.files.marc import read_books, read_json, read_mnemonic, read_xml
from tests.marc_records import LAMP, LAMP_UNIMARC, laid_out

ISBN = "9780439023481"
SLIM = "http://www.loc.gov/MARC21/slim"
RECORD = """
 <{p}record><{p}leader>00000nam a2200000   4500</{p}leader><{p}controlfield tag="005">20240502</{p}controlfield>
  <{p}datafield tag="020" ind1=" " ind2=" "><{p}subfield code="a">9780439023481</{p}subfield></{p}datafield>
  <{p}datafield tag="100" ind1="1"><{p}subfield code="a">Example, René.</{p}subfield></{p}datafield>
  <{p}datafield tag="245" ind1="1" ind2="0">
   <{p}subfield code="a">La clé du &lt;marais&gt; &amp; {n} /</{p}subfield>
  </{p}datafield>
 </{p}record>"""
COLLECTIONS = {
    "namespace": f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{SLIM}">{{}}</collection>',
    "prefix": f'<marc:collection xmlns:marc="{SLIM}">{{}}</marc:collection>',
    "undeclared prefix": "<marc:collection>{}</marc:collection>",
    "none": "<collection>{}</collection>",
    "harvested": '<?xml version="1.0"?><OAI-PMH><record><header/><metadata>{}</metadata></record></OAI-PMH>',
}


@pytest.fixture
def read_file(tmp_path):
    def read(data, encoding=None, start=0):
        path = tmp_path / "records"
        path.write_bytes(data)
        with ListFile(path) as file:
            kind = file.find_kind()
            if kind == "mrk":
                return list(read_mnemonic(file.lines(), "import", encoding, start))
            if kind == "marcjson":
                return list(read_json(file, "import", encoding, start))
            assert kind == "marcxml"
            return list(read_xml(file, "import", encoding, start))

    return read


def records(count, prefix=""):
    return "".join(RECORD.format(p=prefix, n=n) for n in range(count))


def shown(line):
    return line.number, line.records[0].title, line.records[0].authors, line.changed


@pytest.mark.parametrize("name", COLLECTIONS)
def test_marcxml_is_read_with_any_namespace_or_none(read_file, name):
    inside = records(2, "marc:" if "prefix" in name else "")
    lines = read_file(COLLECTIONS[name].replace("{}", inside).encode())
    assert [shown(line) for line in lines] == [
        (n + 1, f"La clé du <marais> & {n}", ("René Example",), "2024-05-02") for n in range(2)
    ]
    assert len(read_file(COLLECTIONS[name].replace("{}", inside).encode(), start=1)) == 1


def test_a_single_record_and_a_packed_file_are_read(read_file):
    data = records(1).strip().encode()
    assert shown(read_file(data)[0]) == shown(read_file(gzip.compress(data))[0])


@pytest.mark.parametrize("encoding", ["windows-1251", "gb18030", "iso-8859-1", "utf-16"])
def test_marcxml_is_read_in_the_encoding_that_it_declares(read_file, encoding):
    title = {"windows-1251": "Фонарь", "gb18030": "三体", "utf-16": "三体"}.get(encoding, "La clé")
    text = records(1).replace("La clé", title).replace("René", "Ann")
    lines = read_file(f'<?xml version="1.0" encoding="{encoding}"?><collection>{text}</collection>'.encode(encoding))
    assert lines[0].records[0].title == f"{title} du <marais> & 0"


def test_an_encoding_that_is_named_overrules_what_marcxml_declares(read_file):
    text = f'<?xml version="1.0" encoding="utf-8"?><collection>{records(1)}</collection>'.encode("cp1252")
    with pytest.raises(UnreadableFile, match="after record 0: not well-formed"):
        read_file(text)
    assert read_file(text, "cp1252")[0].records[0].title == "La clé du <marais> & 0"


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("<record><leader>", "no element found"),
        ("</b></collection>", "mismatched tag"),
        ("&nbsp;</collection>", "undefined entity"),
    ],
)
def test_what_stands_before_a_fault_of_the_xml_is_read(tmp_path, end, reason):
    (tmp_path / "x").write_text(f"<collection>{records(2)}{end}", encoding="utf-8")
    lines = []
    with ListFile(tmp_path / "x") as file, pytest.raises(UnreadableFile, match=f"after record 2: {reason}"):
        lines.extend(read_xml(file, "import"))
    with ListFile(tmp_path / "x") as file:
        read = read_xml(file, "import")
        assert [next(read).number, next(read).number] == [1, 2]


def test_entities_of_the_files_own_are_refused(read_file):
    bomb = '<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(UnreadableFile, match="document type"):
        read_file(f"{bomb}<collection>{records(1)}</collection>".encode())


def test_a_record_without_end_does_not_fill_the_memory(read_file):
    with pytest.raises(UnreadableFile, match="too long"):
        read_file(b"<collection><record><leader>" + b"x" * (LONGEST_LINE + 20_000))


def test_odd_elements_cost_themselves_only(read_file):
    odd = (
        '<datafield tag="7"><subfield code="a">x</subfield></datafield><datafield><subfield>y</subfield></datafield>'
        '<controlfield>z</controlfield><datafield tag="500"/><subfield code="a">loose</subfield>'
    )
    (line,) = read_file(f"<collection>{records(1).replace('</record>', odd + '</record>')}</collection>".encode())
    assert line.records[0].authors == ("René Example",)


MNEMONIC = """=LDR  00000nam\\\\a2200000\\\\\\4500
=005  20240502
=020  \\\\$a9780439023481
=100  1\\$aExample, Ren{eacute}.
=245  10$aLa cl{acute}e du {dollar}5 {lcub}marais{rcub} /$cRen\u00e9 Example,
 and others.
=700  1\\$aS{ostrok}rensen, {AElig}gir$eauthor.
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_text_of_marcedit_is_read(read_file, line_end):
    text = ("\ufeff" + MNEMONIC + "\n\n" + MNEMONIC.replace("9780439023481", "x") + MNEMONIC).replace("\n", line_end)
    lines = read_file(text.encode())
    assert shown(lines[0]) == (1, "La clé du $5 {marais}", ("René Example", "Ægir Sørensen"), "2024-05-02")
    assert lines[1] == RejectedLine(2, "no valid ISBN in 020 $a: x")
    assert shown(lines[2])[1:] == shown(lines[0])[1:]


def test_the_text_of_marcedit_is_read_in_another_encoding_and_that_is_said(read_file):
    text = MNEMONIC.replace("La cl{acute}e du {dollar}5 {lcub}marais{rcub}", "Мастер и Маргарита")
    text = text.replace("Ren\u00e9", "Rene") + "=520  \\\\$aРоман о дьяволе, который посещает Москву.\n"
    (line,) = read_file(text.encode("cp1251"))
    assert line.records[0].title == "Мастер и Маргарита"
    assert line.repair == "read as cp1251 and not as utf-8"
    assert isinstance(read_file(text.encode("cp1251"), "cp1251")[0], BookLine)


def test_a_long_line_costs_its_record_only(read_file):
    lines = read_file((MNEMONIC + "=500  \\\\$a" + "x" * (LONGEST_LINE + 9) + "\n\n" + MNEMONIC).encode())
    assert [type(line) for line in lines] == [RejectedLine, BookLine]


def in_greek(text):
    """Return the text in ISO 5428: its accents stand before their letters."""
    signs = {chr(sign): bytes([code | 0x80]) for code, (sign, _) in CODESETS[0x53].items()}
    letters = [unicodedata.normalize("NFD", letter) for letter in text]
    return b"".join(signs.get(sign, sign.encode()) for letter in letters for sign in reversed(letter))


CODED = "20080101d1942    m  y0rusy{}    ba"


@pytest.mark.parametrize(
    ("sets", "title", "encode", "repair"),
    [
        ("0102", "Фонарь на болоте", lambda text: text.encode("koi8-r"), ""),
        ("0102", "Ёжик", lambda text: text.encode("koi8-r"), "read as koi8-r and not as iso5427"),
        ("0104", "Їжак", lambda text: text.encode("koi8-u").replace(b"\xb7", b"\x8eg"), ""),
        ("0105", "Βίος και Πολιτεία", in_greek, ""),
    ],
)
def test_the_sets_that_unimarc_names_are_read(sets, title, encode, repair):
    fields = {"100": [("a", CODED.format(sets))], "010": LAMP_UNIMARC["010"], "200": [("a", title)]}
    (line,) = read_books([laid_out(fields, encode)], "import")
    assert (line.records[0].title, line.repair) == (title, repair)


def test_marc_8_begins_with_the_sets_that_field_066_names():
    cyrillic = {"Л": b"l", "а": b"A", "м": b"M", "п": b"P"}
    fields = LAMP | {"066": [("a", "(N")], "245": [("a", "Лампа")]}
    fields["100"] = []

    def encode(text):
        return b"".join(cyrillic.get(c, c.encode()) for c in text)

    (line,) = read_books([laid_out(fields, encode, leader_09=b" ")], "import")
    assert line.records[0].title == "Лампа"


@pytest.mark.parametrize(
    ("fields", "encoding", "leader_09", "repair"),
    [
        (LAMP, "utf-8", b"a", ""),
        (LAMP, "utf-8", b" ", "read as utf-8 and not as marc-8"),
        (LAMP, "cp1252", b" ", "read as cp1252 and not as marc-8"),
        (LAMP, "cp1252", b"a", "read as cp1252 and not as utf-8"),
        ({**LAMP, "100": [("a", "Example, Rene")], "245": [("a", "A lamp")]}, "utf-8", b" ", ""),
        (LAMP_UNIMARC, "utf-8", b" ", ""),
        (LAMP_UNIMARC | {"100": [("a", CODED.format("0102"))]}, "utf-8", b" ", "read as utf-8 and not as iso5427"),
    ],
)
def test_a_record_that_is_not_as_it_says_is_counted(fields, encoding, leader_09, repair):
    (line,) = read_books([laid_out(fields, lambda text: text.encode(encoding), leader_09)], "import")
    assert (line.records[0].title.startswith(("La clé", "A lamp")), line.repair) == (True, repair)


def test_a_sign_that_marc_8_does_not_have_is_no_blank():
    fields = LAMP | {"500": [("a", "x\xfcy")], "100": []}
    (line,) = read_books([laid_out(fields, lambda text: text.replace("é", "\xe2e").encode("latin-1"), b" ")], "import")
    assert line.records[0].title == "La clé du marais"


@pytest.mark.parametrize("code", ["", ' code=""', ' code="ab"'])
def test_a_subfield_of_marcxml_that_does_not_say_which_it_is_is_passed_over(read_file, code):
    data = records(1).replace("</datafield>", f"<subfield{code}>9780439023481 (stray)</subfield></datafield>")
    (line,), (whole,) = read_file(data.strip().encode()), read_file(records(1).strip().encode())
    assert line == whole


@pytest.mark.parametrize("signs", ["\x88\x89", "\x98\x9c"])
def test_the_signs_around_an_article_that_is_not_sorted_by_are_no_part_of_a_title(read_file, signs):
    title = f"{signs[0]}L'{signs[1]}altra faccia"
    unimarc = laid_out(LAMP_UNIMARC | {"200": [("a", title)]}, str.encode)
    lines = [*read_books([unimarc], "import"), *read_file(records(1).replace("La clé", title).strip().encode())]
    assert [line.records[0].title[:14] for line in lines] == ["L'altra faccia"] * 2
    assert not lines[0].repair


def test_an_encoding_that_is_no_text_is_named(read_file):
    with pytest.raises(UnreadableFile, match="encoding"):
        read_file(f'<?xml version="1.0" encoding="hex"?><collection>{records(1)}</collection>'.encode())


def test_elements_within_a_text_only_stand_around_it(read_file):
    (line,) = read_file(f"<collection>{records(1).replace('La clé', 'La <i>clé</i>')}</collection>".encode())
    assert line.records[0].title == "La clé du <marais> & 0"


def test_a_bare_tag_begins_a_field_of_its_own(read_file):
    (line,) = read_file(MNEMONIC.replace("=700", "=008\n=700").encode())
    assert line.records[0].authors == ("René Example", "Ægir Sørensen")


def test_numeric_references_and_arabic_commas_are_read():
    fields = LAMP | {"100": [("a", "خادم، سعد")], "245": [("a", "&#x0391;&#x03B1; &#x1; &#xFFFFFF;")]}
    (line,) = read_books([laid_out(fields, str.encode, b"a")], "import")
    assert line.records[0].authors == ("سعد خادم",)
    assert line.records[0].title.startswith("Αα")


def test_a_sign_of_marc_8_that_is_cut_costs_its_subfield_and_says_nothing(capfd):
    fields = LAMP | {"500": [("a", "x\x1b$1!0")]}
    encode = lambda text: text.replace("é", "\xe2e").encode("latin-1")  # noqa: E731
    (line,) = read_books([laid_out(fields, encode, b" ")], "import")
    assert line.records[0].title == "La clé du marais"
    assert capfd.readouterr().err == ""


def test_a_record_that_breaks_the_reader_costs_itself_only(monkeypatch):
    from app.catalogues.files import marc

    monkeypatch.setattr(marc, "_pages", lambda _values: 1 / 0)
    (line,) = read_books([laid_out(LAMP, str.encode, b"a")], "import")
    assert line.reason.startswith("the record can not be read: ZeroDivisionError")


@pytest.mark.parametrize("leader", [b"00714cam a2200205\x01a 4500", b"00714cam\x00a2200205 a 4500"])
def test_a_leader_with_odd_signs_is_known_for_marc(tmp_path, leader):
    data = laid_out(LAMP, str.encode, b"a")
    (tmp_path / "x").write_bytes(leader + data[24:])
    with ListFile(tmp_path / "x") as file:
        assert file.find_kind() == "marc"


@pytest.mark.parametrize("place", ["before a record", "around it", "in it", "without end"])
def test_elements_nested_without_measure_are_refused(tmp_path, place):
    opened, closed, record = "<a>" * 200_000, "</a>" * 200_000, records(1)
    data = {
        "before a record": f"{record}{opened}{closed}{record}",
        "around it": f"{record}{opened}{record}{closed}",
        "in it": record + record.replace("</record>", f"{opened}{closed}</record>"),
        "without end": record + 5 * opened,
    }[place]
    (tmp_path / "x").write_text(f"<collection>{data}</collection>", encoding="utf-8")
    lines = []
    with (
        ListFile(tmp_path / "x") as file,
        pytest.raises(UnreadableFile, match=r"after record [01]: its elements are nested"),
    ):
        lines.extend(read_xml(file, "import"))


def marc_json(**changes):
    fields = {
        "001": "1",
        "020": {"ind1": " ", "ind2": " ", "subfields": [{"a": ISBN}]},
        "100": {"ind1": "1", "ind2": " ", "subfields": [{"a": "Le Guin, Ursula K.,"}, {"d": "1929-2018."}]},
        "245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Die Lampe :"}, {"b": "沼中灯 /"}, {"c": "Ursula."}]},
    } | changes
    return {"leader": "00000nam a2200000 a 4500", "fields": [{tag: content} for tag, content in fields.items()]}


@pytest.mark.parametrize(
    "write",
    [
        lambda record: json.dumps([record, record]),
        lambda record: json.dumps([record, record], indent=1, ensure_ascii=False),
        lambda record: "\n".join([json.dumps(record)] * 2),
        lambda record: json.dumps({"records": [record, record]}),
    ],
    ids=["list", "list on many lines", "lines", "list in a record"],
)
def test_marc_in_json_is_read(read_file, write):
    lines = read_file(write(marc_json()).encode())
    said = [(r.isbn, r.title, r.subtitle, r.authors) for line in lines for r in line.records]
    assert said == [(ISBN, "Die Lampe", "沼中灯", ("Ursula K. Le Guin",))] * 2


@pytest.mark.parametrize("indent", [None, 1])
def test_one_record_of_marc_in_json_is_read(read_file, indent):
    (line,) = read_file(json.dumps(marc_json(), indent=indent).encode())
    assert line.records[0].authors == ("Ursula K. Le Guin",)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        3,
        [],
        {},
        {"subfields": "x"},
        {"subfields": [3, {"a": None}, {"b": ["x"]}]},
        {"ind1": 7, "subfields": [{"": "x"}]},
    ],
)
def test_an_odd_part_of_marc_in_json_costs_itself_only(read_file, odd):
    (line,) = read_file(json.dumps([marc_json(**{"650": odd, "x": odd, "7000": odd})]).encode())
    assert (line.records[0].isbn, line.records[0].title) == (ISBN, "Die Lampe")


def test_a_record_of_marc_in_json_without_fields_is_rejected(read_file):
    record = marc_json()
    lines = read_file(json.dumps([record, {"leader": "x", "fields": 3}, "x", record]).encode())
    assert [line.reason for line in lines[1:3]] == ["the record has no list of fields", "the entry is no JSON record"]
    assert len(lines) == 4


def test_accents_stand_before_a_sign_that_marc_8_writes_by_its_number():
    fields = LAMP | {"245": [("a", "x &#x03B1;")]}
    record = laid_out(fields, lambda text: text.encode().replace(b"x &", b"\xe2&"))
    (line,) = read_books([record], "import")
    assert line.records[0].title == "ά"


def test_fields_that_overlap_do_not_make_more_of_a_record_than_it_is():
    whole = laid_out(LAMP | {"500": [("a", "x" * 9000)]}, str.encode)
    directory = whole[24 : whole.index(b"\x1e")]
    base = 24 + 500 * len(directory) + 1
    (line,) = read_books(
        [
            b"99999"
            + whole[5:12]
            + f"{base:05}".encode()[:5]
            + whole[17:24]
            + 500 * directory
            + whole[24 + len(directory) :]
        ],
        "import",
    )
    assert line == RejectedLine(1, "the record is damaged: the fields of its directory overlap")
