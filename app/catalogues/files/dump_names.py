"""The names of authors in an Open Library dump, kept in a SQLite side file, since they may come in any order."""

import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from app.catalogues.files.list_files import BadLine, fitting
from app.catalogues.text.editions import subjects_of, work_key_of
from app.catalogues.text.latin_names import is_body
from app.catalogues.text.names import LONGEST_NAME, clean_person, people_of_statement
from app.catalogues.text.text import clean_line
from app.catalogues.text.works import clean_work_key, clean_year

MOST_HOPS = 5
LOOK_UPS_KEPT = 10_000

_AUTHOR, _WORK, _REDIRECT = "A", "W", "R"
_WORKS = "works"  # kept as a key of its own once there are any


class Authors(NamedTuple):
    """The authors of an edition; `lacks_names`: it names an author that no file describes."""

    authors: tuple[str, ...]
    lacks_names: bool = False


class Work(NamedTuple):
    """What the works of a dump say of the work behind an edition."""

    key: str = ""
    first_year: int | None = None
    subjects: tuple[str, ...] = ()


class DumpNames:
    """What the authors, works and redirects of a dump say: first all is added, then looked up."""

    def __init__(self, path: Path) -> None:
        self._look_up = lru_cache(LOOK_UPS_KEPT)(self._look_up_in_file)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=OFF")  # a crash of the machine only costs a new start
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS known (key TEXT PRIMARY KEY, kind TEXT, value TEXT) WITHOUT ROWID"
        )
        self._connection.execute("BEGIN")
        self._has_works: bool | None = None

    def add(self, kind: str, key: str, record: dict[str, Any]) -> None:
        """Remember an author, a work or a redirect; any other kind is passed over.

        :raises BadLine: it lacks what makes it one.
        """
        if kind == "author":
            self._keep(key, _AUTHOR, "\n".join(_author_names(record)))
        elif kind == "work":
            self._keep(key, _WORK, _told_work(record))
            if not self._has_works:
                self._has_works = True
                self._keep(_WORKS, _WORKS, "")
        elif kind == "redirect":
            target = record.get("location")
            if not isinstance(target, str):
                raise BadLine("a redirect without a location")
            self._keep(key, _REDIRECT, _tail(target))

    def commit(self) -> None:
        """Keep what was added since the last time."""
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")

    def close(self) -> None:
        """Leave the file for the next one who looks names up."""
        self._connection.close()

    def authors_of(self, edition: dict[str, Any]) -> Authors:
        """The authors by the edition's own list, else by its work, else by its statement of responsibility."""
        asked = author_keys(edition)
        names = self._names(asked)
        if not names:
            works = _keys(edition.get("works") or ())
            of_works = [key for work in works for key in _lines(self._look_up(work, _WORK)[1].partition("\t")[0])]
            names = self._names(of_works)
            asked = list({*asked, *of_works})
        if names:
            return Authors(tuple(dict.fromkeys(names)), lacks_names=len(names) < len(asked))
        statement = edition.get("by_statement")
        stated = people_of_statement(statement).authors if isinstance(statement, str) else ()
        return Authors(stated, lacks_names=bool(asked))

    def work_of(self, edition: dict[str, Any]) -> Work:
        """The work of an edition; of a redirected one the key that it has now."""
        key = work_key_of(edition)
        if not key or not self._knows_works():
            return Work(key)
        now_at, told = self._look_up(key, _WORK)
        year, _, subjects = told.partition("\t")[2].partition("\t")
        return Work(
            clean_work_key(now_at) or key,
            int(year) if year.removeprefix("-").isdecimal() else None,
            tuple(_lines(subjects)),
        )

    def _knows_works(self) -> bool:
        """Whether there are works among the files: to look for what is not there costs as much as for what is."""
        if self._has_works is None:
            found = self._connection.execute("SELECT 1 FROM known WHERE key = ?", (_WORKS,)).fetchone()
            self._has_works = found is not None
        return self._has_works

    def _names(self, keys: Iterable[str]) -> list[str]:
        return [name for key in keys for name in _lines(self._look_up(key, _AUTHOR)[1])]

    def _look_up_in_file(self, key: str, kind: str) -> tuple[str, str]:
        """The key to which redirects lead, and what is kept under it, "" when it is not of that kind."""
        for _ in range(MOST_HOPS):  # redirects can lead in a circle
            found = self._connection.execute("SELECT kind, value FROM known WHERE key = ?", (key,)).fetchone()
            if found is None or found[0] != _REDIRECT:
                break
            key = found[1]
        else:
            return "", ""
        return key, str(found[1]) if found and found[0] == kind else ""

    def _keep(self, key: str, kind: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", (_tail(key), kind, value))


def author_keys(record: dict[str, Any]) -> list[str]:
    """The keys in the `authors` of an edition (`{"key"}`) or of a work (`{"author": {"key"}}`)."""
    authors = record.get("authors") or []
    if not isinstance(authors, list):
        raise BadLine("authors is not a list")
    return _keys(authors)


def _told_work(record: dict[str, Any]) -> str:
    """The keys of its authors, its first year and its subjects, each list by lines, with tabs between them."""
    year = clean_year(record.get("first_publish_date"))
    return "\t".join(("\n".join(author_keys(record)), str(year or ""), "\n".join(subjects_of(record))))


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _keys(entries: Iterable[Any]) -> list[str]:
    """The keys, each once, of `{"key": "/authors/OL1A"}` or, as in some old records, of plain keys."""
    keys = [_tail(key) for key in map(_key_of, entries) if isinstance(key, str)]
    return list(dict.fromkeys(keys)) if len(keys) > 1 else keys


def _key_of(entry: Any) -> Any:
    if isinstance(entry, dict) and "author" in entry:
        entry = entry["author"]
    return entry.get("key") if isinstance(entry, dict) else entry


def _tail(key: str) -> str:
    return key.rsplit("/", 1)[-1]


def _author_names(record: dict[str, Any]) -> tuple[str, ...]:
    """One author is one name, and a body ("Congress, Committee on Trade") keeps its commas."""
    given = record.get("name") or record.get("personal_name")
    if not isinstance(given, str):
        raise BadLine("an author without a name")
    name = clean_line(fitting("name", given), 3 * len(given))
    if not name:
        raise BadLine("an author without a name")
    if name.replace(" ", "").isalpha() and name.isascii():
        return (name,)
    if record.get("entity_type") in {"org", "event"} or len(name) > LONGEST_NAME or is_body(name):
        return (name,)
    return (clean_person(name) or name,)
