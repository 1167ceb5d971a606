"""Taking titles apart: what names the work, what only names the edition, and the volume."""

import re
from typing import NamedTuple

from app.rules.book.normalise import normalise

LONGEST = 500
"""Characters of a title that are read; more are not needed to tell two works apart."""

_HAN_DIGITS = dict(zip("〇零一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_WORDS = {
    word: str(number)
    for number, words in enumerate(
        ("one first", "two second", "three third", "four fourth", "five fifth", "six sixth", "seven seventh",
         "eight eighth", "nine ninth", "ten tenth"), 1
    )
    for word in words.split()
}  # fmt: skip
_COUNT = r"[0-9]{1,4}|[〇零一二两三四五六七八九十百]{1,5}|[ivx]{1,5}"
_PLACES = {"上": "a", "中": "b", "下": "c", "前": "a", "后": "c"}

_HAN_COUNT = "(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"

_SET = re.compile(
    rf"[全共]\s*{_HAN_COUNT}\s*[册卷部本集]|套装|套书|合集|合订|全集|三部曲|四部曲|[上中下]{{2,3}}[册卷部集]?"
    r"|box(?:ed)? ?set|omnibus|trilogy|collection set|complete (?:series|set|collection)"
    r"|(?:books?|vol(?:ume|s|umes)?\.?|#)\s*[0-9]{1,3}\s*[-–&]\s*[0-9]{1,3}"
)
_HAN_VOLUME = re.compile(rf"(?:第|卷|册|部|辑|之)\s*({_COUNT})\s*(?:卷|册|部|辑|集|季|章|回|分册|本|篇|编)?")
_BARE_HAN_VOLUME = re.compile(r"^([0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*(?:卷|册|部|辑|集)?$")
_HALF = re.compile(
    r"^([上中下前后])\s*(?:卷|册|部|集|篇|编)?$|[\s:·(]([上中下])\s*(?:卷|册|部|集|篇|编)?$|([上中下])(?:卷|册|部|集)$"
)
_LATIN_VOLUME = re.compile(
    r"\b(?:vol(?:ume|\.)?|v\.|book|bk\.?|part|pt\.?|no\.?|nr\.?|number|episode|band|bd\.?|teil|tome|tomo|livre|libro"
    r"|том|т\.|книга|кн\.|часть|ч\.)"
    r"\s*([0-9]{1,4}|[ivx]{1,5}\b|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)|#\s*([0-9]{1,4})"
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|〔([^〔〕]*)〕|\{([^{}]*)\}")
_EDITION = re.compile(
    rf"第\s*{_HAN_COUNT}\s*版"
    r"|[新旧全典精修增插图文彩绘珍藏订补定译注校简繁双语中英对照经纪念周年限量平装软硬无删节足本原著]+版"
    r"|纪念|典藏|珍藏|收藏|精装|平装|软精|硬精|毛边|签名|新版|再版|修订|增订|增补|插图|插画|图文|彩图|影印|重排|大字|注音|无障碍"
    r"|译注|导读"
    r"|\b(?:edition|ed\.?|edn|revised|reissue|reprint|anniversary|illustrated|annotated|unabridged|abridged|large print"
    r"|paperback|hardcover|movie tie-?in|tie-?in|film|deluxe|special|collector'?s|student|international|penguin"
    r"|classics?|ausgabe|auflage|edicion|edition de poche)\b|издание|изд\."
)
_NAMED_EDITION = re.compile(
    rf"第\s*{_HAN_COUNT}\s*版|(?:修订|增订|最新|全新|新)\s*版"
    r"|\b(?:[0-9]{1,3}(?:st|nd|rd|th)|first|second|third|fourth|fifth|revised|new|updated|expanded)"
    r"(?: revised| updated| expanded)? ed(?:ition|n|\.)?\b"
    r"|\b[0-9]{1,3}\. ?(?:auflage|издание|изд)|\b(?:[0-9]{1,2})e\b"
)
_EDITION_BEHIND = re.compile(rf"(?<=.)[\s,]*第\s*{_HAN_COUNT}\s*版$")
_SERIES_WORDS = re.compile(
    r"丛书|文库|系列|书系|译丛|名著|文集|书坊|书屋|馆$|新知|小说|必读|课标|教材|读物|经典|世界文学|外国文学|奖|作品$|诺贝尔|畅销"
    r"|图书|同名|电影|原著|原作"
)
_GENERIC_WORDS = """
a novel, novel, roman, a memoir, memoir, a story, stories, a novella, novella, poems, a thriller, a mystery, a romance,
essays, a play, a biography, an autobiography, autobiography, biography, a true story, the novel, a graphic novel,
un roman, eine erzahlung, ein roman, thriller, krimi, kriminalroman, novela, una novela, romanzo, powiesc, роман,
повесть, повести, рассказы, 小说, 长篇小说, 中篇小说, 短篇小说, 短篇小说集, 小说集, 散文, 散文集, 长篇历史小说,
随笔, 传记, a novel in verse, historical novel, a love story, the classic, the complete text, a fable
"""
_GENERIC_SUBTITLES = frozenset(word.strip() for word in _GENERIC_WORDS.split(","))
_ARTICLES = ("the ", "a ", "an ")
_HAN = re.compile(r"[㐀-鿿]")
_SPLIT = re.compile(r"\s*[:：]\s*|\s+[-–—/=|]+\s+|—{1,3}|\s*\|\s*|;\s+")


class TitleParts(NamedTuple):
    """The parts of a title, without spaces and punctuation; `volume` is such as `2`, `a`, or `set3`."""

    head: str
    subtitle: str
    volume: str


def take_apart(title: str, subtitle: str = "") -> TitleParts:
    """Return what names the work in a title, and the volume that it is of."""
    text, below = normalise(title[:LONGEST]), normalise(subtitle[:LONGEST])
    is_han = bool(_HAN.search(text))
    is_set = bool(_SET.search(f"{text} {below}"))
    volumes: list[str] = []

    def drop(found: re.Match[str]) -> str:
        inside = next(group for group in found.groups() if group is not None).strip()
        if volume := _volume_alone(inside):
            volumes.append(volume)
            return " "
        is_known = _EDITION.search(inside) or _SERIES_WORDS.search(inside) or _SET.search(inside)
        return " " if is_known or not (is_han and _HAN.search(inside)) else f" {inside} "

    text = _BRACKETS.sub(drop, text)
    head, *tails = [part for part in _SPLIT.split(text) if part.strip()] or [text]
    tails += [part for part in _SPLIT.split(_BRACKETS.sub(drop, below)) if part.strip()]
    kept = []
    for tail in tails:
        if volume := _volume_alone(tail.strip()):
            volumes.append(volume)
        elif not _says_nothing(tail.strip()):
            kept.append(tail)
    head, volume = _without_volume(_EDITION_BEHIND.sub("", head))
    volumes += [volume] if volume else []
    for article in _ARTICLES:
        head = head.removeprefix(article) if len(head) > len(article) + 3 else head
    size = "".join(re.findall(rf"\d+|[{''.join(_HAN_DIGITS)}十]+", " ".join(_SET.findall(f"{text} {below}"))))
    marks = [f"set{size}"] if is_set else []
    return TitleParts(_letters(head), _letters("".join(kept)), "-".join([*marks, *sorted(set(volumes))]))


def names_an_edition(title: str, subtitle: str = "") -> bool:
    """Return whether the title names one edition of the work: `第7版`, `2nd ed.`, `revised edition`."""
    return bool(_NAMED_EDITION.search(normalise(f"{title[:LONGEST]} {subtitle[:LONGEST]}")))


def _letters(text: str) -> str:
    """Return the letters, digits, and the signs that tell titles apart."""
    return "".join(letter for letter in text if letter.isalnum() or letter in "+#")


def _says_nothing(text: str) -> bool:
    bare = text.strip(" .,;!")
    return bare in _GENERIC_SUBTITLES or (
        len(bare) < 40 and bool(_EDITION.search(bare)) and not re.search(r"\d{3,}", bare)
    )


def _volume_alone(text: str) -> str:
    """Return the volume when the text says nothing else: `第2部`, `Vol. 2`, `上`, `#3`."""
    if found := _BARE_HAN_VOLUME.fullmatch(text):
        return number_of(found[1])
    if found := _HALF.fullmatch(text):
        return _PLACES[next(group for group in found.groups() if group)]
    for shape in (_HAN_VOLUME, _LATIN_VOLUME):
        if found := shape.fullmatch(text):
            return number_of(next(group for group in found.groups() if group))
    return ""


def _without_volume(head: str) -> tuple[str, str]:
    """Return the head without a volume that stands in it, and that volume."""
    text = head.strip(" ,，.")
    for shape in (_HAN_VOLUME, _LATIN_VOLUME):
        found = next((one for one in shape.finditer(text) if one.end() == len(text)), None)
        if found and found.start() > 0:
            return text[: found.start()], number_of(next(group for group in found.groups() if group))
    if (found := _HALF.search(text)) and found.start() > 0:
        return text[: found.start()], _PLACES[next(group for group in found.groups() if group)]
    words = re.split(r"(?<=[㐀-鿿])(?=[0-9ivx]+$)|[\s.]+(?=[0-9]{1,3}$|[ivx]{2,4}$)", text)
    if len(words) == 2 and words[0] and (number := number_of(words[1])):
        return words[0], number
    return head, ""


def number_of(text: str) -> str:
    """Return a number in digits: `二十一` → `21`, `ii` → `2`, `two` → `2`; the text itself when it is none."""
    if text.isdigit() and text.isascii():
        return str(int(text))
    if text in _ROMAN or text in _WORDS:
        return _ROMAN.get(text) or _WORDS[text]
    if all(letter in _HAN_DIGITS or letter in "十百" for letter in text):
        return str(_han_number(text))
    return {"i": "1", "v": "5", "x": "10"}.get(text, text)


def _han_number(text: str) -> int:
    if not any(letter in "十百" for letter in text):
        return int("".join(str(_HAN_DIGITS[letter]) for letter in text))
    total, digit = 0, 0
    for letter in text:
        if letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS[letter]
    return total + digit
