"""Which hosts and network addresses may be fetched, so that a picture's address cannot reach into our own network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(OSError):
    """The name leads to no public address."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet; addresses that carry another one inside are unwrapped."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def public_address(host: str, port: int) -> str:
    """An IP address of `host` to connect to. One private address among several is enough to be refused."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise AddressRefused("not a public address")
    return addresses[0]


def is_listed(address: str, hosts: Iterable[str]) -> bool:
    """Whether an http(s) address is on a list of hosts such as `books.google.com`, `*.archive.org` or `host:8080`."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        place = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return False
    # Those who connect end a host at a backslash, which `urlsplit` takes for a part of the name.
    if parts.scheme not in {"http", "https"} or parts.username is not None or "\\" in address or not host:
        return False
    return any(place == entry or (entry.startswith("*.") and place.endswith(entry[1:])) for entry in hosts)
