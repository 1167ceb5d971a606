"""`flask works …`: which editions are one work."""

import click

from app.commands.group import SiteGroup
from app.services.book.works import count_outdated, place_outdated

works = SiteGroup("works", help="Which editions are one work.")


@works.command("place")
def place() -> None:
    """Find the works of the books that older rules placed, at once; the jobs do the same little by little."""
    placed = 0
    with click.progressbar(length=count_outdated(), label="placing") as bar:
        while done := place_outdated():
            placed += done
            bar.update(done)
    click.echo(f"{placed} books placed")
