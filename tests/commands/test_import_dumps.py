"""Open Library dumps: real lines, and corrupted ones."""

import json
from pathlib import Path

import pytest

from app.catalogues.files import list_files
from app.models.base import db
from app.models.book import Book, BookChange
from app.services.imports import run as library
from app.services.imports.bulk_store import store_in_bulk
from bench.server import ROOT
from tests.commands.dumps import ISBN, author, line, rejected, rows
from tests.factories import isbn13
from tests.tables import renew_tables

RECORDED = ROOT / "tests" / "fixtures" / "dump" / "linked.tsv"


def test_every_line_of_a_recorded_dump_is_accounted_for(app, flask):
    result = flask(RECORDED, "--rejects", Path(app.config["IMPORTS_PATH"]).parent / "r.tsv")

    assert result.exit_code == 1
    assert "137 lines: 39 stored, 1 already there, 0 not wanted, 69 without a book, 28 rejected" in result.output
    with app.app_context():
        of_its_work = Book.find_by_isbn("9780760701058")
        assert of_its_work.authors == ["Mark Twain"]
        several = [Book.find_by_isbn(isbn) for isbn in ("9781101015179", "9781101015216", "9781101015209")]
        assert {book.title for book in several} == {"Three Cups of Tea"}
        assert len(rows()) == db.session.query(BookChange.book_id).distinct().count() > 37


def test_the_order_of_the_files_does_not_matter_and_a_second_run_changes_nothing(app, flask, dump):
    lines = RECORDED.read_bytes().splitlines(keepends=True)
    kinds = [
        dump(*(line for line in lines if line.startswith(kind)), name=f"{kind.decode()[6:]}.txt")
        for kind in (b"/type/edition", b"/type/work", b"/type/author")
    ]
    flask(*kinds)
    with app.app_context():
        first = rows()
        changes = db.session.query(BookChange).count()
    again = flask(*reversed(kinds))

    assert " 0 stored, 40 already there" in again.output
    with app.app_context():
        assert rows() == first
        assert db.session.query(BookChange).count() == changes
        renew_tables()
    flask(*reversed(kinds))
    with app.app_context():
        assert rows() == first


def test_editions_with_more_isbns_than_a_statement_takes_are_stored_in_parts(app, flask, dump, monkeypatch):
    monkeypatch.setattr(library, "MOST_AT_ONCE", 7)
    isbns = [isbn13(number) for number in range(60)]
    parts = []
    monkeypatch.setattr(library, "store_in_bulk", lambda *given: parts.append(len(given[0])) or store_in_bulk(*given))
    path = dump(*(line(isbn_13=isbns[start : start + 5]) for start in range(0, len(isbns), 5)))
    assert "12 lines: 12 stored" in flask(path).output
    assert "12 lines: 0 stored, 12 already there" in flask(path).output
    assert parts == [*[7] * 8, 4] * 2
    with app.app_context():
        assert [row[0] for row in rows()] == isbns


