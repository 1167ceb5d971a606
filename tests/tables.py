"""Taking the tables away while a test runs, whatever the engine."""

from app.models.base import db


def drop_tables() -> None:
    """Drop all tables; what the session has read would make MariaDB wait for its end."""
    db.session.remove()
    db.drop_all()


def renew_tables() -> None:
    """Let all tables be there without a row, as on a fresh site."""
    drop_tables()
    db.create_all()
