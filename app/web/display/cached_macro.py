"""Caching rendered parts of pages: the navigation, and rows of lists, which are shown again after each action."""

from collections.abc import Hashable
from functools import lru_cache

from flask import Flask, request
from jinja2.runtime import Macro
from markupsafe import Markup

from app.i18n import LocaleContext, locale_context

KEPT = 2_000
"""Cached parts, of about 2 kB each."""
KEPT_OF_PAGES = 50
"""Cached parts that are most of a page, of about 25 kB each."""


def init_app(app: Flask) -> None:
    """Make `cached_macro(macro, …)` and `cached_page_part(macro, …)` available to templates."""
    app.jinja_env.globals.update(cached_macro=cached_macro, cached_page_part=cached_page_part)


def cached_macro(macro: Macro, *values: Hashable) -> Markup:
    """Return the output of a macro that depends only on its values and the language, time zone and root of the site."""
    return _render(locale_context(), request.script_root, macro, *values)


def cached_page_part(macro: Macro, *values: Hashable) -> Markup:
    """Return the same for a macro that renders most of a page, of which only some are cached."""
    return _render_page_part(locale_context(), request.script_root, macro, *values)


def _draw(_manner: LocaleContext, _root: str, macro: Macro, *values: Hashable) -> Markup:
    return Markup(macro(*values))  # noqa: S704 -- a macro has escaped what it was given


_render, _render_page_part = lru_cache(KEPT)(_draw), lru_cache(KEPT_OF_PAGES)(_draw)
