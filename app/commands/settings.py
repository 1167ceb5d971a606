"""`flask settings`: every setting with its variable, default and meaning."""

import dataclasses

import click
from flask.cli import with_appcontext

from config import Development
from config.settings import INSTANCE
from config.values import PREFIX


@click.command("settings")
@with_appcontext
def settings() -> None:
    """Print the table of docs/configuration.md."""
    click.echo(settings_table())


def settings_table() -> str:
    """Return all settings as a Markdown table; secrets and machine paths are not printed."""
    rows = ["| Variable | Default | Unit | Meaning |", "|---|---|---|---|"]
    for field in dataclasses.fields(Development):
        meta = field.metadata
        rows.append(f"| `{PREFIX}{field.name}` | {_shown(field)} | {meta['unit']} | {meta['meaning']} |")
    return "\n".join(rows)


def _shown(field: "dataclasses.Field[object]") -> str:
    if field.metadata["secret"]:
        return "required in production" if field.metadata["required"] else ""
    value = field.default
    shown = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{shown.replace(str(INSTANCE), 'instance')}`" if shown else ""
