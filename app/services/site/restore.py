"""Restoring a backup into an empty database of any engine, and making what is derived from it."""

import os
import re
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import MetaData, func, inspect, select, table

from app.models.base import db
from app.models.bean import BeanPool
from app.search.extension import site_search
from app.search.write.build import build_index
from app.services.site.backup import container, verify_backup
from app.services.site.backup_manifest import COVERS, DATABASE, BackupDamaged, Manifest
from app.services.site.table_copy import copy_rows, count_rows

FILLED_BY_MIGRATIONS = {"alembic_version", BeanPool.__tablename__}
COVER = re.compile(r"\d{3}/\d{13}-[a-z]+\.webp")


class DatabaseNotEmpty(Exception):
    """The database has rows, which a restore would delete; `rows` is their number."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"the database has {rows} rows")
        self.rows = rows


@dataclass(frozen=True)
class Restored:
    """What a restore has brought back."""

    manifest: Manifest
    books: int


def restore_backup(folder: Path, *, is_replacing: bool = False) -> Restored:
    """Restore a backup, bring it to the newest revision and build the index; nobody else may use the site meanwhile.

    The rows are written in one transaction, so that a restore that broke off can be run again.

    :param is_replacing: delete what is in the database.
    :raises BackupDamaged: nothing was changed.
    :raises DatabaseNotEmpty: nothing was changed.
    """
    manifest = verify_backup(folder)
    _ensure_known(manifest.revision)
    _ensure_empty(is_replacing)
    _drop_tables()
    upgrade(revision=manifest.revision)
    writing = db.engine.connect().execution_options(writes=True)
    with container(folder / DATABASE) as source, writing as target, target.begin():
        copy_rows(source, target)
        if lost := {name: rows for name, rows in manifest.rows.items() if count_rows(target).get(name) != rows}:
            raise BackupDamaged(f"these tables are not Fisher's, so nothing was restored: {', '.join(lost)}")
    upgrade()
    if COVERS in manifest.files:
        _unpack_covers(folder / COVERS)
    return Restored(manifest, build_index(site_search().path, site_search().source).books)


def _ensure_known(revision: str) -> None:
    try:
        ScriptDirectory(current_app.extensions["migrate"].directory).get_revision(revision)
    except CommandError:
        raise BackupDamaged(f"the backup is of a newer Fisher: its tables are of the revision {revision}") from None


def _ensure_empty(is_replacing: bool) -> None:
    if is_replacing:
        return
    with db.engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - FILLED_BY_MIGRATIONS
        counts = [connection.scalar(select(func.count()).select_from(table(name))) for name in names]
    if rows := sum(filter(None, counts)):
        raise DatabaseNotEmpty(rows)


def _drop_tables() -> None:
    db.session.remove()
    tables = MetaData()
    with db.engine.begin() as connection:
        tables.reflect(connection)
        tables.drop_all(connection)


def _unpack_covers(path: Path) -> None:
    """Write the pictures, each beside its place and renamed; other files that an archive may contain are left there."""
    store = Path(current_app.config["COVERS_PATH"])
    with tarfile.open(path) as archive:
        for member in archive:
            picture = archive.extractfile(member) if COVER.fullmatch(member.name) else None
            if picture is None:
                continue
            place = store / member.name
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=place.parent, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                shutil.copyfileobj(picture, file)
            Path(part).chmod(0o644)
            Path(part).replace(place)
