"""Reads files that list books, batch by batch; a long one in a second process, while this one stores what was read."""

import gc
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from app.catalogues import csv_books, marc, openlibrary_dump
from app.catalogues.dump_names import DumpNames
from app.catalogues.list_files import ListFile, ListLine, UnreadableFile

BATCH = 2500
LONG = 2_000_000
"""From so many bytes on a second process is worth its start."""


class ReadingFailed(Exception):
    """The second process has ended before its time."""


class Batch(NamedTuple):
    """Some lines, and how many bytes of the file on disk were read for them and all before."""

    lines: list[ListLine]
    position: int


@dataclass(frozen=True)
class Reading:
    """One way through a file: its names or its books, behind line `start`; `encoding` may be "", to be found out."""

    path: Path
    kind: str
    phase: str
    source: str
    encoding: str
    start: int

    def batches(self, names: DumpNames) -> Iterator[Batch]:
        """Yield what can be read; the names go into `names`.

        :raises UnreadableFile: the file breaks off; what was read before has been yielded.
        """
        with ListFile(self.path) as file:
            for lines in _batches(self._lines(file, names)):
                yield Batch(lines, file.position)

    def book_batches(self, names: DumpNames, names_path: Path) -> Iterator[Batch]:
        """Yield as `batches` does, a long file from another process, which finds the names in the file `names_path`.

        :raises ReadingFailed: that process has ended before its time.
        """
        if self.path.stat().st_size < LONG or (os.cpu_count() or 1) < 2:
            return self.batches(names)
        return self._batches_from_elsewhere(names_path)

    def _lines(self, file: ListFile, names: DumpNames) -> Iterator[ListLine]:
        encoding = self.encoding or None
        if self.kind == "openlibrary":
            read = openlibrary_dump.read_names if self.phase == "names" else openlibrary_dump.read_editions
            return read(file.lines(), names, self.start)
        if self.kind == "marc":
            return marc.read_books(file.lines(end=marc.RECORD_END), self.source, encoding, self.start)
        return csv_books.read_books(file.lines(), self.source, encoding, self.start)

    def _batches_from_elsewhere(self, names_path: Path) -> Iterator[Batch]:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe(duplex=False)
        process = spawn.Process(target=_send_all, args=(self, names_path, theirs), daemon=True)
        with closing(ours):  # a process that nobody listens to any more ends by itself
            process.start()
            theirs.close()
            try:
                while isinstance(received := ours.recv(), Batch):
                    yield received
            except (EOFError, OSError):  # between two batches, or within one
                raise ReadingFailed(f"the process that reads {self.path} has ended") from None
        process.join()
        if received is not None:
            raise UnreadableFile(received)


def spare_the_collector() -> None:
    """Let it look at less, for the rest of a process that only imports.

    What the start made is no garbage, and batches are held in full anyway.
    """
    gc.freeze()
    gc.set_threshold(20_000)


def _send_all(reading: Reading, names_path: Path, pipe: Connection) -> None:
    # Ctrl-C reaches both processes: the one that stores decides, and this one ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spare_the_collector()
    try:
        with closing(sqlite3.connect(f"{names_path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for batch in reading.batches(DumpNames(connection)):
                pipe.send(batch)
        pipe.send(None)
    except UnreadableFile as error:
        pipe.send(str(error))
    except BrokenPipeError:
        return


def _batches(lines: Iterable[ListLine]) -> Iterator[list[ListLine]]:
    """The lines by `BATCH`; what was read before a file breaks off is kept."""
    batch: list[ListLine] = []
    try:
        for line in lines:
            batch.append(line)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except UnreadableFile:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
