"""Tokenising normalised text: pairs of characters in scripts written without spaces, words in all others.

A run of Chinese, Japanese or Korean becomes its overlapping pairs plus its last character
(中国史 → 中国 国史 史), so that any fragment can be searched for as a phrase, and a single character as a prefix.
"""

import re

from app.rules.book.normalise import normalise

# Han with 〇 々 〆 and the extensions, kana without the middle dot, bopomofo, Hangul.
_CJK = "\u3005-\u3007\u3040-\u309f\u30a1-\u30fa\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
_CJK += "\ua960-\ua97f\uac00-\ud7ff\u1100-\u11ff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")
_CJK_START = re.compile(f"[{_CJK}]")
_DOTS = frozenset("·•‧・.")
_DOT_IN_NAME = re.compile(f"(?<=[{_CJK}])\\s*[{''.join(_DOTS)}]\\s*(?=[{_CJK}])")
_APOSTROPHES = frozenset("'’‘`´ʼ")
_APOSTROPHE = re.compile(rf"(?<=\w)[{''.join(_APOSTROPHES)}](?=\w)")
_SIGNS = (
    (re.compile(r"(?<![a-z0-9])c\+\+"), " cpp "),
    (re.compile(r"(?<![a-z0-9])([cf])#"), r" \1sharp "),
    (re.compile(r"\.net(?![a-z0-9])"), " dotnet "),
)
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vii": "7", "viii": "8", "ix": "9"}
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th"}
_SAME_WORDS = (
    _ROMAN | NUMBER_WORDS | _ORDINALS | {"volume": "vol"} | {f"0{digit}": str(digit) for digit in range(1, 10)}
)
_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_YEAR = re.compile("[〇零○一二三四五六七八九]{4,}")
_DIGIT_OF = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_VOLUME = re.compile(rf"第\s*(\d{{1,2}})\s*(?=[{_CJK}])|卷\s?(\d{{1,2}})(?![\w.-])")
# Vowel marks of Hebrew and Arabic and the joining line, which are seldom written; letters that are written in two ways.
_MARKS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]+"
)
_ARABIC = str.maketrans("أإآٱىیةک", "ااااييهك")
_HEAD = re.compile(r"[^:(\[{：（【]+")
_FEWEST_JOINED, _LONGEST_JOINED = 3, 40
_JOINING_SIGNS = frozenset("-‐‑'’.")
_COMPOUND = re.compile(r"\w+(?:['’\-‐‑.]\w+)+")
FIELD_END, PERSON_END = "\x1f", "\x1e"
"""Separators in stored text, between fields and between the persons of one field; both end a run."""


def is_cjk(run: str) -> bool:
    """Return whether a run is written without spaces (Chinese, Japanese, Korean)."""
    return _CJK_START.match(run) is not None


def split_runs(text: str) -> list[str]:
    """Return the runs of a text in order: words, numbers and unbroken Chinese, Japanese or Korean."""
    return one_spelling(written_runs(text))


def one_spelling(runs: list[str]) -> list[str]:
    """Return runs with one spelling for numbers: two, II and 02 → 2."""
    return [_SAME_WORDS.get(run, run) for run in runs]


def written_runs(text: str) -> list[str]:
    """Return the runs of a text with number words as they are written, which may be beginnings of other words."""
    folded = normalise(text)
    if not folded.isascii():
        folded = _MARKS.sub("", folded).translate(_ARABIC)
        folded = _HAN_YEAR.sub(lambda found: found[0].translate(_DIGIT_OF), folded)
        folded = _HAN_VOLUME.sub(_in_han, folded)
    if not _DOTS.isdisjoint(folded):
        folded = _DOT_IN_NAME.sub("", folded)
    if not _APOSTROPHES.isdisjoint(folded):
        folded = _APOSTROPHE.sub("", folded)
    if "+" in folded or "#" in folded or "." in folded:
        for sign, word in _SIGNS:
            folded = sign.sub(word, folded)
    return _RUN.findall(folded)


def _in_han(found: re.Match[str]) -> str:
    """第2部 → 第二部, 卷12 → 卷十二: such a number is part of a run."""
    number = int(found[1] or found[2])
    return found[0][0] + han_number(number)


def han_number(number: int) -> str:
    """Return a number below a hundred as it is written in Chinese."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _HAN_DIGITS[tens]) + "十" * (tens > 0) + (_HAN_DIGITS[ones] if ones or not tens else "")


def join_runs(runs: list[str]) -> str:
    """Return runs as one line, with spaces between words only, so that punctuation inside Chinese disappears."""
    if all(map(str.isascii, runs)):
        return " ".join(runs)
    parts: list[str] = []
    after_word = False
    for run in runs:
        is_word = not is_cjk(run)
        parts.append(f" {run}" if is_word and after_word else run)
        after_word = is_word
    return "".join(parts)


def canonical(text: str) -> str:
    """Return the comparable form of one field, from which its tokens can be recomputed at any time.

    A text without any letter or digit keeps its symbols, so that a book called "?!" can be found by its title.
    """
    return join_runs(split_runs(text)) or "".join(sign for sign in normalise(text) if sign.isprintable()).strip()


def words_before_subtitle(title: str) -> int:
    """Return how many words a title has before brackets and subtitle, if it can be found without its spaces.

    That are three or more: two are also found apart.
    """
    head = _HEAD.match(title)
    runs = split_runs(head[0]) if head and head[0].count(" ") >= _FEWEST_JOINED - 1 else []
    is_short = sum(map(len, runs)) <= _LONGEST_JOINED
    return len(runs) if len(runs) >= _FEWEST_JOINED and is_short and not any(map(is_cjk, runs)) else 0


def compounds(text: str) -> str:
    """Return other spellings of joined words: half-blood → halfblood, L'Engle → engle, J.R.R. → jrr."""
    if _JOINING_SIGNS.isdisjoint(text):
        return ""
    found: list[str] = []
    for word in _COMPOUND.findall(normalise(text)):
        parts = re.split(r"['’\-‐‑.]", word)
        if "'" in word or "’" in word:
            found += [part for part in parts[1:] if len(part) > 3]
        else:
            found.append("".join(parts))
    return " ".join(word for word in found if word.isascii())


def index_tokens(stored: str) -> str:
    """Return the tokens of stored text, in which anything but letters and digits separates runs.

    Each run ends with its last character as a token, so that a phrase of pairs never extends over the end of a field.
    """
    if stored.isascii():
        return stored
    tokens: list[str] = []
    for run in _RUN.findall(stored):
        if run.isascii() or not is_cjk(run):
            tokens.append(run)
        else:
            tokens += pairs(run)
            tokens.append(run[-1])
    return " ".join(tokens)


def stored_runs(stored: str) -> list[str]:
    """Return the runs of stored text."""
    return _RUN.findall(stored)


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of a run."""
    return [run[at : at + 2] for at in range(len(run) - 1)]
