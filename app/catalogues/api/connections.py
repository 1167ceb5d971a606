"""Pooled sessions whose connections keep a deadline and, when asked, lead to public addresses only."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse

from app.catalogues.api import addresses

_POOL = 8

# urllib3 writes whole addresses, keys and queries included, into its own warnings.
logging.getLogger("urllib3").setLevel(logging.ERROR)

_deadline = threading.local()


def set_deadline(until: float) -> None:
    """All waiting for answer heads in this thread ends at `until` (`time.monotonic()`)."""
    _deadline.until = until


@contextmanager
def cut_off(until: float, cut: Callable[[], object]) -> Iterator[None]:
    """Call `cut` from another thread if the block is still running at `until`: a read cannot be left otherwise."""
    watch = threading.Timer(max(until - time.monotonic(), 0.001), _quietly, [cut])
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _quietly(cut: Callable[[], object]) -> None:
    with suppress(OSError, ValueError, RuntimeError):
        cut()


class _Watched(HTTPConnection):
    """A connection whose wait for the head of an answer ends at the deadline, even when bytes keep dripping in."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 itself does
        with cut_off(getattr(_deadline, "until", time.monotonic() + 60), self._shut):
            return super().getresponse()

    def _shut(self) -> None:
        if self.sock is not None:
            self.sock.shutdown(socket.SHUT_RDWR)


class _Public(_Watched):
    """A connection that is opened to public addresses only, checked on the address it really connects to."""

    _dns_host: str

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            self._dns_host = addresses.public_address(name, self.port)
            return super()._new_conn()
        finally:
            self._dns_host = name


class _WatchedHttps(_Watched, HTTPSConnection): ...


class _PublicHttps(_Public, HTTPSConnection): ...


class _Adapter(HTTPAdapter):
    """requests' adapter over the connection classes above."""

    def __init__(self, *, public: bool) -> None:
        super().__init__(pool_connections=_POOL, pool_maxsize=_POOL, max_retries=0, pool_block=False)
        http = type("Pool", (HTTPConnectionPool,), {"ConnectionCls": _Public if public else _Watched})
        https = type("Pool", (HTTPSConnectionPool,), {"ConnectionCls": _PublicHttps if public else _WatchedHttps})
        self.poolmanager.pool_classes_by_scheme = {"http": http, "https": https}


def new_session(agent: str, *, public: bool) -> requests.Session:
    """A session that keeps no cookies; a `public` one uses no proxy either, since that would hide the address."""
    session = requests.Session()
    session.headers["User-Agent"] = agent
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("http://", _Adapter(public=public))
    session.mount("https://", _Adapter(public=public))
    session.trust_env = not public
    return session
