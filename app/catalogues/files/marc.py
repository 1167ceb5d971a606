"""Books from MARC 21 and UNIMARC (CNMARC) records, as libraries export them: ISO 2709, XML, JSON or MarcEdit's text."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from pymarc import Field, Record

from app.catalogues.base import BookRecord
from app.catalogues.files import marc_json, marc_mnemonic, marc_xml
from app.catalogues.files.iso2709 import Parsed, parse
from app.catalogues.files.list_files import (
    LIMITS,
    LINE_LIMIT,
    BadLine,
    BookLine,
    ListFile,
    ListLine,
    PassedLine,
    RejectedLine,
    fitting,
)
from app.catalogues.text.cleaning import (
    clean_date,
    clean_language,
    clean_pages,
    clean_price,
    language_of_isbn,
)
from app.catalogues.text.latin_names import is_name_suffix
from app.catalogues.text.names import People, clean_body, clean_person, people_of_statement
from app.catalogues.text.roles import Role, role_of
from app.catalogues.text.series import Series, clean_number, series_of
from app.catalogues.text.subjects import clean_subjects
from app.catalogues.text.text import clean_line, clean_text
from app.rules.book import isbn as isbn_rules

RECORD_END = b"\x1d"

_NO_PAGES = re.compile(
    r"online|resource|disc|disk|cd-?rom|dvd|cassette|video|audio|sound|b(?:ä|a)nde?\b|bde\b|vol|\bv\.|tome|том|film|minut|\bmin\b|\bhr\b",
    re.IGNORECASE,
)


def read_books(
    pieces: Iterable[bytes | None], source: str, encoding: str | None = None, start: int = 0
) -> Iterator[ListLine]:
    """Yield the records after number `start` (the first is 1); `pieces` end with `RECORD_END`."""
    for number, piece in enumerate(pieces, 1):
        if number <= start:
            continue
        data = piece.lstrip(b"\xef\xbb\xbf\r\n\x00\x1a ") if piece else piece
        if data is not None and not data.rstrip(RECORD_END):
            yield PassedLine(number)
            continue
        yield _line_of(number, partial(_parse_whole, data, encoding), source)


def _parse_whole(data: bytes | None, encoding: str | None) -> Parsed:
    if data is None:
        raise BadLine("the record is too long to be read")
    if not data.endswith(RECORD_END):
        raise BadLine("the record is cut short")
    return parse(data, encoding)


def read_xml(file: ListFile, source: str, encoding: str | None = None, start: int = 0) -> Iterator[ListLine]:
    """Yield the records of MARCXML after number `start`.

    :raises UnreadableFile: it is no well-formed XML, from some record on.
    """
    return _book_lines((Parsed(record, "") for record in marc_xml.read_records(file, encoding)), source, start)


def read_mnemonic(
    lines: Iterable[bytes | None], source: str, encoding: str | None = None, start: int = 0
) -> Iterator[ListLine]:
    """Yield the records of MarcEdit's text after number `start`."""
    return _book_lines(marc_mnemonic.read_records(lines, encoding), source, start)


def read_json(file: ListFile, source: str, encoding: str | None = None, start: int = 0) -> Iterator[ListLine]:
    """Yield the records of MARC-in-JSON after number `start`.

    :raises UnreadableFile: it is no JSON.
    """
    return _book_lines(marc_json.read_records(file.path, encoding), source, start)


def _book_lines(records: Iterable[Parsed | BadLine], source: str, start: int) -> Iterator[ListLine]:
    for number, parsed in enumerate(records, 1):
        if number > start:
            yield _line_of(number, partial(_parsed_or_raise, parsed), source)


def _parsed_or_raise(parsed: Parsed | BadLine) -> Parsed:
    if isinstance(parsed, BadLine):
        raise parsed
    return parsed


def _line_of(number: int, parse_record: Callable[[], Parsed], source: str) -> ListLine:
    try:
        return _book_line(number, parse_record(), source)
    except BadLine as reason:
        return RejectedLine(number, str(reason))
    except Exception as error:  # noqa: BLE001  (whatever is wrong with one record, the others are read)
        return RejectedLine(number, f"the record can not be read: {error!r}")


