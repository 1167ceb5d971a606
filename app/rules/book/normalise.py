"""Normalising texts: one spelling for each, the same at indexing, at searching and in the keys of works.

The steps are: Unicode NFKC, casefold, Latin accents dropped (U+0300–036F only, so that Japanese voicing
marks stay), a few Latin letters replaced that have no accent to drop, traditional characters replaced by simplified
ones **one by one**: replacing whole phrases would spell a fragment differently alone and in its sentence.
The result is for comparison only, never for display.
"""

import re
import unicodedata
from functools import cache

_ACCENTS = re.compile("[\u0300-\u036f]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff\ud800-\udfff]+"
)
_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
# Common pairs that the character table does not map, because only context could decide them.
_VARIANTS = dict(
    zip(
        "著锺乾瞭傢妳牠祂祇馀菸姪彷徬佔週夥鬥餘穫藉纍",
        "着钟干了家你它他只余烟侄仿仿占周伙斗余获借累",
        strict=True,
    )
)
# Characters that only need lower-casing: most Chinese titles consist of nothing else.
_PLAIN = re.compile("[ -~\u4e00-\u9fff]+")
_IDEOGRAPHS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))
_BATCH = 4096


def normalise(text: str) -> str:
    """Return the normalised spelling of `text`; any text is accepted, even if empty or malformed."""
    if text.isascii():
        return text.lower()
    if _PLAIN.fullmatch(text):
        return text.lower().translate(_character_table())
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    apart = unicodedata.normalize("NFD", folded)
    bare = _ACCENTS.sub("", apart)
    if bare != folded:
        bare = unicodedata.normalize("NFC", bare)
    return bare.translate(_character_table())


@cache
def _character_table() -> dict[int, str]:
    """Return the replacement of each character (about 5,000), read once in a process from the OpenCC library."""
    from opencc import OpenCC  # takes about 80 ms with the loop below: only when a text is not plain ASCII

    convert = OpenCC("t2s").convert
    table: dict[int, str] = {ord(letter): plain for letter, plain in _LETTERS.items()}
    for first, end in _IDEOGRAPHS:
        for start in range(first, end, _BATCH):  # in batches, so that the process does not keep a large heap
            characters = [chr(code) for code in range(start, min(start + _BATCH, end))]
            simplified = convert("\n".join(characters)).split("\n")
            table |= {ord(old): new for old, new in zip(characters, simplified, strict=True) if old != new}
    variants = {ord(old): new for old, new in _VARIANTS.items()}
    return {code: new.translate(variants) for code, new in table.items()} | variants
