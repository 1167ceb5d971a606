"""Every setting once: name, type, unit, default, and the variable `FISHER_<NAME>` that sets it.

`FISHER_ENV` chooses `development` (default), `testing` or `production`. A field made with
`setting()` is a key of `app.config`; the three environments change defaults only.
"""

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from config.checks import ensure_usable
from config.values import PREFIX, ConfigurationError, read_value, setting

# A page does without a Redis that does not answer in this time, in seconds.
REDIS_WAIT = {"socket_connect_timeout": 1, "socket_timeout": 1}
# Nor does a page wait for a MariaDB that is not there; its answers may take longer.
MARIADB_WAIT = {"connect_timeout": 5}
INSTANCE = Path(__file__).resolve().parent.parent / "instance"


@dataclass(frozen=True, kw_only=True, repr=False)
class Settings:
    """What all environments share."""

    environment: ClassVar[str] = "development"

    SECRET_KEY: str = setting("", "signs sessions, tokens and forms", secret=True)
    FIELD_KEYS: tuple[str, ...] = setting((), "Fernet keys of encrypted columns, the newest first", secret=True)
    SITE_URL: str = setting("http://127.0.0.1:5000", "public address, used for links in mails")
    SITE_NAME: str = setting("Fisher 鱼书", "name shown in the page head")
    SERVE_OTHERS: bool = setting(False, "a development site answers on other addresses than 127.0.0.1, too")
    DEBUG: bool = setting(False, "debugger and reload")
    TESTING: bool = setting(False, "exceptions reach the test")

    SQLALCHEMY_DATABASE_URI: str = setting(
        f"sqlite:///{INSTANCE / 'fisher.db'}", "main database: sqlite:/// or mysql+pymysql://"
    )
    DATABASE_BUSY_TIMEOUT: int = setting(10, "wait for a locked SQLite database", "seconds")
    DATABASE_POOL_SIZE: int = setting(10, "connections kept open to MariaDB/MySQL", "connections")

    SEARCH_INDEX_PATH: str = setting(str(INSTANCE / "search.db"), "file of the search index")
    SEARCH_TIME_LIMIT: int = setting(15, "computing time of one search", "milliseconds")
    SEARCH_KEEPER: bool = setting(True, "web processes keep the search index up to date")
    SEARCH_CHANGES_KEPT: int = setting(7, "changes kept for the index files of other machines", "days")
    IMPORTS_PATH: str = setting(str(INSTANCE / "imports"), "folder of what unfinished imports have to remember")

    BOOK_CATALOGUES: tuple[str, ...] = setting(
        ("openlibrary",), "outside catalogues, asked in this order: yushu, openlibrary, googlebooks; empty asks none"
    )
    BOOK_LOOKUP_DEADLINE: float = setting(3.0, "longest wait of a page for all outside catalogues together", "seconds")
    BOOK_REFRESH_DAYS: int = setting(90, "age at which a book is asked for again, behind the scenes", "days")
    CATALOGUE_CONTACT: str = setting("", "mail or web address named to the catalogues; SITE_URL without one")
    YUSHU_URL: str = setting("http://t.yushu.im/v2", "base of a service in the shape of 鱼书 v2 or Douban v2")
    YUSHU_KEY: str = setting("", "its `apikey`, if it wants one")
    OPENLIBRARY_URL: str = setting("https://openlibrary.org", "base of Open Library")
    OPENLIBRARY_COVERS_URL: str = setting("https://covers.openlibrary.org", "base of its pictures")
    OPENLIBRARY_RATE: float = setting(1.0, "calls of one process; 3 are allowed with a contact", "calls per second")
    GOOGLE_BOOKS_URL: str = setting("https://www.googleapis.com/books/v1", "base of Google Books")
    GOOGLE_BOOKS_KEY: str = setting("", "its key; without one it mostly refuses")
    GOOGLE_BOOKS_COUNTRY: str = setting("", "two letters, where Google can not tell where the server is")
    COVER_HOSTS: tuple[str, ...] = setting(
        (
            "covers.openlibrary.org", "archive.org", "*.archive.org", "*.doubanio.com", "books.google.com",
            "books.googleusercontent.com",
        ),
        "hosts that pictures are fetched from; `*.` stands for all names below, other ports are written `host:port`",
    )  # fmt: skip
    COVERS_PATH: str = setting(str(INSTANCE / "covers"), "folder of the pictures of books")

    CACHE_TYPE: str = setting("SimpleCache", "SimpleCache (one process) or RedisCache")
    CACHE_REDIS_URL: str = setting("", "Redis of the page cache, for CACHE_TYPE=RedisCache")
    PAGE_CACHE_SECONDS: int = setting(10, "age of a page shown to visitors", "seconds")

    RATELIMIT_ENABLED: bool = setting(True, "limit requests per address")
    RATELIMIT_STORAGE_URI: str = setting("memory://", "memory:// (one process) or redis://")
    SEARCH_RATE_LIMIT: str = setting("120 per minute", "searches of one address")
    LOGIN_RATE_LIMIT: str = setting("5 per minute; 10 per 15 minutes; 20 per hour", "wrong passwords for one account")
    LOGIN_ADDRESS_RATE_LIMIT: str = setting("30 per minute; 200 per hour", "wrong passwords from one address")
    REGISTER_RATE_LIMIT: str = setting("20 per hour; 60 per day", "registrations and mails asked for by one address")
    MAIL_RATE_LIMIT: str = setting("3 per 15 minutes; 10 per day", "mails with a link to one recipient")
    LOOKUP_RATE_LIMIT: str = setting("30 per minute", "questions of one address that reach outside catalogues")
    API_RATE_LIMIT: str = setting("120 per minute", "calls of one address to /v2/book")
    TRUSTED_PROXIES: int = setting(0, "reverse proxies in front that set X-Forwarded-*", "proxies")

    MAX_CONTENT_LENGTH: int = setting(64_000, "largest request body", "bytes")
    BOOKS_PER_PAGE: int = setting(15, "hits on a search page", "books")
    FRONT_PAGE_BOOKS: int = setting(30, "books on the front page", "books")

    PASSWORD_HASH_MEMORY: int = setting(19_456, "argon2id memory of one hash", "KiB")
    PASSWORD_HASH_ROUNDS: int = setting(2, "argon2id passes over that memory", "passes")
    SESSION_HOURS: int = setting(12, "a log-in without `remember me` ends when unused", "hours")
    REMEMBER_DAYS: int = setting(30, "a remembered log-in ends when unused", "days")
    CONFIRM_LINK_HOURS: int = setting(72, "links that confirm an e-mail address work", "hours")
    RESET_LINK_MINUTES: int = setting(30, "links that set a new password work", "minutes")

    MAIL_BACKEND: str = setting("file", "file (writes .eml files) or smtp")
    MAIL_FOLDER: str = setting(str(INSTANCE / "mail"), "where the file backend writes")
    MAIL_FROM: str = setting("Fisher 鱼书 <fisher@localhost>", "sender of all mails")
    SMTP_HOST: str = setting("127.0.0.1", "mail server")
    SMTP_PORT: int = setting(587, "port of the mail server: 587 for starttls, 465 for ssl")
    SMTP_SECURITY: str = setting("starttls", "starttls, ssl or none")
    SMTP_USER: str = setting("", "account at the mail server; empty: no log-in")
    SMTP_PASSWORD: str = setting("", "its password", secret=True, optional=True)
    SMTP_TIMEOUT: int = setting(10, "wait for each answer of the mail server", "seconds")

    JOB_RUNNER: str = setting("thread", "who does the outbox: thread (in the serving process), none or celery")
    JOB_LEASE: int = setting(300, "a job whose worker died is taken over", "seconds")
    JOB_POLL: int = setting(2, "pause of an idle worker", "seconds")
    CELERY_BROKER_URL: str = setting("redis://127.0.0.1:6379/1", "Redis of Celery, for FISHER_JOB_RUNNER=celery")

    ANSWER_DAYS: int = setting(5, "a request waits for the giver's answer", "days")
    MAIL_DAYS: int = setting(7, "a giver who accepted has to mail the book", "days")
    REMINDER_DAYS: tuple[int, ...] = setting((7, 14, 21), "is it there? asked after mailing", "days")
    RECEIPT_DAYS: int = setting(30, "a mailed book counts as received", "days")
    MISSING_DAYS: int = setting(14, "a mailed book can be reported missing", "days")
    OFFER_HOURS: int = setting(48, "a copy is kept for a reader who wished for it", "hours")
    ADDRESS_KEPT_DAYS: int = setting(14, "an address is erased after the drift ended", "days")
    ROWS_PER_PAGE: int = setting(20, "rows on a page of gifts, wishes, drifts, ledger", "rows")
    TIME_ZONE: str = setting("Asia/Shanghai", "times of visitors, and of readers who chose no zone")
    ASKING_RATE_LIMIT: str = setting("60 per hour", "requests for books by one reader")
    LISTING_RATE_LIMIT: str = setting("120 per hour", "copies listed, wishes made and granted by one reader")

    LANGUAGES: tuple[str, ...] = setting(("zh", "en"), "languages offered, the first is default")
    LOG_LEVEL: str = setting("INFO", "DEBUG, INFO, WARNING or ERROR")
    LOG_JSON: bool = setting(False, "one JSON object a line instead of coloured text")

    SESSION_COOKIE_SECURE: bool = setting(False, "send the session cookie over HTTPS only")
    HSTS_SECONDS: int = setting(0, "Strict-Transport-Security age; 0 sends none", "seconds")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings given in `environ`; unknown `FISHER_…` names are refused.

        :raises ConfigurationError: a name is unknown, a value is unreadable or a secret missing.
        """
        fields = {field.name: field for field in dataclasses.fields(cls)}
        values: dict[str, Any] = {}
        for variable, text in environ.items():
            name = variable.removeprefix(PREFIX)
            if not variable.startswith(PREFIX) or name == "ENV" or name.startswith("TEST_"):
                continue
            if name not in fields:
                raise ConfigurationError(f"{variable} is not a setting of Fisher")
            values[name] = read_value(variable, text, fields[name].type)
        settings = cls(**values)
        settings.ensure_complete()
        return settings

    def ensure_complete(self) -> None:
        """Refuse to start without what this environment needs, and with what can not be used.

        :raises ConfigurationError: names the setting.
        """
        ensure_usable(lambda name: getattr(self, name))

    def as_flask_config(self) -> dict[str, Any]:
        """Return the mapping for `app.config`, with what only Flask's extensions read."""
        is_https = self.SITE_URL.startswith("https://")
        # A browser takes such a cookie over HTTPS only, from this host alone, for all of it (RFC 6265bis, 4.1.3.2).
        prefix, is_secure = "__Host-" if is_https else "", is_https or self.SESSION_COOKIE_SECURE
        return dataclasses.asdict(self) | {
            "ENVIRONMENT": self.environment,
            "COOKIE_PREFIX": prefix,
            "SITE_URL": self.SITE_URL.rstrip("/"),
            "BABEL_DEFAULT_LOCALE": self.LANGUAGES[0],
            "BABEL_DEFAULT_TIMEZONE": self.TIME_ZONE,
            "CACHE_DEFAULT_TIMEOUT": self.PAGE_CACHE_SECONDS,
            "CACHE_NO_NULL_WARNING": True,
            "CACHE_OPTIONS": REDIS_WAIT if self.CACHE_TYPE == "RedisCache" else None,
            "RATELIMIT_STORAGE_OPTIONS": REDIS_WAIT if "redis" in self.RATELIMIT_STORAGE_URI else {},
            "RATELIMIT_STRATEGY": "moving-window",
            "RATELIMIT_HEADERS_ENABLED": True,
            "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
            "REMEMBER_COOKIE_DURATION": self.REMEMBER_DAYS * 86_400,
            "REMEMBER_COOKIE_HTTPONLY": True,
            "REMEMBER_COOKIE_NAME": f"{prefix}remember_token",
            "REMEMBER_COOKIE_REFRESH_EACH_REQUEST": False,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": is_secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_NAME": f"{prefix}session",
            "SESSION_COOKIE_SECURE": is_secure,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "WTF_CSRF_TIME_LIMIT": None,
        }

    def _engine_options(self) -> dict[str, Any]:
        # Values such as an e-mail address must not reach a log through the text of an error.
        options: dict[str, Any] = {"json_deserializer": _read_json, "hide_parameters": True}
        if self.SQLALCHEMY_DATABASE_URI.startswith("sqlite"):
            return options | {"connect_args": {"timeout": self.DATABASE_BUSY_TIMEOUT}}
        # READ COMMITTED: what a row lock waited for must be seen by the next statement.
        pool = {"pool_size": self.DATABASE_POOL_SIZE, "pool_pre_ping": True, "pool_recycle": 280}
        return options | pool | {"isolation_level": "READ COMMITTED", "connect_args": MARIADB_WAIT}


