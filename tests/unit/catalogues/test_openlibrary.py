"""Open Library's answers over a real socket: recorded ones, and the shapes of its documentation."""

import json
import time

import pytest

from app.catalogues.api.openlibrary_shapes import read_edition
from app.catalogues.base import AnswerMalformed, BookNotFound, BookRecord, CatalogueLimited, CatalogueOutOfOrder
from app.catalogues.throttling import Limiter
from app.rules.book import isbn as isbn_rules
from tests.stand_in import answer, redirect, routes
from tests.unit.catalogues.conftest import FIXTURES, fixture

GATSBY = "9780743273565"
COVERS = "https://covers.example.org"
DATA = {
    f"ISBN:{GATSBY}": {
        "title": "The Great Gatsby",
        "authors": [{"name": "F. Scott Fitzgerald", "url": "https://openlibrary.org/authors/OL27349A"}],
        "publishers": [{"name": "Scribner"}],
        "publish_date": "September 30, 2004",
        "number_of_pages": 180,
        "identifiers": {"isbn_10": ["0743273567"]},
        "cover": {"large": "https://covers.openlibrary.org/b/id/6776207-L.jpg"},
    }
}


@pytest.fixture
def openlibrary(catalogues):
    return catalogues["openlibrary"]


def test_a_book_is_read_from_the_data_answer(stand_in, openlibrary):
    stand_in.behave = routes({"/api/books": answer(DATA)})

    assert openlibrary.find_book(GATSBY, 2) == BookRecord(
        isbn=GATSBY,
        title="The Great Gatsby",
        authors=("F. Scott Fitzgerald",),
        publisher="Scribner",
        pubdate="2004-09-30",
        pages=180,
        language="en",
        cover="https://covers.openlibrary.org/b/id/6776207-L.jpg",
        source="openlibrary",
    )
    call = stand_in.calls[0]
    assert call.params == {"bibkeys": f"ISBN:{GATSBY}", "format": "json", "jscmd": "data"}
    assert call.headers["user-agent"] == "Fisher/test (reader@example.org)"


def test_many_books_are_asked_for_in_one_call(stand_in, openlibrary):
    stand_in.behave = routes({"/api/books": answer(DATA)})

    found = openlibrary.find_books([GATSBY, "9787536692930"], 2)

    assert list(found) == [GATSBY]
    assert stand_in.calls[0].params["bibkeys"] == f"ISBN:{GATSBY},ISBN:9787536692930"


def test_details_add_what_only_the_recorded_edition_has(stand_in, openlibrary):
    stand_in.behave = routes(
        {
            "/api/books": answer(DATA),
            f"/isbn/{GATSBY}.json": redirect("/books/OL23109860M.json"),
            "/books/OL23109860M.json": answer(fixture("openlibrary/book.json")),
        }
    )

    record = openlibrary.find_details(GATSBY, 3)

    assert record.authors == ("F. Scott Fitzgerald",)
    assert record.binding == "Trade Paperback"
    assert record.language == "en"
    assert record.cover == f"{COVERS}/b/id/6776207-L.jpg"
    assert record.work_key == "OL468431W"
    assert record.subjects[:2] == ("Traffic accidents -- Fiction", "First loves -- Fiction")


