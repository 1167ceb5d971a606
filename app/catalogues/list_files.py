"""Files that list books: unpacked, read line by line with a bound, their kind and their faults named.

A fault of one line never ends the reading: every line becomes a `BookLine`, a `PassedLine` or a `RejectedLine`.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from app.catalogues.base import BookRecord

# Bytes; tables of contents make lines of a few million, and what is read must fit into memory.
LONGEST_LINE = 16 * 1024**2

# Characters. The columns take more: three times these still fit after Unicode composition.
LIMITS = {"name": 250, "pubdate": 40, "price": 60, "binding": 250, "summary": 100_000}
LINE_LIMIT = 5_000

KINDS = ("openlibrary", "csv", "marc")
_MARC_LEADER = re.compile(rb"\d{5}[\x20-\x7e]{15}45")
_DUMP_LINE = re.compile(rb"^/type/\w+\t", re.MULTILINE)
_GZIP_MARK = b"\x1f\x8b"


class BookLine(NamedTuple):
    """A line that describes books: one per ISBN; `changed` is its ISO date or "" when it does not say."""

    number: int
    records: tuple[BookRecord, ...]
    changed: str = ""
    lacks_names: bool = False


class RejectedLine(NamedTuple):
    """A line that holds no book we can store, and why."""

    number: int
    reason: str


class PassedLine(NamedTuple):
    """A line without a book and without a fault; `elsewhere`: it is counted by the other reading of its file."""

    number: int
    elsewhere: bool = False


ListLine = BookLine | RejectedLine | PassedLine


class UnreadableFile(Exception):
    """The file as a whole, or from some line on, can not be read."""


class BadLine(Exception):
    """The reason why a line is rejected; for the readers of this folder."""


class ListFile:
    """A file read once from its start, unpacked when it is gzip.

    :raises UnreadableFile: it can not be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._raw = path.open("rb")
            packed = self._raw.peek(2)[:2] == _GZIP_MARK
            self.size = path.stat().st_size
        except OSError as error:
            raise UnreadableFile(error.strerror or str(error)) from error
        # no further buffer around it: that would lose what it had read when the packed file breaks off
        self._file = gzip.GzipFile(fileobj=self._raw) if packed else self._raw

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._raw.close()

    @property
    def position(self) -> int:
        """How many bytes of the file on disk have been read."""
        return self._raw.tell()

    def find_kind(self) -> str:
        """Tell by the first bytes which of `KINDS` the file is; what is nothing else is taken for CSV."""
        try:
            head = self._file.peek(1 << 16)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(str(error)) from error
        if _MARC_LEADER.match(head):
            return "marc"
        return "openlibrary" if _DUMP_LINE.search(head) else "csv"

    def lines(self, end: bytes = b"\n") -> Iterator[bytes | None]:
        """Yield the lines with their ends; None stands for one longer than `LONGEST_LINE`.

        :raises UnreadableFile: the disk fails or the packed file is cut short or damaged.
        """
        number = 0
        try:
            for line in self._text_lines() if end == b"\n" else self._pieces(end):
                number += 1
                yield line
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(f"after line {number}: {error}") from error

    def _text_lines(self) -> Iterator[bytes | None]:
        while line := self._file.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                while (rest := self._file.readline(1 << 16)) and not rest.endswith(b"\n"):
                    pass
                yield None
            else:
                yield line

    def _pieces(self, end: bytes) -> Iterator[bytes | None]:
        rest, is_too_long = b"", False
        while chunk := self._file.read1(1 << 16):
            *whole, rest = (rest + chunk).split(end)
            for piece in whole:
                yield None if is_too_long else piece + end
                is_too_long = False
            if len(rest) > LONGEST_LINE:
                rest, is_too_long = b"", True
        if is_too_long or rest.strip():
            yield None if is_too_long else rest


def fitting(name: str, value: str) -> str:
    """Return the value when it fits where `name` is stored.

    :raises BadLine: it is too long; nothing is cut silently.
    """
    limit = LIMITS.get(name, LINE_LIMIT)
    if len(value) > limit:
        raise BadLine(f"{name} has {len(value)} characters, at most {limit} can be stored")
    return value
