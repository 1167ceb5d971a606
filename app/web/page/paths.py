"""Paths of this site: those of its pages, and safe targets of redirects."""

from functools import cache as remember
from urllib.parse import unquote

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestURITooLarge

from app.web.page.json_request import wants_json

LONGEST_PATH = 2000
LONGEST_ADDRESS = 20_000
"""Most bytes of a query string; enough for the 2,000 characters of the search box, most of which take nine bytes."""


def refuse_long_address() -> None:
    """Refuse a URL that is too long before any part of it is decoded."""
    if len(request.query_string) > LONGEST_ADDRESS:
        raise RequestURITooLarge


def path(endpoint: str) -> str:
    """Return the path of a page without arguments, for links on every page; `url_for` takes twice as long."""
    return request.script_root + _rule(endpoint)


@remember
def _rule(endpoint: str) -> str:
    return next(current_app.url_map.iter_rules(endpoint)).rule


def local_path(target: str | None) -> str:
    """Return `target` if it is a path of this site, otherwise that of the front page.

    Browsers treat a backslash as a slash and drop tabs and line breaks, so anything unusual
    leads to the front page.
    """
    if not target or len(target) > LONGEST_PATH or not target.startswith("/") or not target.isprintable():
        return url_for("web.index")
    # Some proxies decode the URL of a redirect once more before they pass it on.
    for spelling in (target, unquote(target)):
        if spelling.startswith("//") or "\\" in spelling or not spelling.isprintable():
            return url_for("web.index")
    return target


def this_page() -> str:
    """Return the path and query of the page to return to: the current one, if it can be requested by GET."""
    if request.method != "GET" or not request.endpoint or len(request.query_string) > LONGEST_PATH:
        return "/"
    if request.endpoint == "web.language":
        return local_path(request.args.get("next"))
    return request.full_path.removesuffix("?")


def referring_page() -> str | None:
    """Return the path of the page on which a button was pressed, if it is a page of ours that can be opened."""
    site, referrer = request.host_url, request.referrer or ""
    if request.method == "GET" or not referrer.startswith(site):
        return None
    path = "/" + referrer.removeprefix(site)
    routes = current_app.create_url_adapter(request)
    try:
        routes and routes.match(unquote(path.partition("?")[0]).removeprefix(request.script_root), method="GET")
    except HTTPException:
        return None
    return local_path(path)


def redirect_back(sentence: str) -> ResponseReturnValue | None:
    """Redirect to the page whose button was refused, and flash the reason there; None if there is no such page."""
    page = None if wants_json() else referring_page()
    if page is None:
        return None
    flash(sentence, "error")
    return redirect(page, 303)
