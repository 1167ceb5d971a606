"""The command group that all our commands belong to, and a bar for those that take long."""

from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.services.site.database import PREPARE, is_migrated, is_reachable


class SiteGroup(AppGroup):
    """Commands that use the database; if it cannot be used, the error names the command that mends it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises `click.ClickException` when the database cannot be reached or tables are missing."""
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            with ctx.ensure_object(ScriptInfo).load_app().app_context():
                if not is_reachable():
                    raise click.ClickException(f"the database can not be reached: {error.orig}") from error
                if is_migrated():
                    raise
            raise click.ClickException(f"the database has not been prepared: {PREPARE}") from error


def go_on_with(do_some: Callable[[], int], length: int, label: str) -> int:
    """Call a function until it returns 0, with a bar of what is done of `length`; return the sum of all it returned."""
    total = 0
    with click.progressbar(length=length, label=label) as bar:
        while done := do_some():
            total += done
            bar.update(done)
    return total
