"""Books from MARC 21 and UNIMARC (CNMARC) files, ISO 2709, as libraries export them.

Encodings: UTF-8; else GB18030 for UNIMARC, which Chinese libraries use, and MARC-8 for MARC 21, as its standard says.
"""

import re
import warnings
from collections.abc import Iterable, Iterator

from pymarc import Field, Record
from pymarc.exceptions import BadSubfieldCodeWarning, PymarcException

from app.catalogues.base import BookRecord
from app.catalogues.cleaning import clean_date, clean_language, clean_pages, clean_price, language_of_isbn, people_of
from app.catalogues.list_files import LIMITS, LINE_LIMIT, BadLine, BookLine, ListLine, PassedLine, RejectedLine, fitting
from app.catalogues.names import People
from app.catalogues.text import clean_line, clean_text
from app.rules import isbn as isbn_rules

RECORD_END = b"\x1d"
LEADER, DIRECTORY_ENTRY = 24, 12
_MARC8 = "iso8859-1"  # the name under which pymarc decodes MARC-8

# role codes and words: $4 and $e of MARC 21, $4 of UNIMARC
_TRANSLATES = re.compile(r"^(?:trl|730)\b|translat|译|譯", re.IGNORECASE)
_WRITES = re.compile(r"^(?:aut|edt|com|070|340|220)\b|author|editor|著|编|編|撰|主", re.IGNORECASE)


def read_books(
    pieces: Iterable[bytes | None], source: str, encoding: str | None = None, start: int = 0
) -> Iterator[ListLine]:
    """Yield the records behind number `start` (the first is 1); `pieces` end with `RECORD_END`."""
    for number, piece in enumerate(pieces, 1):
        if number <= start:
            continue
        data = piece.lstrip(b"\r\n\x00\x1a ") if piece else piece
        if data is not None and not data.rstrip(RECORD_END):
            yield PassedLine(number)
            continue
        try:
            if data is None:
                raise BadLine("the record is too long to be read")
            yield _read_record(number, data, source, encoding)
        except BadLine as reason:
            yield RejectedLine(number, str(reason))


def _read_record(number: int, data: bytes, source: str, encoding: str | None) -> BookLine:
    if not data.endswith(RECORD_END):
        raise BadLine("the record is cut short")
    tags = _tags(data)
    is_unimarc = b"200" in tags and b"245" not in tags
    record = _decode(data, encoding or _encoding_of(data, is_unimarc))
    isbn_tag, isbn_code = ("010", "a") if is_unimarc else ("020", "a")
    given = _values(record, isbn_tag, isbn_code)
    isbns = list(dict.fromkeys(isbn for isbn in (_isbn(text) for text in given) if isbn))
    if not isbns:
        raise BadLine(f"no valid ISBN: {', '.join(given)[:80]}" if given else "no ISBN")
    read = _from_unimarc if is_unimarc else _from_marc21
    stamp = next(iter(record.get_fields("005")), None)
    changed = str(stamp.data or "") if stamp else ""
    changed = f"{changed[:4]}-{changed[4:6]}-{changed[6:8]}" if changed[:8].isdigit() else ""
    return BookLine(number, tuple(read(record, isbn, source) for isbn in isbns), changed)


def _tags(data: bytes) -> set[bytes]:
    directory = data[LEADER : data.find(b"\x1e")]
    return {directory[place : place + 3] for place in range(0, len(directory), DIRECTORY_ENTRY)}


def _encoding_of(data: bytes, is_unimarc: bool) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030" if is_unimarc else _MARC8
    return "utf-8"


def _decode(data: bytes, encoding: str) -> Record:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", BadSubfieldCodeWarning)
            return Record(data, hide_utf8_warnings=True, file_encoding=encoding)
    except UnicodeDecodeError as error:
        raise BadLine(f"the record is not {error.encoding}") from None
    except (PymarcException, BadSubfieldCodeWarning, ValueError, IndexError) as error:
        raise BadLine(f"the record is damaged: {error or type(error).__name__}") from None