@dataclass(frozen=True, kw_only=True, repr=False)
class Development(Settings):
    """On a developer's machine: nothing has to be set."""

    SECRET_KEY: str = setting("development-only", "signs sessions, tokens and forms", secret=True)
    # Known to everybody: made-up readers on a developer's machine have nothing to hide.
    FIELD_KEYS: tuple[str, ...] = setting(
        ("ZmlzaGVyLWRldmVsb3BtZW50LWZpZWxkLWtleS0wMDA=",), "Fernet keys of encrypted columns", secret=True
    )


@dataclass(frozen=True, kw_only=True, repr=False)
class Testing(Settings):
    """In tests: in memory, nothing limited, nothing cached."""

    environment: ClassVar[str] = "testing"
    __test__: ClassVar[bool] = False  # a test module may import it: it holds no tests

    SECRET_KEY: str = setting("testing-only", "signs sessions, tokens and forms", secret=True)
    FIELD_KEYS: tuple[str, ...] = setting(
        ("ZmlzaGVyLXRlc3Rpbmctb25seS1maWVsZC1rZXktMDA=",), "Fernet keys of encrypted columns", secret=True
    )
    PASSWORD_HASH_MEMORY: int = setting(64, "argon2id memory of one hash", "KiB")
    PASSWORD_HASH_ROUNDS: int = setting(1, "argon2id passes over that memory", "passes")
    JOB_RUNNER: str = setting("none", "who does the outbox")
    TESTING: bool = setting(True, "exceptions reach the test")
    SQLALCHEMY_DATABASE_URI: str = setting("sqlite://", "main database")
    BOOK_CATALOGUES: tuple[str, ...] = setting((), "outside catalogues")
    CACHE_TYPE: str = setting("NullCache", "no cache")
    RATELIMIT_ENABLED: bool = setting(False, "limit requests per address")
    SEARCH_KEEPER: bool = setting(False, "web processes keep the search index up to date")
    LOG_LEVEL: str = setting("ERROR", "DEBUG, INFO, WARNING or ERROR")


