"""The folders that a site writes to."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url


def list_folders(settings: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """Yield each folder with the name of the setting that it comes from; the database's address has to be readable."""
    database = make_url(settings["SQLALCHEMY_DATABASE_URI"])
    if database.get_backend_name() == "sqlite" and database.database:
        yield "SQLALCHEMY_DATABASE_URI", Path(database.database).parent
    yield "SEARCH_INDEX_PATH", Path(settings["SEARCH_INDEX_PATH"]).parent
    yield "COVERS_PATH", Path(settings["COVERS_PATH"])
    yield "STATIC_PATH", Path(settings["STATIC_PATH"])
    if settings["MAIL_BACKEND"] == "file":
        yield "MAIL_FOLDER", Path(settings["MAIL_FOLDER"])
    if settings["METRICS_TOKEN"]:
        yield "METRICS_FOLDER", Path(settings["METRICS_FOLDER"])
