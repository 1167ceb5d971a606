"""Checks of the raw bytes of a mail: RFC 5322, 2045, 2047, 2369, 2919, 8058."""

import re
from email.utils import parsedate_to_datetime

MESSAGE_ID = rb"<[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9.-]+>"
ONCE = (b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type", b"Auto-Submitted")
LONG_ALLOWED = (b"To", b"From", b"Message-ID", b"List-Id", b"List-Unsubscribe")
"""Headers with a URL, which cannot be folded."""


def headers_of(raw: bytes) -> list[tuple[bytes, bytes]]:
    """Return the names and raw values of headers, unfolded but not decoded."""
    head = re.sub(rb"\r\n(?=[ \t])", b"", raw.partition(b"\r\n\r\n")[0])
    return [(name, value.strip(b" ")) for name, _, value in (line.partition(b":") for line in head.split(b"\r\n"))]


def ensure_wellformed(raw: bytes) -> dict[bytes, bytes]:
    """Fail unless the bytes follow the standards; return the headers, undecoded."""
    _ensure_lines(raw)
    headers = headers_of(raw)
    names = [name for name, _ in headers]
    for name in ONCE:
        assert names.count(name) == 1, name
    assert len(names) == len(set(names))
    found = dict(headers)
    assert re.fullmatch(MESSAGE_ID, found[b"Message-ID"]), found[b"Message-ID"]
    assert parsedate_to_datetime(found[b"Date"].decode()).tzinfo or found[b"Date"].endswith(b"-0000")
    assert b"=?" not in found[b"To"]
    assert re.search(rb"(^|<)[^\s<>@]+@[A-Za-z0-9.-]+>?$", found[b"From"]), found[b"From"]
    for word in re.findall(rb"=\?\S+\?=", raw.partition(b"\r\n\r\n")[0]):
        assert len(word) <= 75, word
    return found


def _ensure_lines(raw: bytes) -> None:
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw), "bare CR or LF"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    head, _, body = raw.partition(b"\r\n\r\n")
    assert body.isascii(), "the body needs 8BITMIME"
    for line in head.split(b"\r\n"):
        assert len(line) <= 78 or line.strip().startswith(LONG_ALLOWED) or b"<" in line, line
    assert all(len(line) <= 78 for line in body.split(b"\r\n"))


def ensure_can_be_turned_off(found: dict[bytes, bytes], link: str) -> None:
    """Fail unless mail programs can offer a button that turns the mails off."""
    assert found[b"List-Unsubscribe"] == f"<{link}>".encode("ascii")
    assert re.fullmatch(rb"<https://[!#-;=?-~]+>", found[b"List-Unsubscribe"])
    assert found[b"List-Unsubscribe-Post"] == b"List-Unsubscribe=One-Click"
    assert re.fullmatch(rb"<exchange\.[a-z0-9.-]+>", found[b"List-Id"])
