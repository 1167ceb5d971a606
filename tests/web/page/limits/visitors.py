"""Visitors whose requests are counted."""

from tests.conftest import PageResponse, Reader

EMAIL = "li@example.org"
"""The address of the only reader."""


def visitor(app, address="127.0.0.1"):
    """Return a new client with this network address."""
    client = Reader(app, PageResponse)
    client.environ_base |= {"HTTP_ACCEPT_LANGUAGE": "en", "REMOTE_ADDR": address}
    return client
