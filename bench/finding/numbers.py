"""Numbers written another way: Four for 4, II for 2, 二 for 2."""

import re
from random import Random

from bench.finding.library import Book, Library

_NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {name: number for number, name in enumerate(_NAMES, 1)}
_ROMAN = {"II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9"}
_DIGITS = "〇一二三四五六七八九"
_HAN = ["", *"一二三四五六七八九十"]
_LATIN_NUMBER = re.compile(rf"\b(?:{'|'.join(_WORDS)}|[2-9]|1[0-2]|{'|'.join(_ROMAN)})\b", re.IGNORECASE)
_VOLUME = re.compile(r"\b(Vol\.|Volume|Book|Part|No\.) ?(\d{1,2})\b", re.IGNORECASE)
_HAN_VOLUME = re.compile("第([1-9一二三四五六七八九十])(?=[部卷册集季章辑])")
_HAN_LAST = re.compile("(?<=[\u4e00-\u9fff])(?<![〇零○一二三四五六七八九十百])([2-9二三四五六七八九])(?=$|[(（:：])")
_YEAR = re.compile("[一二三四五六七八九][〇零○一二三四五六七八九]{3}|(?<![0-9])1[0-9]{3}(?![0-9])")


def latin_number(book: Book, _draw: Random, _library: Library) -> str:
    """Four for 4 and 4 for Four, 2 for II."""
    found = _LATIN_NUMBER.search(book.head)
    if not found or len(book.head.split()) < 3:
        return ""
    word = found[0]
    other = _ROMAN.get(word) or (
        str(_WORDS[word.lower()])
        if word.lower() in _WORDS
        else next((name for name, value in _WORDS.items() if str(value) == word), "")
    )
    return book.head[: found.start()] + other + book.head[found.end() :] if other else ""


def latin_volume(book: Book, draw: Random, _library: Library) -> str:
    """Another word for the volume, and its number as a word or Roman: `Vol. 2`, `Volume Two`, `II`."""
    found = _VOLUME.search(book.title)
    number = int(found[2]) if found else 0
    if not found or not 0 < number < 10:
        return ""
    word = next(name for name, value in _WORDS.items() if value == number)
    before = re.split(r"[(,:]", book.title[: found.start()])[0].strip()
    shape = draw.choice(("{0} vol {1}", "{0} volume {2}", "{0} {1}", "{0} #{1}"))
    return shape.format(before, number, word) if len(before) > 3 else ""


def han_volume(book: Book, _draw: Random, _library: Library) -> str:
    """第2部 for 第二部 and the other way round."""
    return _HAN_VOLUME.sub(lambda found: "第" + _other(found[1]), book.title) if _HAN_VOLUME.search(book.title) else ""


def han_last(book: Book, _draw: Random, _library: Library) -> str:
    """昆仑二 for 昆仑2 and the other way round."""
    return (
        _HAN_LAST.sub(lambda found: _other(found[1]), book.head)
        if _HAN_LAST.search(book.head) and len(book.head) > 2
        else ""
    )


def han_year(book: Book, _draw: Random, _library: Library) -> str:
    """一九八四 for 1984 and the other way round."""
    return _YEAR.sub(lambda found: _other_year(found[0]), book.head) if _YEAR.search(book.head) else ""


def _other(number: str) -> str:
    return _HAN[int(number)] if number.isascii() else str(_HAN.index(number))


def _other_year(year: str) -> str:
    if year.isascii():
        return "".join(_DIGITS[int(digit)] for digit in year)
    return "".join(str(_DIGITS.index(one)) for one in year.replace("零", "〇").replace("○", "〇"))
