"""What a reader means by a row: the words that programs and people use for wanted, owned and electronic books."""

import re
from collections.abc import Iterable

from app.catalogues.files.columns import plain_name
from app.rules.shelf.row import Intent

_WANTED = frozenset(
    map(
        plain_name,
        (
            "to-read", "want to read", "wishlist", "wish list", "wish", "want", "wanted", "tbr", "planned",
            "plan to read", "to buy", "想读", "想看", "待读", "想要", "想买", "心愿单", "願望清單", "Wunschliste",
            "Leseliste", "à lire", "liste de souhaits", "por leer", "lista de deseos", "da leggere", "хочу прочитать",
        ),
    )
)  # fmt: skip
_OWNED = frozenset(
    map(
        plain_name,
        (
            "owned", "own", "own it", "i own", "books i own", "owned books", "owned tbr", "own tbr", "owned to read",
            "owned-unread", "your library", "my library", "home library", "physical", "physical books", "at home",
            "have", "拥有", "已拥有", "已有", "我有", "已买", "已购", "自有", "家里有", "藏书", "纸书", "纸质书",
            "实体书", "Deine Bibliothek", "Ihre Bibliothek", "Votre bibliothèque", "Tu biblioteca", "La tua biblioteca",
        ),
    )
)  # fmt: skip
_YES = frozenset({"yes", "true", "y", "x", "✓", "✔", "ja", "oui", "sí", "si", "да", "是", "有", "owned"})
_COUNT = re.compile(r"0*[1-9]\d*(?:\.0+)?")
_ELECTRONIC = re.compile(
    r"(?i)kindle|e-?book|\bdigital\b|audio|audible|\bnook\b|\bmp3\b|epub|\bpdf\b|mobi|azw|hörbuch|numérique|"
    r"电子|電子|有声|有聲"
)
_SPLIT = re.compile(r"[,;|，；、]+")


def intent_of(
    status: Iterable[str], tags: Iterable[str], owned: Iterable[str], formats: Iterable[str], is_owned: bool = False
) -> Intent:
    """Return what a row is for; what one has one does not wish for, and an electronic book is no copy to be given.

    `status` are the texts of the columns that say how far a book is read, `tags` those of shelves and tags, `owned` of
    the columns that count copies, `formats` of bindings; `is_owned` when the program lists only what one has.
    """
    words = [plain_name(word) for text in (*status, *tags) for word in _SPLIT.split(text)]
    has = is_owned or any(map(_says_yes, owned)) or not _OWNED.isdisjoint(words)
    if has and not any(map(_ELECTRONIC.search, formats)):
        return Intent.PRIVATE
    wanted = {plain_name(word) for text in status for word in _SPLIT.split(text)}
    return Intent.WISH if not has and not _WANTED.isdisjoint(wanted) else Intent.NOTHING


def _says_yes(text: str) -> bool:
    return text.strip().casefold() in _YES or bool(_COUNT.fullmatch(text.strip()))
