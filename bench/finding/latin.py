"""Queries for books in Latin letters."""

import re
import unicodedata
from random import Random

from app.rules.book.normalise import normalise
from bench.finding import numbers
from bench.finding.asking import Kind, is_same_work
from bench.finding.library import Book, Library
from bench.finding.typing import author, by_author, family_name, head, in_form, slip, some_words, title, typo

_SERIES = re.compile(r"\((?P<name>[^()]{4,40}?),? #(?P<number>\d{1,2})\)")
_ELIDED = re.compile(r"\b[LlDdQq][’'](?=\w)")
_INITIAL = re.compile(r"([A-Z][a-z]+) [A-Z]\. ([A-Z][a-z]+)")
_TWO_NAMES = re.compile(r"([A-Z][a-z]+) ([A-Z][a-z]+)")
_SLIPS = ("missing", "swapped", "wrong", "doubled")
_NOISE = (
    "{} pdf", "{} epub download", "{} kindle", "book called {}", "{} novel", "{} paperback", "the book {}",
    "{} audiobook", "read {} online", "{} ebook free", "{} hardcover", "{} second hand", "looking for {}",
    "buy {} cheap", "{} by {family}",
)  # fmt: skip


def _long_head(book: Book, _draw: Random, _library: Library) -> str:
    return book.head if len(book.head.split()) > 1 else ""


def _title_word(book: Book, draw: Random) -> str:
    words = [word for word in re.findall(r"[^\W\d_]+", book.head) if len(word) > 4]
    return draw.choice(words) if words else ""


def _family_and_word(book: Book, draw: Random, _library: Library) -> str:
    family, word = family_name(book), _title_word(book, draw)
    return f"{family} {word}" if family and word and family.lower() != word.lower() else ""


def _has_word(asked: Book, found: Book) -> bool:
    return is_same_work(asked, found) or by_author(asked, found)


def _title_and_author(book: Book, draw: Random, _library: Library) -> str:
    return (
        draw.choice(("{0} {1}", "{1} {0}", "{0} by {1}")).format(book.head, book.authors[0])
        if family_name(book)
        else ""
    )


def _series_and_number(book: Book, draw: Random, _library: Library) -> str:
    found = _SERIES.search(book.title)
    return (
        draw.choice(("{name} {number}", "{name} book {number}", "{name} #{number}")).format(**found.groupdict())
        if found
        else ""
    )


def _is_same_volume(asked: Book, found: Book) -> bool:
    one, other = _SERIES.search(asked.title), _SERIES.search(found.title)
    is_same = one and other and (normalise(one["name"]), one["number"]) == (normalise(other["name"]), other["number"])
    return bool(is_same) or is_same_work(asked, found)


def _series(book: Book, draw: Random, _library: Library) -> str:
    found = _SERIES.search(book.title)
    return draw.choice(("{name}", "{name} series", "the {name} books")).format(**found.groupdict()) if found else ""


def _is_in_series(asked: Book, found: Book) -> bool:
    series = _SERIES.search(asked.title)
    return bool(series) and normalise(series["name"]) in normalise(f"{found.title} {found.series}")


def _subtitle(book: Book, draw: Random, library: Library) -> str:
    _, colon, subtitle = book.title.partition(": ")
    words = re.findall(r"[\w'’]+", subtitle.partition("(")[0])[: draw.randint(3, 5)]
    return " ".join(words) if colon and len(words) > 2 and library.is_rare(" ".join(words)) else ""


def _publisher_and_title(book: Book, _draw: Random, _library: Library) -> str:
    return f"{book.publisher} {book.head}" if len(book.publisher) > 3 and len(book.head.split()) > 1 else ""


def _without_diacritics(book: Book, _draw: Random, _library: Library) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", book.head) if not unicodedata.combining(sign))
    return bare if bare != book.head and bare.isascii() else ""


def _apostrophes(book: Book, draw: Random, _library: Library) -> str:
    if not re.search(r"\w['’]s\b", book.head) or len(book.head.split()) < 2:
        return ""
    return re.sub("['’]", draw.choice(("", "’", "`", " ")), book.head)


def _and(book: Book, _draw: Random, _library: Library) -> str:
    if " & " in book.head:
        return book.head.replace(" & ", " and ")
    return book.head.replace(" and ", " & ") if " and " in book.head else ""


def _without_spaces(book: Book, _draw: Random, _library: Library) -> str:
    return book.head.replace(" ", "").lower() if re.fullmatch(r"[A-Za-z]+(?: [A-Za-z]+){1,4}", book.head) else ""


