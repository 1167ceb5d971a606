"""How Alembic reaches the application's database; run through `flask db …`."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from alembic.runtime.migration import RevisionStep
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection

from app.models.base import Base


CONSENT = "yes-lose-data"
Steps = Callable[..., Iterable[Any]]


def careful(plan: Steps) -> Steps:
    """Return the plan of a command, which refuses before its first step to drop what a migration says that it holds."""

    def steps(*where: Any) -> list[Any]:
        planned = list(plan(*where) or ())
        back = [step.revision.module for step in planned if isinstance(step, RevisionStep) and step.is_downgrade]
        lost = [module.HOLDS for module in back if hasattr(module, "HOLDS")]
        if lost and CONSENT not in context.get_x_argument(as_dictionary=True):
            raise CommandError(
                f"this loses all {', all '.join(lost)}; with a backup at hand: "
                f"flask --app fisher db downgrade -x {CONSENT} {context.get_revision_argument() or 'base'}"
            )
        return planned

    return steps


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite make a table anew that others point to, and look afterwards that they still do.

    https://www.sqlite.org/lang_altertable.html#otheralter
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    outside_of_transactions = connection.connection.cursor()
    outside_of_transactions.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise CommandError(f"rows point to what is not there: {lost[:10]}")
    finally:
        connection.rollback()
        outside_of_transactions.execute("PRAGMA foreign_keys = ON")


def run() -> None:
    """Apply or write migrations over the application's own engine."""
    migrate = current_app.extensions["migrate"]
    options = {"target_metadata": Base.metadata, **migrate.configure_args}
    if context.is_offline_mode():
        url = current_app.config["SQLALCHEMY_DATABASE_URI"]
        context.configure(url=url, literal_binds=True, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    with migrate.db.engine.connect() as connection, without_foreign_keys(connection):
        context.configure(connection=connection, **options)
        context.configure(connection=connection, fn=careful(context.get_context().opts["fn"]), **options)
        with context.begin_transaction():
            context.run_migrations()


run()
