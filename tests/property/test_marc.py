"""A MARC record built with random names comes back with these names, in whatever shape and encoding it is written."""

import os
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st
from pymarc.marc8_mapping import CODESETS

from app.catalogues.files import iso5426
from app.catalogues.files.list_files import BookLine, ListFile
from app.catalogues.files.marc import RECORD_END, read_books, read_mnemonic, read_xml
from tests.marc_records import laid_out

EXAMPLES = int(os.environ.get("FISHER_TEST_RECORDS", "0"))
"""How many new records are tried, else the same 300."""

LATIN = (
    [
        "Le Guin",
        "Müller",
        "Saint-Exupéry",
        "Šafařík",
        "Ng",
        "García Márquez",
        "O'Brien",
        "Łęcki",
        "Sørensen",
        "Example",
    ],
    ["Ursula K.", "Herta", "Antoine", "Gabriel", "J.R.R.", "Anne-Marie", "Zoë", "W.", "Jean Paul", "Åse"],
)
CYRILLIC = (["Примерова", "Чехов", "Ткач", "Їжак"], ["Анна Ивановна", "А. П.", "Лев", "Юрий"])
GREEK = (["Παράδειγμας", "Βενέζης"], ["Ηλίας", "Άννα"])
ARABIC = (["محفوظ", "درويش"], ["نجيب", "محمود"])
EAST_ASIAN = (["村上", "金", "김", "例"], ["春樹", "庸", "영하", "安"])
SCRIPTS = {"latin": LATIN, "cyrillic": CYRILLIC, "greek": GREEK, "arabic": ARABIC, "east asian": EAST_ASIAN}
BODIES = ["Example Society", "United States. Congress", "Académie française", "例子大学"]
DATES = ["", "1929-2018.", "1971-", "active 19th century.", "d. 1850."]
ROLES = ["", "author.", "aut", "Verfasser"]


def people():
    """Draw a script's person: surname, given name, what stands behind it, dates, role; or a body."""
    persons = st.sampled_from(list(SCRIPTS)).flatmap(
        lambda script: st.tuples(
            st.sampled_from(SCRIPTS[script][0]),
            st.sampled_from(SCRIPTS[script][1]),
            st.sampled_from(["", "", "Jr.", "III"] if script == "latin" else [""]),
            st.sampled_from(DATES),
            st.sampled_from(ROLES),
        )
    )
    return st.one_of(persons, persons, st.sampled_from(BODIES))


def shown(person):
    """Return how the person should be shown."""
    if isinstance(person, str):
        return person
    family, name, suffix, *_ = person
    if family in EAST_ASIAN[0]:
        return family + name
    return f"{name} {family}" + (f", {suffix}" if suffix else "")


def field_21(number, person):
    """Return a MARC 21 field with the punctuation of ISBD."""
    main = number == 0
    if isinstance(person, str):
        return ("110" if main else "710"), [("a", person + ".")]
    family, name, suffix, dates, role = person
    parts = [f"{family}, {name}", *filter(None, [suffix, dates, role])]
    codes = [
        "a",
        *(["c"] if suffix else []),
        *(["d"] if dates else []),
        *(["4" if role == "aut" else "e"] if role else []),
    ]
    stopped = [f"{part}," for part in parts[:-1]] + [parts[-1] if parts[-1].endswith((".", "-")) else parts[-1] + "."]
    if role == "aut":
        stopped[-1] = "aut"
    return ("100" if main else "700"), list(zip(codes, stopped, strict=True))


def field_unimarc(number, person):
    main = number == 0
    if isinstance(person, str):
        return ("710" if main else "711"), [("a", person)]
    family, name, suffix, dates, _role = person
    more = [("c", suffix)] if suffix else []
    more += [("f", dates.rstrip("."))] if dates else []
    return ("700" if main else "701"), [("a", family), ("b", name), *more, ("4", "070")]


def record(people, is_unimarc, coded=""):
    """Return the fields by their order; the keys are told apart by letters behind the tag."""
    fields = {"010" if is_unimarc else "020": [("a", "9780439023481")]}
    if coded:
        fields["100x"] = [("a", coded)]
    fields["200" if is_unimarc else "245"] = [("a", "A lamp")]
    for number, person in enumerate(people):
        tag, parts = (field_unimarc if is_unimarc else field_21)(number, person)
        fields[f"{tag}{number}"] = parts
    return fields


