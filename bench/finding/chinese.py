"""Queries for Chinese books, in characters."""

import re
from collections import defaultdict
from functools import cache
from random import Random

from opencc import OpenCC
from pypinyin import lazy_pinyin

from app.rules.book.normalise import normalise
from bench.finding import numbers
from bench.finding.asking import Kind, Types, is_same_work
from bench.finding.library import HAN, Book, Library
from bench.finding.typing import author, by_author, fragment, head, original, title

_LONG_ENOUGH = 4
_NOISE = (
    "{}小说", "{} 小说", "{} 电子书", "《{}》", "{}这本书", "有没有{}", "{}（全集）", "{} 下载", "{} 在线阅读",
    "{} pdf", "求{}", "{}精装", "{} 作者", "{}全文", "{} txt", "书名{}", "{} 二手", "想看{}", "{} epub", "{}（套装）",
)  # fmt: skip
_BRACKETS = re.compile("[（(【].{2,}[）)】]$")
_ADDED = ("（修订版）", "（精装）", "(第2版)", "（插图本）", "（全二册）", "（新版）", "【签名本】", "：一部小说")
_PUNCTUATION = re.compile("[，。：！？、·—“”‘’《》… ]+")


def _han(book: Book) -> bool:
    return len(book.head) >= _LONG_ENOUGH and re.fullmatch("[\u4e00-\u9fff]+", book.head) is not None


@cache
def _same_sounds() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in range(0x4E00, 0x9FA6):
        sign = chr(code)
        if sign.encode("gb2312", "ignore"):
            found[lazy_pinyin(sign)[0]].append(sign)
    return found


def _another_sounding(sign: str, draw: Random) -> str:
    others = [other for other in _same_sounds()[lazy_pinyin(sign)[0]] if other != normalise(sign)]
    return draw.choice(others) if others else sign


def _same_sound(count: int) -> Types:
    def types(book: Book, draw: Random, _library: Library) -> str:
        if not _han(book):
            return ""
        signs = list(book.head)
        for at in draw.sample(range(len(signs)), count):
            signs[at] = _another_sounding(signs[at], draw)
        return "".join(signs)

    return types


def _left_out(book: Book, draw: Random, _library: Library) -> str:
    at = draw.randrange(1, len(book.head)) if _han(book) and len(book.head) > _LONG_ENOUGH else 0
    return book.head[:at] + book.head[at + 1 :] if at else ""


def _swapped(book: Book, draw: Random, _library: Library) -> str:
    if not _han(book):
        return ""
    at = draw.randrange(len(book.head) - 1)
    text = book.head[:at] + book.head[at + 1] + book.head[at] + book.head[at + 2 :]
    return text if text != book.head else ""


def _too_many(book: Book, draw: Random, library: Library) -> str:
    if not _han(book):
        return ""
    at = draw.randrange(1, len(book.head))
    other = draw.choice(library.by_script["chinese"]).title[:1]
    return book.head[:at] + (other if HAN.match(other) else "的") + book.head[at:]


def _wrong(book: Book, draw: Random, library: Library) -> str:
    if not _han(book) or len(book.head) == _LONG_ENOUGH:
        return ""
    at = draw.randrange(len(book.head))
    other = draw.choice(library.by_script["chinese"]).title[:1]
    return book.head[:at] + other + book.head[at + 1 :] if HAN.match(other) and other != book.head[at] else ""


def _traditional(book: Book, _draw: Random, _library: Library) -> str:
    text = OpenCC("s2t").convert(book.head)
    return text if text != book.head else ""


def _simplified(book: Book, _draw: Random, _library: Library) -> str:
    text = OpenCC("t2s").convert(book.head)
    return text if text != book.head and len(text) > 2 else ""


def _one_string(book: Book, draw: Random, _library: Library) -> str:
    name = book.authors[0] if book.authors else ""
    if not re.fullmatch("[\u4e00-\u9fff·]{2,9}", name) or not re.fullmatch("[\u4e00-\u9fff]{2,9}", book.head):
        return ""
    return draw.choice(("{0}{1}", "{0}的{1}", "{1}{0}")).format(name, book.head)


def _foreign_family(book: Book) -> str:
    name = book.authors[0] if book.authors else ""
    parts = re.split("[·•・]", name)
    return parts[-1] if len(parts) > 1 and re.fullmatch("[\u4e00-\u9fff]{2,6}", parts[-1]) else ""


def _family_and_title(book: Book, _draw: Random, _library: Library) -> str:
    family = _foreign_family(book)
    return f"{family} {book.head}" if family else ""


