"""`flask books …`: load and save lists of books, and query the outside catalogues."""

import csv
import gc
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.exc import OperationalError

from app.catalogues.base import BookRecord, Hits
from app.catalogues.files.cells import COLUMNS, safe_cell
from app.catalogues.files.columns import FIELDS
from app.catalogues.files.encodings import is_codec
from app.catalogues.files.list_files import KINDS, UnreadableFile
from app.catalogues.text.cleaning import clean_language
from app.commands.group import SiteGroup
from app.services.book import lookup
from app.services.book.shelving import shelve_outdated
from app.services.book.unused import remove_unused
from app.services.imports import run as library
from app.services.imports.checkpoint import ImportRunning
from app.services.imports.reader import FilePass
from app.services.imports.run import ImportCounts, ImportOptions
from app.services.site.database import is_migrated, is_reachable

STARTER_BOOKS = Path(__file__).parent.parent / "catalogues" / "starter_books.csv"
REJECTED, UNREADABLE, STOPPED = 1, 2, 130  # exit codes; the last is the shell's for Ctrl-C

ExistingFile = click.Path(exists=True, dir_okay=False, path_type=Path)
NewFile = click.Path(dir_okay=False, writable=True, path_type=Path)

books = SiteGroup("books", help="Load and save lists of books, ask the outside catalogues.")


@books.command("starter")
@click.option("--remove", "is_removing", is_flag=True, help="Remove those that no reader has listed or wished for.")
def load_starter_books(is_removing: bool) -> None:
    """Load the starter books of a new site, or remove them."""
    if is_removing:
        removed, kept = remove_unused("starter")
        click.echo(f"{removed} removed, {kept} stay, because readers use them or somebody has corrected them")
        return
    counts = library.load_books(STARTER_BOOKS, source="starter")
    while shelve_outdated():
        pass
    click.echo(f"{counts.stored} stored, {counts.unchanged} already there")


def _languages(_context: click.Context, _option: click.Parameter, codes: tuple[str, ...]) -> tuple[str, ...]:
    known = {code: clean_language(code) for code in codes}
    for code in (code for code, language in known.items() if not language):
        raise click.BadParameter(f"{code} is no language that is known here (ISO 639, such as zh or chi)")
    return tuple(sorted(set(known.values())))


def _encoding(_context: click.Context, _option: click.Parameter, name: str | None) -> str:
    if name and not is_codec(name):
        raise click.BadParameter(f"{name} is no encoding that Python knows, such as utf-8, latin-1, cp1251 or big5")
    return name or ""


def _columns(_context: click.Context, _option: click.Parameter, pairs: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    chosen = [(field.strip().lower(), name.strip()) for field, _, name in (pair.partition("=") for pair in pairs)]
    for field, name in chosen:
        if field not in FIELDS or not name:
            raise click.BadParameter(f"{field}={name}: write FIELD=COLUMN; the fields are {', '.join(FIELDS)}")
    return tuple(chosen)


@books.command("import")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=ExistingFile)
@click.option(
    "--language", "languages", multiple=True, metavar="CODE", callback=_languages,
    help="Only books in this language, such as zh or chi; may be given several times.",
)  # fmt: skip
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only lines changed on this day or later.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Read and count everything, store nothing.")
@click.option("--corrects", is_flag=True, help="What the files say replaces what is stored, for good.")
@click.option("--rejects", type=NewFile, help="Where rejected lines are named [FILE.rejected.tsv].")
@click.option("--format", "kind", type=click.Choice(KINDS), default=None, help="When the content does not tell.")
@click.option(
    "--encoding", metavar="NAME", callback=_encoding, help="Of CSV and MARC, such as latin-1, gb18030 or big5."
)
@click.option(
    "--map", "columns", multiple=True, metavar="FIELD=COLUMN", callback=_columns,
    help="Read this column of a table as isbn, title, authors …; may be given several times.",
)  # fmt: skip
def import_files(
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    since: datetime | None,
    is_dry: bool,
    corrects: bool,
    rejects: Path | None,
    kind: str | None,
    encoding: str,
    columns: tuple[tuple[str, str], ...],
) -> None:
    """Store the books of Open Library dumps, tables (CSV, XLSX, JSON) or MARC files, gzipped or not.

    Exits with 0 when every line was accepted, with 1 when lines were rejected, with 2 when a file could not be read.
    """
    options = ImportOptions(
        languages=languages,
        since=f"{since:%Y-%m-%d}" if since else "",
        kind=kind or "",
        encoding=encoding,
        columns=columns,
        is_dry=is_dry,
        corrects=corrects,
    )
    files = list(dict.fromkeys(paths))
    rejects = rejects or Path(f"{files[0]}.rejected.tsv")
    if rejects.exists() and any(map(rejects.samefile, files)):
        raise click.UsageError(f"{rejects} would be overwritten by the rejected lines")
    counts = _import(files, options, rejects)
    _print_counts(counts, rejects, is_dry)
    sys.exit(UNREADABLE if counts.unreadable else REJECTED if counts.rejected else 0)