def _book_line(number: int, parsed: Parsed, source: str) -> BookLine:
    record = parsed.record
    is_unimarc = bool(record.get_fields("200")) and not record.get_fields("245")
    tag = "010" if is_unimarc else "020"
    given = _values(record, tag, "a")
    isbns = list(dict.fromkeys(isbn for isbn in map(isbn_rules.parse, given) if isbn))
    if not isbns:
        raise BadLine(f"no valid ISBN in {tag} $a: {', '.join(given)[:80]}" if given else f"no ISBN in {tag} $a")
    read = _from_unimarc if is_unimarc else _from_marc21
    stamp = next(iter(record.get_fields("005")), None)
    changed = str(stamp.data or "") if stamp else ""
    changed = f"{changed[:4]}-{changed[4:6]}-{changed[6:8]}" if changed[:8].isdigit() else ""
    return BookLine(number, tuple(read(record, isbn, source) for isbn in isbns), changed, repair=parsed.repair)


def _from_marc21(record: Record, isbn: str, source: str) -> BookRecord:
    people = _people(record, "1", "7") or people_of_statement(" ; ".join(_values(record, "245", "c")))
    fixed = next((str(field.data or "") for field in record.get_fields("008")), "")
    return BookRecord(
        isbn=isbn,
        title=_title(record, "245", "anp"),
        subtitle=_line("subtitle", _values(record, "245", "b")).partition(" = ")[0],
        authors=people.authors,
        translators=people.translators,
        publisher=_line("publisher", (_values(record, "264", "b") or _values(record, "260", "b"))[:1]),
        pubdate=_date((_values(record, "264", "c") or _values(record, "260", "c"))[:1]),
        pages=_pages(_values(record, "300", "a")[:1]),
        price=_price(_values(record, "020", "c")),
        binding=_line("binding", _values(record, "020", "q")[:1]).strip("()"),
        summary=_summary(_values(record, "520", "a")),
        language=clean_language([fixed[35:38], *_values(record, "041", "a")]) or language_of_isbn(isbn),
        **_of_the_work(record, _title_in_the_original(record), ("830", "490"), ("650", "651"), people),
        source=source,
    )


def _from_unimarc(record: Record, isbn: str, source: str) -> BookRecord:
    statements = [*_values(record, "200", "f"), *_values(record, "200", "g")]
    stated = people_of_statement(" ; ".join(statements))
    entered = _people(record, "70", "71")
    people = entered if entered and not re.search(r"[\u3400-\u9fff]", "".join(statements)) else stated
    people = people if people.authors or not entered else entered
    return BookRecord(
        isbn=isbn,
        title=_title(record, "200", "ahi"),
        subtitle=_line("subtitle", _values(record, "200", "e")),
        authors=people.authors,
        translators=people.translators,
        publisher=_line("publisher", _values(record, "210", "c")[:1]),
        pubdate=clean_date(fitting("pubdate", "".join(_values(record, "210", "d")[:1]))),
        pages=_pages(_values(record, "215", "a")[:1]),
        price=_price(_values(record, "010", "d")),
        binding=_line("binding", _values(record, "010", "b")[:1]),
        summary=_summary(_values(record, "330", "a")),
        language=clean_language(_values(record, "101", "a")) or language_of_isbn(isbn),
        **_of_the_work(record, _original_of_unimarc(record), ("225", "461"), ("606", "607"), people),
        source=source,
    )


def _of_the_work(
    record: Record, original_title: str, series_tags: Sequence[str], subject_tags: Sequence[str], people: People
) -> dict[str, Any]:
    """Return what a record says of the work behind the edition."""
    series = next((_series(field) for tag in series_tags for field in _fields(record, tag)), Series())
    subjects = [value for tag in subject_tags for value in _values(record, tag, "a")]
    return {
        "original_title": _line("original_title", [original_title]).removesuffix("."),
        "series": fitting("series", series.name),
        "series_number": series.number,
        "subjects": clean_subjects(subjects, people=(*people.authors, *people.translators)),
    }


def _series(field: Field) -> Series:
    series = series_of(" ".join(_parts(field, "at")[:1]).rstrip(" ;"))
    number = next(filter(None, map(clean_number, _parts(field, "v"))), "")
    return series._replace(number=number or series.number)


def _title_in_the_original(record: Record) -> str:
    """The entry for the original (765), else the uniform title of what says to be a translation ($l)."""
    uniform = (field for field in _fields(record, "240") if field.get_subfields("l"))
    return next(iter(_values(record, "765", "t")), "") or " ".join(
        part for field in uniform for part in _parts(field, "a")
    )


