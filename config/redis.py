"""Addresses of Redis: what can be checked of one at start-up, and TLS that verifies whom it talks to."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
VERIFY = "ssl_cert_reqs"
WAYS_TO_VERIFY = ("required", "optional", "none")


def find_fault(address: str) -> str | None:
    """Return what is wrong with the address of a Redis, without its password; None if it can be used.

    Other schemes than `redis` and `rediss` are not examined further.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("redis", "rediss"):
        return None
    if parts.fragment:
        return "a password with # in it is written with %23"
    # The client would take database 0 for a name that is no number.
    if parts.path.strip("/") and not parts.path.strip("/").isdecimal():
        return "the database after the / is a number"
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if options.get(VERIFY, "required") not in WAYS_TO_VERIFY:
        return f"{VERIFY} is one of {', '.join(WAYS_TO_VERIFY)}"
    missing = [name for name in FILES if name in options and not Path(options[name]).is_file()]
    return f"there is no file for {', '.join(missing)}" if missing else None


def verified(address: str) -> str:
    """Return the address of a broker for Celery, which would not verify certificates unless it is told to."""
    if not address.startswith("rediss://") or VERIFY in parse_qs(urlsplit(address).query):
        return address
    return f"{address}{'&' if '?' in address else '?'}{VERIFY}=required"
