"""From settings to the catalogues of a site."""

from collections.abc import Callable, Mapping
from typing import Any

from app.catalogues.api import googlebooks, openlibrary_shapes, yushu
from app.catalogues.api.googlebooks import GoogleBooks
from app.catalogues.api.openlibrary import OpenLibrary
from app.catalogues.api.transport import Transport
from app.catalogues.api.yushu import Yushu
from app.catalogues.base import Catalogue
from app.catalogues.lookup import Lookup
from app.catalogues.throttling import Limiter

Config = Mapping[str, Any]

AGENT = "Fisher/0.1"


class UnknownCatalogue(ValueError):
    """A name in the settings that is no catalogue."""


def agent(config: Config) -> str:
    """Return how we name ourselves to others: the program, and whom to write to."""
    return f"{AGENT} (+{config['CATALOGUE_CONTACT'] or config['SITE_URL']})"


def build_lookup(config: Config) -> Lookup:
    """Return the catalogues of `BOOK_CATALOGUES`, in that order."""
    transport = Transport(agent(config))
    catalogues = [_build(name, transport, config) for name in config["BOOK_CATALOGUES"]]
    return Lookup(catalogues, config["BOOK_LOOKUP_DEADLINE"])


def _build(name: str, transport: Transport, config: Config) -> Catalogue:
    builder = BUILDERS.get(name)
    if builder is None:
        raise UnknownCatalogue(f"{name!r} is none of the catalogues {', '.join(BUILDERS)}")
    return builder(transport, config)


def _yushu(transport: Transport, config: Config) -> Catalogue:
    return Yushu(transport, config["YUSHU_URL"], config["YUSHU_KEY"])


def _openlibrary(transport: Transport, config: Config) -> Catalogue:
    limiter = Limiter(config["OPENLIBRARY_RATE"])
    return OpenLibrary(transport, config["OPENLIBRARY_URL"], config["OPENLIBRARY_COVERS_URL"], limiter)


def _googlebooks(transport: Transport, config: Config) -> Catalogue:
    key, country = config["GOOGLE_BOOKS_KEY"], config["GOOGLE_BOOKS_COUNTRY"]
    return GoogleBooks(transport, config["GOOGLE_BOOKS_URL"], key, country)


BUILDERS: dict[str, Callable[[Transport, Config], Catalogue]] = {
    yushu.NAME: _yushu,
    openlibrary_shapes.NAME: _openlibrary,
    googlebooks.NAME: _googlebooks,
}
