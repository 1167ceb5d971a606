"""The three shapes of Open Library's answers: data by bibkey, search documents, raw edition records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.catalogues.api.answers import count_of, inner, isbns_in, mappings, texts, title_of
from app.catalogues.base import AnswerMalformed, BookRecord, Hits
from app.catalogues.text.cleaning import (
    clean_cover,
    clean_date,
    clean_language,
    clean_line,
    clean_pages,
    clean_text,
    language_of_isbn,
    people_of,
)
from app.catalogues.text.editions import (
    joined_title,
    original_title_of,
    series_of_edition,
    subjects_of,
    translators_of,
    work_key_of,
)
from app.catalogues.text.names import people_of_statement
from app.catalogues.text.subjects import clean_subjects
from app.catalogues.text.works import clean_work_key, clean_year

NAME = "openlibrary"


def read_data(payload: dict[str, object], asked: Sequence[str]) -> dict[str, BookRecord]:
    """The answer to `jscmd=data`: an object keyed by the bibkeys as sent, unknown ones missing."""
    found = {isbn: payload[f"ISBN:{isbn}"] for isbn in asked if f"ISBN:{isbn}" in payload}
    records = {isbn: _from_data(inner(book), isbn) for isbn, book in found.items()}
    if found and not any(records.values()):
        raise AnswerMalformed("records without title or with another ISBN")
    return {isbn: record for isbn, record in records.items() if record}


def _from_data(book: dict[str, object], isbn: str) -> BookRecord | None:
    """One record; its identifiers, where it has any, must contain the ISBN asked for."""
    identifiers = inner(book.get("identifiers"))
    isbns = isbns_in([identifiers.get("isbn_13"), identifiers.get("isbn_10")])
    title = title_of(book.get("title"))
    if not title or (isbns and isbn not in isbns):
        return None
    people = people_of(book.get("authors"))
    cover = inner(book.get("cover"))
    return BookRecord(
        isbn=isbn,
        title=title,
        subtitle=clean_line(book.get("subtitle")),
        authors=people.authors,
        translators=people.translators,
        publisher=_first_line(entry.get("name") for entry in mappings(book.get("publishers"))),
        pubdate=clean_date(book.get("publish_date")),
        pages=clean_pages(book.get("number_of_pages")) or clean_pages(book.get("pagination")),
        language=language_of_isbn(isbn),
        subjects=clean_subjects(entry.get("name") for entry in mappings(book.get("subjects"))),
        cover=clean_cover(cover.get("large")) or clean_cover(cover.get("medium")),
        source=NAME,
    )


def read_edition(edition: dict[str, object], covers: str, wanted: str | None = None) -> BookRecord | None:
    """A raw edition record (`/isbn/….json`, lists of editions, dumps); None if redirected, untitled or another book.

    It holds keys of authors and not their names, but for those in its statement of responsibility.
    """
    if inner(edition.get("type")).get("key", "/type/edition") != "/type/edition":
        return None
    isbns = isbns_in([edition.get("isbn_13"), edition.get("isbn_10")])
    title = title_of(_whole_title(edition))
    if not title or not isbns or (wanted and wanted not in isbns):
        return None
    isbn = wanted or isbns[0]
    series = series_of_edition(edition)
    statement = edition.get("by_statement")
    return BookRecord(
        isbn=isbn,
        title=title,
        subtitle=clean_line(edition.get("subtitle")),
        authors=people_of_statement(statement).authors if isinstance(statement, str) else (),
        translators=translators_of(edition),
        publisher=_first_line(texts(edition.get("publishers"))),
        pubdate=clean_date(edition.get("publish_date")),
        pages=clean_pages(edition.get("number_of_pages")) or clean_pages(edition.get("pagination")),
        binding=clean_line(edition.get("physical_format"), 60),
        summary=clean_text(edition.get("description")),
        language=clean_language(edition.get("languages")) or language_of_isbn(isbn),
        original_title=original_title_of(edition, title, ()),
        series=series.name,
        series_number=series.number,
        subjects=subjects_of(edition),
        work_key=work_key_of(edition),
        cover=_cover_by_number(edition.get("covers"), covers),
        source=NAME,
    )


def _whole_title(edition: dict[str, object]) -> object:
    prefix, rest = edition.get("title_prefix"), edition.get("title")
    return joined_title(prefix, rest) if isinstance(prefix, str) and isinstance(rest, str) else rest


def read_docs(payload: dict[str, object], covers: str) -> Hits:
    """The answer of `/search.json`: works, each with its best matching edition if that was asked for."""
    if not isinstance(payload.get("docs"), list):
        raise AnswerMalformed("search answer without docs")
    records: list[BookRecord] = []
    loose_hits: list[BookRecord] = []
    for doc in mappings(payload["docs"])[:100]:
        editions = mappings(inner(doc.get("editions")).get("docs"))
        edition = next((entry for entry in editions if _isbns(entry)), {})
        record = _from_doc(doc | edition | {"key": doc.get("key")}, covers)
        if record:
            (records if edition or len(_isbns(doc)) == 1 else loose_hits).append(record)
    total = count_of(payload.get("numFound", payload.get("num_found")), len(records) + len(loose_hits))
    return Hits(total=total, records=tuple(records), loose_hits=tuple(loose_hits))


def _isbns(doc: dict[str, object]) -> list[str]:
    given = doc.get("isbn")
    return isbns_in(given[:50] if isinstance(given, list) else [given])


def _from_doc(doc: dict[str, object], covers: str) -> BookRecord | None:
    """A document; of a work with several ISBNs only what all its editions share."""
    isbns = _isbns(doc)
    title = title_of(doc.get("title"))
    if not title or not isbns:
        return None
    people = people_of(doc.get("author_name"))
    shared = BookRecord(
        isbn=isbns[0],
        title=title,
        subtitle=clean_line(doc.get("subtitle")),
        authors=people.authors,
        translators=people.translators,
        language=language_of_isbn(isbns[0]) or clean_language(doc.get("language")),
        work_key=clean_work_key(doc.get("key")),
        first_year=clean_year(doc.get("first_publish_year")),
        cover=_cover_by_number([doc.get("cover_i")], covers),
        source=NAME,
    )
    if len(isbns) > 1:
        return shared
    return shared._replace(
        publisher=_first_line(texts(doc.get("publisher"))),
        pubdate=clean_date(next(iter(texts(doc.get("publish_date"))), "")),
        pages=clean_pages(doc.get("number_of_pages_median")),
    )


def _first_line(given: Iterable[object]) -> str:
    return next((line for line in (clean_line(value, 120) for value in given) if line), "")


def _cover_by_number(numbers: object, covers: str) -> str:
    """The address of the first real picture; -1 and null stand for deleted ones."""
    for number in numbers if isinstance(numbers, list) else []:
        if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 10**12:
            return f"{covers}/b/id/{number}-L.jpg"
    return ""
