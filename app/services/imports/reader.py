"""Reading an import's files in batches, in a second process while the first one stores them."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from app.catalogues.base import BookRecord
from app.catalogues.files import csv_books, marc, openlibrary_dump
from app.catalogues.files.dump_names import DumpNames
from app.catalogues.files.list_files import BookLine, ListFile, ListLine, UnreadableFile
from app.catalogues.files.tables import Table, find_table
from app.models.work import Marks, marks_of

BATCH = 5_000
BATCH_BYTES = 16_000_000
"""Unpacked; longer lines make smaller batches, because both processes hold a batch in memory."""
MANY_BYTES = 2_000_000
"""Smallest file for which starting a second process pays off."""


class FilePass(NamedTuple):
    """One pass over a file: for its names, or for its books; `fault` says why it cannot be read."""

    path: Path
    kind: str
    is_for_names: bool
    table: Table | None = None
    fault: str = ""


class UnwantedLine(NamedTuple):
    """A line with books that are not wanted."""

    number: int


ReadLine = ListLine | UnwantedLine


class Batch(NamedTuple):
    """Consecutive lines, and the position in the file after them, in bytes."""

    lines: list[ReadLine]
    work_marks: list[list[Marks]]
    """Those of the records of each line with books: here they are computed while other books are stored."""
    position: int


@dataclass(frozen=True)
class ListReader:
    """Reads files; all names of a dump are stored in the file `names` before the first of them is looked up."""

    names: Path
    source: str
    encoding: str | None
    is_wanted: Callable[[BookLine], bool]

    def batches(self, step: FilePass, start: int) -> Iterator[Batch]:
        """Yield the batches after line `start`.

        :raises UnreadableFile: the file is damaged or cut off; what was read before has been yielded.
        """
        if step.fault:
            raise UnreadableFile(step.fault)
        is_small = step.path.stat().st_size < MANY_BYTES
        if step.is_for_names or is_small or (os.cpu_count() or 1) < 2:
            return self._read_here(step, start)
        return _read_elsewhere(self._read_here(step, start))

    def _read_here(self, step: FilePass, start: int) -> Iterator[Batch]:
        with ListFile(step.path) as file, closing(DumpNames(self.names)) as names:
            for lines in _in_batches(file, self._wanted(self._lines(file, step, names, start))):
                names.commit()
                marks = [list(map(_marks_of, line.records)) for line in lines if isinstance(line, BookLine)]
                yield Batch(lines, marks, file.position)

    def _wanted(self, lines: Iterable[ListLine]) -> Iterator[ReadLine]:
        for line in lines:
            is_wanted = not isinstance(line, BookLine) or self.is_wanted(line)
            yield line if is_wanted else UnwantedLine(line.number)

    def _lines(self, file: ListFile, step: FilePass, names: DumpNames, start: int) -> Iterator[ListLine]:
        if step.kind == "openlibrary":
            read = openlibrary_dump.read_names if step.is_for_names else openlibrary_dump.read_editions
            return read(file.lines(), names, start)
        if step.kind == "marc":
            return marc.read_books(file.lines(end=marc.RECORD_END), self.source, self.encoding, start)
        if step.kind == "marcxml":
            return marc.read_xml(file, self.source, self.encoding, start)
        if step.kind == "marcjson":
            return marc.read_json(file, self.source, self.encoding, start)
        if step.kind == "mrk":
            return marc.read_mnemonic(file.lines(), self.source, self.encoding, start)
        return csv_books.read_books(file, step.table or find_table(step.path, step.kind), self.source, start)


def _marks_of(record: BookRecord) -> Marks:
    return marks_of(record._asdict())


def _in_batches(file: ListFile, lines: Iterable[ReadLine]) -> Iterator[list[ReadLine]]:
    """Yield the lines in batches of `BATCH` lines or `BATCH_BYTES`; those before a fault in the file are not lost."""
    batch: list[ReadLine] = []
    before = file.unpacked
    try:
        for line in lines:
            batch.append(line)
            if len(batch) == BATCH or file.unpacked - before > BATCH_BYTES:
                yield batch
                batch, before = [], file.unpacked
    except UnreadableFile:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _read_elsewhere(batches: Iterator[Batch]) -> Iterator[Batch]:
    # Forked, not spawned: importing the application again would take longer than reading many files.
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_send_all, args=(batches, ours, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        while isinstance(received := _receive(ours), Batch):
            yield received
    finally:
        ours.close()
        process.terminate()
        process.join()
    if received:
        raise UnreadableFile(received)


def _receive(pipe: Connection) -> Batch | str:
    """Return a batch, or why there are no more of them: "" at the end of the file."""
    try:
        received: Batch | str = pipe.recv()
    except (EOFError, OSError):  # at the end of a message, or within it
        return "the process that reads it has ended"
    return received


def _send_all(batches: Iterator[Batch], ours: Connection, theirs: Connection) -> None:
    """Run in the second process, without using database connections that were open before the fork."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the first process, which ends this one
    ours.close()
    with suppress(BrokenPipeError):
        try:
            for batch in batches:
                theirs.send(batch)
        except UnreadableFile as error:
            theirs.send(str(error))
        else:
            theirs.send("")
