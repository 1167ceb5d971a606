"""Checks of settings at start-up: values that can be read but not used are refused by the name of their setting."""

from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from config.redis import find_fault
from config.values import PREFIX, ConfigurationError, is_fernet_key

TRANSLATED = {"en", "zh", "zh_Hant"}
REDIS = ("redis", "rediss", "unix")
REDIS_ADDRESSES = ("CACHE_REDIS_URL", "RATELIMIT_STORAGE_URI", "CELERY_BROKER_URL")
SERVERS = ("mysql+pymysql", "mariadb+pymysql")
CHOICES: dict[str, tuple[str, ...]] = {
    "LOG_LEVEL": ("DEBUG", "INFO", "WARNING", "ERROR"),
    "CACHE_TYPE": ("SimpleCache", "RedisCache", "NullCache"),
    "MAIL_BACKEND": ("file", "smtp"),
    "SMTP_SECURITY": ("starttls", "ssl", "none"),
    "DOOR": ("open", "invite", "approval"),
    "JOB_RUNNER": ("thread", "none", "celery"),
}
SCHEMES: dict[str, tuple[str, ...]] = {
    "SITE_URL": ("http", "https"),
    "SQLALCHEMY_DATABASE_URI": ("sqlite", *SERVERS),
    "CACHE_REDIS_URL": REDIS,
    "SENTRY_DSN": ("https", "http"),
    "OTLP_ENDPOINT": ("https", "http"),
    "CELERY_BROKER_URL": ("redis", "rediss", "redis+socket", "sentinel"),
    "RATELIMIT_STORAGE_URI": ("memory", "redis", "rediss", "redis+unix", "redis+sentinel", "redis+cluster"),
}
"""The schemes an address may have; `NEEDS` says when it may not be empty."""
LEAST = {
    "BOOKS_PER_PAGE": 1, "FRONT_PAGE_BOOKS": 1, "ROWS_PER_PAGE": 1, "MAX_CONTENT_LENGTH": 1, "SEARCH_TIME_LIMIT": 1,
    "PASSWORD_HASH_MEMORY": 8, "PASSWORD_HASH_ROUNDS": 1, "SESSION_HOURS": 1, "REMEMBER_DAYS": 1,
    "CONFIRM_LINK_HOURS": 1, "RESET_LINK_MINUTES": 1, "SMTP_PORT": 1, "SMTP_TIMEOUT": 1, "JOB_LEASE": 1, "JOB_POLL": 1,
    "INVITATION_USES": 1, "INVITATION_DAYS": 1, "WAITING_DAYS": 1,
    "DATABASE_REPLICA_LAG": 2,  # measured each second
    "DATABASE_POOL_SIZE": 1,  # SQLAlchemy takes 0 for "without limit"
}  # fmt: skip
MOST_BITS = 22
"""More would keep a telephone busy for a minute before somebody can register."""
NEEDS = (("CACHE_TYPE", "RedisCache", "CACHE_REDIS_URL"), ("JOB_RUNNER", "celery", "CELERY_BROKER_URL"))


def _begins_with(address: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(address)
        # A database password may contain any character, even one that ends a host name; SQLAlchemy parses it itself.
        if "+pymysql" not in parts.scheme:
            parts.port  # noqa: B018  (raises when it is none)
    except ValueError:
        return False
    return parts.scheme in schemes and address.startswith(f"{parts.scheme}://")


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


WANTED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "LANGUAGES": (lambda codes: bool(codes) and set(codes) <= TRANSLATED, "one or more of zh, zh_Hant, en"),
    "FIELD_KEYS": (lambda keys: all(map(is_fernet_key, keys)), "each key is 32 bytes in URL-safe base64"),
    "DATABASE_REPLICA_URLS": (
        lambda urls: all(_begins_with(url, SERVERS) for url in urls),
        f"each has to begin with {':// or '.join(SERVERS)}://",
    ),
    "FONT_PATH": (lambda path: not path or Path(path).exists(), "there is no such file or folder"),
    "TIME_ZONE": (_is_time_zone, "the name of a zone such as Asia/Shanghai"),
    "MAIL_FROM": (lambda sender: "@" in parseaddr(sender)[1], "an address such as Fisher <fisher@books.example>"),
}


def ensure_usable(value_of: Callable[[str], Any]) -> None:
    """Refuse values that would only fail later, on the first page or mail that uses them.

    :raises ConfigurationError: names the setting, and its value only where that cannot contain a password.
    """
    for name, values in CHOICES.items():
        if value_of(name) not in values:
            raise ConfigurationError(f"{PREFIX}{name}={value_of(name)!r} is none of {', '.join(values)}")
    for name, schemes in SCHEMES.items():
        if value_of(name) and not _begins_with(value_of(name), schemes):
            raise ConfigurationError(f"{PREFIX}{name} has to begin with {':// or '.join(schemes)}://")
    for name, least in LEAST.items():
        if value_of(name) < least:
            raise ConfigurationError(f"{PREFIX}{name}={value_of(name)} is below {least}")
    for name, (is_usable, wanted) in WANTED.items():
        if not is_usable(value_of(name)):
            raise ConfigurationError(f"{PREFIX}{name}: {wanted}")
    _ensure_redis(value_of)
    _ensure_needed(value_of)


def _ensure_redis(value_of: Callable[[str], Any]) -> None:
    for name in REDIS_ADDRESSES:
        if fault := find_fault(value_of(name)):
            raise ConfigurationError(f"{PREFIX}{name}: {fault}")


def _ensure_needed(value_of: Callable[[str], Any]) -> None:
    if value_of("PROOF_BITS") > MOST_BITS:
        raise ConfigurationError(f"{PREFIX}PROOF_BITS={value_of('PROOF_BITS')} is above {MOST_BITS}")
    if bool(value_of("QUESTION")) != bool(value_of("ANSWERS")):
        raise ConfigurationError(f"{PREFIX}QUESTION and {PREFIX}ANSWERS need each other")
    for name, value, needed in NEEDS:
        if value_of(name) == value and not value_of(needed):
            raise ConfigurationError(f"{PREFIX}{needed} has to be set for {PREFIX}{name}={value}")
    if value_of("DATABASE_REPLICA_URLS") and value_of("SQLALCHEMY_DATABASE_URI").startswith("sqlite"):
        raise ConfigurationError(f"{PREFIX}DATABASE_REPLICA_URLS: SQLite has no replicas")
