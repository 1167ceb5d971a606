"""Pinyin: readings of characters, syllables of a text, and the tokens stored for a book.

Readings are computed once, when an index is built, and stored in its file: a process that only searches or
updates never loads the pinyin library, which takes 57 MB.
"""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from app.rules.book.normalise import normalise

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[a-z0-9]+")
_HAN_RUN = re.compile(f"[{_HAN}]+")
_LONGEST_PHRASE = 6
_LONGEST_WHOLE = 40
_LONGEST_FAMILY_NAME = 5
_WINDOW = 4
_DIGITS_OF_YEAR = 4
_HAN_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
WHOLE, WHOLE_INITIALS, AUTHOR, JOINED, INITIALS, NEXT = "9", "8", "7", "6", "1", "0"
"""Digits that mark kinds of tokens: all syllables of a field or letters of an original title, the initials of a field,
the characters of an author, a title without its spaces, a window of initials, a separator.
"""
READINGS_OF = "SELECT han, pinyin FROM reading WHERE han IN (SELECT value FROM json_each(?))"
# Family names that are read differently from the same character in other words.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "任": "ren", "区": "ou", "朴": "piao",
    "盖": "ge", "华": "hua", "纪": "ji", "宁": "ning", "燕": "yan", "乐": "yue", "翟": "zhai", "冼": "xian",
    "缪": "miao", "种": "chong", "秘": "bi", "折": "she", "尉": "yu", "员": "yun", "句": "gou", "覃": "qin",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Readings:
    """The syllable of each character, and those of phrases read differently from their characters (银行)."""

    characters: dict[str, str]
    phrases: dict[str, tuple[str, ...]]
    phrase_starts: frozenset[str]

    def of(self, run: str) -> list[str]:
        """Return the syllables of a run of normalised Chinese; unknown characters are left out."""
        result: list[str] = []
        at = 0
        while at < len(run):
            if run[at : at + 2] in self.phrase_starts:
                for size in range(min(_LONGEST_PHRASE, len(run) - at), 1, -1):
                    if phrase := self.phrases.get(run[at : at + size]):
                        result += phrase
                        at += size - 1
                        break
                else:
                    result.append(self.characters.get(run[at], ""))
            else:
                result.append(self.characters.get(run[at], ""))
            at += 1
        return [syllable for syllable in result if syllable]


def readings_from(pairs: Iterable[tuple[str, str]]) -> Readings:
    """Return readings from pairs of Chinese text and its syllables, as stored in an index file."""
    characters, phrases = {}, {}
    for han, pinyin in pairs:
        if len(han) == 1:
            characters[han] = pinyin
        else:
            phrases[han] = tuple(pinyin.split())
    return Readings(characters, phrases, frozenset(phrase[:2] for phrase in phrases))


@cache
def make_readings() -> dict[str, str]:
    """Compute the readings to be stored in an index file: characters, and phrases that differ from theirs."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    found: dict[str, str] = {}
    for code, ways in PINYIN_DICT.items():
        syllable = _without_tone(ways.partition(",")[0])
        if syllable and _HAN_RUN.fullmatch(chr(code)):
            found[chr(code)] = syllable
    for phrase, tones in PHRASES_DICT.items():
        folded = normalise(phrase)
        if 1 < len(folded) <= _LONGEST_PHRASE and all(character in found for character in folded):
            plain = " ".join(_without_tone(tone[0]) for tone in tones)
            if plain != " ".join(found[character] for character in folded):
                found[folded] = plain
    return found


def _without_tone(syllable: str) -> str:
    bare = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(letter for letter in bare if letter.isascii() and letter.isalpha())


def load_readings(connection: sqlite3.Connection, texts: Iterable[str]) -> Readings:
    """Return the readings from an index file that the Chinese in `texts` needs."""
    return readings_from(connection.execute(READINGS_OF, (pieces_of(texts),)))


def pieces_of(texts: Iterable[str]) -> str:
    """Return the characters and possible phrases in texts, as JSON for `READINGS_OF`."""
    wanted: set[str] = set()
    for text in texts:
        for run in _HAN_RUN.findall(text):
            for size in range(1, _LONGEST_PHRASE + 1):
                wanted |= {run[at : at + size] for at in range(len(run) - size + 1)}
    return json.dumps(sorted(wanted))


def sound_tokens(title: str, people: Iterable[str], original: str, joined: str, readings: Readings) -> str:
    """Return the tokens by which a book is found as a whole (all texts are normalised), separated by spaces.

    They are the pinyin of title and authors, the names of authors in Chinese, and, without spaces, the title of the
    original and the title (`joined`).
    """
    tokens: list[str] = []
    if syllables := _syllables(title, readings):
        initials = "".join(syllable[0] for syllable in syllables)
        tokens = [WHOLE + "".join(syllables)[:_LONGEST_WHOLE], WHOLE_INITIALS + initials[:_LONGEST_WHOLE]]
        tokens += _sound_tokens(syllables)
    for name in people:
        tokens += _name_tokens(name, readings)
    if original:
        tokens.append(WHOLE + original.replace(" ", "")[:_LONGEST_WHOLE])
    if joined:
        tokens.append(JOINED + joined[:_LONGEST_WHOLE])
    return " ".join(dict.fromkeys(tokens))


@lru_cache(maxsize=10_000)
def _name_tokens(name: str, readings: Readings) -> tuple[str, ...]:
    ways = name_readings(name, readings)
    sounds = [token for way in ways for token in (WHOLE + "".join(way)[:_LONGEST_WHOLE], *_sound_tokens(way))]
    return (*sounds, *(AUTHOR + ending for ending in _endings(name)))


def _endings(name: str) -> list[str]:
    """Return a name and its ends of the length of a family name: 加西亚马尔克斯 is also asked for as 马尔克斯."""
    if not _HAN_RUN.fullmatch(name):
        return []
    return [name[at:] for at in range(len(name) - 1) if at == 0 or len(name) - at <= _LONGEST_FAMILY_NAME] or [name]


def name_readings(name: str, readings: Readings) -> list[list[str]]:
    """Return the ways to read a normalised name as syllables; none without Chinese."""
    syllables = _syllables(name, readings)
    if not syllables:
        return []
    other = _SURNAMES.get(name[0], syllables[0])
    return [syllables] if other == syllables[0] else [syllables, [other, *syllables[1:]]]


def _syllables(text: str, readings: Readings) -> list[str]:
    """Return the syllables with the Latin words between them; nothing for a text without Chinese."""
    if text.isdecimal() and len(text) == _DIGITS_OF_YEAR:  # 一九八四 is stored in digits
        text = text.translate(_HAN_DIGITS)
    if text.isascii() or not _HAN_RUN.search(text):
        return []
    result: list[str] = []
    for run in _RUN.findall(text):
        result += [run] if run.isascii() else readings.of(run)
    return result


def _sound_tokens(syllables: list[str]) -> list[str]:
    initials = "".join(syllable[0] for syllable in syllables)
    pairs = [f"{first}{NEXT}{second}" for first, second in pairwise(syllables)]
    return [*pairs, syllables[-1], *(INITIALS + initials[at : at + _WINDOW] for at in range(len(initials)))]
