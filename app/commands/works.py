"""`flask works …`: which editions are one work."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from app.commands.group import SiteGroup, go_on_with
from app.models.work import KEYED, edition_of
from app.rules.book.refusals import NothingToSplit, OneWorkAlready, UndoneAlready, UnknownBook
from app.rules.book.work_key import work_keys
from app.rules.clock import iso_time
from app.rules.refusal import Refusal
from app.services.book.editions import list_editions_of_work
from app.services.book.placing import get_book, join_editions, split_editions, undo_act
from app.services.book.work_log import list_acts
from app.services.book.works import count_outdated, place_outdated
from app.services.errors import NotFound

works = SiteGroup("works", help="Which editions are one work. BOOK is an ISBN or a local number.")
REFUSED = {
    OneWorkAlready: "they are editions of one work already",
    NothingToSplit: "these are not some, but not all, of the editions of one work",
    UndoneAlready: "this act has been undone already",
    NotFound: "there is no such act",
}


@contextmanager
def _said() -> Iterator[None]:
    """Print a refusal, and end with exit code 1."""
    try:
        yield
    except UnknownBook as refusal:
        click.echo(f"there is no book {refusal.number}", err=True)
        sys.exit(1)
    except (Refusal, NotFound) as refusal:
        click.echo(REFUSED[type(refusal)], err=True)
        sys.exit(1)


@works.command("place")
def place() -> None:
    """Find the works of the books that older rules placed, at once; the jobs do the same little by little."""
    click.echo(f"{go_on_with(place_outdated, count_outdated(), 'placing')} books placed")


@works.command("key")
@click.argument("book")
def key(book: str) -> None:
    """Print the work of a book, who placed it there, its keys by the rules, and the editions of the work."""
    with _said():
        found = get_book(book)
    click.echo(f"work {found.work_id}, placed by: {found.placed_by}")
    for work_key in work_keys(edition_of({name: getattr(found, name) for name in KEYED})):
        click.echo(f"key\t{work_key.kind}\t{work_key.text}")
    for edition in list_editions_of_work(found.work_id, found.language):
        facts = [edition.title, edition.publisher, edition.year or "", edition.language]
        click.echo("\t".join(["edition", edition.number, *map(str, facts)]))


@works.command("join")
@click.argument("books", metavar="BOOK BOOK...", nargs=-1, required=True)
def join(books: Sequence[str]) -> None:
    """Make one work of the works of these books: that of the first stays."""
    if len(books) < 2:
        raise click.UsageError("name two books or more")
    with _said():
        by_work = {get_book(book).work_id: book for book in books}
        for other in list(by_work.values())[1:] or books[1:2]:
            work_id = join_editions(books[0], other)
    click.echo(f"joined: work {work_id}")


@works.command("split")
@click.argument("books", metavar="BOOK...", nargs=-1, required=True)
def split(books: Sequence[str]) -> None:
    """Make a work of their own of some of the editions of a work."""
    with _said():
        work_id = split_editions(books)
    click.echo(f"split off: work {work_id}")


@works.command("log")
def log() -> None:
    """Print the latest acts: number, time, what, by whom, how many editions, their titles, and when it was undone."""
    for act in list_acts():
        undone = f"undone {iso_time(act.undone_at)}" if act.undone_at else ""
        by, titles = act.nickname or "-", " / ".join(act.titles)
        click.echo("\t".join([str(act.id), iso_time(act.time) or "", act.kind, by, str(act.editions), titles, undone]))


@works.command("undo")
@click.argument("act", type=int)
def undo(act: int) -> None:
    """Undo an act, by its number in the log."""
    with _said():
        undo_act(act)
    click.echo("undone")