@pytest.mark.parametrize(
    ("said", "authors", "translators"),
    [
        ({"contributions": ["Sample, Bo (Translator)"]}, (), ("Bo Sample",)),
        ({"contributions": ["Sample, Bo (Illustrator)", 7]}, (), ()),
        ({"contributors": [{"name": "Bo Sample", "role": "Translator"}, "x"]}, (), ("Bo Sample",)),
        (
            {"contributors": [{"name": "Bo Sample", "role": "Übersetzer"}, {"name": "X Y", "role": 7}]},
            (),
            ("Bo Sample",),
        ),
        (
            {"contributors": [{"name": "X Y", "role": "Editor"}], "contributions": ["Sample, Bo, tr."]},
            (),
            ("Bo Sample",),
        ),
        ({"contributions": ["tłumaczyła Bo Sample", "Bo Sample, traductor"]}, (), ("Bo Sample",)),
        ({"by_statement": "[by] Ann Example ; translated by Bo Sample."}, ("Ann Example",), ("Bo Sample",)),
        ({"by_statement": 7, "contributions": "x"}, (), ()),
        ({"languages": [{"key": "/languages/slv"}]}, (), ()),
    ],
)
def test_people_of_an_edition_are_read_wherever_it_names_them(stand_in, openlibrary, said, authors, translators):
    plain = {"title": "Lamp", "isbn_13": [GATSBY], "title_prefix": "The"} | said
    stand_in.behave = routes(
        {"/api/books": answer({f"ISBN:{GATSBY}": {"title": "Lamp"}}), f"/isbn/{GATSBY}.json": answer(plain)}
    )
    record = openlibrary.find_details(GATSBY, 3)
    assert (record.title, record.authors, record.translators) == ("The Lamp", authors, translators)
    assert record.language == ("sl" if "languages" in said else "en")
    named = {f"ISBN:{GATSBY}": {"title": "Lamp", "authors": [{"name": "Cy Named"}]}}
    stand_in.behave = routes({"/api/books": answer(named), f"/isbn/{GATSBY}.json": answer(plain)})
    assert openlibrary.find_details(GATSBY, 3).authors == ("Cy Named",)


def test_details_without_an_edition_record_are_the_quick_record(stand_in, openlibrary):
    stand_in.behave = routes({"/api/books": answer(DATA)})

    assert openlibrary.find_details(GATSBY, 3) == openlibrary.find_book(GATSBY, 3)


@pytest.mark.parametrize(("name", "with_isbn"), [("search_bainiangudu", 0), ("search_free", 15)])
def test_recorded_searches_are_read(stand_in, openlibrary, name, with_isbn):
    recorded = fixture(f"openlibrary/{name}.json")
    stand_in.behave = routes({"/search.json": answer(recorded)})

    hits = openlibrary.search("free", 20, 40, 2)

    expected = [doc for doc in recorded["docs"] if any(map(isbn_rules.parse, doc.get("isbn", [])))]
    assert hits.total == recorded["numFound"]
    assert len(hits.records) + len(hits.loose_hits) == len(expected)
    assert {book.title for book in hits.records + hits.loose_hits} <= {doc["title"] for doc in expected}
    sent = stand_in.calls[0].params
    assert (sent["q"], sent["limit"], sent["offset"]) == ("free", "20", "40")
    assert {"isbn", "publisher", "publish_date", "editions.isbn"} <= set(sent["fields"].split(","))


def test_a_search_hit_is_the_matching_edition_of_the_work(stand_in, openlibrary):
    doc = {
        "key": "/works/OL274505W",
        "first_publish_year": 1967,
        "title": "Cien años de soledad",
        "author_name": ["Gabriel García Márquez"],
        "isbn": ["9780060883287", "9787544253994"],
        "editions": {
            "numFound": 1,
            "docs": [{"key": "/books/OL7M", "title": "百年孤独", "isbn": ["9787544253994"], "publisher": ["南海"]}],
        },
    }
    stand_in.behave = answer({"numFound": 1, "docs": [doc, {"key": "/works/OL1W", "title": "bare"}]})

    hits = openlibrary.search("百年孤独", 20, 0, 2)

    assert [(r.isbn, r.title, r.publisher, r.language) for r in hits.records] == [
        ("9787544253994", "百年孤独", "南海", "zh")
    ]
    assert [(record.work_key, record.first_year) for record in hits.records] == [("OL274505W", 1967)]
    assert hits.loose_hits == ()


def test_a_work_of_several_editions_is_kept_apart_from_the_records(stand_in, openlibrary):
    doc = {"title": "Faust", "isbn": ["9783150000014", "9780140449013"], "publisher": ["Reclam"]}
    stand_in.behave = answer({"numFound": 1, "docs": [doc]})

    hits = openlibrary.search("faust", 20, 0, 2)

    assert hits.records == ()
    assert [(work.isbn, work.publisher) for work in hits.loose_hits] == [("9783150000014", "")]


