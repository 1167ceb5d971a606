"""Queries for Chinese books, in pinyin."""

import re
from random import Random

from pypinyin import Style, lazy_pinyin

from bench.finding.asking import Kind, Types
from bench.finding.library import Book, Library
from bench.finding.typing import by_author

_LETTERS = "abcdefghijklmnopqrstuwxyz"
_LONG = 6


def _is_han(text: str, shortest: int = 3) -> bool:
    return re.fullmatch(f"[\u4e00-\u9fff]{{{shortest},9}}", text) is not None


def _spelt(style: int, between: str) -> Types:
    def types(book: Book, _draw: Random, _library: Library) -> str:
        return (
            between.join(lazy_pinyin(book.head, style=style)).replace("v", "ü" if style == Style.TONE else "v")
            if _is_han(book.head)
            else ""
        )

    return types


def _initials(book: Book, _draw: Random, _library: Library) -> str:
    return "".join(lazy_pinyin(book.head, style=Style.FIRST_LETTER)) if _is_han(book.head, _LONG) else ""


def _half(book: Book, draw: Random, _library: Library) -> str:
    if not _is_han(book.head, 4):
        return ""
    at = draw.randrange(2, len(book.head) - 1)
    before, after = book.head[:at], book.head[at:]
    return draw.choice((before + "".join(lazy_pinyin(after)), "".join(lazy_pinyin(before)) + after))


def _slip(book: Book, draw: Random, _library: Library) -> str:
    if not _is_han(book.head, 4):
        return ""
    letters = "".join(lazy_pinyin(book.head))
    at = draw.randrange(1, len(letters) - 1)
    changed = draw.choice(("", letters[at] * 2, draw.choice(_LETTERS), letters[at + 1] + letters[at]))
    typed = (
        letters[:at]
        + changed
        + letters[at + 1 + (len(changed) == 2 and changed[1] == letters[at] and changed[0] != letters[at]) :]
    )
    return typed if typed != letters else ""


def _author(book: Book, _draw: Random, _library: Library) -> str:
    return "".join(lazy_pinyin(book.authors[0])) if book.authors and _is_han(book.authors[0]) else ""


KINDS = (
    Kind("pinyin with spaces", "chinese", _spelt(Style.NORMAL, " ")),
    Kind("pinyin joined", "chinese", _spelt(Style.NORMAL, "")),
    Kind("pinyin with marks of tones", "chinese", _spelt(Style.TONE, " ")),
    Kind("pinyin with digits of tones", "chinese", _spelt(Style.TONE3, "")),
    Kind("pinyin initials", "chinese", _initials),
    Kind("half pinyin", "chinese", _half),
    Kind("pinyin with a slip", "chinese", _slip, count=12),
    Kind("author as pinyin", "chinese", _author, by_author),
)  # fmt: skip
