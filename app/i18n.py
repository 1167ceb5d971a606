"""Which language is spoken: the reader's, then the cookie, then the browser's, then the site's."""

from babel.support import NullTranslations
from flask import Flask, current_app, request
from flask_babel import get_locale, get_translations
from flask_login import current_user

from app.extensions import babel

LANGUAGE_COOKIE = "lang"
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


_catalogues: dict[str, NullTranslations] = {}


def init_app(app: Flask) -> None:
    """Translate with Flask-Babel; templates keep its catalogues by language, which halves the cost of a text."""
    babel.init_app(app, locale_selector=choose_locale, timezone_selector=choose_time_zone)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by jinja2.ext.i18n
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )


def _catalogue() -> NullTranslations:
    language = current_language()
    if language not in _catalogues:
        _catalogues[language] = get_translations()
    return _catalogues[language]


def choose_locale() -> str:
    """Return the language of this request."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    if not request:
        return languages[0]
    chosen = current_user.locale if current_user.is_authenticated else request.cookies.get(LANGUAGE_COOKIE)
    if chosen in languages:
        return chosen
    return request.accept_languages.best_match(languages) or languages[0]


def current_language() -> str:
    """Return the code of the language being spoken: `zh` or `en`."""
    locale = get_locale()
    return locale.language if locale else str(current_app.config["LANGUAGES"][0])


def choose_time_zone() -> str | None:
    """Return the time zone in which times are shown; None: the site's."""
    return str(current_user.time_zone) if request and current_user.is_authenticated else None