def _family(book: Book, _draw: Random, _library: Library) -> str:
    return _foreign_family(book)


def _noise(book: Book, draw: Random, _library: Library) -> str:
    return draw.choice(_NOISE).format(book.head) if HAN.match(book.head) and len(book.head) > 2 else ""


def _translator(book: Book, _draw: Random, _library: Library) -> str:
    return book.translators[0] if book.translators and len(book.translators[0]) > 1 else ""


def _by_translator(asked: Book, found: Book) -> bool:
    return asked.translators[0] in (*found.translators, *found.authors)


def _title_and_translator(book: Book, _draw: Random, _library: Library) -> str:
    return f"{book.head} {book.translators[0]}" if book.translators else ""


def _publisher_and_title(book: Book, _draw: Random, _library: Library) -> str:
    return f"{book.publisher} {book.head}" if len(book.publisher) > 3 else ""


def _subtitle(book: Book, draw: Random, library: Library) -> str:
    subtitle = re.split("[：:]", book.title, maxsplit=1)[-1]
    text = re.sub(r"\W.*", "", subtitle)[: draw.randint(4, 7)]
    return text if subtitle != book.title and len(text) > 3 and library.is_rare(text) else ""


def _without_punctuation(book: Book, _draw: Random, _library: Library) -> str:
    text = _PUNCTUATION.sub("", book.title)
    return text if text != book.title and len(text) > 3 and not _BRACKETS.search(book.title) else ""


def _without_bracket(book: Book, _draw: Random, _library: Library) -> str:
    return book.head if _BRACKETS.search(book.title) and len(book.head) > 2 else ""


def _bracket_added(book: Book, draw: Random, _library: Library) -> str:
    return book.head + draw.choice(_ADDED) if book.title == book.head and _han(book) else ""


def _mixed(book: Book, draw: Random, library: Library) -> str:
    if not re.search("[A-Za-z]{2}", book.head) or len(book.head) < _LONG_ENOUGH or not library.is_rare(book.head):
        return ""
    return draw.choice(
        (book.head.lower(), re.sub("(?<=[A-Za-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[A-Za-z])", " ", book.head))
    )


def _series(book: Book, _draw: Random, _library: Library) -> str:
    return book.series


def _is_in_series(asked: Book, found: Book) -> bool:
    return asked.series == found.series


def _series_and_title(book: Book, _draw: Random, _library: Library) -> str:
    return f"{book.series} {book.head}" if book.series else ""


KINDS = (
    Kind("zh exact title", "chinese", title),
    Kind("zh first characters", "chinese", fragment(0, 4)),
    Kind("zh two characters within", "chinese", fragment(None, 2)),
    Kind("zh three characters within", "chinese", fragment(None, 3)),
    Kind("zh traditional typed", "chinese", _traditional),
    Kind("zh simplified typed for traditional", "chinese", _simplified),
    Kind("zh one character of the same sound", "chinese", _same_sound(1)),
    Kind("zh two characters of the same sound", "chinese", _same_sound(2)),
    Kind("zh character left out", "chinese", _left_out),
    Kind("zh characters swapped", "chinese", _swapped),
    Kind("zh character too many", "chinese", _too_many),
    Kind("zh character wrong", "chinese", _wrong),
    Kind("zh author", "chinese", author, by_author),
    Kind("zh author and title in one string", "chinese", _one_string, is_same_work, count=12),
    Kind("zh foreign family name + title", "chinese", _family_and_title, is_same_work),
    Kind("zh foreign family name", "chinese", _family, by_author),
    Kind("zh year the other way", "chinese", numbers.han_year),
    Kind("zh volume the other way", "chinese", numbers.han_volume),
    Kind("zh last number the other way", "chinese", numbers.han_last),
    Kind("zh noise words", "chinese", _noise, count=18),
    Kind("zh translator", "chinese", _translator, _by_translator),
    Kind("zh title + translator", "chinese", _title_and_translator, is_same_work),
    Kind("zh publisher + title", "chinese", _publisher_and_title),
    Kind("zh words of the subtitle", "chinese", _subtitle),
    Kind("zh punctuation left out", "chinese", _without_punctuation),
    Kind("zh title without its bracket", "chinese", _without_bracket),
    Kind("zh bracket or subtitle added", "chinese", _bracket_added),
    Kind("scripts mixed", "chinese", _mixed),
    Kind("zh series", "chinese", _series, _is_in_series),
    Kind("zh series + title", "chinese", _series_and_title),
    Kind("zh title of the original", "chinese", original, is_same_work, count=12),
    Kind("zh title", "chinese", head),
)  # fmt: skip
