"""The sort key of a title: Chinese by pinyin, Latin without accents and articles, everything else behind `z`."""

import json
import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LONGEST_KEY = 80
OTHER = "~"

_ARTICLE = re.compile(r"^(?:the|an|a) (?=\w)")
_NOT_WORD = re.compile(r"[\W_]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_HAN = re.compile(r"[\u3400-\u9fff]")

# Readings of a title's first character that differ from the one the dictionary names first, and words that
# differ again: titles are sorted by their first letter, so that here a wrong reading shows.
_FIRST = {
    "长": "chang",
    "重": "chong",
    "曾": "zeng",
    "朝": "chao",
    "单": "dan",
    "乐": "le",
    "盛": "sheng",
    "行": "xing",
}
_WORDS = {
    "重大": "zhong", "重要": "zhong", "重点": "zhong", "重量": "zhong", "重力": "zhong",
    "长大": "zhang", "长辈": "zhang", "长老": "zhang",
    "曾经": "ceng", "曾几": "ceng", "朝花": "zhao", "朝夕": "zhao", "朝圣": "chao", "朝阳": "zhao",
    "朝霞": "zhao", "单于": "chan", "乐府": "yue", "乐队": "yue", "乐器": "yue", "乐理": "yue", "行业": "hang",
    "行家": "hang", "传记": "zhuan", "还珠": "huan", "还乡": "huan", "还魂": "huan", "藏地": "zang", "藏族": "zang",
    "藏文": "zang", "都市": "du", "都柏": "du", "都是": "dou", "降龙": "xiang", "调查": "diao", "调解": "tiao",
}  # fmt: skip


def sort_key(title: str) -> str:
    """At most 80 characters that sort as a reader expects, the first `a`-`z`, or `~` for digits and other writing."""
    text = unicodedata.normalize("NFKC", title[: 2 * LONGEST_KEY]).casefold()
    if not text.isalnum():  # most Chinese titles are one word
        text = _ARTICLE.sub("", _NOT_WORD.sub(" ", text).strip())
    if not text.isascii():
        text = " ".join(_with_readings(text).split())
        if not text.isascii():
            text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
    return (text if "a" <= text[:1] <= "z" else OTHER + text)[:LONGEST_KEY].rstrip()


def _with_readings(text: str) -> str:
    if not _HAN.search(text):
        return text
    first = _WORDS.get(text[:2]) or _FIRST.get(text[:1])
    return (f"{first} {text[1:]}" if first else text).translate(_readings())


@cache
def _readings() -> dict[int, str]:
    """Han character → its commonest reading without tone, between blanks.

    The table is read from the file of pypinyin: importing it loads the phrases too, which take 57 MB in every process.
    """
    found = find_spec("pypinyin")
    if found is None or found.origin is None:
        raise RuntimeError("pypinyin is not installed")
    table: dict[str, str] = json.loads((Path(found.origin).parent / "pinyin_dict.json").read_text(encoding="utf-8"))
    syllables: dict[str, str] = {}
    readings = {}
    for code, given in table.items():
        if 0x3400 <= int(code) <= 0x9FFF:
            toneless = unicodedata.normalize("NFD", given.split(",")[0].replace("ü", "v"))
            syllable = f" {''.join(c for c in toneless if c.isascii())} "
            readings[int(code)] = syllables.setdefault(syllable, syllable)
    return readings
