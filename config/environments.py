"""The environments: what differs in development, tests and production. `FISHER_ENV` chooses one."""

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from config.settings import Settings
from config.values import PREFIX, ConfigurationError, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Development(Settings):
    """On a developer's machine: nothing has to be set."""

    SECRET_KEY: str = setting("development-only", "signs sessions, tokens and forms", secret=True)
    # Published in this file: a developer's machine holds made-up readers only.
    FIELD_KEYS: tuple[str, ...] = setting(
        ("ZmlzaGVyLWRldmVsb3BtZW50LWZpZWxkLWtleS0wMDA=",), "Fernet keys of encrypted columns", secret=True
    )

    FORM_SECONDS: int = setting(0, "a form for strangers sent sooner is shown again; 0: none is", "seconds")
    PROOF_BITS: int = setting(0, "work of a browser before a stranger's form is taken; 0: none", "bits")


@dataclass(frozen=True, kw_only=True, repr=False)
class Testing(Settings):
    """In tests: a database in memory, no rate limits, no cache."""

    environment: ClassVar[str] = "testing"
    __test__: ClassVar[bool] = False  # pytest would collect it where a test module imports it

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
    REQUEST_DEADLINE: int = setting(0, "requests are never given up, however slow the machine is", "seconds")
    FORM_SECONDS: int = setting(0, "a form for strangers sent sooner is shown again; 0: none is", "seconds")
    PROOF_BITS: int = setting(0, "work of a browser before a stranger's form is taken; 0: none", "bits")
    SEARCH_KEEPER: bool = setting(False, "web processes keep the search index up to date")
    LOG_LEVEL: str = setting("ERROR", "DEBUG, INFO, WARNING or ERROR")


@dataclass(frozen=True, kw_only=True, repr=False)
class Production(Settings):
    """On a public site: refuses to start without its secrets and its public address."""

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
        if 0 < len(self.METRICS_TOKEN) < 16:
            raise ConfigurationError("FISHER_METRICS_TOKEN must have at least 16 characters")
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