def _space_too_many(book: Book, draw: Random, _library: Library) -> str:
    words = list(re.finditer(r"[A-Za-z]{8,}", book.head))
    if not words:
        return ""
    word = draw.choice(words)
    at = draw.randrange(word.start() + 3, word.end() - 2)
    return f"{book.head[:at]} {book.head[at:]}"


def _bracket_added(book: Book, draw: Random, _library: Library) -> str:
    added = (
        "Penguin Classics",
        "Illustrated Edition",
        "Book 1 of 3",
        "Kindle Edition",
        "Signed Copy",
        "Oxford World's Classics",
        "2nd Edition",
    )
    return f"{book.head} ({draw.choice(added)})" if book.title == book.head and len(book.head.split()) > 1 else ""


def _subtitle_added(book: Book, draw: Random, _library: Library) -> str:
    added = ("A Novel", "The Complete Guide", "A Memoir", "The Untold Story", "Stories", "A Life Remembered")
    return f"{book.head}: {draw.choice(added)}" if book.title == book.head and len(book.head.split()) > 1 else ""


def _initial_left_out(book: Book, draw: Random, _library: Library) -> str:
    found = _INITIAL.fullmatch(book.authors[0]) if book.authors else None
    word = _title_word(book, draw)
    return f"{found[1]} {found[2]} {book.head}" if found and word else ""


def _initial_added(book: Book, draw: Random, _library: Library) -> str:
    found = _TWO_NAMES.fullmatch(book.authors[0]) if book.authors else None
    return f"{book.head} {found[1]} {draw.choice('ABCDEFGHJKLMRSTW')}. {found[2]}" if found else ""


def _elision(book: Book, draw: Random, _library: Library) -> str:
    if not _ELIDED.search(book.head):
        return ""
    return draw.choice((
        re.sub("['’]", "", book.head), re.sub("['’]", " ", book.head), _ELIDED.sub("", book.head),
    ))  # fmt: skip


def _hyphens(book: Book, draw: Random, _library: Library) -> str:
    is_hyphenated = re.search(r"[a-z]-[a-z]", book.head) and len(book.head.split()) > 1
    return book.head.replace("-", draw.choice((" ", ""))) if is_hyphenated else ""


def _other_order(book: Book, draw: Random, library: Library) -> str:
    words = [word for word in re.findall(r"[A-Za-z]+", book.head) if len(word) > 3]
    if len(words) < 3 or not library.is_rare(book.head):
        return ""
    order = draw.sample(words, len(words))
    return " ".join(order) if order != words else ""


def _author_typo(book: Book, draw: Random, _library: Library) -> str:
    kind = draw.choice(_SLIPS)
    return slip(book.authors[0], kind, draw, "latin") if len(book.authors) == 1 and book.authors[0].isascii() else ""


KINDS = (
    Kind("en exact title", "latin", title),
    Kind("en first words", "latin", some_words(0, 3)),
    Kind("en middle words", "latin", some_words(None, 3)),
    Kind("en words in another order", "latin", _other_order),
    *(Kind(f"en typo, letter {one}", "latin", typo(one, "latin", _long_head)) for one in _SLIPS),
    Kind("en author", "latin", author, by_author),
    Kind("en author, typo", "latin", _author_typo, by_author),
    Kind("en family name + title word", "latin", _family_and_word, _has_word),
    Kind("en title + author", "latin", _title_and_author, is_same_work),
    Kind("en middle initial left out", "latin", _initial_left_out, is_same_work),
    Kind("en middle initial added", "latin", _initial_added, is_same_work),
    Kind("en noise words", "latin", in_form(*_NOISE), count=18),
    Kind("en series + number", "latin", _series_and_number, _is_same_volume, count=12),
    Kind("en series", "latin", _series, _is_in_series),
    Kind("en number the other way", "latin", numbers.latin_number),
    Kind("en volume the other way", "latin", numbers.latin_volume),
    Kind("en words of the subtitle", "latin", _subtitle),
    Kind("en publisher + title", "latin", _publisher_and_title, is_same_work),
    Kind("diacritics left out", "latin", _without_diacritics),
    Kind("apostrophe another way", "latin", _apostrophes),
    Kind("hyphen another way", "latin", _hyphens),
    Kind("elision another way", "latin", _elision),
    Kind("and for &, & for and", "latin", _and),
    Kind("en spaces left out", "latin", _without_spaces),
    Kind("en space too many", "latin", _space_too_many),
    Kind("en bracket added", "latin", _bracket_added),
    Kind("en subtitle added", "latin", _subtitle_added),
    Kind("en title without its bracket", "latin", head),
)  # fmt: skip
