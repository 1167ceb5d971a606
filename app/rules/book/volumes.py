"""Numbers of volumes in titles, in any spelling: `第二部`, `Vol. II`, `книга вторая`, `（下）`, `全三册`."""

import re
from collections.abc import Sequence

_HAN_DIGITS = {
    letter: value
    for letters, value in (
        ("〇零", 0), ("一壹", 1), ("二两贰弍", 2), ("三叁参", 3), ("四肆", 4), ("五伍", 5), ("六陆", 6), ("七柒", 7),
        ("八捌", 8), ("九玖", 9),
    )
    for letter in letters
}  # fmt: skip
_HAN_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "廿": 20, "卅": 30}
_ROMAN_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN_TENS = ("", "x", "xx", "xxx", "xl", "l")
_WORDS = (
    "one first erster erste eins primero primera premier premiere primo prima первая первыи первое",
    "two двух second zweiter zweite zwei segundo segunda deuxieme second seconde secondo seconda вторая второи второе",
    "three трех third dritter dritte drei tercero tercera troisieme terzo terza третья третии третье",
    "four четырех fourth vierter vierte vier cuarto cuarta quatrieme quarto quarta четвертая четвертыи четвертое",
    "five fifth funfter funfte funf quinto quinta cinquieme пятая пятыи пятое",
    "six sixth sechster sechste sechs sexto sexta sixieme sesto sesta шестая шестои шестое",
    "seven seventh siebter siebte sieben septimo septima septieme settimo settima седьмая седьмои седьмое",
    "eight eighth achter achte acht octavo octava huitieme ottavo ottava восьмая восьмои восьмое",
    "nine ninth neunter neunte neun noveno novena neuvieme nono nona девятая девятыи девятое",
    "ten tenth zehnter zehnte zehn decimo decima dixieme десятая десятыи десятое",
    "eleven", "twelve",
)  # fmt: skip
_NAMED = {
    roman: str(10 * ten + unit)
    for ten, tens in enumerate(_ROMAN_TENS)
    for unit, units in enumerate(_ROMAN_UNITS)
    if (roman := tens + units)
} | {word: str(number) for number, words in enumerate(_WORDS, 1) for word in words.split()}

_HAN_COUNT = f"[{''.join(_HAN_DIGITS)}{''.join(_HAN_UNITS)}]{{1,5}}"
_DIGITS = r"[0-9]{1,4}(?:\.[0-9]{1,2})?"
_ROMAN = r"[ivxl]{1,7}(?![^\W\d_])"
COUNT = rf"{_DIGITS}|{_HAN_COUNT}|{_ROMAN}"
_WORD = "|".join(sorted((word for word in _NAMED if len(word) > 2), key=len, reverse=True))
_PIECE = "卷册部辑集巻篇编季回期分批"
_LONG_MARK = (
    r"(?:volumes?|books?|parts?|number|numero|episode|issue|band|teil|tome|tomo|livre|libro|parte|partie|"
    r"deel|tom|том|книга|часть|"
    r"выпуск|sayi|cilt)(?![^\W\d_])"
)
_SHORT_MARK = r"(?:vols?|v|bks?|pts?|nos?|nr|n|bd|t|cz|т|кн|ч|вып)(?![^\W\d_])\.?"
_MARK = rf"(?<![^\W\d_])(?:{_LONG_MARK}|{_SHORT_MARK})|[#№]|(?<![^\W\d_])n[°º]"
_BETWEEN = r"\s*(?:[-~–—―&+、至到]|to|and|и)\s*"

