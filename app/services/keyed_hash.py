"""Hashes that only this site can make."""

import hashlib
import hmac

from flask import current_app


def keyed_hash(text: str) -> str:
    """Return the HMAC-SHA-256 of a text with the site's key, in hexadecimal; begin the text with what it is for."""
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), hashlib.sha256).hexdigest()
