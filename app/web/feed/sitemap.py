"""What search engines are told of: a sitemap (sitemaps.org, 0.9) in parts, none of which grows with the site."""

from collections.abc import Iterable

from flask import Response, abort
from flask.typing import ResponseReturnValue

from app.extensions import limiter
from app.rules.book.shelves import Shelf
from app.rules.clock import HOUR, iso_time
from app.services.feed.sitemap import count_parts, list_books
from app.services.site.texts import PAGES
from app.site_links import site_link
from app.web.blueprint import web
from app.web.page.limits import search_rate
from app.web.page.replica import from_replica

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
PUBLIC_PAGES = ("web.index", "web.books", "web.circles", "web.places")


@web.get("/sitemap.xml")
@from_replica
def sitemap() -> ResponseReturnValue:
    """List the parts of the sitemap."""
    parts = [site_link("web.sitemap_books", part=part) for part in range(1, count_parts() + 1)]
    return _document("sitemapindex", (_entry("sitemap", link) for link in (site_link("web.sitemap_pages"), *parts)))


@web.get("/sitemap/pages.xml")
def sitemap_pages() -> ResponseReturnValue:
    """List the pages that every site has."""
    links = [site_link(endpoint) for endpoint in PUBLIC_PAGES]
    links += [site_link("web.books", shelf=shelf) for shelf in Shelf]
    links += [site_link("web.site_text", name=name) for name in PAGES]
    return _document("urlset", (_entry("url", link) for link in links))


@web.get("/sitemap/books-<int:part>.xml")
@limiter.limit(search_rate)
@from_replica
def sitemap_books(part: int) -> ResponseReturnValue:
    """List the books of which a copy is to be had, of one part."""
    if not 1 <= part <= count_parts():
        abort(404)
    # Building the address of each book would take longer than all the rest.
    before, after = site_link("web.book_detail", isbn="-").split("/-/")
    entries = (_entry("url", f"{before}/{book.number}/{after}", book.time) for book in list_books(part))
    return _document("urlset", entries)


def _entry(kind: str, link: str, time: int | None = None) -> str:
    changed = f"<lastmod>{iso_time(time)}</lastmod>" if time is not None else ""
    return f"<{kind}><loc>{link}</loc>{changed}</{kind}>"


def _document(kind: str, entries: Iterable[str]) -> Response:
    lines = '<?xml version="1.0" encoding="UTF-8"?>', f'<{kind} xmlns="{NAMESPACE}">', *entries, f"</{kind}>\n"
    response = Response("\n".join(lines), mimetype="application/xml")
    response.cache_control.public = True
    response.cache_control.max_age = HOUR
    return response
