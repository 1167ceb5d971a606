"""The language of a title: by its script, then by the ISBN, then as stated."""

import re

_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u306d\u306f-\u3096\u30a1-\u30fa\uff66-\uff9d]"), frozenset({"ja"})),
    ("ko", re.compile("[\uac00-\ud7a3\u1100-\u11ff]"), frozenset({"ko"})),
    ("zh", re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]"), frozenset({"zh", "ja"})),
    ("ru", re.compile("[\u0400-\u052f]"), frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"})),
    ("el", re.compile("[\u0370-\u03ff]"), frozenset({"el", "grc"})),
    ("ar", re.compile("[\u0600-\u06ff]"), frozenset({"ar", "fa", "ur", "ug", "ku"})),
    ("he", re.compile("[\u0590-\u05ff]"), frozenset({"he", "yi"})),
    ("hi", re.compile("[\u0900-\u097f]"), frozenset({"hi", "mr", "ne", "sa"})),
    ("th", re.compile("[\u0e00-\u0e7f]"), frozenset({"th"})),
)
_NOT_LATIN = frozenset().union(*(languages for _, _, languages in _SCRIPTS))
_LATIN = re.compile("[a-zA-Z]")
_EAST_ASIAN = frozenset({"zh", "ja", "ko"})
_GROUPS = {
    "9780": "en", "9781": "en", "9798": "en", "9782": "fr", "97910": "fr", "9783": "de", "9784": "ja",
    "9785": "ru", "9787": "zh", "97911": "ko", "97912": "it", "97913": "es", "97880": "cs", "97881": "en",
    "97882": "no", "97883": "pl", "97884": "es", "97885": "pt", "97887": "da", "97888": "it", "97889": "ko",
    "97890": "nl", "97891": "sv", "97893": "en", "97894": "nl", "978951": "fi", "978952": "fi", "978957": "zh",
    "978986": "zh", "978626": "zh", "978962": "zh", "978988": "zh", "978966": "uk", "978617": "uk",
    "978972": "pt", "978989": "pt", "978950": "es", "978987": "es", "978956": "es", "978958": "es",
    "978968": "es", "978970": "es", "978607": "es", "978963": "hu", "978615": "hu", "978973": "ro",
    "978606": "ro", "978975": "tr", "978605": "tr", "978960": "el", "978618": "el", "978965": "he",
    "978954": "bg", "978619": "bg", "978953": "hr", "978961": "sl", "978964": "fa", "978600": "fa",
    "978977": "ar", "978979": "id", "978602": "id", "978604": "vi", "978974": "th", "978616": "th",
    "978985": "be",
}  # fmt: skip
"""The language in which most books of an ISBN group are, from the Range Message of the International ISBN Agency."""
_CODES = {
    "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "spa": "es", "ita": "it", "por": "pt",
    "rus": "ru", "chi": "zh", "zho": "zh", "jpn": "ja", "kor": "ko", "dut": "nl", "nld": "nl", "swe": "sv",
    "dan": "da", "nor": "no", "fin": "fi", "pol": "pl", "cze": "cs", "ces": "cs", "ukr": "uk", "gre": "el",
    "ell": "el", "heb": "he", "ara": "ar", "per": "fa", "fas": "fa", "tur": "tr", "hun": "hu", "rum": "ro",
    "ron": "ro",
}  # fmt: skip


def language_of_title(title: str, isbn: str, stated: str) -> str:
    """Return the language (ISO 639-1), "" when nothing tells it.

    An ISBN or a statement counts only for a language that is written in the script of the title. What China, Japan and
    Korea print with a title in Latin letters are originals in English, or nearly all of it.
    """
    of_isbn = next((_GROUPS[isbn[:size]] for size in (4, 5, 6) if isbn[:size] in _GROUPS), "")
    if not title.isascii():
        for language, script, languages in _SCRIPTS:
            if script.search(title):
                return next((said for said in (of_isbn, _code(stated)) if said in languages), language)
    said = [code for code in (of_isbn, _code(stated)) if code]
    is_reprint = _LATIN.search(title) and not _EAST_ASIAN.isdisjoint(said)
    return next((code for code in said if code not in _NOT_LATIN), "en" if is_reprint else "")


def _code(stated: str) -> str:
    code = stated[:3].lower().rstrip("-_")
    return _CODES.get(code, code)
