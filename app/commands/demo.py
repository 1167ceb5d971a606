"""`flask demo`: fill a site with a year of made-up exchanges."""

import sys

import click

from app.commands.group import SiteGroup
from app.models.base import now
from app.services.bean.audit import audit_beans
from app.services.site.demo import PASSWORD, Size, fill_demo

demo = SiteGroup("demo", help="A site with made-up readers.")


@demo.command("fill")
@click.option("--readers", default=Size.readers, type=click.IntRange(5, 5000))
@click.option("--lists", default=Size.lists, type=click.IntRange(1, 50_000), help="Gifts and wishes together.")
@click.option("--drifts", default=Size.drifts, type=click.IntRange(1, 50_000))
@click.option("--days", default=Size.days, type=click.IntRange(20, 3650))
def fill(readers: int, lists: int, drifts: int, days: int) -> None:
    """Fill an empty site, and audit the beans afterwards."""
    filled = fill_demo(Size(readers, lists, drifts, days), now())
    if filled is None:
        click.echo("the site has readers already, or no books: nothing done")
        return
    states = ", ".join(f"{count} {state}" for state, count in filled.drifts.items())
    click.echo(f"{filled.readers} readers, {filled.gifts} gifts, {filled.wishes} wishes; drifts: {states}")
    faults = audit_beans().fault_count
    click.echo(f"audit: {faults} faults")
    click.echo(f"log in as reader1@example.org … reader{filled.readers}@example.org with the password {PASSWORD}")
    sys.exit(1 if faults else 0)
