"""Caching of pages in browsers, in proxies and on our side."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, wraps
from typing import Any, NamedTuple

from flask import Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from redis.exceptions import RedisError

from app.extensions import cache
from app.i18n import current_language
from app.logs import log
from app.models.base import db
from app.services.hashing import keyed_hash
from app.web.display.yushu_shape import is_api_call
from app.web.page.compression import SMALLEST, compressed, has_session, preferred_encoding
from app.web.page.json_request import wants_json
from app.web.page.replica import from_replica, needs_latest

MARK_DIGITS = 16
VARY = "Accept, Accept-Encoding, Accept-Language, Cookie"


class KeptPage(NamedTuple):
    """A page as it is sent to every visitor with the same language and encoding."""

    body: bytes
    mimetype: str
    encoding: str
    etag: str


def tell_caches(response: Response) -> Response:
    """Set the headers that say what a page, or its JSON, depends on, and respond with 304 to who has it already.

    Nothing shown to a reader is cached, nor a form with its token, nor a page opened by a link from a mail. What a view
    has declared public depends on its URL alone, or is a page that all visitors share.
    """
    if response.cache_control.public:
        return response
    if response.mimetype in ("text/html", "application/json", "application/atom+xml") and not is_api_call():
        response.headers["Vary"] = VARY
        # Only if the reader has been loaded: a response that needs no reader must not query the database.
        is_reader = getattr(g.get("_login_user"), "is_authenticated", False)
        if is_reader:
            response.headers["Fisher-Reader"] = f"{current_language()}-{reader_mark(current_user.id)}"
        if is_reader or "csrf_token" in g or "token" in (request.view_args or {}):
            response.headers.setdefault("Cache-Control", "no-store")
        elif response.status_code == 200 and not has_session() and not response.cache_control.no_store:
            response.headers["ETag"] = _etag(response.get_data())
            response.make_conditional(request)
    return response


@lru_cache(maxsize=2_000)
def reader_mark(id: int) -> str:
    """Return what tells readers apart and names nobody, by which a service worker keeps each one's pages apart."""
    return keyed_hash(f"kept:{id}")[:MARK_DIGITS]


def cached_for_visitors(view: Callable[..., Any]) -> Callable[..., Any]:
    """Show visitors without a session the same page, read from a replica, for `PAGE_CACHE_SECONDS`.

    Their browsers keep it as long.
    """
    view = from_replica(view)

    @wraps(view)
    def page(**arguments: Any) -> Response:
        if needs_latest() or not shared_seconds():
            return make_response(view(**arguments))
        encoding = preferred_encoding()
        key = f"page:{current_language()}:{wants_json()}:{encoding}:{request.full_path}"
        kept = _find_kept(key)
        if kept is None:
            response = make_response(view(**arguments))
            if response.status_code != 200 or has_session() or db.has_committed:
                return response
            kept = _pack(response, encoding)
            with suppress(RedisError):
                cache.set(key, tuple(kept))
        return _show(kept)

    return page


def shared_seconds() -> int:
    """Return for how long visitors share a page; 0 for a site without a page cache."""
    settings = current_app.config
    return 0 if settings["CACHE_TYPE"] == "NullCache" else int(settings["PAGE_CACHE_SECONDS"])


def _find_kept(key: str) -> KeptPage | None:
    try:
        kept: tuple[bytes, str, str, str] | None = cache.get(key)
    except RedisError as error:
        log.warning("kept pages out of reach", reason=type(error).__name__)
        return None
    return None if kept is None else KeptPage(*kept)


def _pack(response: Response, encoding: str) -> KeptPage:
    body = response.get_data()
    used = encoding if len(body) >= SMALLEST else ""
    return KeptPage(compressed(body, used), response.mimetype or "text/html", used, _etag(body))


def _show(kept: KeptPage) -> Response:
    response = Response(kept.body, mimetype=kept.mimetype)
    headers = response.headers
    headers["Cache-Control"] = f"public, max-age={shared_seconds()}"
    headers["Vary"], headers["ETag"] = VARY, kept.etag
    if kept.encoding:
        headers["Content-Encoding"] = kept.encoding
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request)
    return response


def _etag(body: bytes) -> str:
    """Return a weak one: the same page may come in several encodings (RFC 9110, 8.8.1)."""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def no_store(view: Callable[..., ResponseReturnValue]) -> Callable[..., Response]:
    """Keep browsers from storing a page with addresses, so that nobody can go back to it after a log-out."""

    @wraps(view)
    def page(**arguments: Any) -> Response:
        response = make_response(view(**arguments))
        response.cache_control.no_store = True
        return response

    return page
