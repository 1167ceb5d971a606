"""The web layer: views in folders by subject, what surrounds views in `page`, what templates need in `display`."""

from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from flask import Flask
from werkzeug.routing import IntegerConverter

from app.web import page
from app.web.blueprint import web
from app.web.display import (
    basket_words,
    book_data,
    book_filters,
    cached_macro,
    chart,
    circle_words,
    desk_words,
    drift_words,
    economy_words,
    journey_words,
    shelf_names,
    times,
)
from app.web.page import errors, reader, refusals, replica


class RowNumber(IntegerConverter):
    """Ids in URLs that fit into the database; larger numbers give 404."""

    regex = r"\d{1,18}"


def init_app(app: Flask) -> None:
    """Register the pages, the error handlers and what templates may use."""
    _import_views()
    app.url_map.converters["int"] = RowNumber
    app.register_blueprint(web)
    words = (
        times,
        basket_words,
        circle_words,
        book_filters,
        book_data,
        drift_words,
        desk_words,
        economy_words,
        journey_words,
        shelf_names,
    )
    for part in (errors, page, reader, replica, refusals, cached_macro, chart, *words):
        part.init_app(app)


@cache
def _import_views() -> None:
    """Import every view, which registers itself with the blueprint."""
    for module in walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