def _accents_first(table):
    """Encode by a table from signs to bytes in which accents stand before their letters."""

    def encode(text):
        done = b""
        for letter in unicodedata.normalize("NFC", text):
            whole = table.get(letter) or (letter.encode() if letter.isascii() else None)
            signs = [letter] if whole else list(reversed(unicodedata.normalize("NFD", letter)))
            for sign in signs:
                code = table.get(sign) or (sign.encode() if sign.isascii() else None)
                if code is None:
                    raise UnicodeEncodeError("marc", text, 0, 1, f"no {sign}")
                done += code
        return done

    return encode


_ansel = _accents_first({chr(sign): bytes([code]) for code, (sign, _) in CODESETS[0x45].items()})
_latin_of_unimarc = _accents_first(
    {sign: bytes([code]) for code, sign in {**iso5426._LETTERS, **iso5426._MARKS}.items() if sign}
)
_cyrillic_of_unimarc = _accents_first({chr(s): bytes([c | 0x80]) for c, (s, _) in CODESETS[0x4E].items() if c >= 0x40})


def _marc8(text):
    cyrillic = {chr(sign): bytes([code]) for code, (sign, _) in CODESETS[0x4E].items()}
    if any("\u0400" <= c <= "\u04ff" for c in text):
        if not all(c in cyrillic or c == " " for c in text):
            raise UnicodeEncodeError("marc-8", text, 0, 1, "not in the basic set")
        return b"\x1b(N" + b"".join(cyrillic.get(c, b" ") for c in text) + b"\x1b(B"
    return _ansel(text)


CODED = "20080101d1942    m  y0frey{}    ba"
WRITERS = {
    "marc 21, utf-8": lambda people: laid_out(record(people, False), str.encode, b"a"),
    "marc 21, marc-8": lambda people: laid_out(record(people, False), _marc8),
    "unimarc, utf-8": lambda people: laid_out(record(people, True, CODED.format("50  ")), str.encode),
    "unimarc, iso 5426": lambda people: laid_out(record(people, True, CODED.format("0103")), _latin_of_unimarc),
    "unimarc, iso 5427": lambda people: laid_out(record(people, True, CODED.format("0102")), _cyrillic_of_unimarc),
    "marcxml": lambda people: _as_xml(record(people, False)),
    "unimarc in xml": lambda people: _as_xml(record(people, True)),
    "mrk": lambda people: _as_mnemonic(record(people, False)),
}


def _as_xml(fields):
    shown_fields = "".join(
        f'<datafield tag="{tag[:3]}">'
        + "".join(f'<subfield code="{c}">{escape(v)}</subfield>' for c, v in parts)
        + "</datafield>"
        for tag, parts in fields.items()
    )
    return f"<collection><record><leader/>{shown_fields}</record></collection>".encode()


def _as_mnemonic(fields):
    lines = [f"={tag[:3]}  1\\" + "".join(f"${c}{v}" for c, v in parts) for tag, parts in fields.items()]
    return "\n".join(["=LDR  00000nam  2200000   4500", *lines]).encode()


@given(st.lists(people(), min_size=1, max_size=4, unique_by=shown), st.sampled_from(list(WRITERS)))
@settings(max_examples=EXAMPLES or 300, deadline=None, derandomize=not EXAMPLES)
def test_names_come_back_as_they_were(people, shape):
    try:
        data = WRITERS[shape](people)
    except UnicodeEncodeError:
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records"
        path.write_bytes(data)
        with ListFile(path) as file:
            kind = file.find_kind()
            if kind == "marc":
                lines = list(read_books(file.lines(end=RECORD_END), "test"))
            else:
                lines = list(read_xml(file, "test") if kind == "marcxml" else read_mnemonic(file.lines(), "test"))
    (line,) = lines
    assert isinstance(line, BookLine), line
    assert line.records[0].authors[0] == shown(people[0])
    assert set(line.records[0].authors) == set(map(shown, people))