def _import(files: list[Path], options: ImportOptions, rejects: Path) -> ImportCounts:
    gc.freeze()  # what exists by now is no garbage, and need not be scanned again and again
    gc.set_threshold(500_000)  # a batch is kept whole in memory anyway, and has no cycles
    try:
        steps = library.plan_import(files, options)
        _print_columns(steps)
        size = library.count_bytes(steps)
        with click.progressbar(length=size, label="importing", item_show_func=str, file=sys.stderr) as bar:
            return library.import_files(files, steps, options, rejects, _watch_with(bar.update))
    except UnreadableFile as error:
        click.echo(f"can not read {error}", err=True)
        sys.exit(UNREADABLE)
    except (OSError, sqlite3.Error) as error:  # a full disk, a folder that cannot be written
        _break_off(error)
    except OperationalError as error:
        if not (is_reachable() and is_migrated()):
            raise
        _break_off(error.orig)
    except ImportRunning:
        click.echo("these files are being imported by another process", err=True)
        sys.exit(UNREADABLE)
    except KeyboardInterrupt:
        click.echo("\nstopped; the same command goes on from here", err=True)
        sys.exit(STOPPED)


def _print_columns(steps: list[FilePass]) -> None:
    """Print how each table is read, and which of its columns are ignored."""
    for table in (step.table for step in steps if step.table):
        columns = table.columns
        used = (
            f"{field} from {', '.join(columns.header[at] for at in at_all)}" for field, at_all in columns.used.items()
        )
        click.echo(
            f"{table.path} ({table.encoding if table.kind == 'csv' else table.kind}): {'; '.join(used)}", err=True
        )
        if columns.unused:
            click.echo(f"{table.path}: not read: {', '.join(columns.unused)}", err=True)
        if table.unread:
            names = ", ".join(table.unread)
            click.echo(f"{table.path}: only sheet {table.sheet} is read: save {names} as files of their own", err=True)
        if table.has_lost_zeros:
            click.echo(f"{table.path}: numbers that have lost their leading zeros get them back", err=True)


def _break_off(reason: BaseException | None) -> NoReturn:
    click.echo(f"\nbroken off: {reason}; the same command goes on from here", err=True)
    sys.exit(UNREADABLE)


def _watch_with(update: Callable[[int, str], None]) -> library.Watch:
    """Show the bytes read as a progress bar with the time left, and the lines per second beside it."""
    began, before = time.monotonic(), -1

    def watch(step: int, counts: ImportCounts) -> None:
        nonlocal before
        before = counts.lines if before < 0 else before
        rate = (counts.lines - before) / max(time.monotonic() - began, 0.001)
        update(step, f"{counts.lines:,} lines, {rate:,.0f}/s")

    return watch


def _print_counts(counts: ImportCounts, rejects: Path, is_dry: bool) -> None:
    stored = "would be stored" if is_dry else "stored"
    click.echo(
        f"{counts.lines} lines: {counts.stored} {stored}, {counts.unchanged} already there, "
        f"{counts.unwanted} not wanted, {counts.without_book} without a book, {counts.rejected} rejected"
    )
    if counts.lacks_names:
        click.echo(f"{counts.lacks_names} books name an author that none of the files describes")
    for repair, number in sorted(counts.repaired.items(), key=lambda item: -item[1]):
        click.echo(f"{number} records {repair}")
    if counts.rejected:
        click.echo(f"the rejected lines are in {rejects}", err=True)
    for path, reason in counts.unreadable.items():
        click.echo(f"can not read {path}: {reason}", err=True)


@books.command("export")
@click.argument("path", metavar="[FILE]", type=click.Path(dir_okay=False, allow_dash=True, path_type=str), default="-")
def export_file(path: str) -> None:
    """Write all books as CSV that `import` can read; `-` is the standard output."""
    with click.open_file(path, "w", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for book in library.export_books():
            writer.writerow(safe_cell(_cell(getattr(book, name))) for name in ("isbn", *COLUMNS[1:]))


@books.command("lookup")
@click.argument("query", metavar="ISBN_OR_WORDS")
@click.option("--catalogue", metavar="NAME", help="Ask only this one of BOOK_CATALOGUES.")
def look_up(query: str, catalogue: str | None) -> None:
    """Print what each outside catalogue returns and how long it took; nothing is stored."""
    outcomes = lookup.compare_catalogues(query, catalogue)
    for outcome in outcomes:
        reason = f" ({outcome.error.reason})" if outcome.error else ""
        click.echo(f"{outcome.catalogue}: {outcome.word}{reason}, {outcome.seconds * 1000:.0f} ms")
        for line in _told(outcome.value):
            click.echo(f"  {line}")
    if not outcomes:
        names = ", ".join(lookup.list_catalogues()) or "none"
        click.echo(f"nobody was asked; the catalogues of this site: {names}", err=True)
        sys.exit(2)
    sys.exit(0 if any(outcome.error is None for outcome in outcomes) else 1)


@books.command("refresh")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1), help="Books asked for at most.")
def refresh(limit: int) -> None:
    """Fetch the books older than BOOK_REFRESH_DAYS again from the outside catalogues, the oldest first."""
    asked = 0

    def tell(asked_so_far: int, changed: int) -> None:
        nonlocal asked
        asked = asked_so_far
        click.echo(f"{asked} asked for, {changed} have more now", err=True)

    changed = lookup.refresh_books(limit, tell)
    click.echo(f"{asked} refreshed, {changed} have more now")


def _told(value: object) -> Iterator[str]:
    """Yield the fields of a record, or one line for each hit."""
    if isinstance(value, BookRecord):
        for name, said in value._asdict().items():
            if said:
                yield f"{name}: {_cell(list(said) if isinstance(said, tuple) else said)}"
    if isinstance(value, Hits):
        yield f"{value.total} in all"
        for record in (*value.records, *value.loose_hits):
            yield f"{record.isbn}  {record.title}  {'、'.join(record.authors)}"


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "|".join(value)
    return "" if value is None else str(value)
