"""Examining a site: one finding for each thing that it needs, and what mends it."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from app.models.base import db
from app.services.site.database import name_of
from app.services.site.doctor import public, running, servers, storage
from app.services.site.doctor.finding import Finding, Health, Told


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


CHECKS: dict[str, Callable[[], Iterator[Told]]] = {
    "settings": public.examine_settings,
    "database": storage.examine_database,
    "replicas": storage.examine_replicas,
    "migrations": storage.examine_migrations,
    "keys": storage.examine_keys,
    "index": storage.examine_index,
    "deadline": running.examine_deadline,
    "cache": servers.examine_cache,
    "limits": servers.examine_limits,
    "mail": servers.examine_mail,
    "broker": servers.examine_broker,
    "jobs": running.examine_jobs,
    "clock": running.examine_clock,
    "folders": storage.examine_folders,
    "proxies": running.examine_proxies,
    "door": public.examine_door,
    "texts": public.examine_texts,
    "fonts": public.examine_fonts,
    "catalogues": servers.examine_catalogues,
}
