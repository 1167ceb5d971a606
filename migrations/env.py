"""How Alembic reaches the application's database; run through `flask db …`."""

from alembic import context
from flask import current_app

from app.models.base import Base


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
    with migrate.db.engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
