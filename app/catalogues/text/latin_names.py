"""Names in Latin, Cyrillic and Greek letters: turned round from `Surname, Given`, dates and degrees off."""

import re
from itertools import pairwise

_DATES = re.compile(
    r"(?:(?:b|d|ca?|fl|active|approximately|geb|né|née|род)\.?\s*)?(?:(?:ca?\.?|approximately)\s*)?\d{3,4}\??"
    r"(?:\s*[-–/]\s*(?:(?:ca?\.?|approximately)\s*)?(?:\d{2,4}\??)?)?(?:\s*(?:b\.?c|a\.?d)\.?)?|[-–]\s*\d{3,4}"
    r"|\d{1,2}(?:st|nd|rd|th) cent(?:\.|ury)|(?:b|d)\.\s*\d{4}",
    re.IGNORECASE,
)
_DATES_BEHIND = re.compile(r"\s*[(\[]\s*(?:\*|b\.\s*)?\d{3,4}\??\s*[-–]?\s*(?:\d{3,4}\??)?\s*[)\]]")
_DEGREES = re.compile(
    r"(?:ph\.?\s?d|m\.?\s?d|d\.?phil|m\.?\s?a|b\.?\s?a|m\.?s\.?c|b\.?s\.?c|m\.?b\.?a|j\.?d|ll\.?[bdm]|ed\.?d|d\.?d\.?s|"
    r"r\.?n|esq|dr|prof|mag|dipl\.-?ing|o\.?b\.?e|s\.?j|o\.?p|o\.?s\.?b)\.?",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|filho|neto|junior|senior)\.?", re.IGNORECASE)
_PARTICLE = re.compile(
    r"(?:le|la|les|van|von|de|del|della|des|di|da|dal|du|dos|das|mac|mc|st\.?|saint|san|santa|el|al|ben|bin|ibn|ter|ten|"
    r"zu|zur|zum|abu|o|op|den|der|lo)\b|d['’]",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:congress|committee|commission|department|dept|ministry|university|college|school|institut\w*|society|association|"
    r"press|publish\w*|inc|ltd|llc|gmbh|company|corporation|corp|foundation|organi[sz]ation|museum|library|bureau|office|"
    r"council|agency|academy|centre|center|group|studio|team|staff|services?|nations|states|league|union|board|magazine|"
    r"editors|verlag|verein|gesellschaft|ministère|ministerio|universidad|université|universität|fundación|société|"
    r"академия|институт|университет|министерство)\b",
    re.IGNORECASE,
)
_INITIAL_LAST = re.compile(r"(?:^|[\s.-])[^\W\d_]\.$")
_PATRONYMIC = re.compile(r"[а-яё]{2,}(?:вич|ич|вна|чна|шна)\b", re.IGNORECASE)
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_STOP_KEPT = re.compile(
    r"(?:^|[\s.(-])(?:[^\W\d_\u2e80-\U0010ffff]|jr|sr|st|dr|mr|mrs|ms|wm|chr|geo|jos|thos|inc|ltd|co|esq|[a-z]\.[a-z])\.$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s+(?:&|and|und|et|y|e|и)\s+")
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[\w.'’-]+){1,4}")


def without_stop(text: str) -> str:
    """Take the full stop off that ends a field of a catalogue; initials and Jr. keep theirs."""
    text = text.strip()
    if not text.endswith(".") or text.endswith("..") or _STOP_KEPT.search(text):
        return text
    return text[:-1].rstrip()


_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af・]+")
"""Names in which the surname stands first and no blank stands between; those in katakana alone are foreign."""
_KATAKANA = re.compile(r"[\u30a0-\u30ff]+")


def is_body(text: str) -> bool:
    """Return whether the words name an office, a firm or a society and no person."""
    return bool(_BODY.search(text))


def is_name_suffix(text: str) -> bool:
    """Return whether the words are what stands behind a name: Jr., III."""
    return bool(_SUFFIX.fullmatch(text.strip(" ,")))


def one_person(text: str) -> str:
    """One person as a catalogue enters them: `Le Guin, Ursula K., 1929-2018.` → `Ursula K. Le Guin`."""
    parts = _kept_parts(text)
    if len(parts) < 2:
        return without_stop(parts[0]) if parts else ""
    family, given = parts[0], without_stop(parts[1])
    if _EAST_ASIAN.fullmatch(family + given):
        return f"{given}・{family}" if _KATAKANA.fullmatch(family + given) else family + given
    suffix = next((f", {part}" for part in parts[2:] if _SUFFIX.fullmatch(part)), "")
    if _SUFFIX.fullmatch(parts[1]):
        given = parts[2] if len(parts) > 2 else ""
        return f"{given} {family}, {parts[1]}".strip()
    return f"{given} {family}{suffix}"


def split_people(text: str) -> list[str]:
    """The people in a text with commas: `King, Stephen` is one, surname first; `Neil Gaiman, Bo Sample` are two."""
    had_dates = _has_dates(text)
    parts = _kept_parts(text)
    if len(parts) < 2:
        return [name for part in parts for name in _split_joined(part)]
    if is_body(text):
        return [", ".join(parts)]
    if _SUFFIX.fullmatch(parts[-1]) and len(parts) == 2:
        return [", ".join(parts)]
    if len(parts) == 2 + bool(_SUFFIX.fullmatch(parts[-1])) and (had_dates or _is_turned(parts[0], parts[1])):
        return [one_person(", ".join(parts))]
    return [name for part in _joined_suffixes(parts) for name in _split_joined(part)]


def _is_turned(first: str, second: str) -> bool:
    """Return whether two parts are surname and given name of one person."""
    if _CYRILLIC.search(first):
        return bool(_INITIAL_LAST.search(second) or _PATRONYMIC.search(second))
    if " " not in first or " " not in second:
        return True
    return bool(_PARTICLE.match(first)) or bool(_INITIAL_LAST.search(second) and not _INITIAL_LAST.search(first))


def _has_dates(text: str) -> bool:
    return any(_DATES.fullmatch(part.strip(" .")) for part in text.split(","))


def _kept_parts(text: str) -> list[str]:
    parts = [part.strip() for part in _DATES_BEHIND.sub("", text).split(",")]
    kept = [part for part in parts if part and not _DATES.fullmatch(part.strip(" ."))]
    return [part for at, part in enumerate(kept) if at == 0 or not _DEGREES.fullmatch(part)]


def _joined_suffixes(parts: list[str]) -> list[str]:
    joined = parts[:1]
    for before, part in pairwise(parts):
        if before and _SUFFIX.fullmatch(part):
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined


def _split_joined(text: str) -> list[str]:
    """`Ann Example & Bo Sample` are two; `Johnson & Johnson` and bodies stay whole."""
    names = _JOINED.split(text)
    if len(names) > 1 and not is_body(text) and all(map(_FULL_NAME.fullmatch, names)):
        return names
    return [text]
