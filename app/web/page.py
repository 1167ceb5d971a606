"""What the pages share: asset addresses, own paths, JSON on request, pages kept for visitors."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache as remember
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, current_app, flash, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from jinja2 import StrictUndefined
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException

from app.extensions import cache, limiter
from app.i18n import LANGUAGE_NAMES, current_language, may_be_logged_in
from app.logs import log
from app.web.yushu_json import is_api_call

LONGEST_PATH = 2000


def init_app(app: Flask) -> None:
    """Give the templates their globals; an undefined name in a template raises. Tell caches about pages."""
    app.after_request(tell_caches)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        asset=asset, path=path, current_language=current_language, language_names=LANGUAGE_NAMES
    )


def tell_caches(answer: Response) -> Response:
    """Say what a page, or the JSON in its place, depends on; one that a reader has seen is kept nowhere."""
    if answer.mimetype in ("text/html", "application/json") and not is_api_call():
        answer.headers["Vary"] = "Accept, Accept-Language, Cookie"
        # Only where the reader is known by now: an answer without one asks no database.
        if getattr(g.get("_login_user"), "is_authenticated", False):
            answer.headers.setdefault("Cache-Control", "no-store")
    return answer


STATIC = Path(__file__).parent.parent / "static"


@remember
def _versioned(filename: str) -> str:
    return f"/static/{filename}?v={hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:12]}"


def asset(filename: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return request.script_root + _versioned(filename)


def path(endpoint: str) -> str:
    """Return the path of a page without arguments, which every page links; `url_for` costs twice as much."""
    return request.script_root + _rule(endpoint)


@remember
def _rule(endpoint: str) -> str:
    return next(current_app.url_map.iter_rules(endpoint)).rule


def own_path(target: str | None) -> str:
    """Return `target` when it is a path of this site, else the front page.

    Browsers take a backslash for a slash and drop tabs and line ends, so that anything unusual
    goes home.
    """
    if not target or len(target) > LONGEST_PATH or not target.startswith("/") or not target.isprintable():
        return url_for("web.index")
    # Some proxies decode an address once more before they pass a redirect on.
    for spelling in (target, unquote(target)):
        if spelling.startswith("//") or "\\" in spelling or not spelling.isprintable():
            return url_for("web.index")
    return target


def referring_page() -> str | None:
    """Return the path of the page on which a button was pressed, if it is one of ours that can be opened."""
    site, referrer = request.host_url, request.referrer or ""
    if request.method == "GET" or not referrer.startswith(site):
        return None
    path = "/" + referrer.removeprefix(site)
    routes = current_app.create_url_adapter(request)
    try:
        routes and routes.match(unquote(path.partition("?")[0]).removeprefix(request.script_root), method="GET")
    except HTTPException:
        return None
    return own_path(path)


def lead_back(sentence: str) -> ResponseReturnValue | None:
    """Lead back to the page whose button was refused, and say why there; None when there is no such page."""
    page = None if wants_json() else referring_page()
    if page is None:
        return None
    flash(sentence, "error")
    return redirect(page, 303)


def wants_json() -> bool:
    """Tell whether the client asked for JSON rather than for a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def kept_for_visitors(view: Callable[..., Any]) -> Callable[..., Any]:
    """Show visitors without a session the same page for `PAGE_CACHE_SECONDS`."""

    @wraps(view)
    def page(**arguments: Any) -> Response:
        if may_be_logged_in() or not current_app.config["PAGE_CACHE_SECONDS"]:  # the cache takes 0 for "for ever"
            return make_response(view(**arguments))
        key = f"page:{current_language()}:{wants_json()}:{request.full_path}"
        try:
            kept: tuple[bytes, str] | None = cache.get(key)
        except RedisError as error:
            log.warning("kept pages out of reach", reason=type(error).__name__)
            return make_response(view(**arguments))
        if kept is not None:
            return Response(kept[0], mimetype=kept[1])
        answer = make_response(view(**arguments))
        if answer.status_code == 200 and not session:
            with suppress(RedisError):
                cache.set(key, (answer.get_data(), answer.mimetype))
        return answer

    return page


def never_stored(view: Callable[..., ResponseReturnValue]) -> Callable[..., Response]:
    """Keep browsers from storing a page that shows addresses, so that nobody pages back to it after a log-out."""

    @wraps(view)
    def page(**arguments: Any) -> Response:
        answer = make_response(view(**arguments))
        answer.cache_control.no_store = True
        return answer

    return page


def page_number() -> int:
    """Return which page of a list is asked for; anything odd is the first."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def last_page(pages: int) -> ResponseReturnValue:
    """Lead to the last page of a list; for those who ask for one behind it."""
    return redirect(url_for(request.endpoint or "web.index", page=pages))


def page_size() -> int:
    """Return how many rows a reader's own lists show on a page."""
    return int(current_app.config["ROWS_PER_PAGE"])


def asking_rate() -> str:
    """Return how often one reader may ask for books."""
    return str(current_app.config["ASKING_RATE_LIMIT"])


def listing_rate() -> str:
    """Return how often one reader may list copies and grant wishes: each may send a mail to somebody else."""
    return str(current_app.config["LISTING_RATE_LIMIT"])


def account_key() -> str:
    """Return what the limits of a reader who is logged in are counted by, on all devices together."""
    return f"reader:{current_user.id}"


listing_limit = limiter.shared_limit(listing_rate, scope="listing", key_func=account_key)
"""Marks the pages that are counted together by `LISTING_RATE_LIMIT`."""


def search_rate() -> str:
    """Return how often one address may search."""
    return str(current_app.config["SEARCH_RATE_LIMIT"])


def lookup_rate() -> str:
    """Return how often one address may ask what reaches outside catalogues."""
    return str(current_app.config["LOOKUP_RATE_LIMIT"])


def api_rate() -> str:
    """Return how often one address may call the book API."""
    return str(current_app.config["API_RATE_LIMIT"])
