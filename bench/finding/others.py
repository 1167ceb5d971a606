"""Queries for books in other scripts, and by numbers."""

import re
import unicodedata
from random import Random

from stdnum import isbn

from bench.finding.asking import Kind, is_same_work
from bench.finding.library import Book, Library
from bench.finding.typing import author, by_author, fragment, head, original, some_words, title, typo

_VOWEL_MARKS = {"arabic": "\u064e\u064f\u0650\u0651", "hebrew": "\u05b0\u05b7\u05bc"}


def _yo(book: Book, _draw: Random, _library: Library) -> str:
    return book.head.replace("ё", "е").replace("Ё", "Е") if "ё" in book.head.lower() else ""


def _without_accents(book: Book, _draw: Random, _library: Library) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", book.head) if not unicodedata.combining(sign))
    return bare if bare != book.head else ""


def _with_vowel_marks(book: Book, draw: Random, _library: Library) -> str:
    marks = _VOWEL_MARKS["hebrew" if re.search("[\u0590-\u05ff]", book.head) else "arabic"]
    return re.sub(
        "(?<=[\u05d0-\u05ea\u0621-\u064a])(?=[\u05d0-\u05ea\u0621-\u064a])", lambda _: draw.choice(marks), book.head
    )


def _arabic_letters(book: Book, _draw: Random, _library: Library) -> str:
    text = book.head.translate(str.maketrans("أإآةىيكیک", "اااهيیکيك"))
    return text if text != book.head else ""


def _without_joiners(book: Book, draw: Random, _library: Library) -> str:
    """Persian titles lost their joiners in some catalogues; readers type them, or a space."""
    if "\u200c" in book.head:
        return book.head.replace("\u200c", draw.choice(("", " ")))
    return (
        re.sub(r"(?<=\bمی)(?=\w)|(?<=\w\w)(?=های?\b)", "\u200c", book.head)
        if re.search(r"\bمی\w|\w\wهای?\b", book.head)
        else ""
    )


def _isbn(book: Book, draw: Random, _library: Library) -> str:
    if not book.isbn.startswith("978") or not isbn.is_valid(book.isbn):
        return ""
    short = str(isbn.to_isbn10(book.isbn))
    return draw.choice(
        (
            book.isbn,
            str(isbn.format(book.isbn)),
            short,
            f"ISBN {short}",
            f"isbn:{book.isbn}",
            f"{book.isbn[:3]} {book.isbn[3:]}",
        )
    )


def _isbn_beginning(book: Book, _draw: Random, _library: Library) -> str:
    return book.isbn[:11] if book.isbn.startswith("978") else ""


def _is_beginning(asked: Book, found: Book) -> bool:
    return found.isbn.startswith(asked.isbn[:11])


KINDS = (
    Kind("ja title", "japanese", title),
    Kind("ja three characters within", "japanese", fragment(None, 3)),
    Kind("ko title", "korean", title),
    Kind("ru title", "russian", title),
    Kind("ru middle words", "russian", some_words(None, 2)),
    *(Kind(f"ru typo, letter {slip}", "russian", typo(slip, "russian")) for slip in ("missing", "swapped", "wrong")),
    Kind("ru author", "russian", author, by_author),
    Kind("ru author, typo", "russian", typo("wrong", "russian", author), by_author),
    Kind("ru е for ё", "russian", _yo),
    Kind("ru title of the original", "russian", original, is_same_work),
    Kind("el accents left out", "greek", _without_accents),
    Kind("el typo", "greek", typo("wrong", "greek")),
    Kind("ar title", "arabic", head),
    Kind("ar and he vowel marks", "arabic", _with_vowel_marks),
    Kind("ar letters another way", "arabic", _arabic_letters),
    Kind("fa joiners another way", "arabic", _without_joiners),
    Kind("ISBN in all forms", "latin", _isbn, is_same_work),
    Kind("ISBN without its end", "chinese", _isbn_beginning, _is_beginning),
)
