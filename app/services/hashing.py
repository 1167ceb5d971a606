"""Hashes of texts, in hexadecimal."""

import hashlib
import hmac

from flask import current_app


def keyed_hash(text: str) -> str:
    """Return the HMAC-SHA-256 of a text with the site's key, which only this site can compute.

    The text should begin with the purpose of the hash.
    """
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), hashlib.sha256).hexdigest()


def plain_hash(text: str) -> str:
    """Return the SHA-256 of a text: good enough for random tokens, too fast for passwords."""
    return hashlib.sha256(text.encode()).hexdigest()
