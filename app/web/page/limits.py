"""The rate limits of pages, and the keys by which they are counted."""

from flask import current_app
from flask_login import current_user

from app.extensions import caller, limiter


def asking_rate() -> str:
    """Return how often one reader may ask for books."""
    return str(current_app.config["ASKING_RATE_LIMIT"])


def listing_rate() -> str:
    """Return how often one reader may list copies, wish and grant wishes, most of which can send a mail to others."""
    return str(current_app.config["LISTING_RATE_LIMIT"])


def account_key() -> str:
    """Return the key of the limits of a logged-in reader, the same on all devices."""
    return f"reader:{current_user.id}"


def visitor_key() -> str:
    """Return the key of limits that also count visitors: by the reader, or else by the network address."""
    return account_key() if current_user.is_authenticated else f"address:{caller()}"


listing_limit = limiter.shared_limit(listing_rate, scope="listing", key_func=account_key)
"""Decorates the views that are counted together under `LISTING_RATE_LIMIT`."""


def scan_rate() -> str:
    """Return how often one reader may send pictures of the camera, photos and lists of books."""
    return str(current_app.config["SCAN_RATE_LIMIT"])


def entry_rate() -> str:
    """Return how many books one reader may enter by hand."""
    return str(current_app.config["ENTRY_RATE_LIMIT"])


entry_limit = limiter.shared_limit(
    entry_rate, scope="entry", key_func=account_key, deduct_when=lambda answer: answer.status_code in (302, 303)
)
"""Decorates the views that enter books, together; forms to be corrected do not count."""


def message_rate() -> str:
    """Return how many messages one reader may write to others."""
    return str(current_app.config["MESSAGE_RATE_LIMIT"])


def report_rate() -> str:
    """Return how much one reader may report."""
    return str(current_app.config["REPORT_RATE_LIMIT"])


def feed_rate() -> str:
    """Return how many feeds that do not exist one address may ask for."""
    return str(current_app.config["FEED_RATE_LIMIT"])


feed_limit = limiter.shared_limit(feed_rate, scope="feed", deduct_when=lambda answer: answer.status_code == 404)
"""Decorates the secret feeds: guesses count, but not what a service fetches for many readers."""


def mark_rate() -> str:
    """Return how many marks that no copy has one address may try."""
    return str(current_app.config["MARK_RATE_LIMIT"])


mark_limit = limiter.shared_limit(mark_rate, scope="mark", deduct_when=lambda answer: answer.status_code == 404)
"""Decorates what is found by the mark of a copy: only wrong ones count."""


def line_rate() -> str:
    """Return how many lines one reader, or one address, may write on pages of copies."""
    return str(current_app.config["LINE_RATE_LIMIT"])


def search_rate() -> str:
    """Return how often one address may search."""
    return str(current_app.config["SEARCH_RATE_LIMIT"])


def suggest_rate() -> str:
    """Return how often one address may ask for suggestions."""
    return str(current_app.config["SUGGEST_RATE_LIMIT"])


def lookup_rate() -> str:
    """Return how often one address may send requests that reach outside catalogues."""
    return str(current_app.config["LOOKUP_RATE_LIMIT"])


def card_rate() -> str:
    """Return how many cards may be drawn for one address."""
    return str(current_app.config["CARD_RATE_LIMIT"])


def api_rate() -> str:
    """Return how often one address may call the book API."""
    return str(current_app.config["API_RATE_LIMIT"])
