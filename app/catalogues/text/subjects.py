"""What a book is about, in the words of catalogues and readers: few, short, each once, none of them a shelf's."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from app.catalogues.text.latin_names import without_stop
from app.catalogues.text.spoilt import is_spoilt
from app.catalogues.text.text import clean_line

MOST_SUBJECTS = 20
LONGEST_SUBJECT = 100
"""Characters; longer ones are left out."""
_LOOKED_AT = 200
_NONE = ("", "")

_LISTED = re.compile(r"\s*\[(.*['\"].*)\]\s*", re.DOTALL)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"")
_HAN = re.compile(r"[\u3400-\u9fff]")
_FOR_MACHINES = re.compile(r"[a-z_]+:\S", re.IGNORECASE)
_SHELVES = frozenset({
    "accessible book", "protected daisy", "in library", "lending library", "overdrive",
    "large type books", "large print", "general", "internet archive wishlist",
    "internet archive books", "open_syllabus_project", "open library staff picks", "to-read",
    "to read", "tbr", "want-to-read", "read", "currently-reading", "currently reading", "finished",
    "dnf", "did-not-finish", "owned", "own", "own-it", "i-own", "books-i-own", "my-books",
    "wishlist", "wish-list", "favorites", "favourites", "favorite", "favourite", "default", "book",
    "books", "图书", "书籍", "kindle", "ebook", "ebooks", "e-book", "borrowed", "no genre", "none",
    "nan", "n/a", "null", "unknown", "想读", "在读", "读过", "已读", "未读", "藏书", "收藏", "已购", "电子书", "我的书",
})  # fmt: skip


def clean_subjects(given: Iterable[object], title: str = "", people: Iterable[str] = ()) -> tuple[str, ...]:
    """Return at most 20 subjects; the book's own title and people, which readers use as tags, are left out."""
    found: dict[str, str] = {}
    for value in islice(given, _LOOKED_AT):
        if not isinstance(value, str) or len(value) > 4 * LONGEST_SUBJECT:
            continue
        folded, subject = _clean_subject(value)
        if folded and folded not in found:
            found[folded] = subject
            if len(found) == MOST_SUBJECTS:
                break
    if title and found:
        for known in (title, *people):
            found.pop(known.rpartition("] ")[2].casefold(), None)
    return tuple(found.values())


def joined_subjects(stored: Iterable[str], said: Iterable[str]) -> list[str]:
    """Return the subjects stored with those that only `said` has, as many as are kept."""
    joined: dict[str, str] = {}
    for subject in (*stored, *said):
        joined.setdefault(subject.casefold(), subject)
    return list(joined.values())[:MOST_SUBJECTS]


def split_subjects(cell: str) -> list[str]:
    """Return the subjects of one cell; a comma parts them only where no better sign does (`Africa, West|Fens`)."""
    if listed := _LISTED.fullmatch(cell):
        return [first or second for first, second in _QUOTED.findall(listed[1])]
    for signs in ("|", ";；\n", "、", ",，", "/"):
        if any(sign in cell for sign in signs):
            return re.split(f"[{re.escape(signs)}]", cell)
    return cell.split() if _HAN.search(cell) else [cell]


@lru_cache(maxsize=16_384)  # a few thousand subjects make up most of a catalogue
def _clean_subject(value: str) -> tuple[str, str]:
    """Return the key by which equal subjects are known, and the subject; both are "" for what is none."""
    subject = without_stop(clean_line(value, 4 * LONGEST_SUBJECT)).replace("|", "/").strip(" ,;/#")
    if len(subject) > LONGEST_SUBJECT or not any(map(str.isalnum, subject)) or subject.isdecimal():
        return _NONE
    folded = subject.casefold()
    return _NONE if folded in _SHELVES or _FOR_MACHINES.match(subject) or is_spoilt(subject) else (folded, subject)
