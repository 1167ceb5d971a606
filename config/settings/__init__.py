"""Every setting once: name, type, unit, default, and the variable `FISHER_<NAME>` that sets it.

A field made with `setting()` is a key of `app.config`. Each module of this package holds one section;
`config.environments` holds what differs between development, tests and production.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import orjson

from config.checks import ensure_usable
from config.redis import verified
from config.settings.account import Accounts
from config.settings.catalogue import Catalogues
from config.settings.database import Database
from config.settings.door import Doors
from config.settings.exchange import Exchange
from config.settings.job import Jobs
from config.settings.limit import Limits
from config.settings.mail import Mail
from config.settings.monitoring import Monitoring
from config.settings.page import Pages
from config.settings.search import Search
from config.settings.site import Site
from config.values import PREFIX, ConfigurationError, read_value

# In seconds: after that, a page does without Redis.
REDIS_WAIT = {"socket_connect_timeout": 1, "socket_timeout": 1}
# In seconds, until the connection is there: a statement may take longer (`app.statement_limits`).
MARIADB_WAIT = {"connect_timeout": 5}
# In seconds: after that, no connection of the pool was free.
LONGEST_WAIT_FOR_CONNECTION = 30
# In seconds: after that, a page is read from the primary.
REPLICA_WAIT = {"connect_timeout": 1, "read_timeout": 3}


@dataclass(frozen=True, kw_only=True, repr=False)
class Settings(Site, Database, Search, Catalogues, Pages, Limits, Accounts, Doors, Mail, Jobs, Exchange, Monitoring):
    """What all environments share; each base class is a section."""

    environment: ClassVar[str] = "development"

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
        """Refuse to start when a required setting is missing or a value cannot be used.

        :raises ConfigurationError: names the setting.
        """
        ensure_usable(lambda name: getattr(self, name))

    def as_flask_config(self) -> dict[str, Any]:
        """Return the mapping for `app.config`, including the keys that only Flask's extensions read."""
        is_https = self.SITE_URL.startswith("https://")
        # A browser accepts a `__Host-` cookie only over HTTPS, from this host, for all paths (RFC 6265bis, 4.1.3.2).
        prefix, is_secure = "__Host-" if is_https else "", is_https or self.SESSION_COOKIE_SECURE
        return dataclasses.asdict(self) | {
            "ENVIRONMENT": self.environment,
            "COOKIE_PREFIX": prefix,
            "SITE_URL": self.SITE_URL.rstrip("/"),
            "BABEL_DEFAULT_LOCALE": self.LANGUAGES[0],
            "BABEL_DEFAULT_TIMEZONE": self.TIME_ZONE,
            "CELERY_BROKER_URL": verified(self.CELERY_BROKER_URL),
            "CACHE_DEFAULT_TIMEOUT": self.PAGE_CACHE_SECONDS,
            "CACHE_NO_NULL_WARNING": True,
            "CACHE_OPTIONS": REDIS_WAIT if self.CACHE_TYPE == "RedisCache" else None,
            "RATELIMIT_STORAGE_OPTIONS": REDIS_WAIT if "redis" in self.RATELIMIT_STORAGE_URI else {},
            "RATELIMIT_STRATEGY": "moving-window",
            "RATELIMIT_HEADERS_ENABLED": True,
            "SEND_FILE_MAX_AGE_DEFAULT": 60,  # of URLs that do not change with the content
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
            "DATABASE_REPLICA_OPTIONS": self._engine_options() | {"connect_args": REPLICA_WAIT},
            "WTF_CSRF_TIME_LIMIT": None,
        }

    def _engine_options(self) -> dict[str, Any]:
        # Keeps values such as e-mail addresses out of error messages, and so out of the logs.
        options: dict[str, Any] = {"json_deserializer": _read_json, "hide_parameters": True}
        if self.SQLALCHEMY_DATABASE_URI.startswith("sqlite"):
            return options | {"connect_args": {"timeout": self.DATABASE_BUSY_TIMEOUT}}
        # READ COMMITTED: after waiting for a row lock, the next statement must see what the other transaction wrote.
        pool: dict[str, Any] = {"pool_size": self.DATABASE_POOL_SIZE, "pool_pre_ping": True, "pool_recycle": 280}
        # By itself the server would let a reader wait 50 seconds for a row that somebody else holds.
        wait: dict[str, Any] = {
            "init_command": f"SET SESSION innodb_lock_wait_timeout={max(self.DATABASE_BUSY_TIMEOUT, 1):d}"
        }
        if self.REQUEST_DEADLINE:
            # Of a server that accepts a connection and says nothing; `app.statement_limits` sets it for each statement.
            wait["read_timeout"] = MARIADB_WAIT["connect_timeout"]
            pool["pool_timeout"] = min(self.REQUEST_DEADLINE, LONGEST_WAIT_FOR_CONNECTION)
        return options | pool | {"isolation_level": "READ COMMITTED", "connect_args": MARIADB_WAIT | wait}


def _read_json(text: str) -> Any:
    # Most lists of names are empty, and a page of books decodes dozens of them.
    if text == "[]":
        return []
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)  # takes half a character, which Python writes, too