BAD_LINES = {
    b"/type/edition\t/books/OL1M\t1\n": "3 columns instead of 5",
    b"\n": "1 columns instead of 5",
    b"a\tb\tc\td\t{}\n": "the first column is not a type",
    b"/type/edition\tk\t1\td\t{not json\n": "the record is not JSON",
    b"/type/edition\tk\t1\td\t[1]\n": "the record is not an object",
    b"/type/edition\tk\t1\td\t" + b"[" * 100_000 + b"\n": "nested too deeply",
    b'/type/edition\tk\t1\td\t{"title": "\x00"}\n': "the record is not JSON",
    b'/type/edition\tk\t1\td\t{"title": "\xff"}\n': "the record is not UTF-8",
    line(isbn_13=[], isbn_10=None): "no ISBN",
    line(isbn_13=["9787536692931"]): "no valid ISBN: 9787536692931",
    line(isbn_13=[7]): "isbn_13 holds a int",
    line(isbn_13="9787536692930"): "isbn_13 is of the wrong type: str",
    line(title=""): "no title",
    line(title="<br>"): "no title",
    line(title=["三体"]): "title is of the wrong type: list",
    line(title="三" * 5001): "title has 5001 characters, at most 5000 can be stored",
    line(subtitle={"a": 1}): "subtitle is of the wrong type: dict",
    line(publishers="重庆出版社"): "publishers is of the wrong type: str",
    line(publishers=[None]): "publishers holds a NoneType",
    line(publish_date="x" * 41): "pubdate has 41 characters, at most 40 can be stored",
    line(publish_date=2008): "publish_date is of the wrong type: int",
    line(number_of_pages="302"): "number_of_pages is of the wrong type: str",
    line(number_of_pages=True): "number_of_pages is of the wrong type: bool",
    line(description=["x"]): "description is of the wrong type: list",
    line(description={"value": 1}): "description holds no text",
    line(description="x" * 5_000_000): "summary has 5000000 characters, at most 100000 can be stored",
    line(languages={}): "languages is of the wrong type: dict",
    line(covers=1): "covers is of the wrong type: int",
    line(works="/works/OL1W"): "works is of the wrong type: str",
    line(authors={"key": "/authors/OL1A"}): "authors is of the wrong type: dict",
    line(by_statement=1): "by_statement is of the wrong type: int",
    line("author", "/authors/OL9A", name=None): "an author without a name",
    line("author", "/authors/OL9A", name="x" * 251): "name has 251 characters, at most 250 can be stored",
    line("work", "/works/OL9W", authors="x"): "authors is not a list",
    line("redirect", "/works/OL9W"): "a redirect without a location",
    line()[:60]: "the record is not JSON",
}


def test_each_bad_line_is_named_with_its_reason_and_the_good_ones_around_it_are_stored(app, flask, dump):
    path = dump(line(isbn_13=["9787506365437"]), *BAD_LINES, b"\n", line())
    result = flask(path)

    assert result.exit_code == 1
    found = rejected(path)
    for number, (bad, reason) in enumerate(BAD_LINES.items(), 2):
        assert reason in found[number], bad[:100]
    assert len(found) == len(BAD_LINES)
    assert f"{len(BAD_LINES) + 2} lines: 2 stored, 0 already there" in result.output
    with app.app_context():
        assert [row[0] for row in rows()] == ["9787506365437", ISBN]


DEEP = json.loads("[" * 900 + "]" * 900)


def test_odd_but_right_lines_are_stored_whole(app, flask, dump):
    path = dump(
        line(
            title_prefix="The ", title="Fish &amp; Chips \u0000\ud800", isbn_13=["978-7-5366-9293-0"],
            isbn_10=["7-5063-6543-X"],
            covers=[-1, None, True, 12], description={"type": "/type/text", "value": "一\n二"},
            publish_date="October 1, 1988",
            publishers=["", "重庆出版社"], table_of_contents=["x" * 5_000_000], languages=[{"key": "/languages/chi"}],
            contributors=[{"name": "Ken Liu", "role": "Translator"}, {"role": 1}, "x"], number_of_pages=-3,
        ),
        line(isbn_13=["9787544270878"], authors=[{"key": "/authors/OL1\ud800A"}], works=[{"key": "/works/\udfff"}]),
        line(isbn_13=["9787020042494"], languages=DEEP, contributors=[{"name": "x", "role": DEEP}]),
        line("redirect", "/works/OL9W", location="/works/\ud800"), author("OL1A", "刘慈欣"),
    )  # fmt: skip
    assert flask(path).exit_code == 0
    with app.app_context():
        assert Book.find_by_isbn("9787544270878").authors == ["刘慈欣"]
        assert Book.find_by_isbn("9787020042494").language == "zh"
        both = [Book.find_by_isbn(ISBN), Book.find_by_isbn("9787506365437")]
        for book in both:
            assert book.title == "The Fish & Chips"
            assert (book.summary, book.pubdate, book.year, book.pages) == ("一\n二", "1988-10-01", 1988, None)
            assert book.cover == "https://covers.openlibrary.org/b/id/12-L.jpg"
            assert (book.publisher, book.language, book.translators) == ("重庆出版社", "zh", ["Ken Liu"])


