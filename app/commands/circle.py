"""`flask circle …`: circles, for operators."""

import sys
from typing import NoReturn

import click
from werkzeug.datastructures import MultiDict

from app.commands.group import SiteGroup
from app.forms.circle import FoundForm
from app.models.base import now
from app.rules.circle.circle import Door
from app.rules.refusal import Refusal
from app.services.account.administration import get_reader
from app.services.circle.directory import find_circle_id, list_all, list_members
from app.services.circle.founding import found

circle = SiteGroup("circle", help="Circles of readers, each with a shelf of its own.")
A_PAGE = 500
REFUSED = {
    "NoSuchReader": "there is no such reader",
    "EmailNotConfirmed": "the reader has not confirmed the address",
    "Limited": "the reader is limited at present",
    "TooManyFounded": "the reader looks after enough circles already",
    "TooManyCircles": "the reader is in enough circles already",
    "LinksNotYet": "a new reader can write no link or phone number there",
}


@circle.command("new")
@click.argument("name")
@click.argument("steward", metavar="READER")
@click.option("--about", default="", help="What it is about.")
@click.option("--door", type=click.Choice([door.value for door in Door]), default=Door.ASK.value, show_default=True)
def new(name: str, steward: str, about: str, door: str) -> None:
    """Found a circle that READER (a number, an e-mail address or a nickname) looks after; print its path."""
    form = FoundForm(MultiDict({"name": name, "about": about, "door": door}), meta={"csrf": False})
    if not form.validate():
        _fail("; ".join(f"{field}: {' '.join(map(str, errors))}" for field, errors in form.errors.items()))
    try:
        slug = found(get_reader(steward).id, form.name.data, form.about.data, Door(form.door.data), now())
    except Refusal as refusal:
        _fail(REFUSED[type(refusal).__name__])
    click.echo(f"/circle/{slug}")


@circle.command("list")
def list_circles() -> None:
    """Print all circles: what stands in the address, name, door, members, and `listed` or `not listed`."""
    for row in list_all():
        click.echo(f"{row.slug}\t{row.name}\t{row.door}\t{row.members}\t{'listed' if row.listed else 'not listed'}")


@circle.command("members")
@click.argument("slug")
def members(slug: str) -> None:
    """Print the members of a circle, by what stands in its address: number, nickname, role."""
    circle_id = find_circle_id(slug)
    if circle_id is None:
        _fail("there is no such circle")
    page, pages = 0, 1
    while page < pages:
        found_page = list_members(circle_id, page := page + 1, A_PAGE)
        pages = found_page.pages
        for member in found_page.rows:
            click.echo(f"{member.id}\t{member.nickname}\t{'steward' if member.is_steward else 'member'}")


def _fail(fault: str) -> NoReturn:
    click.echo(fault, err=True)
    sys.exit(1)
