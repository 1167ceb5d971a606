"""`flask areas …`: the areas that readers choose from."""

import click

from app.commands.group import SiteGroup
from app.services.account.area_table import load_areas

areas = SiteGroup("areas", help="The areas that readers choose from.")


@areas.command("load")
def load() -> None:
    """Bring the areas to those that come with this version; a second time it changes nothing."""
    loaded = load_areas()
    click.echo(f"{loaded.added} areas added, {loaded.changed} changed, {loaded.hidden} hidden")