def test_a_line_too_long_for_memory_is_rejected_and_the_next_one_read(app, flask, dump, monkeypatch):
    monkeypatch.setattr(list_files, "LONGEST_LINE", 10_000)
    path = dump(line(subtitle="x" * 30_000), line())
    assert flask(path).exit_code == 1
    assert rejected(path) == {1: "the line is too long to be read"}
    with app.app_context():
        assert Book.find_by_isbn(ISBN)


def test_the_translator_is_read_from_the_statement_of_an_edition_whose_author_is_known(app, flask, dump):
    statement = "by Ann Example ; translated by Bo Sample."
    path = dump(line(authors=[{"key": "/authors/OL1A"}], by_statement=statement), author("OL1A", "Ann Example"))
    assert flask(path).exit_code == 0
    with app.app_context():
        book = Book.find_by_isbn(ISBN)
        assert (book.authors, book.translators) == (["Ann Example"], ["Bo Sample"])


def test_authors_are_found_over_redirects_and_circles_end(app, flask, dump):
    def to(key, target):
        return line("redirect", key, location=target)

    path = dump(
        line(authors=[{"key": "/authors/OL1A"}]),
        line(isbn_13=["9787506365437"], authors=[{"key": "/authors/OL3A"}], works=[{"key": "/works/OL1W"}]),
        line(isbn_13=["9787544270878"], authors=[{"key": "/authors/OL404A"}], by_statement="by 东野圭吾 ; 李盈春译"),
        line(isbn_13=["9787020042494"], works=[{"key": "/works/OL2W"}]),
        to("/authors/OL1A", "/authors/OL2A"), author("OL2A", "刘慈欣"),
        to("/authors/OL3A", "/authors/OL4A"), to("/authors/OL4A", "/authors/OL3A"),
        line("work", "/works/OL1W", authors=[{"type": {"key": "/type/author_role"}, "author": {"key": "/works/OL1W"}}]),
        to("/works/OL2W", "/works/OL2W"), line("delete", "/books/OL5M"), line("page", "/about"),
    )  # fmt: skip
    result = flask(path)

    assert result.exit_code == 0
    assert "12 lines: 4 stored, 0 already there, 0 not wanted, 8 without a book, 0 rejected" in result.output
    assert "2 books name an author that none of the files describes" in result.output
    with app.app_context():
        authors = {row[0]: Book.find_by_isbn(row[0]).authors for row in rows()}
    assert authors == {ISBN: ["刘慈欣"], "9787506365437": [], "9787544270878": ["东野圭吾"], "9787020042494": []}


@pytest.mark.parametrize("language", ["zh", "chi", "ZH"])
def test_only_the_wanted_books_are_taken(app, flask, dump, language):
    path = dump(
        line(changed="2019-12-31T00:00:00"),
        line(isbn_13=["9780765382030"], languages=[{"key": "/languages/eng"}]),
        line(isbn_13=["9787506365437"]),
    )
    result = flask(path, "--language", language, "--since", "2020-01-01")
    assert result.exit_code == 0
    assert "3 lines: 1 stored, 0 already there, 2 not wanted" in result.output
    with app.app_context():
        assert [row[0] for row in rows()] == ["9787506365437"]


def test_a_language_that_is_not_known_is_refused(flask, dump):
    result = flask(dump(line()), "--language", "zh", "--language", "klingon")
    assert result.exit_code == 2
    assert "klingon is no language" in result.output


