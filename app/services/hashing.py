"""Hashes of texts, in hexadecimal."""

import hashlib
import hmac

from flask import current_app


def keyed_hash(text: str) -> str:
    """Return the HMAC-SHA-256 of a text with the site's key, which only this site can make.

    The text begins with what the hash is for.
    """
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), hashlib.sha256).hexdigest()


def plain_hash(text: str) -> str:
    """Return the SHA-256 of a text; enough for random tokens, too fast for passwords."""
    return hashlib.sha256(text.encode()).hexdigest()
