"""The group that all our commands stand in."""

from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.services.database import PREPARE, is_migrated


class SiteGroup(AppGroup):
    """Commands that work on the database: one that was never migrated is said, with the command that mends it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises `click.ClickException` when tables are missing."""
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            with ctx.ensure_object(ScriptInfo).load_app().app_context():
                if is_migrated():
                    raise
            raise click.ClickException(f"the database has not been prepared: {PREPARE}") from error