def test_a_dry_run_counts_and_stores_nothing(app, flask, dump):
    path = dump(line(), line(isbn_13=["1"]))
    result = flask(path, "--dry-run")
    assert result.exit_code == 1
    assert "2 lines: 1 would be stored, 0 already there, 0 not wanted, 0 without a book, 1 rejected" in result.output
    with app.app_context():
        assert rows() == []
    assert "1 stored" in flask(path).output


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"isbn_13": ["9787536692930 (pbk)"]}, {"title": "三体"}),
        ({"contributions": ["Bo Sample (Translator)", "Dee Proof (Illustrator)"]}, {"translators": ["Bo Sample"]}),
        ({"contributors": [{"name": "Bo Sample", "role": "traductora"}]}, {"translators": ["Bo Sample"]}),
        (
            {"by_statement": "[by] Ann Example ; translated by Bo Sample."},
            {"authors": ["Ann Example"], "translators": ["Bo Sample"]},
        ),
        (
            {"works": [{"key": "/works/OL7W"}], "translation_of": "Three Body", "series": ["地球往事 ;", "1"]},
            {"work_key": "OL7W", "original_title": "Three Body", "series": "地球往事", "series_number": "1"},
        ),
        ({"subjects": ["科幻.", "In library"], "genres": ["Fiction."]}, {"subjects": ["科幻", "Fiction"]}),
        (
            {
                "series": {"key": "/series/OL1L"},
                "subjects": "科幻",
                "translation_of": 7,
                "works": [5],
                "genres": [None],
            },
            {"work_key": "", "original_title": "", "series": "", "subjects": ["科幻"]},
        ),
        ({"title": "Hobbit", "title_prefix": "L'"}, {"title": "L'Hobbit"}),
        ({"title": "Hobbit", "title_prefix": "The "}, {"title": "The Hobbit"}),
    ],
)
def test_what_an_edition_says_in_its_own_ways_is_understood(app, flask, dump, record, said):
    assert flask(dump(line(**record))).exit_code == 0
    with app.app_context():
        book = Book.find_by_isbn(ISBN)
        assert {name: getattr(book, name) for name in said} == said


@pytest.mark.parametrize("name", ["Le Guin, Ursula K.", "Ursula K. Le Guin", "Le Guin, Ursula K., 1929-2018."])
def test_an_author_of_a_dump_is_one_person(app, flask, dump, name):
    flask(dump(line(authors=[{"key": "/authors/OL1A"}]), author("OL1A", name)))
    with app.app_context():
        assert Book.find_by_isbn(ISBN).authors == ["Ursula K. Le Guin"]


@pytest.mark.parametrize("named_by", ["OL7W", "OL8W"])
def test_the_works_of_a_dump_say_first_year_and_subjects_and_the_key_to_which_others_lead(app, flask, dump, named_by):
    work = line("work", "/works/OL7W", title="Three Body", first_publish_date="May 2006", subjects=["Physics", "科幻"])
    moved = line("redirect", "/works/OL8W", location="/works/OL7W")
    flask(dump(work, moved, line(works=[{"key": f"/works/{named_by}"}], subjects=["科幻"])))
    with app.app_context():
        book = Book.find_by_isbn(ISBN)
        assert (book.work_key, book.first_year, book.subjects) == ("OL7W", 2006, ["科幻", "Physics"])


@pytest.mark.parametrize(
    "odd", [{"first_publish_date": 2006}, {"first_publish_date": ["2006"]}, {"subjects": {"a": 1}}]
)
def test_a_work_that_says_odd_things_costs_nothing_else(app, flask, dump, odd):
    work = line("work", "/works/OL7W", authors=[{"author": {"key": "/authors/OL1A\t9x"}}], **odd)
    assert flask(dump(work, line(works=[{"key": "/works/OL7W"}]))).exit_code == 0
    with app.app_context():
        assert Book.find_by_isbn(ISBN).work_key == "OL7W"
