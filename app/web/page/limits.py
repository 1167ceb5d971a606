"""How often pages may be asked for, and by whom that is counted."""

from flask import current_app
from flask_login import current_user

from app.extensions import limiter


def asking_rate() -> str:
    """Return how often one reader may ask for books."""
    return str(current_app.config["ASKING_RATE_LIMIT"])


def listing_rate() -> str:
    """Return how often one reader may list copies, wish and grant wishes: most may send a mail to somebody else."""
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