@dataclass(frozen=True, kw_only=True, repr=False)
class Production(Settings):
    """For readers: refuses to start without its secrets and its public address."""

    environment: ClassVar[str] = "production"

    SITE_URL: str = setting("", "public address, used for links in mails")
    LOG_JSON: bool = setting(True, "one JSON object a line instead of coloured text")
    SESSION_COOKIE_SECURE: bool = setting(True, "send the session cookie over HTTPS only")
    HSTS_SECONDS: int = setting(31_536_000, "Strict-Transport-Security age", "seconds")

    def ensure_complete(self) -> None:
        """:raises ConfigurationError: names every variable that has to be set."""
        super().ensure_complete()
        fields = dataclasses.fields(self)
        required = [f.name for f in fields if f.metadata["required"] or f.name == "SITE_URL"]
        missing = [PREFIX + name for name in required if not getattr(self, name)]
        if missing:
            raise ConfigurationError("production needs " + ", ".join(missing) + " to be set")
        if self.DEBUG or self.TESTING:
            raise ConfigurationError("FISHER_DEBUG and FISHER_TESTING show secrets: never in production")
        if not self.SITE_URL.startswith("https://"):
            raise ConfigurationError("FISHER_SITE_URL has to begin with https:// in production")
        if len(self.SECRET_KEY) < 32:
            raise ConfigurationError("FISHER_SECRET_KEY must have at least 32 characters")
        if self.MAIL_BACKEND == "smtp" and "@localhost" in self.MAIL_FROM:
            raise ConfigurationError("FISHER_MAIL_FROM must be set to send mails")


ENVIRONMENTS: tuple[type[Settings], ...] = (Development, Testing, Production)


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of the environment named by `FISHER_ENV`.

    :raises ConfigurationError: see `Settings.from_environment`.
    """
    name = environ.get(PREFIX + "ENV", Development.environment)
    for environment in ENVIRONMENTS:
        if environment.environment == name:
            return environment.from_environment(environ)
    names = ", ".join(environment.environment for environment in ENVIRONMENTS)
    raise ConfigurationError(f"FISHER_ENV={name} is none of {names}")


def _read_json(text: str) -> Any:
    # Most lists of names are empty: a page of books holds dozens of them.
    return [] if text == "[]" else json.loads(text)
