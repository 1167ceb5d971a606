"""The command group that all our commands belong to."""

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