def _from_marc21(record: Record, isbn: str, source: str) -> BookRecord:
    people = _people(record, ("100", "110", "700", "710"), ("4", "e")) or people_of(_values(record, "245", "c"))
    fixed = next((str(field.data or "") for field in record.get_fields("008")), "")
    imprint = "264" if record.get_fields("264") else "260"
    return BookRecord(
        isbn=isbn,
        title=_title(record, "245", "anp"),
        subtitle=_line("subtitle", _values(record, "245", "b")),
        authors=people.authors,
        translators=people.translators,
        publisher=_line("publisher", _values(record, imprint, "b")[:1]),
        pubdate=clean_date(fitting("pubdate", "".join(_values(record, imprint, "c")[:1]).strip(" .,"))),
        pages=clean_pages("".join(_values(record, "300", "a")[:1])),
        price=_price(_values(record, "020", "c")),
        binding=_line("binding", _values(record, "020", "q")[:1]).strip("()"),
        summary=_summary(_values(record, "520", "a")),
        language=clean_language([fixed[35:38], *_values(record, "041", "a")]) or language_of_isbn(isbn),
        source=source,
    )


def _from_unimarc(record: Record, isbn: str, source: str) -> BookRecord:
    others = [text for text in _values(record, "200", "g") if _TRANSLATES.search(text)]
    people = people_of(_values(record, "200", "f"), others)
    if not people.authors:
        people = _people(record, ("700", "701", "702", "710", "711"), ("4",)) or people
    return BookRecord(
        isbn=isbn,
        title=_title(record, "200", "ahi"),
        subtitle=_line("subtitle", _values(record, "200", "e")),
        authors=people.authors,
        translators=people.translators,
        publisher=_line("publisher", _values(record, "210", "c")[:1]),
        pubdate=clean_date(fitting("pubdate", "".join(_values(record, "210", "d")[:1]))),
        pages=clean_pages("".join(_values(record, "215", "a")[:1])),
        price=_price(_values(record, "010", "d")),
        binding=_line("binding", _values(record, "010", "b")[:1]),
        summary=_summary(_values(record, "330", "a")),
        language=clean_language(_values(record, "101", "a")) or language_of_isbn(isbn),
        source=source,
    )


def _people(record: Record, tags: tuple[str, ...], role_codes: tuple[str, ...]) -> People | None:
    authors, translators = [], []
    for tag in tags:
        for field in _fields(record, tag):
            name = fitting("name", " ".join(_subfields(field, "ab" if record.get_fields("200") else "a")).strip(" ,"))
            roles = [role for code in role_codes for role in field.get_subfields(code)]
            if any(_TRANSLATES.search(role) for role in roles):
                translators.append(name)
            elif not roles or any(_WRITES.search(role) for role in roles):
                authors.append(name)
    return people_of(authors, translators) if authors or translators else None


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
    plain = (value.strip(" \t\r\n").rstrip(" /:;,=") for value in values)
    return [value for value in plain if value]


def _isbn(text: str) -> str | None:
    """The number in front of `(pbk.)`, `:` or a blank."""
    return isbn_rules.parse(text[:40]) or isbn_rules.parse(re.split(r"[\s(:（]", text[:40].strip())[0])


def _title(record: Record, tag: str, codes: str) -> str:
    title = _line("title", _values(record, tag, codes))
    if not title:
        raise BadLine("no title")
    return title.removesuffix(".") if not title.endswith("..") else title


def _line(name: str, values: list[str]) -> str:
    return clean_line(fitting(name, " ".join(values)), 3 * LINE_LIMIT)


def _price(values: list[str]) -> str:
    return clean_price(fitting("price", "".join(values[:1])))


def _summary(values: list[str]) -> str:
    return clean_text(fitting("summary", "\n".join(values)), 3 * LIMITS["summary"])
