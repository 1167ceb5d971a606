"""One careful GET: pooled connections, a deadline foreverything, bounded size, redirects only where expected."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from app.catalogues.api import addresses
from app.catalogues.api.connections import cut_off, new_session, set_deadline
from app.catalogues.base import AnswerMalformed, CatalogueOutOfOrder

LONGEST_ANSWER = 2_000_000
MOST_REDIRECTS = 3
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (any case), body of at most the asked size, and the final address."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """GETs from one place. `hosts` are other hosts it may be redirected to; those must have public addresses.

    With `public` even the first address must be public: for addresses that we did not choose ourselves.
    """

    def __init__(self, agent: str, hosts: Iterable[str] = (), *, public: bool = False) -> None:
        self._hosts = tuple(hosts)
        self._guarded = new_session(agent, public=True)
        self._own = self._guarded if public else new_session(agent, public=False)

    def get(
        self,
        address: str,
        seconds: float,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        longest: int = LONGEST_ANSWER,
    ) -> Answer:
        """The answer within `seconds`, one retry on a connection fault included; headers go to the first host only."""
        until = time.monotonic() + seconds
        session, sent = self._own, dict(headers or {})
        for _ in range(MOST_REDIRECTS + 1):
            response = _send(session, address, params, sent, until)
            target = response.headers.get("Location") if response.is_redirect else None
            if target is None:
                return _read(response, until, longest)
            response.close()
            address, params = self._checked(address, urljoin(response.url, target)), None
            session, sent = (session, sent) if _is_same_place(response.url, address) else (self._guarded, {})
        raise AnswerMalformed("too many redirects")

    def _checked(self, origin: str, target: str) -> str:
        if _is_same_place(origin, target) or addresses.is_listed(target, self._hosts):
            return target
        raise AnswerMalformed("redirected to a host that is not listed")


def _is_same_place(origin: str, target: str) -> bool:
    """The same scheme, host and port, or the step up from http to https on one host."""
    try:
        a, b = urlsplit(origin), urlsplit(target)
        same = (a.scheme, a.hostname, a.port) == (b.scheme, b.hostname, b.port)
        steps_up = (a.scheme, b.scheme) == ("http", "https") and a.port in {None, 80} and b.port in {None, 443}
        return b.username is None and (same or (steps_up and a.hostname == b.hostname))
    except ValueError:
        return False


def _send(
    session: requests.Session, address: str, params: Mapping[str, str] | None, headers: dict[str, str], until: float
) -> requests.Response:
    for attempt in (1, 2):
        left = until - time.monotonic()
        if left <= 0:
            break
        set_deadline(until)
        try:
            return session.get(
                address, params=params, headers=headers, timeout=left, stream=True, allow_redirects=False
            )
        except requests.Timeout:
            break
        except requests.ConnectionError as fault:
            if attempt == 2 or isinstance(fault, requests.exceptions.SSLError):
                raise CatalogueOutOfOrder("connection failed") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError):
            raise AnswerMalformed("unusable address or answer head") from None
    raise CatalogueOutOfOrder("no answer in time")


def _read(response: requests.Response, until: float, longest: int) -> Answer:
    """The body piece by piece as it arrives, so that a slow or endless one is left in time."""
    body = bytearray()
    raw = response.raw
    try:
        with cut_off(until, raw.shutdown):
            while len(body) <= longest and (chunk := raw.read1(_CHUNK, decode_content=True)):
                body += chunk
    except urllib3.exceptions.DecodeError:
        raise AnswerMalformed("answer can not be unpacked") from None
    except (urllib3.exceptions.HTTPError, OSError):
        late = time.monotonic() >= until
        raise CatalogueOutOfOrder("answer not complete in time" if late else "connection broke off") from None
    finally:
        # A connection with something unread on it is closed by this; a finished one went back to the pool before.
        response.close()
    if len(body) > longest:
        raise AnswerMalformed(f"answer longer than {longest} bytes")
    promised = response.headers.get("Content-Length", "")
    if "Content-Encoding" not in response.headers and promised.isdigit() and len(body) < int(promised[:12]):
        raise CatalogueOutOfOrder("connection broke off")
    if time.monotonic() >= until:
        raise CatalogueOutOfOrder("answer not complete in time")
    return Answer(response.status_code, response.headers, bytes(body))
