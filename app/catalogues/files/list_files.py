"""Files that list books: unpacked, read line by line with a bound, their kind and their faults named.

A fault of one line never ends the reading: every line becomes a `BookLine`, a `PassedLine` or a `RejectedLine`.
"""

import codecs
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
LIMITS = {
    "name": 250, "names": 1000, "pubdate": 40, "price": 60, "binding": 250, "summary": 100_000, "series_number": 32,
    "work_key": 32,
}  # fmt: skip
LINE_LIMIT = 5_000

LINE_END = b"\n"
KINDS = ("openlibrary", "csv", "json", "xlsx", "marc", "marcxml", "marcjson", "mrk")
TABLES = ("csv", "json", "xlsx")
_MARC_LEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?\d{5}[\x20-\x7e]{7}\d{5}[\x20-\x7e]{3}[\x20-\x7e]{4}(?:\d{3}|[A-Z]{3})\d{9}"
)
_MARC_LENGTH = re.compile(rb"(?:\xef\xbb\xbf)?\s*\d{5}")
_MARCXML = re.compile(
    rb"(?s)(?:\xef\xbb\xbf)?\s*<[?!a-zA-Z].{0,4000}?(?:loc\.gov/MARC21|<(?:\w+:)?(?:leader|controlfield|datafield)\b)"
)
_MNEMONIC = re.compile(rb"(?:\xef\xbb\xbf)?\s*=LDR  ")
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"\]}]")
_MARC_JSON = re.compile(rb'"fields"\s*:\s*\[\s*\{\s*"\w{3}"\s*:')
_SQL = rb"(?is)(?:--[^\n]*\n|/\*.*?\*/;?|\s)*(?:set |drop |create |insert |use |begin|pragma )[^,\n]*[;(\n]"
_OTHERS = (
    (rb"(?s)PK\x03\x04.{0,200}?mimetypeapplication/vnd\.oasis", "an OpenDocument table: save it as CSV"),
    (rb"(?s)PK\x03\x04.{0,200}?mimetypeapplication/epub", "an e-book and no list of books"),
    (rb"\xd0\xcf\x11\xe0", "an old Excel table (.xls) or a Word text: save it as .xlsx or CSV"),
    (rb"SQLite format 3\x00", "an SQLite database: write its table as CSV (sqlite3 -header -csv FILE 'SELECT …')"),
    (_SQL, "an SQL dump: load it into a database and write the table as CSV"),
    (rb"%PDF-", "a PDF: it has no columns to be read"),
    (rb"(?is)(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)", "a web page: save its table as CSV"),
    (rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|[A-Za-z][\w:.-]*[\s>/])", "XML, but not MARCXML: save it as CSV"),
    (rb"\s*@[A-Za-z]+\s*\{", "BibTeX: save it as CSV from your reference manager"),
    (rb"TY  - ", "RIS: save it as CSV from your reference manager"),
    (rb"PAR1", "a Parquet file: save it as CSV"),
    (rb"Rar!|7z\xbc\xaf|BZh|\xfd7zXZ", "a packed file: unpack it, or pack it with gzip"),
)  # fmt: skip
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
    repair: str = ""
    """What had to be repaired to read it, "" if nothing."""


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
    """The file as a whole, or from some line on, cannot be read."""


class UnsuitableFile(UnreadableFile):
    """The file is of a kind that is not read here; says of which, and what to do."""


class BadLine(Exception):
    """The reason why a line is rejected; for the readers of this folder."""


class ListFile:
    """A file read once from its start, unpacked when it is gzip.

    :raises UnreadableFile: it cannot be opened.
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
        head = self.peek()
        if _MARC_LEADER.match(head) or (_MARC_LENGTH.match(head) and b"\x1e" in head and b"\x1f" in head):
            return "marc"
        narrow = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")  # of UTF-16
        if _MARCXML.match(narrow):
            return "marcxml"
        if _MNEMONIC.match(head):
            return "mrk"
        if _DUMP_LINE.search(head):
            return "openlibrary"
        for shape, name in _OTHERS:
            if re.match(shape, head):
                raise UnsuitableFile(f"it is {name}")
        if head.startswith(b"PK\x03\x04"):
            return "xlsx"
        if _JSON.match(narrow):
            return "marcjson" if _MARC_JSON.search(narrow) else "json"
        return "csv"

    def peek(self) -> bytes:
        """Return the first bytes, which are read again by what follows."""
        try:
            head = next(self._chunks, b"")
        except _FAULTS as error:
            raise UnreadableFile(str(error)) from error
        self._chunks = chain([head], self._chunks)
        return head

    def read(self, most: int) -> bytes | None:
        """Return all that follows, None when it is more than `most` bytes."""
        parts: list[bytes] = []
        for chunk in self.chunks():
            if self.unpacked > most:
                return None
            parts.append(chunk)
        return b"".join(parts)

    def chunks(self) -> Iterator[bytes]:
        """Yield all that follows as it is read.

        :raises UnreadableFile: the disk fails or the packed file is cut short or damaged.
        """
        try:
            for chunk in self._chunks:
                self.unpacked += len(chunk)
                yield chunk
        except _FAULTS as error:
            raise UnreadableFile(str(error)) from error

    def recode(self, encoding: str) -> None:
        """Turn what follows into UTF-8, from an encoding of which the lines cannot be split as bytes."""
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._chunks = (text.encode("utf-8", "replace") for text in map(decoder.decode, self._chunks))

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
        raise BadLine(f"{name} has {len(value)} characters, at most {limit} can be stored: {value[:60]!r}…")
    return value
