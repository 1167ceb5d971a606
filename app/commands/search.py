"""`flask search …`: build the index, update it, compare it with the books."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext

from app.commands.group import SiteGroup
from app.search.check import check_index
from app.search.extension import site_search
from app.search.statistics import read_statistics
from app.search.write.build import BuildFailed, BuildResult, Progress
from app.search.write.build import build_index as build_new_index
from app.search.write.lock import IndexBusy
from app.search.write.update import RebuildNeeded, refresh_index

search = SiteGroup("search", help="Build and check the search index.")
_WAIT = 30


@search.command("build")
@with_appcontext
def build() -> None:
    """Rebuild the index; meanwhile searches use the old one."""
    _print_result(_patiently(lambda: build_new_index(site_search().path, site_search().source, _ProgressLine())))


@search.command("update")
@with_appcontext
def update() -> None:
    """Apply the changes since the last update; build the index if it is missing or of another version."""
    _print_result(_patiently(lambda: refresh_index(site_search().path, site_search().source, _ProgressLine())))


@search.command("check")
@click.option("--mend", is_flag=True, help="Index the differing books anew.")
@with_appcontext
def check(mend: bool) -> None:
    """Compare the index with the book table; exits with 1 if they differ."""
    try:
        found = _patiently(lambda: check_index(site_search().path, site_search().source, mend=mend))
    except RebuildNeeded as reason:
        _fail(f"{reason}; `flask search build` makes a new one")
    for name, ids in (("missing or different", found.wrong), ("no longer there", found.extra)):
        if ids:
            shown = ", ".join(map(str, ids[:20])) + (" …" if len(ids) > 20 else "")
            click.echo(f"{len(ids)} books {name}: {shown}")
    if found.text:
        click.echo(f"{found.text}; `flask search build` makes a new index")
    if found:
        _fail("mended" if mend and not found.text else "the index differs from the books")
    click.echo("the index agrees with the books")


@search.command("stats")
@with_appcontext
def stats() -> None:
    """Print statistics of the index."""
    place = site_search()
    said = read_statistics(place.path, place.index, place.source)
    facts = {"state": str(place.index.state()), "file": str(place.path)}
    if said:
        facts |= {
            "size": f"{said.size / 1_000_000:.1f} MB",
            "books": f"{said.books:,} of {said.all_books:,}",
            "words": f"{said.words:,}",
            "built": datetime.fromtimestamp(said.built_at, UTC).isoformat(),
            "normaliser": said.normaliser,
            "changes waiting": f"{said.waiting:,}",
        }
    for name, value in facts.items():
        click.echo(f"{name:<16} {value}")


def _patiently(action: Callable[[], Any]) -> Any:
    """Run an action; if another process is writing the index, wait for it for a while."""
    end = time.monotonic() + _WAIT
    while True:
        try:
            return action()
        except IndexBusy as error:
            if time.monotonic() > end:
                _fail(f"{error}; try again later")
            time.sleep(0.2)
        except BuildFailed as error:
            _fail(str(error))


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


def _print_result(result: BuildResult | int) -> None:
    if isinstance(result, BuildResult):
        size = result.size / 1_000_000
        click.echo(f"{result.books:,} books indexed in {result.seconds:.1f} s, {size:.1f} MB")
    else:
        click.echo(f"{result} changes applied")


class _ProgressLine:
    """Prints the progress of a long build, at most once in two seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 2

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + 2
            click.echo(
                f"{progress.step}: {progress.done:,} of {progress.total:,} books, "
                f"{progress.per_second:,.0f} a second, {progress.seconds_left:.0f} s left"
            )
