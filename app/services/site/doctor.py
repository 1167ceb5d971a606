"""Examining a site: one finding for each thing that it needs, and what mends it. No finding contains a secret."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.catalogues.base import BookNotFound, CatalogueLimited
from app.extensions import cache, limiter
from app.i18n import find_missing_catalogues
from app.mail.sender import MailNotSent, ensure_reachable
from app.models.base import db, now
from app.search import IndexState
from app.search.extension import site_search
from app.search.statistics import read_statistics
from app.services.book.lookup import site_lookup
from app.services.site.clock import is_clock_running
from app.services.site.database import PREPARE, find_revision, name_of, newest_revisions
from app.services.site.field_keys import find_unreadable
from app.services.site.folders import list_folders
from app.services.site.future import CLOCKS_DIFFER
from app.services.site.outbox_figures import read_outbox
from app.services.site.replicas import BEHIND, site_replicas
from app.services.site.texts import is_closed

KNOWN_BOOK = "9780140328721"
"""An edition that every large catalogue has."""
PATIENCE = 10.0
LITTLE = 0.2
WAITING_LONG = 600
LITTLE_ROOM, NO_ROOM = 1_000_000_000, 100_000_000
"""Bytes free on a disk."""
MANY_CHANGES = 1_000
REFRESH = "run `flask --app fisher search update`"


class Health(StrEnum):
    """How something is; only `ILL` needs to be mended before the site works as it should."""

    WELL = "ok"
    ODD = "warn"
    ILL = "FAIL"
    UNUSED = "-"


@dataclass(frozen=True)
class Finding:
    """What was found about one thing."""

    subject: str
    health: Health
    said: str


Told = tuple[Health, str]


def examine_site() -> Iterator[Finding]:
    """Yield a finding for each thing that the site needs; some take seconds, because others are asked."""
    for subject, check in CHECKS.items():
        try:
            told = list(check())
        except Exception as error:  # noqa: BLE001  (what is examined may fail in any way, and the rest goes on)
            told = [(Health.ILL, _reason(subject, error))]
        with suppress(SQLAlchemyError):
            db.session.rollback()
        yield from (Finding(subject, health, said) for health, said in told)


def _reason(subject: str, error: Exception) -> str:
    """Return why something failed, without the texts of libraries, which may contain an address with its password."""
    if isinstance(error, SQLAlchemyError) and subject != "database":
        return "not known while the database can not be used"
    return name_of(error)


def _settings() -> Iterator[Told]:
    settings = current_app.config
    if settings["ENVIRONMENT"] != "production":
        yield Health.ODD, f"{settings['ENVIRONMENT']}: secrets are public; FISHER_ENV=production is for others"
        return
    yield Health.WELL, f"production, {settings['SITE_URL']}"


def _replicas() -> Iterator[Told]:
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


def _keys() -> Iterator[Told]:
    if unreadable := find_unreadable():
        yield Health.ILL, f"no key of FISHER_FIELD_KEYS decrypts {', '.join(unreadable)}"
        return
    yield Health.WELL, f"{len(current_app.config['FIELD_KEYS'])} of FISHER_FIELD_KEYS; what is encrypted can be read"


def _database() -> Iterator[Told]:
    db.session.execute(text("SELECT 1"))
    dialect, place = db.engine.dialect, db.engine.url.host or Path(db.engine.url.database or "").name
    version = ".".join(map(str, dialect.server_version_info or ()))
    yield Health.WELL, f"{dialect.name} {version}, {place}"


def _migrations() -> Iterator[Told]:
    revision, newest = find_revision(), newest_revisions()
    if {revision} == newest:
        yield Health.WELL, f"at {revision}"
    elif revision is not None and revision > max(newest):
        yield Health.ILL, f"the tables are at {revision}, of a newer release than this one"
    else:
        yield Health.ILL, f"the tables are at {revision or 'nothing'}, not at {', '.join(newest)}: {PREPARE}"


def _index() -> Iterator[Told]:
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


def _deadline() -> Iterator[Told]:
    settings = current_app.config
    seconds = settings["REQUEST_DEADLINE"]
    if not seconds:
        yield Health.ODD, "FISHER_REQUEST_DEADLINE=0: a page that waits for ever keeps its thread"
        return
    longer = [
        f"FISHER_{name}" for name in ("DATABASE_BUSY_TIMEOUT", "BOOK_LOOKUP_DEADLINE") if settings[name] > seconds
    ]
    said = f"requests may last {seconds} s"
    yield (Health.ODD, f"{said}, and {', '.join(longer)} is longer") if longer else (Health.WELL, said)


def _cache() -> Iterator[Told]:
    if current_app.config["CACHE_TYPE"] != "RedisCache":
        yield _alone("pages are kept")
        return
    cache.set("doctor", "well", timeout=60)
    yield (Health.WELL, "Redis") if cache.get("doctor") == "well" else (Health.ILL, "Redis forgets what is written")


def _limits() -> Iterator[Told]:
    if not current_app.config["RATELIMIT_ENABLED"]:
        yield Health.ODD, "off: FISHER_RATELIMIT_ENABLED"
    elif current_app.config["RATELIMIT_STORAGE_URI"].startswith("memory"):
        yield _alone("limits are counted")
    elif limiter.storage.check():
        yield Health.WELL, "Redis"
    else:
        yield Health.ILL, "FISHER_RATELIMIT_STORAGE_URI can not be reached; each process counts on its own"


def _alone(what: str) -> Told:
    is_shared = db.engine.dialect.name != "sqlite"
    return Health.ODD if is_shared else Health.WELL, f"{what} in the memory of each process, which is enough for one"


def _mail() -> Iterator[Told]:
    settings = current_app.config
    if settings["MAIL_BACKEND"] == "file":
        is_public = settings["ENVIRONMENT"] == "production"
        yield (
            Health.ILL if is_public else Health.WELL,
            "written to files: FISHER_MAIL_BACKEND=smtp sends them",
        )
        return
    place = f"{settings['SMTP_HOST']}:{settings['SMTP_PORT']}"
    try:
        ensure_reachable()
    except MailNotSent as error:
        yield Health.ILL, f"{place} can not be used: {error}"
    else:
        yield Health.WELL, place


def _broker() -> Iterator[Told]:
    runner = current_app.config["JOB_RUNNER"]
    if runner != "celery":
        yield Health.UNUSED, f"not used with FISHER_JOB_RUNNER={runner}"
        return
    from kombu.connection import Connection

    broker = Connection(current_app.config["CELERY_BROKER_URL"], connect_timeout=2)  # type: ignore[no-untyped-call]
    with broker as connection:
        connection.ensure_connection(max_retries=1, timeout=PATIENCE)
    yield Health.WELL, "Redis"


def _jobs() -> Iterator[Told]:
    said = read_outbox(now())
    if said.failed:
        yield Health.ODD, f"{said.failed} have failed for good: `flask jobs list --failed`, `flask jobs retry`"
    if said.age > WAITING_LONG:
        yield Health.ILL, f"{said.waiting} wait, the first for {said.age // 60} minutes: does a worker run?"
    elif not said.failed:
        yield Health.WELL, f"{said.waiting} wait"


def _clock() -> Iterator[Told]:
    if not is_clock_running(now()):
        yield Health.ILL, "no deadline was applied for 10 minutes: does a worker run?"
        return
    ahead = 0
    if db.engine.dialect.name != "sqlite":
        ahead = int(db.session.scalar(text("SELECT UNIX_TIMESTAMP()")) or 0) - now()
    if abs(ahead) > CLOCKS_DIFFER:
        yield Health.ILL, f"this machine and the database's differ by {abs(ahead)} seconds"
        return
    yield Health.WELL, "deadlines are applied"


def _folders() -> Iterator[Told]:
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


def _proxies() -> Iterator[Told]:
    hops = current_app.config["TRUSTED_PROXIES"]
    if not hops and current_app.config["ENVIRONMENT"] == "production":
        yield Health.ODD, "FISHER_TRUSTED_PROXIES=0: behind a web server, all readers count as one address for limits"
        return
    yield Health.WELL, f"{hops} trusted"


def _catalogues() -> Iterator[Told]:
    outcomes = site_lookup().ask_each(None, KNOWN_BOOK, "", PATIENCE)
    for outcome in outcomes:
        is_well = outcome.error is None or isinstance(outcome.error, BookNotFound | CatalogueLimited)
        yield Health.WELL if is_well else Health.ODD, f"{outcome.catalogue}: {outcome.word}, {outcome.seconds:.1f} s"
    if not outcomes:
        yield Health.UNUSED, "none is asked (FISHER_BOOK_CATALOGUES)"


def _door() -> Iterator[Told]:
    settings = current_app.config
    if settings["DOOR"] != "open":
        yield Health.WELL, f"FISHER_DOOR={settings['DOOR']}"
    elif settings["ENVIRONMENT"] == "production" and not settings["PROOF_BITS"]:
        yield Health.ODD, "everybody can register, machines too: FISHER_PROOF_BITS=16 makes browsers work for it"
    elif settings["ENVIRONMENT"] == "production" and settings["MAIL_BACKEND"] == "file":
        yield Health.ODD, "everybody can register, but nobody gets the mail that confirms the address"
    else:
        yield Health.WELL, "everybody can register"


def _texts() -> Iterator[Told]:
    settings = current_app.config
    if missing := find_missing_catalogues(current_app):
        yield (
            Health.ILL,
            f"not compiled, and pages in another language: {', '.join(missing)}; run `make install`",
        )
    if is_closed():
        yield Health.ODD, "the site is closed for maintenance"
    if settings["TEXTS_PATH"] and not os.access(settings["TEXTS_PATH"], os.R_OK | os.X_OK):
        yield Health.ILL, f"FISHER_TEXTS_PATH: {settings['TEXTS_PATH']} can not be read"
    elif not settings["CONTACT"]:
        yield Health.ODD, "readers are not told how to reach you: FISHER_CONTACT"
    else:
        yield Health.WELL, f"readers reach you at {settings['CONTACT']}"


CHECKS: dict[str, Callable[[], Iterator[Told]]] = {
    "settings": _settings, "database": _database, "replicas": _replicas, "migrations": _migrations, "keys": _keys,
    "index": _index, "deadline": _deadline, "cache": _cache, "limits": _limits, "mail": _mail, "broker": _broker,
    "jobs": _jobs, "clock": _clock, "folders": _folders, "proxies": _proxies, "door": _door, "texts": _texts,
    "catalogues": _catalogues,
}  # fmt: skip
