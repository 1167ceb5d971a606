"""Lists that come packed: what is in a zip archive, bounded before anything is unpacked."""

import zipfile
from pathlib import Path, PurePosixPath
from shutil import copyfileobj

from app.rules.shelf.refusals import ListTooLarge, UnreadableList

MEGABYTE = 1024**2
MOST_UNPACKED = 32 * MEGABYTE
"""Bytes of all that a workbook or an archive holds: what it says of itself, more than which is never unpacked."""

_LISTS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".json"})
_OF_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype"})
"""What workbooks, OpenDocument tables and e-books hold; they are told apart by their first bytes."""
_PREFERRED = "book_mark.csv"
"""Of NeoDB's archive, which has films and music too."""


def names_in(path: Path) -> list[str] | None:
    """Return the names of what a zip archive holds, None for any other file; a workbook is no archive here.

    :raises ListTooLarge: unpacked, an archive or workbook is more than `MOST_UNPACKED`.
    :raises UnreadableList: it is damaged, or packed otherwise.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"\x1f\x8b"):
        raise UnreadableList("packed")
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableList from error
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise ListTooLarge(MOST_UNPACKED // MEGABYTE)
    names = [member.filename for member in members if not member.is_dir()]
    return None if _OF_DOCUMENTS & {*names} else names


def find_list(names: list[str]) -> str | None:
    """Return the one member that is a list of books, or that of NeoDB; None when there is none, or no telling which."""
    lists = [name for name in names if PurePosixPath(name).suffix.lower() in _LISTS and not _is_hidden(name)]
    preferred = [name for name in lists if PurePosixPath(name).name == _PREFERRED]
    return next(iter(preferred or (lists if len(lists) == 1 else [])), None)


def unpack(path: Path, name: str, folder: Path) -> Path:
    """Write a member of an archive into a folder, under a name of our own.

    :raises UnreadableList: it is damaged, or locked by a password.
    """
    target = folder / f"list{PurePosixPath(name).suffix.lower()}"
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as member, target.open("wb") as file:
            copyfileobj(member, file)
    except Exception as error:  # whatever is wrong in it, the library finds it in its own way
        raise UnreadableList from error
    return target


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__")) for part in PurePosixPath(name).parts)
