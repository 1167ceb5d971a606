"""How plausible a decoded text is: whether its letters belong to one language, and stand as they should."""

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise

_LATIN = {
    "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúüçªº", "pt": "àáâãçéêíóôõúü", "it": "àèéìíîòóùúª",
    "da": "æøåéèóôüö", "sv": "åäöéüà", "fi": "äöåšž", "is": "áðéíóúýþæö", "nl": "ëïéèöüáóúíê", "ca": "àçèéíïòóúü",
    "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "ro": "ăâîşţ",
    "hr": "čćđšž", "tr": "çğıi\u0307öşüâîû", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äõöüšž",
}  # fmt: skip
_WESTERN = ("de", "fr", "es", "pt", "it", "da", "sv", "fi", "is", "nl", "ca")
_CENTRAL = ("de", "pl", "cs", "sk", "hu", "ro", "hr")
_LANGUAGES = {
    "cp1252": _WESTERN, "iso8859-15": _WESTERN, "mac-roman": _WESTERN, "cp850": _WESTERN, "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL, "cp1254": ("tr", "de", "fr", "es"), "cp1257": ("lt", "lv", "et", "de"),
}  # fmt: skip
_COMMON = frozenset({"cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2", "iso8859-15"})
FEWEST_OF_RARE, FEWEST_DIFFERENT = 3, 7
"""Different letters that speak for an old encoding of DOS or the Macintosh."""
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђјљњћџ"
_OFTEN = "оеаинтсрвлкмдп"
_SMALL = {  # of each script the letters, and those of which most of any text consists
    "cp1251": (_CYRILLIC, _OFTEN), "koi8-r": (_CYRILLIC, _OFTEN), "cp866": (_CYRILLIC, _OFTEN),
    "iso8859-5": (_CYRILLIC, _OFTEN), "mac-cyrillic": (_CYRILLIC, _OFTEN),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋΐΰς", "αοιετσνηυρπκμλςίάό"),
    "cp1255": ("אבגדהוזחטיךכלםמןנסעףפץצקרשתװױײ", "יוהלארמתבשםנכ"),
    "cp1256": ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىپچژگکںہھےٹڈڑ", "اليمونرتبةعدسكف"),
    "cp874": ("".join(map(chr, range(0xE01, 0xE5C))), "กขคงจชซณดตถทนบปพภมยรลวศสหอเแโใไะาำิีึืุู่้็์ั"),
}  # fmt: skip
FEWEST_SIGNS, FEWEST_LETTERS, FEWEST_TO_COUNT = 6, 12, 10
"""Of another script (different signs) that say something; what is shorter may as well be a word in another one."""
_SIGNS = frozenset("“”‘’‚„–—…«»‹›€£°§©®·¡¿´\xa0ªº№™•×½¼¾²³")
_WORD = re.compile(r"[^\W\d_]+(?:[^\s\w,;|\"'()\[\].:/&-]+[^\W\d_]+)*")
_GLUED = re.compile(r"(?i)[a-z][^\x00-\x7f][a-z]")
_LOOSE_MARK = re.compile(r"(?:^|[\s,;:\t])[\u0591-\u05c7\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_THAI_RUN = re.compile(r"[\u0e01-\u0e5b]+")
_THAI = re.compile(r"(?:[เ-ไ]?[ก-ฮ][\u0e31\u0e34-\u0e3a\u0e47]?[\u0e48-\u0e4c]?[ะาำ]{0,2}ๆ?)+")
_THREE_FOREIGN = re.compile(r"[^\W\d_\x00-\x7f]·?[^\W\d_\x00-\x7f]·?[^\W\d_\x00-\x7f]")
_KANA = re.compile(r"[\u3041-\u30ff]")


def plausibility(text: str, encoding: str) -> float:
    """Return a number from 0 to 1 for text that was decoded by this encoding."""
    if any(unicodedata.category(c) in {"Cc", "Co", "Cn", "Cs"} for c in set(text) - {"\n", "\t", "\r"}):
        return 0.0
    lines = [line for line in text.split("\n") if not line.isascii()]
    if not lines:
        return 1.0
    if encoding in _LANGUAGES:
        is_sound = encoding in _COMMON or all(map(_is_sound_rare, lines))
        return _latin(lines, _LANGUAGES[encoding]) if is_sound else 0.0
    if encoding in _SMALL:
        return _small_script(lines, *_SMALL[encoding])
    return _east_asian(lines, encoding)


def evidence(text: str, encoding: str) -> float:
    """Return from 0 to 1 how much a text says: of few letters any other reading may be a word as well."""
    foreign = sum(not c.isascii() for c in text)
    if encoding in _SMALL:
        different = len(foreign_signs(text.lower()))
        return min(1.0, foreign / FEWEST_LETTERS, different / FEWEST_DIFFERENT)
    if encoding not in _LANGUAGES:
        return min(1.0, len(foreign_signs(text)) / FEWEST_SIGNS)
    words = [c for c in text if c.isalpha()]
    if 2 * sum(not c.isascii() for c in words) > len(words):
        return 0.5
    return 1.0 if encoding in _COMMON or len(_foreign(text)) >= FEWEST_OF_RARE else 0.75


def foreign_signs(text: str) -> set[str]:
    """Return the different signs that are not ASCII."""
    return {c for c in text if not c.isascii()}


def _latin(lines: list[str], languages: tuple[str, ...]) -> float:
    """Half for lines that some language could have written, half for the language that could write most of them."""
    fits = [[_could_be(language, _foreign(line)) for language in languages] for line in lines]
    sound = [_is_sound_latin(line) for line in lines]
    by_line = sum(ok and any(row) for ok, row in zip(sound, fits, strict=True)) / len(lines)
    best = max(sum(ok and row[at] for ok, row in zip(sound, fits, strict=True)) for at in range(len(languages)))
    return (by_line + best / len(lines)) / 2 if by_line < 1 else 0.7 + 0.3 * best / len(lines)


def _could_be(language: str, letters: set[str]) -> bool:
    """Return whether the language has the letters; without an accent what looks Icelandic is Turkish (ýþð are ışğ)."""
    return not letters - set(_LATIN[language]) and (language != "is" or not letters or not letters <= set("ýþðö"))


def _foreign(line: str) -> set[str]:
    return {c for c in foreign_signs(line.lower()) if c.isalpha() or unicodedata.combining(c)}


def _is_sound_latin(line: str) -> bool:
    letters = [c for c in line if c.isalpha()]
    if len(letters) >= FEWEST_TO_COUNT and 2 * sum(not c.isascii() for c in letters) > len(letters):
        return False
    if any(not c.isascii() and not c.isalpha() and c not in _SIGNS for c in line):
        return False
    return not any(_is_odd_word(word) for word in _WORD.findall(line) if not word.isascii())


def _is_sound_rare(text: str) -> bool:
    """Return whether no three letters in a row are foreign, and a dot stands between two l only (Catalan)."""
    return not _THREE_FOREIGN.search(text) and "·" not in re.sub(r"(?i)l·l", "", text)


def _is_odd_word(word: str) -> bool:
    """Return whether a sign stands inside of a word or a foreign capital behind a small letter."""
    if any(not c.isalpha() and c not in "’·´-" and unicodedata.category(c) != "Mn" for c in word):
        return True
    pairs = pairwise(word)
    return any((a.islower() and b.isupper() and not b.isascii()) or (a == "ς" and b.isalpha()) for a, b in pairs)


def _small_script(lines: list[str], letters: str, common: str) -> float:
    """The share of lines of nothing but these letters, less where the common letters are rare."""
    text = "".join(lines)
    own = [c for c in text.lower() if c in letters]
    sound = sum(_is_sound_small(line, letters) for line in lines) / len(lines)
    often = sum(c in common for c in own) / (len(own) or 1)
    foreign = "".join(c for c in text if not c.isascii())
    # Hebrew is Cyrillic in small letters only, when a text is long enough to have a capital letter.
    is_cased = len(set(foreign)) < FEWEST_TO_COUNT or not (foreign.isupper() or foreign.islower())
    return sound * min(1.0, often / 0.55) * (1.0 if is_cased else 0.75)


def _is_sound_small(line: str, letters: str) -> bool:
    others = foreign_signs(line.lower()) - set(letters) - _SIGNS
    if any(unicodedata.category(c) != "Mn" for c in others) or _LOOSE_MARK.search(line):
        return False
    if not all(map(_THAI.fullmatch, _THAI_RUN.findall(line))):
        return False
    return not any(_is_odd_word(word) or not (word.isascii() or _is_one_script(word)) for word in _WORD.findall(line))


def _is_one_script(word: str) -> bool:
    return not any(c.isascii() and c.isalpha() for c in word)


def _east_asian(lines: list[str], encoding: str) -> float:
    """The share of signs that everybody of that language learns; none stands between two Latin letters."""
    text = "".join(lines)
    signs = [c for c in text if not c.isascii()]
    if 10 * len(_GLUED.findall(text)) > len(signs):
        return 0.0
    usual = sum(_IS_USUAL[encoding](c) for c in signs) / len(signs)
    if encoding in {"cp932", "euc_jp"}:
        return usual if _KANA.search(text) else usual / 2
    if encoding == "gb18030":
        return usual * _share_of_late_initials(signs)
    return usual * _share_of_low_bytes(signs) if encoding == "big5hkscs" else usual


def _share_of_late_initials(signs: list[str]) -> float:
    """GB 2312 is in the order of Pinyin: a text without R to Z is Korean, whose syllables have the same bytes."""
    han = [_lead(c, "gb2312") for c in set(signs) if "\u4e00" <= c <= "\u9fff"]
    late = sum(lead >= 0xC8 for lead in han)
    if len(han) < FEWEST_TO_COUNT:
        return 1.0 if han else 0.5
    return min(1.0, late / len(han) / 0.15)


def _share_of_low_bytes(signs: list[str]) -> float:
    """Of signs in Big5 four in ten end in a byte of ASCII; those of a text in EUC-KR or EUC-JP never do."""
    low = sum(c.encode("big5hkscs")[-1] < 0x80 for c in signs)
    return min(1.0, low / len(signs) / 0.1) if len(signs) >= FEWEST_TO_COUNT else 1.0


def _lead(sign: str, encoding: str) -> int:
    try:
        return sign.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0


def _is_sign(c: str) -> bool:
    return "\u3000" <= c <= "\u3020" or "\uff01" <= c <= "\uff5e" or c in _SIGNS


def _is_usual_chinese(c: str) -> bool:
    return 0xB0 <= _lead(c, "gb2312") <= 0xD7 or _is_sign(c)


def _is_usual_traditional(c: str) -> bool:
    return 0xA4 <= _lead(c, "big5") <= 0xC6 or _is_sign(c)


def _is_usual_japanese(c: str) -> bool:
    return "\u3041" <= c <= "\u30ff" or 0x88 <= _lead(c, "shift_jis") <= 0x98 or _is_sign(c)


def _is_usual_korean(c: str) -> bool:
    return 0xB0 <= _lead(c, "euc_kr") <= 0xC8 or _is_sign(c)


_IS_USUAL: dict[str, Callable[[str], bool]] = {
    "gb18030": _is_usual_chinese, "big5hkscs": _is_usual_traditional, "cp932": _is_usual_japanese,
    "euc_jp": _is_usual_japanese, "cp949": _is_usual_korean,
}  # fmt: skip
