"""The state of the main database."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.models.base import db

PREPARE = "run `flask --app fisher db upgrade`"
"""What mends a database that was never migrated, or not since the last release."""


def is_reachable() -> bool:
    """Tell whether the database answers."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def is_migrated() -> bool:
    """Tell whether the tables are those of the newest migration."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    try:
        with db.engine.connect() as connection:
            done = MigrationContext.configure(connection).get_current_heads()
    except SQLAlchemyError:
        return True  # out of reach is another fault than not migrated
    return set(done) == set(scripts.get_heads())
