"""Caching of pages in browsers, in proxies and on our side."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from app.extensions import cache
from app.i18n import current_language
from app.logs import log
from app.web.display.yushu_shape import is_api_call
from app.web.page.json_request import wants_json
from app.web.page.replica import from_replica, needs_latest


def tell_caches(response: Response) -> Response:
    """Set the headers that say what a page, or its JSON, depends on.

    Nothing shown to a reader is cached, nor a form with its token, nor a page opened by a link from a mail. What a view
    has declared public depends on its URL alone.
    """
    if response.cache_control.public:
        return response
    if response.mimetype in ("text/html", "application/json") and not is_api_call():
        response.headers["Vary"] = "Accept, Accept-Language, Cookie"
        # Only if the reader has been loaded: a response that needs no reader must not query the database.
        is_reader = getattr(g.get("_login_user"), "is_authenticated", False)
        if is_reader or "csrf_token" in g or "token" in (request.view_args or {}):
            response.headers.setdefault("Cache-Control", "no-store")
    return response


def cached_for_visitors(view: Callable[..., Any]) -> Callable[..., Any]:
    """Show visitors without a session the same page, read from a replica, for `PAGE_CACHE_SECONDS`."""
    view = from_replica(view)

    @wraps(view)
    def page(**arguments: Any) -> Response:
        if needs_latest() or not current_app.config["PAGE_CACHE_SECONDS"]:  # to the cache, 0 means forever
            return make_response(view(**arguments))
        key = f"page:{current_language()}:{wants_json()}:{request.full_path}"
        try:
            kept: tuple[bytes, str] | None = cache.get(key)
        except RedisError as error:
            log.warning("kept pages out of reach", reason=type(error).__name__)
            return make_response(view(**arguments))
        if kept is not None:
            return Response(kept[0], mimetype=kept[1])
        response = make_response(view(**arguments))
        if response.status_code == 200 and not session:
            with suppress(RedisError):
                cache.set(key, (response.get_data(), response.mimetype))
        return response

    return page


def no_store(view: Callable[..., ResponseReturnValue]) -> Callable[..., Response]:
    """Keep browsers from storing a page with addresses, so that nobody can go back to it after a log-out."""

    @wraps(view)
    def page(**arguments: Any) -> Response:
        response = make_response(view(**arguments))
        response.cache_control.no_store = True
        return response

    return page
