"""JSON of books in the shapes that programs give it: lists, records that hold them, lines, tables of pandas."""

import json

import pytest

from app.catalogues.files.list_files import RejectedLine, UnreadableFile

ISBN, OTHER = "9780439023481", "9787536692930"
LAMP = {"isbn": ISBN, "title": "A Lamp", "authors": ["Ann Example", "Bo Sample"]}
MARSH = {"isbn": OTHER, "title": "沼中灯"}
BOTH = [(ISBN, "A Lamp"), (OTHER, "沼中灯")]


def as_json(value, **options):
    return json.dumps(value, ensure_ascii=False, **options).encode()


def told(lines):
    return [(line.records[0].isbn, line.records[0].title) for line in lines]


@pytest.mark.parametrize(
    "data",
    [
        as_json([LAMP, MARSH]),
        as_json([LAMP, MARSH], indent=2),
        b"\xef\xbb\xbf" + as_json([LAMP, MARSH]),
        as_json([[LAMP], [MARSH]]),
        as_json([[[LAMP, MARSH]]]),
        as_json({"books": [LAMP, MARSH], "count": 2}),
        as_json({"data": {"user": "Ann", "books": [LAMP, MARSH]}}),
        as_json({"1": LAMP, "2": MARSH}),
        as_json({ISBN: LAMP, OTHER: MARSH}, indent=1),
        as_json([["ISBN", "Title"], [ISBN, "A Lamp"], [OTHER, "沼中灯"]]),
        as_json({"isbn": {"0": ISBN, "1": OTHER}, "title": {"0": "A Lamp", "1": "沼中灯"}}),
        as_json({"columns": ["isbn", "title"], "index": [0, 1], "data": [[ISBN, "A Lamp"], [OTHER, "沼中灯"]]}),
        as_json({"schema": {"fields": [{"name": "isbn"}]}, "data": [LAMP, MARSH]}),
        as_json(LAMP) + b"\n" + as_json(MARSH),
        b"\xef\xbb\xbf" + as_json(LAMP) + b"\r\n\r\n" + as_json(MARSH) + b"\r\n",
        json.dumps([LAMP, MARSH]).encode("utf-16"),
        (json.dumps(LAMP) + "\r\n" + json.dumps(MARSH) + "\r\n").encode("utf-16"),
    ],
    ids=[
        "list", "list on many lines", "list with mark", "lists in a list", "list in lists", "list in a record",
        "list deep in records", "records by number", "records by isbn", "table of lists", "pandas", "pandas split",
        "pandas table", "lines", "lines with mark and blanks", "list in utf-16", "lines in utf-16",
    ],
)  # fmt: skip
def test_records_are_found_in_whatever_holds_them(read_table, data):
    assert told(read_table(data)) == BOTH


@pytest.mark.parametrize("indent", [None, 2])
def test_one_record_is_one_book(read_table, indent):
    (line,) = read_table(as_json(LAMP, indent=indent))
    assert (line.number, line.records[0].authors) == (1, ("Ann Example", "Bo Sample"))


@pytest.mark.parametrize(
    "authors",
    [
        ["Ann Example", "Bo Sample"],
        [["Ann Example"], ["Bo Sample"]],
        [{"name": "Ann Example"}, {"name": "Bo Sample"}],
        "Ann Example|Bo Sample",
        ["Ann Example", None, "Bo Sample", []],
    ],
)
def test_authors_are_read_in_each_of_their_shapes(read_table, authors):
    (line,) = read_table(as_json([LAMP | {"authors": authors}]))
    assert line.records[0].authors == ("Ann Example", "Bo Sample")


@pytest.mark.parametrize(
    ("record", "isbn", "title"),
    [
        ('{"isbn": 9780439023481, "title": 1984}', ISBN, "1984"),
        ('{"isbn": 9780439023481.0, "title": "x"}', ISBN, "x"),
        ('{"isbn": ["bad", "9780439023481"], "title": "x"}', ISBN, "x"),
        ('{"identifiers": {"amazon": "B00X", "isbn": "9780439023481"}, "title": "x"}', ISBN, "x"),
        ('{"isbn": "9780439023481", "title": "on\ntwo lines"}', ISBN, "on two lines"),
        ('{"isbn": null, "isbn13": "9780439023481", "title": "x", "pages": false}', ISBN, "x"),
        ('{"isbn": "9780439023481", "title": "x", "title": "the last of both"}', ISBN, "the last of both"),
        ('{"isbn": "9780439023481", "title": "x", "pages": NaN, "authors": {}}', ISBN, "x"),
        ('{"isbn": "9780439023481", "title": "half \\ud83d a sign"}', ISBN, "half a sign"),
        ('{"isbn": "9780439023481", "title": "A\\u0000B"}', ISBN, "AB"),
    ],
)
def test_odd_values_are_read(read_table, record, isbn, title):
    assert told(read_table(f"[{record}]".encode())) == [(isbn, title)]


def test_names_that_only_later_records_have_are_read(read_table):
    lines = read_table(as_json([MARSH, {"isbn": ISBN, "title": "A Lamp", "Author": "Ann Example"}]))
    assert lines[1].records[0].authors == ("Ann Example",)


def test_an_entry_that_is_no_record_costs_itself_only(read_table):
    lines = read_table(as_json([LAMP, "x", None, 3, MARSH]))
    assert lines[1:4] == [RejectedLine(number, "the entry is no JSON record") for number in (2, 3, 4)]
    assert told([lines[0], lines[4]]) == BOTH


@pytest.mark.parametrize(
    "bad",
    [
        b"not json",
        b'{"isbn": "97',
        b'{"isbn": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"title": "x", "pages": NaN, "authors": ' + b"[" * 600 + b"]" * 600 + b"}",
        b'{"title": "x", "authors": ' + b'{"a":' * 64 + b"1" + b"}" * 64 + b"}",
    ],
)
def test_a_bad_line_costs_itself_only_even_the_first(read_table, bad):
    first = read_table(as_json(LAMP) + b"\n" + bad + b"\n" + as_json(MARSH))
    assert (first[1], told(first[::2])) == (RejectedLine(2, "the line is no JSON record"), BOTH)
    if bad.startswith(b"{"):
        lines = read_table(bad + b"\n" + as_json(LAMP) + b"\n" + as_json(MARSH))
        assert (lines[0].number, told(lines[1:])) == (1, BOTH)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (as_json([LAMP])[:-3], r"not JSON: .*line 1 column \d+"),
        (as_json([LAMP])[:-1] + b",]", r"not JSON: .*line 1 column \d+"),
        (as_json(LAMP, indent=1) + b"\n" + as_json(MARSH, indent=1), "not JSON: Extra data: line 9"),
        (as_json([MARSH])[:-1].decode().encode("gbk") + b"]", "not UTF-8; name its encoding by --encoding"),
        (b'[{"isbn": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "nested too deeply"),
        (b'[{"isbn": ' + b"9" * 5000 + b', "title": "x"}]', "not JSON: .*4300 digits"),
        (as_json({"a": [LAMP], "b": [MARSH]}), "it has a, b"),
    ],
)
def test_json_that_can_not_be_read_is_refused_with_the_place(read_table, data, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read_table(data)


def test_an_encoding_can_be_named(read_table):
    assert told(read_table(as_json([LAMP, MARSH]).decode().encode("gbk"), encoding="gbk")) == BOTH
