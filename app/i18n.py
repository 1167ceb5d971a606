"""The language of a response: the reader's choice, then the cookie, then the browser's, then the site's."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.support import NullTranslations
from flask import Flask, current_app, g, request, session
from flask_babel import force_locale, get_translations
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.extensions import babel
from app.logs import log
from app.traditional import COMPILED, SIMPLIFIED, TRADITIONAL, area_to_traditional

LANGUAGE_COOKIE = "lang"
"""Its name without COOKIE_PREFIX."""
LANGUAGE_NAMES = {"zh": "简体中文", "zh_Hant": "繁體中文", "en": "English"}
OG_LOCALES = {"zh": "zh_CN", "zh_Hant": "zh_TW", "en": "en_US"}
"""The languages of the site as Open Graph names them."""
_DUE, _DUE_DAY, _FULL, _MONTH = "M月d日EEE HH:mm", "M月d日EEE", "y年M月d日EEEE HH:mm", "y年M月"
DUE_PATTERNS = {"zh": _DUE, "zh_Hant": _DUE, "en": "EEE d MMM, HH:mm"}
"""Babel patterns of a deadline, which is near enough to need no year."""
DUE_DAY_PATTERNS = {"zh": _DUE_DAY, "zh_Hant": _DUE_DAY, "en": "EEE d MMM"}
"""The same for one that is not so near that the time of day matters."""
FULL_PATTERNS = {"zh": _FULL, "zh_Hant": _FULL, "en": "EEEE d MMMM y, HH:mm"}
"""The same for everything that is known of a time."""
MONTH_PATTERNS = {"zh": _MONTH, "zh_Hant": _MONTH, "en": "MMMM y"}
_IN_THE_SOURCE = "en"
_WRITTEN_IN_TRADITIONAL = {"hant", "tw", "hk", "mo"}
"""Parts of a language tag (BCP 47) that begins with `zh`."""


class LocaleContext(NamedTuple):
    """The language and the time zone that texts and times are written in."""

    language: str
    time_zone: str


def init_app(app: Flask) -> None:
    """Translate with Flask-Babel, and cache the texts of templates by language: a page has a hundred of them."""
    babel.init_app(app, locale_selector=choose_locale, timezone_selector=choose_time_zone)
    app.jinja_env.globals.update(_=_text, ngettext=_counted_text)
    missing = find_missing_catalogues(app)
    if missing:
        log.warning(
            "texts are not compiled, pages are in another language", languages=missing, mend="run `make install`"
        )


def find_missing_catalogues(app: Flask) -> list[str]:
    """Return the languages of the site whose texts have not been compiled."""
    folder = Path(app.root_path) / "translations"
    wanted = [language for language in app.config["LANGUAGES"] if language != _IN_THE_SOURCE]
    return [language for language in wanted if not (folder / language / COMPILED).exists()]


@pass_eval_context
def _text(context: EvalContext, text: str, /, **values: Any) -> str:
    written = _written(current_language(), text)
    if not context.autoescape:
        written = str(written)
    return written % values if values else written


@pass_eval_context
def _counted_text(context: EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
    written = _counted(current_language(), one, many, num)
    return (written if context.autoescape else str(written)) % {"num": num, **values}


@lru_cache(maxsize=2000)
def _counted(language: str, one: str, many: str, num: int) -> str:
    return Markup(_catalogue(language).ungettext(one, many, num))  # noqa: S704  (our own text)


@lru_cache(maxsize=2000)
def _written(language: str, text: str) -> str:
    return Markup(_catalogue(language).ugettext(text))  # noqa: S704  (our own text)


@cache
def _catalogue(_language: str) -> NullTranslations:
    found: NullTranslations = get_translations()
    return found


def translated(table: Mapping[Any, Any]) -> Callable[..., str]:
    """Return a function that looks a key up in a table of lazy texts and translates it for the reader."""

    @cache
    def written(_language: str, *key: str) -> str:
        return str(table[key if len(key) > 1 else key[0]])

    return lambda *key: written(current_language(), *key)


def locale_context() -> LocaleContext:
    """Return the language and time zone of this request; computed once a request."""
    here = g._get_current_object()
    found: LocaleContext | None = here.get("locale_context")
    if found is None:
        found = here.locale_context = LocaleContext(
            choose_locale(), choose_time_zone() or current_app.config["TIME_ZONE"]
        )
    return found


@contextmanager
def use_locale(language: str) -> Iterator[None]:
    """Run a block in another language, or in the site's default if it is none of ours."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    here, before = g._get_current_object(), locale_context()
    here.locale_context = LocaleContext(language if language in languages else languages[0], before.time_zone)
    try:
        with force_locale(here.locale_context.language):
            yield
    finally:
        here.locale_context = before


def cookie_name(name: str) -> str:
    """Return the full name of one of our own cookies on this site."""
    return str(current_app.config["COOKIE_PREFIX"]) + name


def choose_locale() -> str:
    """Return the language of this request."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    if not request:
        return languages[0]
    reader = current_user if may_be_logged_in() and current_user.is_authenticated else None
    chosen = reader.locale if reader else request.cookies.get(cookie_name(LANGUAGE_COOKIE))
    if chosen in languages:
        return chosen
    wished = (_offered(tag, languages) for tag, quality in request.accept_languages if quality)
    return next(filter(None, wished), languages[0])


def _offered(tag: str, languages: tuple[str, ...]) -> str | None:
    """Return the language of the site that a browser's tag asks for, the other Chinese rather than none."""
    first, *parts = tag.lower().replace("_", "-").split("-")
    is_traditional = first == SIMPLIFIED and "hans" not in parts and not _WRITTEN_IN_TRADITIONAL.isdisjoint(parts)
    both = (TRADITIONAL, SIMPLIFIED) if is_traditional else (SIMPLIFIED, TRADITIONAL)
    return next((code for code in (both if first == SIMPLIFIED else (first,)) if code in languages), None)


def list_languages() -> list[tuple[str, str]]:
    """Return the languages of the site, each with its own name for itself, in the order of the setting."""
    return [(code, LANGUAGE_NAMES[code]) for code in current_app.config["LANGUAGES"]]


def current_language() -> str:
    """Return the code of the current language, such as `zh_Hant`."""
    return locale_context().language


def language_tag(code: str | None = None) -> str:
    """Return a language, by default the current one, as HTML names it (BCP 47): `zh-Hant`."""
    return (code or current_language()).replace("_", "-")


def book_language() -> str:
    """Return the current language as books have it: `zh`, however it is written."""
    return current_language().partition("_")[0]


def area_names(zh: str, en: str) -> dict[str, str]:
    """Return the names of an area by language."""
    return {SIMPLIFIED: zh, TRADITIONAL: area_to_traditional(zh), "en": en}


def area_name(zh: str, en: str) -> str:
    """Return the name of an area in the current language."""
    return area_names(zh, en)[current_language()]


def choose_time_zone() -> str | None:
    """Return the time zone in which times are shown; None means the site's."""
    is_reader = request and may_be_logged_in() and current_user.is_authenticated
    return str(current_user.time_zone) if is_reader else None


def may_be_logged_in() -> bool:
    """Return whether the browser sent a cookie of a log-in; cheaper for visitors than asking Flask-Login."""
    return bool(session) or current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies
