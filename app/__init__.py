"""The application factory."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

from flask import Flask
from limits import parse_many
from sqlalchemy.exc import ArgumentError
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    cache_values,
    commands,
    deadline,
    development,
    headers,
    i18n,
    logs,
    metrics,
    slow,
    statement_limits,
    static_files,
    tracing,
    uploads,
    web,
)
from app.catalogues.api import covers, registry
from app.extensions import cache, csrf, limiter, login_manager, migrate
from app.jobs import hint
from app.models.base import db
from app.search import ensure_fts5, extension
from app.services.site import replicas
from app.services.site.folders import list_folders
from app.session_cookie import SessionCookie
from app.templating import Templates
from config import INSTANCE, ConfigurationError, Settings, load_settings


class Fisher(Flask):
    """Flask with our templates and our session cookie."""

    jinja_environment = Templates
    session_interface = SessionCookie()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: none of ours is a coroutine, and a page would ask that eleven times."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Create the application with the given settings, by default with those of the environment.

    :raises ConfigurationError: a setting is missing or cannot be read.
    """
    settings = settings or load_settings()
    ensure_fts5()
    app = Fisher(__name__, instance_path=str(INSTANCE))
    app.config.from_mapping(settings.as_flask_config())
    _ensure_rates(app)
    _make_folders(app)
    if settings.TRUSTED_PROXIES:
        hops = settings.TRUSTED_PROXIES
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.init_app(app)
    deadline.init_app(app)
    development.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True)
    tracing.init_app(app)  # before `static_files`, whose responses do not reach Flask
    i18n.init_app(app)
    cache.init_app(app)
    cache_values.init_app(app)
    uploads.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    static_files.init_app(app)
    headers.init_app(app)
    extension.init_app(app)
    _open_catalogues(app)
    replicas.init_app(app)
    statement_limits.init_app(app)
    metrics.init_app(app)
    slow.init_app(app)
    web.init_app(app)
    hint.init_app(app)
    commands.init_app(app)
    _warn_of_mails(app)
    return app


def _open_catalogues(app: Flask) -> None:
    """Create the catalogue clients; no request is sent before a reader needs one."""
    try:
        app.extensions["lookup"] = registry.build_lookup(app.config)
    except registry.UnknownCatalogue as error:
        raise ConfigurationError(f"FISHER_BOOK_CATALOGUES: {error}") from None
    app.extensions["covers"] = covers.CoverFetcher(registry.agent(app.config), app.config["COVER_HOSTS"])


def _ensure_rates(app: Flask) -> None:
    """Parse every rate limit once, so that a wrong one is reported at start-up and not by the first limited page."""
    for name in filter(lambda name: name.endswith("_RATE_LIMIT"), app.config):
        try:
            rates = parse_many(app.config[name])
        except ValueError:
            rates = []
        if not rates or not all(rate.amount for rate in rates):
            raise ConfigurationError(
                f"FISHER_{name}={app.config[name]!r} is no rate such as `5 per minute; 20 per hour`"
            )


def _make_folders(app: Flask) -> None:
    """Create the folders that the site writes to; a production site also checks at start-up that it can write there."""
    try:
        folders = list(list_folders(app.config))
    except (ArgumentError, ValueError):
        # Not the error's text: it may contain a password.
        raise ConfigurationError("FISHER_SQLALCHEMY_DATABASE_URI is no address of a database") from None
    for name, folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if app.config["ENVIRONMENT"] == "production":
                with TemporaryFile(dir=folder):
                    pass
        except OSError as error:
            raise ConfigurationError(f"FISHER_{name}: {folder} can not be written to: {error.strerror}") from None


def _warn_of_mails(app: Flask) -> None:
    """Warn that a production site without a mail server sends no mail."""
    if app.config["ENVIRONMENT"] == "production" and app.config["MAIL_BACKEND"] == "file":
        logs.log.warning("mails are written to files, readers get none", mend="FISHER_MAIL_BACKEND=smtp")