def _original_of_unimarc(record: Record) -> str:
    """The original of a translation (454), its title in a subfield or in an embedded field 200."""
    return next(iter(_values(record, "454", "t") or _values(record, "454", "a")), "")


def _people(record: Record, *starts: str) -> People | None:
    """The people and bodies that have fields of their own; who has the main field wrote it, whatever else they did."""
    is_unimarc = bool(record.get_fields("200"))
    main = ("700", "710") if is_unimarc else ("100", "110", "111")
    authors, translators = [], []
    tags = {field.tag for field in record if field.tag.startswith(starts) and field.tag[1:] in _PEOPLE_TAGS}
    for tag in sorted(tags, key=lambda tag: (tag not in main, tag)):
        for field in _fields(record, tag):
            name = _name(field, is_unimarc)
            roles = {role_of(text) for text in field.get_subfields("4", "e", "j")}
            if Role.TRANSLATOR in roles and tag not in main:
                translators.append(name)
            elif tag in main or not roles or Role.AUTHOR in roles:
                authors.append(name)
    found = People(tuple(dict.fromkeys(filter(None, authors))), tuple(dict.fromkeys(filter(None, translators))))
    return found if found.authors or found.translators else None


_PEOPLE_TAGS = frozenset({"00", "10", "01", "02", "11", "12"})


def _name(field: Field, is_unimarc: bool) -> str:
    """Return a person with the given name first, a body unchanged; the tag says which it is."""
    if field.tag[1] == "1":
        return clean_body(fitting("name", " ".join(_parts(field, "ab"))))
    main = " ".join(_parts(field, "ad" if is_unimarc else "ab"))  # with the number of a king or a pope
    given = _parts(field, "b") if is_unimarc else []
    suffix = [part for part in _parts(field, "c") if is_name_suffix(part)][:1]
    return clean_person(fitting("name", ", ".join((main, *given, *suffix)).replace("،", ",")))


def _parts(field: Field, codes: str) -> list[str]:
    return [part.strip().rstrip(" ,") for part in _subfields(field, codes)]


def _fields(record: Record, tag: str) -> list[Field]:
    """The fields of a tag, each in the original script (field 880) where the record has it."""
    originals = {link[:6]: field for field in record.get_fields("880") for link in field.get_subfields("6")}
    fields = record.get_fields(tag)
    links = [f"{tag}{''.join(field.get_subfields('6'))[3:6]}" for field in fields]
    return [originals.get(link, field) for link, field in zip(links, fields, strict=True)]


def _subfields(field: Field, codes: str) -> list[str]:
    return [subfield.value for subfield in field.subfields if subfield.code in codes]


def _values(record: Record, tag: str, codes: str) -> list[str]:
    """The subfields of all fields of a tag, without the punctuation that ISBD puts between them."""
    values = (value for field in _fields(record, tag) for value in _subfields(field, codes))
    plain = (value.strip(" \t\r\n").strip(" /:;,،=") for value in values)
    return [value for value in plain if value]


def _title(record: Record, tag: str, codes: str) -> str:
    title = _line("title", _values(record, tag, codes))
    if not title:
        raise BadLine(f"no title in {tag} $a")
    return title.removesuffix(".") if not title.endswith("..") else title


def _line(name: str, values: list[str]) -> str:
    return clean_line(fitting(name, " ".join(values)), 3 * LINE_LIMIT)


def _date(values: list[str]) -> str:
    return clean_date(fitting("pubdate", "".join(values).strip(" .,")))


def _pages(values: list[str]) -> int | None:
    """The pages of an extent; what counts discs, minutes or volumes has those that it says in brackets."""
    text = "".join(values)
    inside = re.search(r"\(([^()]*\d\s*(?:p|pp|pages?|S|s)\b[^()]*)\)", text)
    if _NO_PAGES.search(text):
        return clean_pages(inside[1]) if inside else None
    return clean_pages(text)


def _price(values: list[str]) -> str:
    return clean_price(fitting("price", "".join(values[:1])))


def _summary(values: list[str]) -> str:
    return clean_text(fitting("summary", "\n".join(values)), 3 * LIMITS["summary"])
