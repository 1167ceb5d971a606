"""Absolute URLs of the site's pages, for what is read elsewhere: mails, feeds, calendars."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app


def site_link(endpoint: str, **values: Any) -> str:
    """Return the absolute URL of a page, built from `SITE_URL` and never from a request."""
    site = urlsplit(current_app.config["SITE_URL"])
    pages = current_app.url_map.bind(site.netloc, site.path or "/", url_scheme=site.scheme)
    return str(pages.build(endpoint, values, force_external=True))


def site_host() -> str:
    """Return the site's host name in ASCII, as mail headers and links need it."""
    return urlsplit(site_link("web.index")).hostname or "localhost"