def test_recorded_editions_give_records_or_nothing():
    editions = fixture("openlibrary/editions.json")["entries"]
    lines = (FIXTURES / "openlibrary/dump_editions_40.jsonl").read_text(encoding="utf-8").splitlines()
    editions += [json.loads(line) for line in lines]

    for edition in editions:
        record = read_edition(edition, COVERS)
        given = [isbn_rules.parse(text) for text in edition.get("isbn_13", []) + edition.get("isbn_10", [])]
        assert (record is None) == (not any(given))
        if record:
            assert record.isbn in given
            assert record.title == " ".join((edition.get("title_prefix", "") + edition["title"]).split())
            assert [record.work_key] == [
                work["key"].removeprefix("/works/") for work in edition.get("works", [{"key": ""}])
            ]
            assert bool(record.subjects) == bool(edition.get("subjects"))
            assert bool(record.series) == bool(edition.get("series"))
            assert bool(record.cover) == any(number > 0 for number in edition.get("covers", []))
            assert bool(record.summary) == bool(edition.get("description"))


def _said(recorded):
    body = "" if recorded["body"] is None else recorded["body"]
    return answer(body, recorded["http"], recorded.get("content_type", "application/json"))


@pytest.mark.parametrize(
    "recorded",
    [entry for entry in fixture("errors/openlibrary_errors.json") if entry["http"] not in {200, 302}],
    ids=lambda entry: entry["where"],
)
def test_every_recorded_error_has_its_class(stand_in, openlibrary, recorded):
    stand_in.behave = _said(recorded)
    expected = {404: BookNotFound, 429: CatalogueLimited, 403: CatalogueOutOfOrder}[recorded["http"]]

    with pytest.raises(expected) as raised:
        openlibrary.find_book(GATSBY, 2)

    assert type(raised.value) is expected


def test_recorded_answers_that_are_no_book_are_not_taken_for_one(stand_in, openlibrary):
    merged = next(e for e in fixture("errors/openlibrary_errors.json") if "merged" in e["where"])
    for no_book in (merged["body"], fixture("openlibrary/author.json"), {"error": "notfound"}):
        assert read_edition(no_book, COVERS) is None
        stand_in.behave = answer(no_book)
        with pytest.raises(BookNotFound):
            openlibrary.find_book(GATSBY, 2)
        with pytest.raises(AnswerMalformed):
            openlibrary.search("x", 10, 0, 2)


def test_an_unknown_isbn_is_an_empty_answer(stand_in, openlibrary):
    stand_in.behave = answer({})

    with pytest.raises(BookNotFound):
        openlibrary.find_book(GATSBY, 2)


def test_an_empty_search_is_no_error(stand_in, openlibrary):
    stand_in.behave = answer({"numFound": 0, "start": 0, "docs": []})

    assert openlibrary.search("nothing", 10, 0, 2).total == 0


def test_a_fault_of_theirs_told_with_status_200_is_malformed(stand_in, openlibrary):
    stand_in.behave = answer("<Storage {'title': None}>", 200, "text/plain")

    with pytest.raises(AnswerMalformed):
        openlibrary.find_book(GATSBY, 2)


def test_a_record_with_another_isbn_is_malformed(stand_in, openlibrary):
    other = {f"ISBN:{GATSBY}": {"title": "Faust", "identifiers": {"isbn_13": ["9783150000014"]}}}
    stand_in.behave = answer(other)

    with pytest.raises(AnswerMalformed):
        openlibrary.find_book(GATSBY, 2)


def test_the_promised_rate_is_kept_and_an_impatient_caller_is_told(stand_in, openlibrary):
    stand_in.behave = answer({})
    openlibrary._limiter = Limiter(4)
    started = time.monotonic()

    for _ in range(3):
        with pytest.raises(BookNotFound):
            openlibrary.find_book(GATSBY, 2)
    assert time.monotonic() - started >= 0.5
    with pytest.raises(CatalogueLimited):
        openlibrary.find_book(GATSBY, 0.01)

    assert len(stand_in.calls) == 3
