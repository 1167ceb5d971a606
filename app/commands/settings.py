"""`flask settings`: every setting with its variable, default and meaning."""

import dataclasses

import click
from flask.cli import with_appcontext

from config import INSTANCE, Development, Settings
from config.values import PREFIX


@click.command("settings")
@with_appcontext
def settings() -> None:
    """Print the tables of docs/configuration.md."""
    click.echo(settings_tables())


def settings_tables() -> str:
    """Return all settings in Markdown, a table for each section; secrets and machine paths are not printed."""
    fields = {field.name: field for field in dataclasses.fields(Development)}
    lines: list[str] = []
    for section in Settings.__bases__:
        lines += [f"## {section.__name__}", f"{section.__doc__}", ""]
        lines += ["| Variable | Default | Unit | Meaning |", "|---|---|---|---|"]
        for name in section.__annotations__:
            meta = fields[name].metadata
            lines.append(f"| `{PREFIX}{name}` | {_shown(fields[name])} | {meta['unit']} | {meta['meaning']} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def _shown(field: "dataclasses.Field[object]") -> str:
    if field.metadata["secret"]:
        return "required in production" if field.metadata["required"] else ""
    value = field.default
    shown = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{shown.replace(str(INSTANCE), 'instance')}`" if shown else ""
