"""Importing and exporting lists of books, and loading the starter books."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app
from sqlalchemy import select

from app.catalogues.base import BookRecord
from app.catalogues.files import csv_books
from app.catalogues.files.list_files import (
    TABLES,
    BookLine,
    ListFile,
    PassedLine,
    RejectedLine,
    UnreadableFile,
    UnsuitableFile,
)
from app.catalogues.files.tables import find_table
from app.catalogues.text.spoilt import repaired, spoilt_part
from app.models.base import db
from app.models.book import Book
from app.models.work import Marks
from app.services.imports.bulk_store import MOST_AT_ONCE, expect_many, preview_in_bulk, store_in_bulk
from app.services.imports.checkpoint import ImportState
from app.services.imports.reader import Batch, FilePass, ListReader, UnwantedLine
from app.services.imports.reject_file import RejectFile

SOURCE = "import"
EXPORTED_AT_ONCE = 2_500


@dataclass(frozen=True)
class ImportOptions:
    """Which books of the files are wanted, and how the files are read; by default all, and detected by their content.

    `columns` are pairs of a field and the name of the column chosen for it. With `corrects`, the files overrule what is
    stored, for good; otherwise they only complete it.
    """

    languages: tuple[str, ...] = ()
    since: str = ""
    kind: str = ""
    encoding: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    source: str = SOURCE
    is_dry: bool = False
    corrects: bool = False


@dataclass
class ImportCounts:
    """What became of the lines; the first five add up to the lines read. `lacks_names` are some of the stored."""

    stored: int = 0
    unchanged: int = 0
    unwanted: int = 0
    without_book: int = 0
    rejected: int = 0
    lacks_names: int = 0
    repaired: dict[str, int] = field(default_factory=dict)
    """Records that could only be read against what they say of themselves, by what was done."""
    unreadable: dict[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """All lines read."""
        return self.stored + self.unchanged + self.unwanted + self.without_book + self.rejected


Watch = Callable[[int, ImportCounts], None]


def load_books(path: Path, source: str) -> ImportCounts:
    """Store the books of a short CSV file."""
    counts = ImportCounts()
    with ListFile(path) as file:
        read = csv_books.read_books(file, find_table(path, "csv"), source)
        lines = [line for line in read if isinstance(line, BookLine)]
    for is_news in store_in_bulk([line.records[0] for line in lines]):
        counts.stored += is_news
        counts.unchanged += not is_news
    return counts


def import_files(
    paths: list[Path], steps: list[FilePass], options: ImportOptions, rejects: Path, watch: Watch
) -> ImportCounts:
    """Run the planned passes; `watch` is called with the bytes read since its last call, and the counts so far.

    A run that was stopped continues where it was when it is called with the same files and options.

    :raises ImportRunning: another process imports the same files.
    """
    if options.is_dry:
        with TemporaryDirectory() as folder:
            return _Import(paths, options, rejects, Path(folder)).run(steps, watch)
    return _Import(paths, options, rejects, Path(current_app.config["IMPORTS_PATH"])).run(steps, watch)


def count_bytes(steps: list[FilePass]) -> int:
    """Return how many bytes the passes read; a dump is read twice."""
    return sum(step.path.stat().st_size for step in steps)


def plan_import(paths: list[Path], options: ImportOptions) -> list[FilePass]:
    """Detect the kind of each file and plan passes, names before books, so that files may be given in any order.

    :raises UnreadableFile: a file cannot be opened.
    """
    steps = [_plan_file(path, options) for path in paths]
    names = [step._replace(is_for_names=True) for step in steps if step.kind == "openlibrary"]
    return names + steps


def _plan_file(path: Path, options: ImportOptions) -> FilePass:
    try:
        with ListFile(path) as file:
            kind = options.kind or file.find_kind()
    except UnsuitableFile as error:
        return FilePass(path, "csv", is_for_names=False, fault=str(error))
    except UnreadableFile as error:
        raise UnreadableFile(f"{path}: {error}") from error
    if kind not in TABLES:
        return FilePass(path, kind, is_for_names=False)
    try:
        table = find_table(path, kind, options.encoding, dict(options.columns))
    except UnreadableFile as error:
        return FilePass(path, kind, is_for_names=False, fault=str(error))
    return FilePass(path, kind, is_for_names=False, table=table)


class _Import:
    """One run over the files."""

    def __init__(self, paths: list[Path], options: ImportOptions, rejects: Path, folder: Path) -> None:
        self._options = options
        self._state = ImportState(folder, paths, asdict(options))
        self._counts = ImportCounts(**self._state.get("counts") or {})
        self._rejects = RejectFile(rejects, self._state.get("rejects") or 0)
        self._reader = ListReader(self._state.names, options.source, options.encoding or None, self._is_wanted)

    def run(self, steps: list[FilePass], watch: Watch) -> ImportCounts:
        expect_many()
        try:
            for step in steps:
                self._take_file(step, watch)
        except BaseException:
            self._state.close()
            raise
        self._state.finish()
        return self._counts

    def _take_file(self, step: FilePass, watch: Watch) -> None:
        mark = f"{'names' if step.is_for_names else 'books'} {step.path}"
        seen = 0
        try:
            for batch in self._reader.batches(step, self._state.get(mark) or 0):
                self._take(step.path, batch)
                self._rejects.flush()
                counts = asdict(self._counts)
                self._state.save(**{mark: batch.lines[-1].number, "counts": counts, "rejects": self._rejects.size})
                watch(batch.position - seen, self._counts)
                seen = batch.position
        except UnreadableFile as error:
            self._counts.unreadable[str(step.path)] = str(error)

    def _take(self, path: Path, batch: Batch) -> None:
        counts, work_marks = self._counts, iter(batch.work_marks)
        wanted: list[tuple[BookLine, list[Marks]]] = []
        for line in batch.lines:
            if isinstance(line, RejectedLine):
                counts.rejected += 1
                self._rejects.add(path, line)
            elif isinstance(line, PassedLine):
                counts.without_book += not line.elsewhere
            elif isinstance(line, UnwantedLine):
                counts.unwanted += 1
            elif (marks := next(work_marks)) and (spoilt := spoilt_part(line.records[0])):
                counts.rejected += 1
                self._rejects.add(path, RejectedLine(line.number, _told_spoilt(*spoilt)))
            else:
                wanted.append((line, marks))
                if line.repair:
                    counts.repaired[line.repair] = counts.repaired.get(line.repair, 0) + 1
        if wanted:
            self._store(wanted)

    def _is_wanted(self, line: BookLine) -> bool:
        languages, since = self._options.languages, self._options.since
        if languages and line.records[0].language not in languages:
            return False
        return not (since and line.changed and line.changed < since)

    def _store(self, lines: list[tuple[BookLine, list[Marks]]]) -> None:
        records = [record for line, _ in lines for record in line.records]
        work_marks = [marks for _, of_line in lines for marks in of_line]
        parts = (slice(start, start + MOST_AT_ONCE) for start in range(0, len(records), MOST_AT_ONCE))
        is_news = chain.from_iterable(self._merge(records[part], work_marks[part]) for part in parts)
        for line, _ in lines:
            if any(list(islice(is_news, len(line.records)))):
                self._counts.stored += 1
                self._counts.lacks_names += line.lacks_names
            else:
                self._counts.unchanged += 1

    def _merge(self, records: list[BookRecord], work_marks: list[Marks]) -> list[bool]:
        if self._options.is_dry:
            return preview_in_bulk(records, self._options.corrects)
        return store_in_bulk(records, self._options.corrects, work_marks)


def _told_spoilt(field: str, text: str) -> str:
    before = repaired(text)
    meant = f", which may have been {before[:80]!r}" if before else ""
    return f"{field} reads {text[:80]!r}{meant}: a wrong encoding has spoilt the file; mend it where it comes from"


def export_books() -> Iterator[Book]:
    """Yield every book, oldest first, in constant memory."""
    yield from db.session.scalars(select(Book).order_by(Book.id).execution_options(yield_per=EXPORTED_AT_ONCE))
