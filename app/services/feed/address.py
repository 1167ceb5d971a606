"""The secret addresses of a reader's own feeds, which need no log-in.

A secret is a keyed hash of the reader and of a counter, and not a random value of which a hash is stored: so the
settings can show it again at any time, and neither the database nor a backup of it holds anything with which a feed can
be opened. An odd counter means that the reader has feeds; it only ever grows, so that no secret comes back. A new
`SECRET_KEY` ends all of them, as it ends the links in mails.
"""

import hmac
import re

from sqlalchemy import case, update

from app.models.user import User
from app.services.errors import NotFound
from app.services.hashing import keyed_hash
from app.services.transaction import changed_rows, transaction

DIGITS = 40
"""Hexadecimal digits of a secret: 160 bits."""
_TOKEN = re.compile(rf"(\d{{1,18}})-([0-9a-f]{{{DIGITS}}})", re.ASCII)


def find_token(user: User, about: str = "") -> str | None:
    """Return what names the reader's feeds in their addresses; None if the reader has none.

    What each of them is `about`, such as a circle, has a secret of its own, with which no other one is opened.
    """
    return f"{user.id}-{_secret(user, about)}" if user.has_feed else None


def get_reader_of_feed(token: str, now: int, about: str = "") -> User:
    """Return the reader whose feeds have this address.

    :raises NotFound: nobody's, not any more, or a reader who is suspended at `now` (Unix seconds) or has left.
    """
    found = _TOKEN.fullmatch(token)
    user = User.find(int(found[1])) if found else None
    if found is None or user is None or not user.has_feed or not hmac.compare_digest(found[2], _secret(user, about)):
        raise NotFound()
    if user.has_left or (user.suspended_until or 0) > now:
        raise NotFound()
    return user


@transaction
def renew_feed(reader_id: int) -> None:
    """Give the reader's feeds a new address; the one that they had, if any, is gone."""
    step = case((User.feed_number % 2 == 1, 2), else_=1)
    changed_rows(update(User).where(User.id == reader_id).values(feed_number=User.feed_number + step))


@transaction
def revoke_feed(reader_id: int) -> None:
    """End the address of the reader's feeds, if they have one."""
    on = update(User).where(User.id == reader_id, User.feed_number % 2 == 1)
    changed_rows(on.values(feed_number=User.feed_number + 1))


def _secret(user: User, about: str) -> str:
    named = f"feed:{user.id}:{user.feed_number}"
    return keyed_hash(f"{named}:{about}" if about else named)[:DIGITS]
