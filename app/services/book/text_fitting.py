"""Fitting a text of any script and length into a box, without knowing the reader's fonts.

Line ends follow the Chinese rules of 避头尾 (GB/T 15834; W3C "Requirements for Chinese Text Layout"): no
line begins with a closing mark and none ends with an opening one. Latin text breaks between words.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

NOT_AT_START = frozenset("、，。．！？；：）》〉」』】〕｝”’…—～·・‧％%,.!?;:)]}»›ー々")
NOT_AT_END = frozenset("（《〈「『【〔｛“‘([{«‹")
NARROW = frozenset("iljtfrI.,:;'!|()[]1·’‘")
WIDE = frozenset("mwMW@%&QOGDHNU")
LINE_HEIGHT = 1.28
WORD = re.compile(r"[^\s-]+-+(?=\w)|\S+\s*|\s+")
BRACKETED = re.compile("([（(《「『“‘【][^（(《「『“‘【）)》」』”’】]{1,5}[）)》」』”’】])")


@dataclass(frozen=True)
class Lettering:
    """Lines of text and the size of their letters, in pixels."""

    size: int
    lines: list[str]


def printable(text: str) -> str:
    """Return the text in one line, without what XML forbids and without marks that change its direction."""
    kept = (" " if c.isspace() else c for c in text if c.isspace() or not _is_control(c))
    return " ".join("".join(kept).split())


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs") or ord(char) & 0xFFFE == 0xFFFE


def is_ideographic(char: str) -> bool:
    """Return whether the letter fills a square and is a word of its own, so that a line may break beside it."""
    return unicodedata.east_asian_width(char) in "WF" and not _is_hangul(char)


def _is_hangul(char: str) -> bool:
    return "\u1100" <= char <= "\u11ff" or "\uac00" <= char <= "\ud7af"


def width_of(text: str) -> float:
    """Return the width of the text in ems: a safe guess for common serif fonts."""
    return sum(_width(char) for char in text)


def _width(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or char in "…—“”":
        return 1.0
    if char in NARROW:
        return 0.4
    if char == " ":
        return 0.27
    return 0.95 if char in WIDE or unicodedata.category(char) == "So" else 0.74 if char.isupper() else 0.6


def fit(text: str, width: float, height: float, sizes: Sequence[int]) -> Lettering:
    """Return the text at the largest of `sizes` (falling) that fits; at the last it is cut with an ellipsis."""
    units = _units(printable(text))
    for size in sizes:
        room = int(height / (size * LINE_HEIGHT))
        lines = _wrap(units, width / size)
        if len(lines) <= room and all(width_of(line) <= width / size for line in lines):
            return Lettering(size, _balanced(units, width / size, lines))
    size, room = sizes[-1], max(1, int(height / (sizes[-1] * LINE_HEIGHT)))
    lines = _wrap(_short_units(units, width / size), width / size)
    return Lettering(size, _cut(lines, room, width / size))


def _units(text: str) -> list[str]:
    """Split into the smallest parts that stay on one line; blanks belong to the part before them."""
    pieces = BRACKETED.split(text)
    units: list[str] = []
    for place, piece in enumerate(pieces):
        units += [piece] if place % 2 else _loose_units(piece)
    return _glued(units)


def _loose_units(text: str) -> list[str]:
    units: list[str] = []
    for word in WORD.findall(text):
        letters = ""
        for char in word:
            if is_ideographic(char) or char in NOT_AT_END or char in "“‘—…":
                units += [letters] if letters else []
                units, letters = [*units, char], ""
            else:
                letters += char
        units += [letters] if letters else []
    return units


def _glued(units: list[str]) -> list[str]:
    glued: list[str] = []
    for unit in units:
        closes = unit[0] in NOT_AT_START and glued and not glued[-1].endswith(" ")
        opens = glued and glued[-1][-1] in NOT_AT_END
        if glued and (unit.isspace() or ((closes or opens) and len(glued[-1]) < 12)):
            glued[-1] += unit
        else:
            glued.append(unit)
    return glued


def _short_units(units: list[str], width: float) -> list[str]:
    return [part for unit in units for part in (unit if width_of(unit.rstrip()) > width else [unit])]


def _wrap(units: list[str], width: float) -> list[str]:
    lines = [""]
    for unit in units:
        if lines[-1] and width_of(lines[-1] + unit.rstrip()) > width:
            lines.append("")
        lines[-1] += unit
    return [line.strip() for line in lines]


def _balanced(units: list[str], width: float, lines: list[str]) -> list[str]:
    """Make lines of about the same length, as many as there are."""
    low, high = width / 3, width
    for _ in range(6):
        middle = (low + high) / 2
        tried = _wrap(units, middle)
        if len(tried) == len(lines) and all(width_of(line) <= width for line in tried):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def _cut(lines: list[str], room: int, width: float) -> list[str]:
    if len(lines) <= room:
        return lines
    last = lines[room - 1]
    while last and (width_of(last + "…") > width or last[-1] in NOT_AT_END or last[-1] in "，、：,: "):
        last = last[:-1]
    return [*lines[: room - 1], last + "…"]
