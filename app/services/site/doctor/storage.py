"""What a site keeps: the database, what is encrypted in it, the search index and folders."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from flask import current_app
from sqlalchemy import text

from app.models.base import db
from app.search import IndexState
from app.search.extension import site_search
from app.search.statistics import read_statistics
from app.services.site.database import PREPARE, find_revision, newest_revisions
from app.services.site.doctor.finding import Health, Told
from app.services.site.field_keys import find_unreadable
from app.services.site.folders import list_folders
from app.services.site.replicas import BEHIND, site_replicas

LITTLE = 0.2
LITTLE_ROOM, NO_ROOM = 1_000_000_000, 100_000_000
"""Bytes free on a disk."""
MANY_CHANGES = 1_000
REFRESH = "run `flask --app fisher search update`"


def examine_database() -> Iterator[Told]:
    """Tell whether the database can be used."""
    db.session.execute(text("SELECT 1"))
    dialect, place = db.engine.dialect, db.engine.url.host or Path(db.engine.url.database or "").name
    version = ".".join(map(str, dialect.server_version_info or ()))
    yield Health.WELL, f"{dialect.name} {version}, {place}"


def examine_replicas() -> Iterator[Told]:
    """Tell whether each replica can be read, and takes no writes."""
    for replica in site_replicas():
        given_up = time.monotonic() + current_app.config["DATABASE_REPLICA_LAG"]
        replica.measure()
        while not replica.is_usable and replica.reason == BEHIND and time.monotonic() < given_up:
            time.sleep(LITTLE)
            replica.measure()
        if not replica.is_usable:
            yield Health.ILL, f"{replica.name} is not used: {replica.reason}"
            continue
        with replica.engine.connect() as connection:
            is_safe = connection.scalar(text("SELECT @@GLOBAL.read_only"))
        said = f"{replica.name}, {replica.behind:.1f} s behind at most"
        yield (Health.WELL, said) if is_safe else (Health.ODD, f"{said}; but it takes writes: set read_only there")
    if not site_replicas():
        yield Health.UNUSED, "none (FISHER_DATABASE_REPLICA_URLS)"


def examine_migrations() -> Iterator[Told]:
    """Tell whether the tables are those of this release."""
    revision, newest = find_revision(), newest_revisions()
    if {revision} == newest:
        yield Health.WELL, f"at {revision}"
    elif revision is not None and revision > max(newest):
        yield Health.ILL, f"the tables are at {revision}, of a newer release than this one"
    else:
        yield Health.ILL, f"the tables are at {revision or 'nothing'}, not at {', '.join(newest)}: {PREPARE}"


def examine_keys() -> Iterator[Told]:
    """Tell whether what is encrypted can be read."""
    if unreadable := find_unreadable():
        yield Health.ILL, f"no key of FISHER_FIELD_KEYS decrypts {', '.join(unreadable)}"
        return
    yield Health.WELL, f"{len(current_app.config['FIELD_KEYS'])} of FISHER_FIELD_KEYS; what is encrypted can be read"


def examine_index() -> Iterator[Told]:
    """Tell whether the search index is there and up to date."""
    place = site_search()
    state, said = place.index.state(), read_statistics(place.path, place.index, place.source)
    if said is None:
        yield Health.ILL, f"{state}: {REFRESH}"
    elif state == IndexState.STALE:
        yield Health.ODD, f"of another release: {REFRESH}"
    elif said.waiting > MANY_CHANGES:
        yield Health.ODD, f"{said.waiting} changes wait: does a web process run? {REFRESH}"
    else:
        yield Health.WELL, f"{said.books} books, {said.waiting} changes wait"


def examine_folders() -> Iterator[Told]:
    """Tell whether each folder can be written to, and has room."""
    for name, folder in list_folders(current_app.config):
        told = f"FISHER_{name}: {folder}"
        try:
            with TemporaryFile(dir=folder):
                free = shutil.disk_usage(folder).free
        except OSError as error:
            yield Health.ILL, f"{told} can not be written to: {os.strerror(error.errno or 0)}"
            continue
        health = Health.ILL if free < NO_ROOM else Health.ODD if free < LITTLE_ROOM else Health.WELL
        yield health, f"{told}, {free / 1e9:.1f} GB free"
