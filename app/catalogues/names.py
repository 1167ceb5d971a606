"""Names of people in one uniform form: `[英] 乔治·奥威尔` where the country or dynasty is known, else the bare name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.catalogues.text import clean_line

MOST_NAMES = 100
LONGEST_NAME = 250

_CJK = r"\u3400-\u9fff\u3005\u3007"
_OPEN, _CLOSE = r"[\[(（【〔［〖〈{]", r"[\])）】〕］〗〉}]"
_ORIGIN = re.compile(rf"^{_OPEN}\s*([{_CJK}]{{1,10}})\s*{_CLOSE}\s*")
_BEHIND = re.compile(rf"\s*{_OPEN}([^\[\]()（）【】〔〕［］〖〗〈〉{{}}]*){_CLOSE}?\s*$")
_LABEL = re.compile(r"^(?:作者|著者|译者|譯者|by|By)\s*[:：]?\s+|^(?:作者|著者|译者|譯者)\s*[:：]\s*")
_SELLER = re.compile(r"^\S*(?:书店|书城|商城|网|出版社|公司|旗舰店)\s+(?=\S)")
_WRITES = (
    "编著|編著|主编|主編|编撰|编纂|编写|合著|原著|著作|著|编|編|撰|续|續|绘著|"
    "绘图|绘|繪|插图|图|圖|审校|校订|校|摄影|整理|校注|注释|评注|选编|选|口述|"
    "作"
)
_TRANSLATES = "翻译|編譯|编译|译注|译著|校译|合译|译|譯"
_ROLE_WORD = re.compile(rf"\s+(?:等\s*)?(?:(?P<tr>{_TRANSLATES})|{_WRITES}|等)$")
_ROLE_GLUED = re.compile(rf"(?<=[{_CJK}]{{2}})(?:等)?(?:(?P<tr>翻译|编译|译|譯)|编著|主编|著|编|編)$")
_ROLE_BETWEEN = re.compile(rf"((?:^|\s|(?<=[{_CJK}]{{2}}))(?:{_TRANSLATES}|{_WRITES}))\s+(?=[{_CJK}\[(（【])")
_TRANSLATOR_TAG = re.compile(r"^(?:trn|tr|trans|translator|translated by|译|译者|翻译)\.?$", re.IGNORECASE)
_ROLE_TAG = re.compile(
    rf"^(?:ilt|edt|aut|ill|ed|eds|nrt|con|author|editor|illustrator|introduction|{_WRITES})\.?$",
    re.IGNORECASE,
)
_PRODUCER = re.compile(r"(?:出品|出版社|策划|工作室制作)$")
_DOT = re.compile(rf"\s*[•・·．‧∙]\s*|(?<=[{_CJK}])\s*\.\s*(?=[{_CJK}])")
_DOTTED_INITIALS = re.compile(r"^(?:[A-Z]·){1,4}")
_INITIALS_APART = re.compile(r"(?<=\b[A-Z]\.)\s+(?=[A-Z]\.)")
_INITIAL_GLUED = re.compile(rf"(?<=\b[A-Z]\.)(?=[A-Z][a-z]|[{_CJK}])")
_STRONG_BREAK = re.compile(r"\s*[/／;；|｜、\n]\s*")
_CJK_COMMA = re.compile(rf"\s*，\s*|(?<=[{_CJK}\])）】])\s*,\s*(?=[{_CJK}\[(（【])")
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d)\.?$", re.IGNORECASE)


class People(NamedTuple):
    """Who wrote and who translated a book, in the order given, nobody twice."""

    authors: tuple[str, ...]
    translators: tuple[str, ...]


def people_of(authors: object, translators: object = ()) -> People:
    """The people of a record; one who stands among the authors as a translator ("李继宏 译") is moved over."""
    written: list[str] = []
    translated: list[str] = []
    for name, is_translator in _names_in(authors):
        (translated if is_translator else written).append(name)
    translated += [name for name, _ in _names_in(translators)]
    return People(_unique(written), _unique(translated))


def clean_names(value: object) -> tuple[str, ...]:
    """All names in `value` (text with separators, a list of texts or of `{"name": text}`), roles dropped."""
    return _unique(name for name, _ in _names_in(value))


def _names_in(value: object) -> Iterator[tuple[str, bool]]:
    for entry in value if isinstance(value, (list, tuple)) else [value]:
        text = entry.get("name") if isinstance(entry, dict) else entry
        for part in _split(clean_line(text, 4 * LONGEST_NAME)):
            name, is_translator = _one_name(part)
            if name:
                yield name, is_translator


def _split(text: str) -> list[str]:
    text = _ROLE_BETWEEN.sub(r"\1;", text)
    parts = [piece for strong in _STRONG_BREAK.split(text) for piece in _CJK_COMMA.split(strong)]
    return [name for part in parts for name in _split_latin(part)]


def _split_latin(text: str) -> list[str]:
    """Read commas: `King, Stephen` is one person, surname first; `Neil Gaiman, Terry Pratchett` are two."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2 or _SUFFIX.match(parts[-1]):
        return [text]
    if all(" " in part for part in parts) or len(parts) > 2:
        return parts
    first, tag = parts[1], ""
    if behind := _BEHIND.search(first):
        first, tag = first[: behind.start()], behind.group(0)
    return [f"{first} {parts[0]}{tag}"]


def _one_name(text: str) -> tuple[str, bool]:
    """One person as (uniform name or "", whether the text says that they translated)."""
    text = _LABEL.sub("", text.strip())
    if _PRODUCER.search(text):
        return "", False
    origin = ""
    if match := _ORIGIN.match(text):
        origin, text = match.group(1), text[match.end() :]
    text, is_translator = _without_role(_SELLER.sub("", text))
    text = _DOTTED_INITIALS.sub(lambda initials: initials.group().replace("·", "."), _DOT.sub("·", text))
    text = _INITIAL_GLUED.sub(" ", _INITIALS_APART.sub("", text))
    name = text.strip(" ,，:：·;")
    if not re.search(r"\w", name):
        return "", False
    is_translator = is_translator or bool(_TRANSLATOR_TAG.match(origin))
    prefix = "" if not origin or _is_role(origin) else f"[{_short_origin(origin)}] "
    return f"{prefix}{name}"[:LONGEST_NAME].rstrip(), is_translator


def _without_role(text: str) -> tuple[str, bool]:
    """Take away what stands behind a name: roles in words or brackets, and the original name of a foreigner."""
    is_translator = False
    for _ in range(3):
        if (behind := _BEHIND.search(text)) and behind.start() > 0:
            tag = behind.group(1).strip()
            is_translator = is_translator or bool(_TRANSLATOR_TAG.match(tag))
            if not (_is_role(tag) or _is_original_name(tag, text[: behind.start()])):
                break
            text = text[: behind.start()]
        elif role := _ROLE_WORD.search(text) or _ROLE_GLUED.search(text):
            is_translator = is_translator or role.group("tr") is not None
            text = text[: role.start()]
        else:
            break
    return text.strip(), is_translator


def _is_role(tag: str) -> bool:
    return not tag or bool(_ROLE_TAG.match(tag) or _TRANSLATOR_TAG.match(tag))


def _is_original_name(tag: str, name: str) -> bool:
    return bool(re.search(rf"[{_CJK}]", name)) and not re.search(rf"[{_CJK}]", tag)


def _short_origin(origin: str) -> str:
    """英国 → 英, 清代 → 清: the short form that Chinese title pages print."""
    return origin[0] if len(origin) == 2 and origin[1] in "国國代朝" else origin


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:MOST_NAMES]
