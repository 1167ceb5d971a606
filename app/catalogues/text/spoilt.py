"""Text that was read in a wrong encoding once: how it is known, and what it was."""

import re
import unicodedata
from itertools import repeat, zip_longest

from app.catalogues.base import BookRecord

_SECOND = r"[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_LOST = re.compile(
    r"[\ufffd\ufffe\x80-\x9f\ue000-\uf8ff]"  # what no text holds
    rf"|[ÃÂÐÑ]{_SECOND}|â€|ï¿½"  # UTF-8 read as Latin
    r"|锟斤拷|烫烫|屯屯|鈥[檚滄攢]|茂驴|é”Ÿ"  # UTF-8 read as GBK
    r"|(?:^|\s)[\u0300-\u036f]|[\u0300-\u036f](?=\s[\u0300-\u036f])"  # accents without their letters
    r"|\$[1B]![!-~]|\x1b"  # MARC-8 that has lost its escapes
)
_NO_ESCAPES = re.compile(r"\$[1B]![!-~][!-~]|\x1b")
_MAY_BE_LOST = re.compile("[\ufffd\ufffe\x80-\x9f\ue000-\uf8ffÃÂÐÑâï锟烫屯鈥茂é\u0300-\u036f$\x1b]")
"""A sign of each alternative above; most texts have none, and this is found out ten times as fast."""
_GLUED = re.compile(r"[A-Za-z][\u3400-\u9fff](?:(?<=[a-z].)[a-z]|(?<=[A-Z].)[a-z]{2})")
_LETTER = re.compile(r"[^\W_]")
_WAYS = (("cp1252", "utf-8"), ("latin-1", "utf-8"), ("gbk", "utf-8"), ("gbk", "cp1252"), ("cp1251", "utf-8"))


def is_spoilt(text: str) -> bool:
    """Return whether the text is not what was written: signs that stand for lost ones, or letters read wrongly."""
    if text.isascii():
        return bool(_NO_ESCAPES.search(text))
    is_lost = _MAY_BE_LOST.search(text) and _LOST.search(text)
    return bool(is_lost or _GLUED.search(text) or _is_marks_only(text))


def spoilt_part(record: BookRecord) -> tuple[str, str] | None:
    """Return the name and text of the first field of a record that is spoilt."""
    lines = record.title, record.subtitle, record.publisher, record.original_title, record.series
    texts = (*lines, *record.authors, *record.translators)
    if not is_spoilt("\n".join(texts)) and not any(map(_is_marks_only, texts)):
        return None
    kinds = ("title", "subtitle", "publisher", "original_title", "series", *repeat("authors", len(record.authors)))
    told = zip_longest(kinds, texts, fillvalue="translators")
    return next(((kind, text) for kind, text in told if is_spoilt(text)), None)


def repaired(text: str) -> str:
    """Return what the text was before it was read wrongly, "" when that cannot be told."""
    if not is_spoilt(text) or "\ufffd" in text:
        return ""
    for read_as, written_in in _WAYS:
        try:
            found = text.encode(read_as).decode(written_in)
        except UnicodeError:
            continue
        if found != text and not is_spoilt(found) and found.isprintable() and len(found) >= len(text) // 3:
            return unicodedata.normalize("NFC", found)
    return ""


def _is_marks_only(text: str) -> bool:
    return not text.isascii() and not _LETTER.search(text) and any(map(unicodedata.combining, text))
