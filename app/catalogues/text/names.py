"""Names of people in one uniform form: `[英] 乔治·奥威尔` where the country or dynasty is known, else the bare name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.catalogues.text.latin_names import one_person, split_people, without_stop
from app.catalogues.text.roles import HAN_TRANSLATES, HAN_WRITES, HAN_WRITES_GLUED, Role, introduced, role_in_brackets
from app.catalogues.text.text import clean_line

MOST_NAMES = 100
LONGEST_NAME = 250

_CJK = r"\u3400-\u9fff\u3005\u3007"
_OPEN, _CLOSE = r"[\[(（【〔［〖〈{]", r"[\])）】〕］〗〉}]"
_ORIGIN = re.compile(rf"^{_OPEN}\s*([{_CJK}]{{1,10}})\s*{_CLOSE}\s*")
_BEHIND = re.compile(rf"\s*{_OPEN}([^\[\]()（）【】〔〕［］〖〗〈〉{{}}]*){_CLOSE}?\s*$")
_LABEL = re.compile(r"^(?:作者|著者|译者|譯者)\s*[:：]?\s+|^(?:作者|著者|译者|譯者)\s*[:：]\s*")
_SELLER = re.compile(r"^\S*(?:书店|书城|商城|网|出版社|公司|旗舰店)\s+(?=\S)")
_ROLE_WORD = re.compile(rf"(?:\s+|(?<=[)）]))(?:等\s*)?(?:(?P<tr>{HAN_TRANSLATES})|{HAN_WRITES}|等)$")
_ROLE_GLUED = re.compile(rf"(?<=[{_CJK}]{{2}})(?:等)?(?:(?P<tr>翻译|编译|译|譯)|{HAN_WRITES_GLUED})$")
_BODY_WRITES = re.compile(rf"(?<=[{_CJK}]{{2}})(?:编著|编译|主?编|編|著|译|譯)$")
_ROLE = rf"(?:{HAN_TRANSLATES}|{HAN_WRITES})"
_ROLE_ALONE = re.compile(_ROLE)
_ROLE_BETWEEN = re.compile(rf"((?:^|\s|(?<=[{_CJK}]{{2}})){_ROLE})\s+(?=[{_CJK}\[(（【])")
_PRODUCER = re.compile(r"(?:出品|出版社|策划|工作室制作)$")
_DOT = re.compile(rf"\s*[•・·．‧∙]\s*|(?<=[{_CJK}])\s*\.\s*(?=[{_CJK}])")
_DOTTED_INITIALS = re.compile(r"^(?:[A-Z]·){1,4}")
_INITIALS_APART = re.compile(r"(?<=\b[A-Z]\.)\s+(?=[A-Z]\.)")
_INITIAL_GLUED = re.compile(rf"(?<=\b[A-Z]\.)(?=[A-Z][a-z]|[{_CJK}])")
_STRONG_BREAK = re.compile(r"\s*[/／;；|｜、\n]\s*")
_CJK_COMMA = re.compile(
    rf"\s*，\s*|(?<=[{_CJK}\])）】])\s*,\s*(?=[{_CJK}\[(（【])|(?<=[{_CJK}])\s*,\s*|,\s*(?=[{_CJK}])"
)
_ABOUT = re.compile(r"\s*\([^()]*[,;][^()]*\)\s*(?=[A-Z])")
_JOINED_HINT = re.compile(r"\s(?:&|and|und|et|y|e|и)\s|\d{3,4}")
_ROLE_BEHIND_COMMA = re.compile(r"\s*(?:[a-zäöüßéèà]{5,}|[a-z]{2,}\.)\s*")
"""`translator` and `ed.`; Ed is a name."""
_AND = re.compile(r"\s+(?:and|und|et|&)\s+")
_HAN_WORDS = re.compile(rf"(?P<names>[{_CJK}]{{2,4}}(?:\s+[{_CJK}]{{2,4}})+)\s+(?P<role>{_ROLE})")
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許韩韓邓鄧冯馮曹彭曾肖萧蕭田董潘袁蔡"
    "蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鐘姜崔谭譚陆陸范汪廖石金韦賈贾夏付方邹鄒熊白孟秦邱侯江尹薛闫段雷龙龍黎史陶贺賀"
    "毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯"
)


class People(NamedTuple):
    """Who wrote and who translated a book, in the order given, nobody twice."""

    authors: tuple[str, ...]
    translators: tuple[str, ...]


def people_of(authors: object, translators: object = ()) -> People:
    """The people of a record; one who stands among the authors as a translator ("李继宏 译") is moved over."""
    written: list[str] = []
    translated: list[str] = []
    read: list[str] = []
    for name, role in _names_in(authors):
        (translated if role is Role.TRANSLATOR else read if role is Role.OTHER else written).append(name)
    translated += [name for name, _ in _names_in(translators)]
    return People(_unique(written or read), _unique(translated))


def people_of_statement(text: str) -> People:
    """The people of a statement on a title page: authors until the first semicolon, then only who translated."""
    first, *others = re.split(r"\s;|;\s", clean_line(text, 4 * LONGEST_NAME).removesuffix("]").replace("[pseud.]", ""))
    people = people_of(_AND.sub("; ", first))
    translators = [name for other in others for name in people_of(_AND.sub("; ", other)).translators]
    return People(people.authors, _unique([*people.translators, *translators]))


def clean_names(value: object) -> tuple[str, ...]:
    """All names in `value` (text with separators, a list of texts or of `{"name": text}`), roles dropped."""
    return _unique(name for name, _ in _names_in(value))


def clean_person(text: str) -> str:
    """One person as a catalogue enters them, surname first; never taken apart."""
    return _one_name(one_person(clean_line(text, 4 * LONGEST_NAME)))[0]


def clean_body(text: str) -> str:
    """A body (`United States. Congress.`) whole, but for the stop and the 编 at its end."""
    return _BODY_WRITES.sub("", without_stop(clean_line(text, LONGEST_NAME))).strip(" ,:;/")


def _names_in(value: object) -> Iterator[tuple[str, Role | None]]:
    for entry in value if isinstance(value, (list, tuple)) else [value]:
        text = entry.get("name") if isinstance(entry, dict) else entry
        yield from _names_of_text(clean_line(text, 4 * LONGEST_NAME))


def _names_of_text(text: str) -> list[tuple[str, Role | None]]:
    found: list[tuple[str, Role | None]] = []
    for part in _split(text):
        if found and _ROLE_ALONE.fullmatch(part):
            last = Role.TRANSLATOR if role_in_brackets(part) is Role.TRANSLATOR else found[-1][1]
            found[-1] = (found[-1][0], last)
            continue
        for one in _split_han(part):
            name, role = _one_name(one)
            if name:
                found.append((name, role))
    return found


def _split(text: str) -> list[str]:
    text = _ROLE_BETWEEN.sub(r"\1;", _ABOUT.sub(" ", text))
    parts = [piece for strong in _STRONG_BREAK.split(text) for piece in _CJK_COMMA.split(strong)]
    return [name for part in parts for name in _split_latin(part)]


def _split_latin(text: str) -> list[str]:
    """Read commas behind what introduces the names; a tag behind the last name stays with it."""
    role, names = introduced(text)
    if "," not in names and not _JOINED_HINT.search(names):
        return [text]
    behind = _BEHIND.search(names)
    tag = behind.group(0) if behind and behind.start() > 0 else ""
    names = names[: len(names) - len(tag)] if tag else names
    before_comma, _, last = names.rpartition(",")
    if _ROLE_BEHIND_COMMA.fullmatch(last) and role_in_brackets(last.strip()):
        names, tag = before_comma, f" ({last.strip()}){tag}"
    people = split_people(names)
    if not people:
        return [text]
    before = text[: text.index(names)] if role else ""
    return [f"{before}{name}" for name in (*people[:-1], people[-1] + tag)]


def _split_han(text: str) -> list[str]:
    """`王小明 李大伟 译` are two: each word begins with a surname."""
    found = _HAN_WORDS.fullmatch(text)
    words = found["names"].split() if found else []
    if len(words) > 1 and all(word[0] in _SURNAMES for word in words):
        return [f"{word} {found['role']}" for word in words] if found else [text]
    return [text]


def _one_name(text: str) -> tuple[str, Role | None]:
    """One person as (uniform name or "", what the text says that they did)."""
    role, text = introduced(_LABEL.sub("", text.strip()))
    if role is Role.OTHER or _PRODUCER.search(text):
        return "", role
    origin = ""
    if match := _ORIGIN.match(text):
        origin, text = match.group(1), text[match.end() :]
    text, behind = _without_role(without_stop(_SELLER.sub("", text)))
    text = _DOTTED_INITIALS.sub(lambda initials: initials.group().replace("·", "."), _DOT.sub("·", text))
    text = _INITIAL_GLUED.sub(" ", _INITIALS_APART.sub("", text))
    name = without_stop(text.strip(" ,，:：·;"))
    if not re.search(r"\w", name):
        return "", role
    if role_in_brackets(origin) is Role.TRANSLATOR:
        behind = Role.TRANSLATOR
    prefix = "" if not origin or role_in_brackets(origin) else f"[{_short_origin(origin)}] "
    return f"{prefix}{name}"[:LONGEST_NAME].rstrip(), behind or role


def _without_role(text: str) -> tuple[str, Role | None]:
    """Take away what stands behind a name: roles in words or brackets, and the original name of a foreigner."""
    role: Role | None = None
    for _ in range(3):
        if (behind := _BEHIND.search(text)) and behind.start() > 0:
            tag = behind.group(1).strip()
            told = role_in_brackets(tag)
            if tag and told is None and not _is_original_name(tag, text[: behind.start()]):
                break
            role = role or (told if told is not Role.AUTHOR else None)
            text = text[: behind.start()]
        elif found := _ROLE_WORD.search(text) or _ROLE_GLUED.search(text):
            role = role or (Role.TRANSLATOR if found.group("tr") is not None else None)
            text = text[: found.start()]
        else:
            break
    return text.strip(), role


def _is_original_name(tag: str, name: str) -> bool:
    return bool(re.search(rf"[{_CJK}]", name)) and not re.search(rf"[{_CJK}]", tag)


def _short_origin(origin: str) -> str:
    """英国 → 英, 清代 → 清: the short form that Chinese title pages print."""
    return origin[0] if len(origin) == 2 and origin[1] in "国國代朝" else origin


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    """Nobody twice, not even with the long and the short name of a country (`[荷兰]`, `[荷]`)."""
    found = list(dict.fromkeys(names))
    if any(name.startswith("[") for name in found):
        found = [name for name in found if not _is_longer_origin(name, found)]
    return tuple(found)[:MOST_NAMES]


def _is_longer_origin(name: str, names: list[str]) -> bool:
    country, _, bare = name.partition("] ")
    return bool(bare) and len(country) > 2 and f"{country[:2]}] {bare}" in names
