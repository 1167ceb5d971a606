"""What a site asks: Redis, the mail server, the broker and catalogues."""

from collections.abc import Iterator

from flask import current_app

from app.catalogues.base import BookNotFound, CatalogueLimited
from app.extensions import cache, limiter
from app.mail.sender import MailNotSent, ensure_reachable
from app.models.base import db
from app.services.book.lookup import site_lookup
from app.services.site.doctor.finding import Health, Told

KNOWN_BOOK = "9780140328721"
"""An edition that every large catalogue has."""
PATIENCE = 10.0


def examine_cache() -> Iterator[Told]:
    """Tell where pages are kept."""
    if current_app.config["CACHE_TYPE"] != "RedisCache":
        yield _alone("pages are kept")
        return
    cache.set("doctor", "well", timeout=60)
    yield (Health.WELL, "Redis") if cache.get("doctor") == "well" else (Health.ILL, "Redis forgets what is written")


def examine_limits() -> Iterator[Told]:
    """Tell where requests are counted."""
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


def examine_mail() -> Iterator[Told]:
    """Tell whether the mail server takes mails, without sending one."""
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


def examine_broker() -> Iterator[Told]:
    """Tell whether the broker of Celery can be reached."""
    runner = current_app.config["JOB_RUNNER"]
    if runner != "celery":
        yield Health.UNUSED, f"not used with FISHER_JOB_RUNNER={runner}"
        return
    from kombu.connection import Connection

    broker = Connection(current_app.config["CELERY_BROKER_URL"], connect_timeout=2)  # type: ignore[no-untyped-call]
    with broker as connection:
        connection.ensure_connection(max_retries=1, timeout=PATIENCE)
    yield Health.WELL, "Redis"


def examine_catalogues() -> Iterator[Told]:
    """Tell what each catalogue answers about a known book."""
    outcomes = site_lookup().ask_each(None, KNOWN_BOOK, "", PATIENCE)
    for outcome in outcomes:
        is_well = outcome.error is None or isinstance(outcome.error, BookNotFound | CatalogueLimited)
        yield Health.WELL if is_well else Health.ODD, f"{outcome.catalogue}: {outcome.word}, {outcome.seconds:.1f} s"
    if not outcomes:
        yield Health.UNUSED, "none is asked (FISHER_BOOK_CATALOGUES)"
