"""Files that list books: unpacked, read line by line with a bound, their kind and their faults named.

A fault of one line never ends the reading: every line becomes a `BookLine`, a `PassedLine` or a `RejectedLine`.
"""

import re
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from isal import isal_zlib

from app.catalogues.base import BookRecord

# Bytes; tables of contents make lines of a few million, and what is read must fit into memory.
LONGEST_LINE = 16 * 1024**2

# Characters. The columns take more: three times these still fit after Unicode composition.
LIMITS = {"name": 250, "pubdate": 40, "price": 60, "binding": 250, "summary": 100_000}
LINE_LIMIT = 5_000

LINE_END = b"\n"
KINDS = ("openlibrary", "csv", "marc")
_MARC_LEADER = re.compile(rb"\d{5}[\x20-\x7e]{15}45")
_DUMP_LINE = re.compile(rb"^/type/\w+\t", re.MULTILINE)
_GZIP_MARK = b"\x1f\x8b"
_GZIP_WINDOW = 16 + isal_zlib.MAX_WBITS
_CHUNK = 1 << 13  # bytes
_FAULTS: tuple[type[Exception], ...] = (OSError, EOFError, isal_zlib.error)  # type: ignore[assignment]


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
        self.unpacked = 0  # bytes
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise OSError("it is no ordinary file, which can be read several times")
            self._raw = path.open("rb")
            packed = self._raw.peek(2)[:2] == _GZIP_MARK
        except OSError as error:
            raise UnreadableFile(error.strerror or str(error)) from error
        self._chunks = _unpacked(self._raw) if packed else iter(lambda: self._raw.read(_CHUNK), b"")

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
            head = next(self._chunks, b"")
        except _FAULTS as error:
            raise UnreadableFile(str(error)) from error
        self._chunks = chain([head], self._chunks)
        if _MARC_LEADER.match(head):
            return "marc"
        return "openlibrary" if _DUMP_LINE.search(head) else "csv"

    def lines(self, end: bytes = LINE_END) -> Iterator[bytes | None]:
        """Yield the lines with their ends; None stands for one longer than `LONGEST_LINE`.

        :raises UnreadableFile: the disk fails or the packed file is cut short or damaged.
        """
        number = 0
        try:
            for line in self._pieces(end):
                number += 1
                yield line
        except _FAULTS as error:
            raise UnreadableFile(f"after line {number}: {error}") from error

    def _pieces(self, end: bytes) -> Iterator[bytes | None]:
        begun: list[bytes] = []  # joined once: a line can be a thousand chunks long
        size, is_too_long = 0, False
        for chunk in self._chunks:
            self.unpacked += len(chunk)
            *whole, rest = chunk.split(end)
            for piece in whole:
                yield None if is_too_long else b"".join((*begun, piece, end))
                begun, size, is_too_long = [], 0, False
            size += len(rest)
            if size > LONGEST_LINE:
                begun, is_too_long = [], True
            elif rest:
                begun.append(rest)
        last = b"".join(begun)
        if is_too_long or (last if end == LINE_END else last.strip()):
            yield None if is_too_long else last


def _unpacked(packed: BinaryIO) -> Iterator[bytes]:
    """Yield what the members of a gzip file hold, all of it until it is cut short."""
    unpacker = None
    while chunk := packed.read(_CHUNK):
        while chunk := chunk if unpacker else chunk.lstrip(b"\0"):  # a member may be filled up with zeros
            unpacker = unpacker or isal_zlib.decompressobj(_GZIP_WINDOW)
            if text := unpacker.decompress(chunk):
                yield text
            chunk = unpacker.unused_data
            unpacker = None if unpacker.eof else unpacker
    if unpacker is not None:
        raise EOFError("the packed file is cut short")


def fitting(name: str, value: str) -> str:
    """Return the value when it fits where `name` is stored.

    :raises BadLine: it is too long; nothing is cut silently.
    """
    limit = LIMITS.get(name, LINE_LIMIT)
    if len(value) > limit:
        raise BadLine(f"{name} has {len(value)} characters, at most {limit} can be stored")
    return value