_RANGE = re.compile(
    rf"(?:(?:{_MARK})\s*|第\s*)?(?P<first>{COUNT})\s*[{_PIECE}]?{_BETWEEN}(?:(?:{_MARK})\s*|"
    rf"第\s*)?(?P<last>{COUNT})\s*[{_PIECE}]?"
)
"""A range of volumes, where the text says nothing else."""
_RANGE_INSIDE = re.compile(
    rf"(?:(?:{_MARK})\s*|第\s*)(?P<first>{_DIGITS}|{_ROMAN}){_BETWEEN}(?:(?:{_MARK})\s*|"
    rf"第\s*)?(?P<last>{_DIGITS}|{_ROMAN})(?!\d)"
    rf"|(?<!\d)(?P<from>[0-9]{{1,3}})[-~–—―](?P<to>[0-9]{{1,3}})\s*[{_PIECE}]"
)
_SET = re.compile(
    rf"[全共](?:套|套装)?\s*(?P<all>[0-9]{{1,3}}|{_HAN_COUNT})\s*[册卷部本集辑种巻]|"
    rf"套[装书]?\s*[全共]?\s*(?P<pack>[0-9]{{1,3}}|{_HAN_COUNT})\s*[册卷部本集辑种巻]|"
    rf"(?:^|\s)(?P<many>[0-9]{{1,3}}|{_HAN_COUNT})[册卷部巻]本?(?:套装?|合售|装)?$|"
    r"(?P<halves>上\W{0,2}(?:中\W{0,2})?下)\s*(?:[二两三全]?[册卷部集篇编巻]|$)|"
    r"套装|套书|盒装|全套|合集|合订本|合本|"
    r"\bв (?P<tomes>[0-9]{1,2}|двух|трех|четырех)(?:-?х)? (?:томах|книгах|частях|т\.|кн\.)|комплект|"
    r"\b(?:box(?:ed)?[ -]?sets?|(?P<books>[0-9]{1,2})[ -](?:books?|volumes?)[ -](?:box(?:ed)?[ -])?(?:set|"
    r"collection|bundle)|omnibus|slipcase|gift set|"
    r"(?P<in>[0-9]{1,2})[ -]in[ -](?:1|one)|set of (?P<of>[0-9]{1,2}))(?![^\W\d_])"
)
_HALF = re.compile(rf"(?P<half>[上中下前后])\s*[{_PIECE}]?")
_HALF_INSIDE = re.compile(r"(?P<half>[上中下])[卷册部集篇编辑巻](?=\W|$)|(?<=[\s·.,\-–—)0-9])(?P<bare>[上中下])$")
_HAN_VOLUME = re.compile(
    rf"第\s*(?P<nth>{COUNT})\s*(?:分?[{_PIECE}章]|권)|제?(?P<kwon>[0-9]{{1,3}})권|"
    rf"(?:(?:^|(?<=\W))[卷册部辑集巻]|之|第)\s*(?P<after>{COUNT})(?=\W|$)|"
    rf"(?:^|(?<=\W))(?P<before>{COUNT}|[a-h])\s*[卷册部辑集巻](?=\W|$)"
)
_LATIN_VOLUME = re.compile(
    rf"(?:{_MARK})\s*[#:]?\s*(?P<count>{_DIGITS}|{_ROMAN})|(?<![^\W\d_]){_LONG_MARK}\s+(?P<word>{_WORD})(?![^\W\d_])|"
    rf"(?<![^\W\d_])(?P<ahead>{_WORD}|[0-9]{{1,3}})(?:-?я)?\s+(?:книга|часть)(?![^\W\d_])"
)
_ALONE = re.compile(rf"{COUNT}")
_LAST = re.compile(
    r"(?<=[^\W\d_])[\s,.\-]{1,3}(?P<spaced>[0-9]{1,3}|[ivxl]{2,7}|[vx])$|"
    r"(?<=[㐀-鿿぀-ヿ가-힯」』》”!?~])\s*(?P<joined>[0-9]{1,3}|[ivxl]{1,7})$"
)
_EAST = re.compile("[぀-ヿ㐀-鿿가-힯]")
_EAST_MAY_COUNT = re.compile("[0-9#第卷册部辑集巻之上中下套共合全권ivxl]")
_MAY_COUNT = re.compile("[0-9#№]")
_COUNT_WORDS = frozenset({*_NAMED, "set", "sets", "комплект", "boxset", "omnibus", "slipcase"})
_PIECES = re.compile(rf"\W|[{_PIECE}]")


def number_of(text: str) -> str:
    """Return a number in digits: `二十一` → `21`, `ii` → `2`, `02` → `2`; the text itself when it is none."""
    if text[:1].isdigit() and text.isascii():
        whole, point, rest = text.partition(".")
        return f"{int(whole)}{point}{rest}" if rest.strip("0") else str(int(whole))
    if text in _NAMED:
        return _NAMED[text]
    return _han_number(text) if all(letter in _HAN_DIGITS or letter in _HAN_UNITS for letter in text) else text


def _han_number(text: str) -> str:
    if not any(letter in _HAN_UNITS for letter in text):
        return str(int("".join(str(_HAN_DIGITS[letter]) for letter in text) or "0"))
    total, digit = 0, 0
    for letter in text:
        if unit := _HAN_UNITS.get(letter):
            total += unit if unit in (20, 30) else (digit or 1) * unit
            digit = 0
        else:
            digit = _HAN_DIGITS[letter]
    return str(total + digit)


def volume_alone(text: str) -> str:
    """Return the volume, or the set, when a text says nothing else: `第2部`, `vol. 2`, `上`, `全三册`; else ""."""
    if not text or len(text) > 30:
        return ""
    if found := _ALONE.fullmatch(text):
        return number_of(text)
    if found := _HALF.fullmatch(text):
        return found["half"]
    if found := _RANGE.fullmatch(text):
        return f"set{number_of(found['first'])}-{number_of(found['last'])}"
    rest, volumes = take_volumes(text)
    return join_volumes(volumes) if volumes and not _PIECES.sub("", rest) else ""


def join_volumes(volumes: Sequence[str]) -> str:
    """Return the volumes in their order, each once; that it is a set is said only where its size is not."""
    if not volumes:
        return ""
    named = [volume for volume in dict.fromkeys(volumes) if volume]
    if "set" in named and any(volume.startswith("set") for volume in named if volume != "set"):
        named.remove("set")
    return "-".join(named)


def take_volumes(text: str) -> tuple[str, list[str]]:
    """Return a folded text without the volumes and sets that it names, and those in their order."""
    if not _may_count(text):
        return text, []
    volumes: list[str] = []

    def take(found: re.Match[str]) -> str:
        volumes.append(number_of(next(filter(None, found.groups()))))
        return " "

    def take_set(found: re.Match[str]) -> str:
        volumes.append(_set_of(found))
        return " "

    text = _RANGE_INSIDE.sub(take_set, _SET.sub(take_set, text))
    for shape in (_HAN_VOLUME, _LATIN_VOLUME, _HALF_INSIDE):
        text = shape.sub(take, text)
    text = text.rstrip()
    return _LAST.sub(take, text), volumes


def _may_count(text: str) -> bool:
    """Return whether a search for volumes can find any; most titles have none."""
    if not text.isascii() and _EAST.search(text):
        return _EAST_MAY_COUNT.search(text) is not None
    return _MAY_COUNT.search(text) is not None or not _COUNT_WORDS.isdisjoint(
        text.replace(",", " ").replace("-", " ").split()
    )


def _set_of(found: re.Match[str]) -> str:
    groups = [group for group in found.groups() if group]
    if len(groups) > 1:
        return f"set{number_of(groups[0])}-{number_of(groups[1])}"
    if groups and groups[0][0] == "上":
        return "set3" if "中" in groups[0] else "set2"
    return f"set{number_of(groups[0])}" if groups else "set"
