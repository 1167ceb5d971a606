"""Taking titles apart: what names the work, what only names an edition of it, and the volume."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.rules.book.normalise import normalise
from app.rules.book.title_words import is_edition, is_generic, is_harmless, is_kind, is_other_book, without_edition
from app.rules.book.volumes import join_volumes, number_of, take_volumes, volume_alone

LONGEST = 500
"""Characters of a title with its subtitle; what is longer is not compared."""

_EAST = re.compile("[぀-ヿ㐀-鿿가-힯]")
_OPENING = re.compile(r"[(\[【〔{<]")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|〔([^〔〕]*)〕|\{([^{}]*)\}|<([^<>]*)>")
_DEEPEST = 3
_SEGMENTS = re.compile(r"[:;]|\s[-–—/=|~]+|[-–—/=|~]+\s|[—―]{1,3}")
_EASTERN_SEGMENTS = re.compile(r"[:;|—―–~/=]+|-+\s|\s-+")
_MAY_END = re.compile("[-–—―:;/=|~.!?]")
"""A sign of each kind of separator; most titles have none."""
_SENTENCES = re.compile(r"[:;|—―]+|\s[-–/=]+\s|[.!?]\s+(?=\w)")
_SERIES = re.compile(
    r"(?P<name>[^#]*[^#\s,])[\s,]*(?:#|(?<![^\W\d_])(?:books?|bk|no)(?![^\W\d_])[. #]{0,3}|\s)\s*"
    r"(?P<number>[0-9]{1,4}(?:\.[0-9]{1,2})?|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)(?![0-9]?\s?-)"
)
_NAMED_LAST = re.compile(r"^(.+), (?:the|a|an|la|le|les|el|los|las|der|die|das|il|lo)$")
_OR = re.compile(r",? \bor,? .*$")
_ARTICLES = ("the ", "a ", "an ")
_HAN_NUMBERS = re.compile("[〇零一二三四五六七八九十百]{2,6}")
_SAME = str.maketrans("与", "和")
_SAME_AND_SHORTER = _SAME | str.maketrans("", "", "的之の")
"""Without the particles that one translator writes and the next one leaves out."""
_SHORT = 3
_SIGNS = re.compile(r"[^\w+#]+|_+")
_ASCII_SIGNS = str.maketrans("", "", "".join(sign for sign in map(chr, range(128)) if _SIGNS.match(sign)))
_MARKED = re.compile("[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u109f\u1780-\u17ff\u0e31-\u0e4e]")


class TitleParts(NamedTuple):
    """The parts of a title: `name` without blanks and punctuation, and `volume`, such as `2`, `上` or `set3`."""

    name: str
    volume: str


def take_apart(title: str, subtitle: str = "", series: str = "", series_number: str = "") -> TitleParts:
    """Return what names the work in a title, and the volume; the number in a series counts if the title is its name."""
    if len(title) + len(subtitle) > LONGEST:
        return TitleParts("", "")
    text = normalise(title).strip()
    if subtitle and (below := normalise(subtitle).strip()) and below not in text:
        text = f"{text} : {below}"
    is_eastern = not text.isascii() and _EAST.search(text) is not None
    numbers: list[tuple[str, str]] = []
    volumes: list[str] = []
    if _OPENING.search(text):
        text = _without_brackets(text, is_eastern, volumes, numbers)
    kept = [segment for segment in _segments(text, is_eastern, volumes) if segment]
    name = _name_of(kept)
    if series and series_number and not volumes:
        numbers.append((series, series_number))
    for of_series, number in numbers:
        if not volumes and _letters_of(normalise(of_series[:LONGEST]).strip()) == name:
            volumes.append(volume_alone(normalise(number[:LONGEST]).strip()) or letters(normalise(number[:LONGEST])))
            volumes = [] if volumes == ["1"] else volumes  # the first of a series that is named after it
    return TitleParts(name, join_volumes(volumes))


def letters(text: str) -> str:
    """Return the letters and digits of a folded text, and the signs that tell titles apart: `in c++` → `inc++`."""
    if text.isascii():
        return text.translate(_ASCII_SIGNS)
    if _MARKED.search(text):  # vowel signs, which are part of a word
        return "".join(sign for sign in text if sign.isalnum() or sign in "+#" or _MARKED.match(sign))
    return _SIGNS.sub("", text)


def without_article(text: str) -> str:
    """Return a folded title without an English article at either end: `the hobbit`, `hobbit, the`."""
    if not text[:1].isascii():
        return text
    if ", " in text and (found := _NAMED_LAST.match(text)):
        text = found[1]
    return text.partition(" ")[2] if text.startswith(_ARTICLES) else text


def _without_brackets(text: str, is_eastern: bool, volumes: list[str], numbers: list[tuple[str, str]]) -> str:
    """Return the text with those brackets opened that belong to the title, and the others taken away."""
    is_latin = not is_eastern and _is_latin(text)

    def open_or_drop(found: re.Match[str]) -> str:
        inside = (found[found.lastindex or 0] or "").strip()
        if volume := volume_alone(inside):
            volumes.append(volume)
            return " "
        if is_latin and is_other_book(inside):
            return f" {inside} "
        if is_edition(inside) or is_kind(inside):
            return " "
        if is_latin and (series := _SERIES.match(inside)):
            numbers.append((series["name"], series["number"]))
            return " "
        rest, inner = take_volumes(inside)
        volumes.extend(inner)
        return " " if is_latin or (inner and is_kind(rest)) else f" {rest} "

    for _ in range(_DEEPEST):
        text, count = _BRACKETS.subn(open_or_drop, text)
        if not count:
            break
    return text


def _segments(text: str, is_eastern: bool, volumes: list[str]) -> Iterable[str]:
    """Return the parts of the title that name the work, without volumes and editions, which are kept in `volumes`."""
    is_latin = not is_eastern and _is_latin(text)
    shape = _EASTERN_SEGMENTS if is_eastern else _SEGMENTS if is_latin else _SENTENCES
    for place, segment in enumerate(shape.split(text) if _MAY_END.search(text) else (text,)):
        part = segment.strip(" ,.")
        if not part:
            continue
        if place and (volume := volume_alone(part)):
            volumes.append(volume)
            continue
        if place and (is_edition(part) or is_generic(part) or (is_latin and is_harmless(part))):
            continue
        part = without_edition(part)
        part, inner = take_volumes(part)
        volumes.extend(inner)
        if inner and place and is_edition(part):
            continue
        yield _OR.sub("", part) if is_latin and not place and " or" in part else part


def _name_of(kept: Sequence[str]) -> str:
    """Return the letters of the parts, of which one may only repeat the first: `little women : little women`."""
    if not kept:
        return ""
    head = _letters_of(kept[0].strip())
    return head if len(kept) == 1 else head + "".join(part for part in map(_letters_of, kept[1:]) if part != head)


def _letters_of(text: str) -> str:
    """Return the letters of a folded title, without its article and what translators write in one way or another."""
    text = without_article(text)
    if text.isascii():
        return letters(text.replace(" & ", " and "))
    name = letters(_HAN_NUMBERS.sub(lambda found: number_of(found[0]), text.replace(" & ", " and ")))
    return name.translate(_SAME_AND_SHORTER if len(name) > _SHORT else _SAME)


def _is_latin(text: str) -> bool:
    return text.isascii() or not re.search("[\u0370-\u1fff\u2c00-\u2dff\ua640-\uabff]", text)
