"""Caching rendered parts of pages: the navigation, and rows of lists, which are shown again after each action."""

from collections.abc import Hashable, Iterator
from functools import lru_cache

from flask import Flask, request
from flask_wtf import FlaskForm
from jinja2.runtime import Macro
from markupsafe import Markup
from wtforms import Field
from wtforms.widgets import HiddenInput

from app.i18n import LocaleContext, locale_context

KEPT = 2_000
"""Cached parts, of about 2 kB each."""
KEPT_OF_PAGES, KEPT_FORMS = 50, 200
"""Cached parts that are most of a page, of about 25 kB each, and fields of forms, of about 4 kB."""


def init_app(app: Flask) -> None:
    """Make these functions available to templates."""
    app.jinja_env.globals.update(
        cached_macro=cached_macro, cached_page_part=cached_page_part, cached_fields=cached_fields
    )


def cached_macro(macro: Macro, *values: Hashable) -> Markup:
    """Return the output of a macro that depends only on its values and the language, time zone and root of the site."""
    return _render(locale_context(), request.script_root, macro, *values)


def cached_page_part(macro: Macro, *values: Hashable) -> Markup:
    """Return the same for a macro that renders most of a page, of which only some are cached."""
    return _render_page_part(locale_context(), request.script_root, macro, *values)


def cached_fields(macro: Macro, form: FlaskForm) -> Markup:
    """Return the output of a macro that renders the visible fields of a form, which depends on what they contain.

    A form that was sent is rendered anew. Not for fields that show private words.
    """
    if form.is_submitted():
        return Markup(macro(form))  # noqa: S704 -- a macro has escaped what it was given
    shown = tuple((field.name, *_content(field)) for field in form if not isinstance(field.widget, HiddenInput))
    key = locale_context(), request.script_root, macro, shown
    if key not in _fields:
        if len(_fields) >= KEPT_FORMS:
            _fields.clear()
        _fields[key] = Markup(macro(form))  # noqa: S704
    return _fields[key]


def _content(field: Field) -> Iterator[Hashable]:
    """Yield what a field contains and offers, apart from its texts, which depend on the language."""
    yield tuple(field.data) if isinstance(field.data, list) else field.data
    for choice in getattr(field, "choices", None) or ():
        yield choice.value
        yield choice.label if isinstance(choice.label, str) else None


def _draw(_manner: LocaleContext, _root: str, macro: Macro, *values: Hashable) -> Markup:
    return Markup(macro(*values))  # noqa: S704 -- a macro has escaped what it was given


_render, _render_page_part = lru_cache(KEPT)(_draw), lru_cache(KEPT_OF_PAGES)(_draw)
_fields: dict[Hashable, Markup] = {}
