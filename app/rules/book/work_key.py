"""When two editions are one work: they have a key in common.

Not to join two editions costs a reader one more line on a page; to join two works gives a reader the wrong book. So a
key is given only where its parts are certain.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from app.rules.book.normalise import normalise
from app.rules.book.people import family_of
from app.rules.book.title_parts import TitleParts, take_apart
from app.rules.book.title_parts import names_an_edition as names_an_edition

VERSION = 1
"""Increment this whenever the keys of some editions change: their works are then found anew."""

_GENERIC_TITLES = """
诗集 诗选 选集 文集 文选 作品集 作品选 小说集 小说选 散文集 散文选 散文 随笔 随笔集 小说 诗歌 全集
短篇小说集 短篇小说选 短篇小说 中短篇小说集 中短篇小说选 自选集 自传 日记 书信 书信集 演讲集 代表作 精选集 精选 戏剧集
戏剧选 杂文 杂文集 杂文选 童话 童话集
故事集 故事 语录 回忆录 剧作集 剧作选 论文集 诗文集 词集 词选
collectedworks collectedpoems collectedstories collectedshortstories completeworks completepoems completestories
completeshortstories selectedpoems selectedstories selectedworks selectedwritings selectedessays selectedletters
shortstories stories poems poetry essays letters plays works novels diaries diary autobiography memoirs memoir untitled
speeches writings collectedessays collectedplays selectedplays fairytales newpoems bestof theworks
собраниесочинений сочинения избранное избранныепроизведения стихотворения стихи рассказы повести повестиирассказы
сказки романы пьесы поэмы малоесобраниесочинений
gedichte erzahlungen werke gesammeltewerke oeuvres oeuvrescompletes poesies contes nouvelles obrascompletas poesia
cuentos poemas
"""
_GENERIC = frozenset(_GENERIC_TITLES.split())
_SCRIPTS = (("ja", re.compile("[぀-ヿ]")), ("ko", re.compile("[가-힯]")), ("zh", re.compile("[㐀-鿿]")))
_LATIN = re.compile("[a-z]")
_GROUPS = {
    "9780": "en", "9781": "en", "9798": "en", "9782": "fr", "97910": "fr", "9783": "de", "9784": "ja", "9785": "ru",
    "9787": "zh", "97911": "ko", "97912": "it", "97913": "es",
}  # fmt: skip
"""Languages of ISBN groups, from the Range Message of the International ISBN Agency."""

_LONGEST = 300


class KeyKind(StrEnum):
    """By what a key names a work, the strongest first."""

    OPENLIBRARY = "openlibrary"
    ORIGINAL = "original"
    TITLE = "title"
    EDITION = "edition"


class WorkKey(NamedTuple):
    """A key of a work, such as `三体|刘慈欣|zh|2`: editions with an equal one are editions of one work."""

    kind: KeyKind
    text: str


class Edition(NamedTuple):
    """What the keys are made of; `number` is what names this edition alone, its ISBN or the site's own number."""

    isbn: str | None
    title: str
    subtitle: str
    authors: Sequence[str]
    language: str
    original_title: str
    series: str
    series_number: str
    openlibrary_key: str
    number: str


def work_keys(edition: Edition) -> tuple[WorkKey, ...]:
    """Return the keys of an edition, the strongest first, or the one key that no other edition has."""
    parts = take_apart(edition.title, edition.subtitle)
    family = family_of(edition.authors[0]) if edition.authors else ""
    keys = []
    if edition.openlibrary_key:
        keys.append(WorkKey(KeyKind.OPENLIBRARY, f"{edition.openlibrary_key}|{parts.volume}"))
    if family and edition.original_title:
        original = take_apart(edition.original_title)
        if _is_telling(original):
            volume = original.volume or parts.volume
            keys.append(_key(KeyKind.ORIGINAL, original.head, original.subtitle, family, volume))
    if family and _is_telling(parts):
        keys.append(_key(KeyKind.TITLE, parts.head, parts.subtitle, family, _language(edition), parts.volume))
    return tuple(keys) or (WorkKey(KeyKind.EDITION, edition.number),)


def _key(kind: KeyKind, *parts: str) -> WorkKey:
    return WorkKey(kind, "|".join(part[:_LONGEST] for part in parts))


def _is_telling(parts: TitleParts) -> bool:
    """Return whether a title, with its author, can only be that of one work."""
    if parts.head.isdigit():
        return len(parts.head) > 3
    return len(parts.head) > 1 and (parts.head not in _GENERIC or bool(parts.subtitle))


def _language(edition: Edition) -> str:
    """Return the language: by the script of the title where that tells it, then by the ISBN."""
    title, isbn = normalise(edition.title[:_LONGEST]), edition.isbn or ""
    of_isbn = next((language for group, language in _GROUPS.items() if isbn.startswith(group)), "")
    for language, script in _SCRIPTS:
        if script.search(title):
            return "ja" if language == "zh" and of_isbn == "ja" else language
    return of_isbn or edition.language
