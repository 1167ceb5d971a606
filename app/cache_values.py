"""The form in which the cache keeps values in Redis: JSON with a signature.

Whoever can write to Redis can neither run code in the site, as with pickled values, nor show pages of their own.
"""

import hmac
from base64 import b64decode, b64encode
from hashlib import blake2b
from typing import Any

import orjson
from flask import Flask

from app.extensions import cache
from app.logs import log

SIGNATURE_BYTES = 32
BYTES = "base64"
"""The only name of an object that stands for bytes, which JSON does not have."""


def init_app(app: Flask) -> None:
    """Let the cache sign what it keeps in Redis; what it keeps in memory nobody else can write."""
    if app.config["CACHE_TYPE"] == "RedisCache":
        app.extensions["cache"][cache].serializer = SignedValues(app.config["SECRET_KEY"])


class SignedValues:
    """Turns values into bytes and back: what JSON has, and bytes; tuples come back as lists."""

    def __init__(self, secret: str) -> None:
        self._key = blake2b(secret.encode(), person=b"fisher cache").digest()

    def dumps(self, value: Any) -> bytes:
        """Return a value with its signature."""
        text = orjson.dumps(value, default=_as_text)
        return self._sign(text) + text

    def loads(self, kept: bytes | None) -> Any:
        """Return the value, or None if there is none or if it was not signed with this site's key."""
        if kept is None:
            return None
        text = kept[SIGNATURE_BYTES:]
        if not hmac.compare_digest(kept[:SIGNATURE_BYTES], self._sign(text)):
            log.warning("a value of the cache is not ours")
            return None
        return _as_given(orjson.loads(text))

    def _sign(self, text: bytes) -> bytes:
        return blake2b(text, key=self._key, digest_size=SIGNATURE_BYTES).digest()


def _as_text(value: Any) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError
    return {BYTES: b64encode(value).decode()}


def _as_given(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_given(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {BYTES}:
            return b64decode(value[BYTES])
        return {name: _as_given(item) for name, item in value.items()}
    return value
