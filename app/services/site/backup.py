"""Backups of a running site: one SQLite file with all tables, the covers, and a manifest that is written last."""

import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from alembic.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from app.models.base import db
from app.services.site import backup_manifest as manifests
from app.services.site.backup_manifest import COVERS, DATABASE, BackupDamaged, Manifest
from app.services.site.table_copy import copy_rows, count_rows, make_bare_tables, one_snapshot

PART = ".part"


def create_backup(folder: Path, *, with_covers: bool = True) -> tuple[Path, Manifest]:
    """Back up the site into a new folder inside `folder`, and return it; the site may be in use.

    :raises OSError: a file cannot be written; what was written is removed.
    """
    whole = folder / f"fisher-{manifests.this_moment()}"
    part = whole.with_name(whole.name + PART)
    part.mkdir(mode=0o700, parents=True)  # nobody else may read what is about readers
    try:
        manifest = _fill(part, with_covers=with_covers)
        part.rename(whole)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return whole, manifest


def _fill(folder: Path, *, with_covers: bool) -> Manifest:
    copy = _copy_sqlite if db.engine.dialect.name == "sqlite" else _copy_server
    revision = copy(db.engine, folder / DATABASE)
    covers = _pack_covers(folder / COVERS) if with_covers else 0
    with container(folder / DATABASE) as connection:
        rows = count_rows(connection)
    files = [DATABASE, COVERS] if with_covers else [DATABASE]
    for name in files:
        manifests.flush(folder / name)
    manifest = Manifest(
        made_at=manifests.this_moment(),
        engine=db.engine.dialect.name,
        revision=revision,
        rows=rows,
        covers=covers,
        keys=manifests.fingerprints(),
        files={name: manifests.checksum(folder / name) for name in files},
    )
    manifest.write(folder)
    return manifest


class _PlainConnection(sqlite3.Connection):
    """SQLite without the site's own preparations, which would change a file that is only read."""


def container(path: Path, mode: str = "ro&immutable=1") -> Connection:
    """Return a connection to the database file of a backup; it also reads from a disk that cannot be written."""
    address = f"file:{quote(str(path.resolve()))}?mode={mode}"
    made = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True, factory=_PlainConnection), poolclass=NullPool
    )
    return made.connect()


def _revision(connection: Connection) -> str:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise BackupDamaged("the database has no tables of Fisher")
    return revision


def _copy_sqlite(engine: Engine, path: Path) -> str:
    """Copy an SQLite database by its own means, in one read transaction and without what was deleted."""
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))
    with container(path) as copied:
        return _revision(copied)


def _copy_server(engine: Engine, path: Path) -> str:
    """Read all tables of a MariaDB or MySQL server in one snapshot."""
    with one_snapshot(engine) as source, container(path, "rwc") as target:
        revision = _revision(source)
        make_bare_tables(source, target)
        copy_rows(source, target)
        target.commit()
    return revision


def _pack_covers(path: Path) -> int:
    """Pack the pictures of books; return how many. They are replaced whole, so each is whole here, too."""
    store, count = Path(current_app.config["COVERS_PATH"]), 0
    with tarfile.open(path, "w") as archive:
        for picture in sorted(store.glob("*/*.webp")):
            try:
                archive.add(picture, str(picture.relative_to(store)), recursive=False)
            except FileNotFoundError:
                continue
            count += 1
    return count


def verify_backup(folder: Path) -> Manifest:
    """Return the manifest of a backup after reading every byte of it.

    :raises BackupDamaged: a file is missing, changed or unreadable, or a table has not the rows that it had.
    """
    manifest = manifests.read_manifest(folder)
    faults = [fault for name, digest in manifest.files.items() if (fault := _fault(folder / name, digest))]
    if faults:
        raise BackupDamaged(*faults)
    try:
        with container(folder / DATABASE) as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            rows = count_rows(connection)
    except DatabaseError as error:
        raise BackupDamaged(f"{DATABASE} can not be read: {error.orig}") from error
    if said != "ok" or rows != manifest.rows:
        raise BackupDamaged(f"{DATABASE} has not the rows that {manifests.MANIFEST} counts")
    return manifest


def _fault(path: Path, digest: str) -> str:
    try:
        return "" if manifests.checksum(path) == digest else f"{path.name} was changed"
    except OSError as error:
        return f"{path.name} can not be read: {error.strerror}"
