"""Compression of pages, where their length cannot betray what a reader has on them (docs/adr/0015)."""

import gzip
from functools import lru_cache

import brotli
from flask import Response, request, session
from isal import igzip

from app.web.display.yushu_shape import is_api_call

SMALLEST = 1_000
"""Bytes from which on compression saves more than its header takes."""
TEXTS = {"text/html", "application/json"}


def compress_page(response: Response) -> Response:
    """Compress a page or its JSON for this client; what is public or compressed already stays as it is."""
    is_text = response.mimetype in TEXTS and not response.direct_passthrough and response.status_code != 304
    if not is_text or response.cache_control.public or "Content-Encoding" in response.headers:
        return response
    body = response.get_data()
    if len(body) >= SMALLEST:
        response.vary.add("Accept-Encoding")
        if preferred_encoding("gzip") and (_is_for_everybody(response) or _is_asked_by_our_pages()):
            response.set_data(igzip.compress(body, 3))
            response.headers["Content-Encoding"] = "gzip"
    return response


def compressed(body: bytes, encoding: str) -> bytes:
    """Return a page in an encoding of `preferred_encoding`, packed closely: it will be sent more than once."""
    if encoding == "br":
        return bytes(brotli.compress(body, brotli.MODE_TEXT, 5))
    return gzip.compress(body, 6, mtime=0) if encoding else body


def preferred_encoding(*known: str) -> str:
    """Return the first encoding of these (by default `br` and `gzip`) that the client reads, or nothing."""
    return _preferred(request.headers.get("Accept-Encoding", ""), known or ("br", "gzip"))


@lru_cache(200)
def _preferred(accepted: str, known: tuple[str, ...]) -> str:
    qualities = {}
    for part in accepted.lower().split(","):
        name, _, quality = part.partition(";")
        qualities[name.strip()] = quality.strip() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in known if qualities.get(name)), "")


def has_session() -> bool:
    """Return whether the client has a session, or had one that this page has used up: a message it has just shown."""
    return bool(session) or session.modified


def _is_for_everybody(response: Response) -> bool:
    """Return whether nothing on a page is about the one who asked for it."""
    return is_api_call() or not (response.cache_control.no_store or has_session())


def _is_asked_by_our_pages() -> bool:
    """Return whether the browser says that one of our own pages asked for this; no script can say so in its place."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"
