import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.models.base import db
from app.models.book import Book
from tests.exchange import book, copy_of, reader, wish_for
from tests.factories import BookFactory
from tests.tables import renew_tables

HEADER = "isbn13,title,subtitle,authors,translators,publisher,pubdate,pages,price,binding,language\n"


@pytest.fixture
def flask(app):
    """Run a `flask` command."""
    return app.test_cli_runner().invoke


def count_books():
    return db.session.scalar(select(func.count()).select_from(Book))


def test_the_starter_books_are_loaded_once(app, flask):
    first = flask(args=["books", "starter"])
    second = flask(args=["books", "starter"])

    assert first.exit_code == second.exit_code == 0
    assert "0 stored" in second.output
    with app.app_context():
        assert count_books() >= 300
        nineteen_eighty_four = Book.find_by_isbn("9787530210291")
    assert nineteen_eighty_four.title == "1984"
    assert nineteen_eighty_four.authors == ["[英] 乔治·奥威尔"]
    assert nineteen_eighty_four.year == 2010


def test_starter_books_are_removed_unless_readers_use_them(app, flask):
    flask(args=["books", "starter"])
    with app.app_context():
        count = count_books()
        given, wished = db.session.scalars(select(Book.isbn).limit(2)).all()
        copy_of(reader(), given)
        wish_for(reader(), wished)
        own = book()
        with db.auto_commit():
            row = db.session.scalars(select(Book).order_by(Book.id.desc()).offset(1)).first()
            row.corrected, corrected = ["title"], row.isbn
    flask(args=["search", "update"])

    assert flask(args=["books", "starter", "--remove"]).output == (
        f"{count - 3} removed, 3 stay, because readers use them or somebody has corrected them\n"
    )

    with app.app_context():
        left = [given, wished, corrected, own]
        assert sorted(db.session.scalars(select(Book.isbn))) == sorted(left)
    flask(args=["search", "update"])
    assert flask(args=["search", "check"]).exit_code == 0
    assert flask(args=["books", "starter"]).output.startswith(f"{count - 3} stored")


def test_starter_books_of_an_older_site_get_what_the_list_has_learnt(app, flask):
    flask(args=["books", "starter"])
    with app.app_context(), db.auto_commit():
        book = Book.find_by_isbn("9787536692930")
        book.summary, book.subjects, book.series, book.series_number = "", [], "", ""
    flask(args=["books", "starter"])
    with app.app_context():
        book = Book.find_by_isbn("9787536692930")

    assert (book.series, book.series_number, book.subjects[0]) == ("地球往事", "1", "科幻")
    assert book.summary.startswith("文革中")


def test_each_starter_book_has_subjects_and_a_summary_is_one_paragraph_of_some_sentences(app, flask):
    flask(args=["books", "starter"])
    with app.app_context():
        books = list(db.session.scalars(select(Book)))
        works = {book.title: book.work_id for book in books}

    assert {book.title: book.subjects for book in books if not 2 <= len(book.subjects) <= 5} == {}
    told = [book for book in books if book.summary]
    lengths = {book.title: len(book.summary if book.language == "zh" else book.summary.split()) for book in told}
    bounds = {book.title: (80, 200) if book.language == "zh" else (60, 140) for book in told}
    assert {title: n for title, n in lengths.items() if not bounds[title][0] <= n <= bounds[title][1]} == {}
    assert [book.title for book in told if "\n" in book.summary] == []
    assert len(told) > 140
    assert len({works[title] for title in ("三体", "三体Ⅱ：黑暗森林", "三体Ⅲ：死神永生")}) == 3


def test_a_new_site_has_the_best_known_books_first_on_its_shelf_and_among_equal_hits(app, flask, client):
    flask(args=["books", "starter"])
    flask(args=["search", "build"])
    shelf = [title.get_text(strip=True) for title in client.get("/").page.select(".shelf h3, .shelf .book-title")]
    hits = client.get("/book/search?q=刘慈欣", headers={"Accept": "application/json"}).json["books"]

    assert shelf[0] == "三体"
    assert hits[0]["title"] == "三体"


def test_bad_lines_are_named_and_the_good_ones_stored(app, flask, tmp_path):
    path = tmp_path / "books.csv"
    path.write_text(
        HEADER
        + "9787536692930,三体,,刘慈欣,,重庆出版社,2008-1,,,,zh\n"
        + "9787536692931,wrong check digit,,,,,,,,,\n"
        + ",no number,,,,,,,,,\n"
        + "9787506365437,,,余华,,,,,,,zh\n"
        + '9787544270878,"解忧\n杂货店",,[日] 东野圭吾,李盈春|另一人,,,,,,zh\n'
        + "9787020042494,too,many,cells,,,,,,,zh,,,,x\n",
        encoding="utf-8-sig",
    )
    result = flask(args=["books", "import", str(path)])

    assert result.exit_code == 1
    assert "6 lines: 2 stored, 0 already there, 0 not wanted, 0 without a book, 4 rejected" in result.output
    lines = Path(f"{path}.rejected.tsv").read_text(encoding="utf-8").splitlines()[1:]
    expected = [(3, "not a valid ISBN"), (4, "no ISBN"), (5, "no title"), (8, "more cells")]
    assert [(int(line.split("\t")[1]), reason) for line, (_, reason) in zip(lines, expected, strict=True)] == [
        (number, reason) for number, reason in expected if any(reason in line for line in lines)
    ]
    with app.app_context():
        assert Book.find_by_isbn("9787544270878").translators == ["李盈春", "另一人"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"title\n1984\n", "条目,isbn\n".encode("utf-16")])
