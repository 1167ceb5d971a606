"""`flask books mend`: repair books that an import stored in a wrong encoding."""

import click

from app.commands.books import books as books
from app.services.imports import mending


@books.command("mend")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only tell what would be repaired.")
def mend(is_dry: bool) -> None:
    """Repair the books whose text was decoded in a wrong encoding, and list those that cannot be repaired.

    For those, import a correct file: it replaces the garbled text.
    """
    found = list(mending.find_spoilt())
    sure = [book for book in found if book.repaired]
    for book in found:
        after = book.repaired.get("title", book.title) if book.repaired else "can not be repaired"
        click.echo(f"{book.number}  {book.title} → {after}")
    if not is_dry:
        mending.mend(sure)
    done = "would be repaired" if is_dry else "repaired"
    click.echo(f"{len(sure)} {done}, {len(found) - len(sure)} can not be: import a file that is right")
