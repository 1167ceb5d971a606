"""`flask books shelve`: put books on the shelves on which readers look for them."""

import click

from app.commands.books_mend import books as books
from app.commands.group import go_on_with
from app.services.book.shelving import count_unshelved, shelve_outdated


@books.command("shelve")
def shelve() -> None:
    """Put the books that are new, or that older rules placed, on their shelves at once; the jobs do it by and by."""
    click.echo(f"{go_on_with(shelve_outdated, count_unshelved(), 'shelving')} books shelved")
