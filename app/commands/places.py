"""`flask places …`: the places where readers leave books for each other."""

import csv
import sys
from typing import TextIO

import click
from werkzeug.datastructures import MultiDict

from app.commands.group import SiteGroup
from app.forms.place import PlaceForm
from app.rules.exchange.place import PlaceFacts
from app.services.account.area import find_area_by_name, is_area
from app.services.delivery.places import list_all_places, store_places

COLUMNS = ("name", "kind", "words", "opening", "area", "closed")
"""`area` is a path, or a name of which there is one; `closed` is 1 for a closed place."""
MOST_NAMED = 20

places = SiteGroup("places", help="The places where readers leave books for each other, as CSV files in UTF-8.")


@places.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def import_places(file: TextIO) -> None:
    """Add the places of a file, or change those known by area and name; all or none.

    A second time it changes nothing.
    """
    try:
        rows = csv.DictReader(file, strict=True)
        names = set(rows.fieldnames or ())
        if missing := set(COLUMNS) - {"closed"} - names:
            _fail([f"these columns are missing: {', '.join(sorted(missing))}"])
        if unknown := names - set(COLUMNS):
            _fail([f"these columns are not known: {', '.join(sorted(unknown))}; there are {', '.join(COLUMNS)}"])
        read = [(rows.line_num, *_read(row)) for row in rows]
    except (csv.Error, UnicodeDecodeError) as error:
        _fail([f"this is no CSV file in UTF-8: {error}"])
    if faults := [f"line {line}: {fault}" for line, _, fault in read if fault]:
        _fail(faults)
    added, changed = store_places([place for _, place, _ in read if place])
    click.echo(f"{added} places added, {changed} changed")


@places.command("export")
def export_places() -> None:
    """Print all places as such a file."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    for place in list_all_places():
        out.writerow([place.name, place.kind, place.words, place.opening, place.area, int(place.closed)])


def _read(row: dict[str | None, str]) -> tuple[tuple[PlaceFacts, bool | None] | None, str]:
    """Return a place and whether it is closed, None if that is not said; or None and what is wrong with it."""
    said = {name: row.get(name) or "" for name in COLUMNS}
    if None in row:
        return None, "it has more cells than there are columns: put texts with commas in quotes"
    form = PlaceForm(MultiDict(said), meta={"csrf": False})
    if not form.validate():
        return None, "; ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
    area = said["area"] if not said["area"] or is_area(said["area"]) else find_area_by_name(said["area"])
    if area is None:
        return None, f"area: there is not one area called {said['area']!r}"
    if said["closed"] not in ("", "0", "1"):
        return None, "closed: 1, 0 or nothing, please"
    return (form.facts(area), said["closed"] == "1" if said["closed"] else None), ""


def _fail(faults: list[str]) -> None:
    for fault in faults[:MOST_NAMED]:
        click.echo(fault, err=True)
    if len(faults) > MOST_NAMED:
        click.echo(f"{len(faults) - MOST_NAMED} more", err=True)
    sys.exit(1)