def test_a_file_that_is_no_book_list_is_refused(flask, tmp_path, content):
    path = tmp_path / "books.csv"
    path.write_bytes(content)
    result = flask(args=["books", "import", str(path)])

    assert result.exit_code == 2
    assert "can not read" in result.output


def test_an_export_can_be_imported_again_without_a_change(app, flask, tmp_path):
    flask(args=["books", "starter"])
    path = tmp_path / "all.csv"
    assert flask(args=["books", "export", str(path)]).exit_code == 0
    with app.app_context():
        before = [(book.isbn, book.title, book.authors, book.pages) for book in db.session.scalars(select(Book))]
        renew_tables()
    result = flask(args=["books", "import", str(path)])

    assert result.exit_code == 0, result.output
    with app.app_context():
        after = [(book.isbn, book.title, book.authors, book.pages) for book in db.session.scalars(select(Book))]
    assert after == before


def test_no_cell_of_an_export_is_computed_by_a_spreadsheet_and_an_import_reads_what_was_stored(app, flask, tmp_path):
    titles = ["=1+1", "+86", "-1", "@SUM(A1)", "'=1+1", "''@x", "'Tis", "三体"]
    with app.app_context():
        stored = {BookFactory(title=title, authors=[title], publisher=title).isbn: title for title in titles}
    path = tmp_path / "all.csv"
    assert flask(args=["books", "export", str(path)]).exit_code == 0

    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []
    with app.app_context():
        renew_tables()
    flask(args=["books", "import", str(path)])
    with app.app_context():
        read = {book.isbn: {book.title, *book.authors, book.publisher} for book in db.session.scalars(select(Book))}
    assert read == {isbn: {title} for isbn, title in stored.items()}


def test_an_export_that_is_imported_into_a_fresh_site_is_exported_byte_for_byte_again(app, flask, tmp_path):
    with app.app_context():
        for text in [
            "Le Guin, Ursula K.",
            "A & B",
            "n/a",
            "0",
            "Fish &amp; <b>Chips</b>",
            '="x"',
            "=1+1",
            'Say "so"',
            "NaN",
        ]:
            BookFactory(title=text, authors=[text], translators=[f"{text} 译"], publisher=text, pubdate="c 2001, 2nd")
        for title, authors, year in (("林海雪原", ["曲波"], 1957), ("课本 | 上", [], None), ("=1+1", ["曲波"], 1957)):
            BookFactory(isbn=None, title=title, authors=authors, pubdate=str(year or ""), year=year)
        BookFactory(title="三体", summary="一\n\n二, “三”", price="39.80元（全三册）", binding="平装", language="zh")
        BookFactory(
            title="X (Y, #2)", original_title="x.", series="-Y; 1,", series_number="IV", subjects=["to-read", "=a, b",
            "n/a"],
            work_key="OL1W", first_year=-800,
        )  # fmt: skip
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    flask(args=["books", "export", str(first)])
    with app.app_context():
        renew_tables()
    assert flask(args=["books", "import", str(first)]).exit_code == 0
    flask(args=["books", "export", str(second)])
    assert second.read_bytes() == first.read_bytes()


def test_an_export_of_an_older_version_is_read_as_it_was_written(app, flask, tmp_path):
    path = tmp_path / "older.csv"
    path.write_text(HEADER.strip() + ",summary\n9787536692930,n/a,,Le Guin,,,,,,,,\n", encoding="utf-8")
    assert flask(args=["books", "import", str(path)]).exit_code == 0
    with app.app_context():
        book = Book.find_by_isbn("9787536692930")
        assert (book.title, book.authors, book.series, book.subjects, book.first_year) == (
            "n/a",
            ["Le Guin"],
            "",
            [],
            None,
        )


def test_a_book_without_isbn_is_known_again_by_title_authors_and_year(app, flask, tmp_path):
    path = tmp_path / "old.csv"
    rows = ["林海雪原,,曲波,,作家出版社,1957,,,,,", "林海雪原,,曲波,,,1959,,,,,", "林海雪原 ,,曲波,,,1957-09,500,,,zh,"]
    path.write_text(HEADER.strip() + ",summary\n" + "".join(f",{row}\n" for row in rows), encoding="utf-8")
    for expected in ("3 lines: 3 stored, 0 already there", "3 lines: 0 stored, 3 already there"):
        assert expected in flask(args=["books", "import", str(path)]).output

    with app.app_context():
        first, second = db.session.scalars(select(Book).order_by(Book.id))
        assert (first.isbn, first.number[0], first.publisher, first.pages) == (None, "F", "作家出版社", 500)
        assert (first.pubdate, second.year) == ("1957-09", 1959)


def test_only_our_own_lists_may_lack_an_isbn_and_a_wrong_one_is_still_refused(flask, tmp_path):
    foreign, own = tmp_path / "foreign.csv", tmp_path / "own.csv"
    foreign.write_text("isbn,title\n,林海雪原\n", encoding="utf-8")
    own.write_text(HEADER.strip() + ",summary\n9787536692931,林海雪原,,,,,,,,,,\n", encoding="utf-8")
    for path, reason in ((foreign, "no ISBN"), (own, "is not a valid ISBN")):
        assert flask(args=["books", "import", str(path)]).exit_code == 1
        assert reason in Path(f"{path}.rejected.tsv").read_text(encoding="utf-8")
