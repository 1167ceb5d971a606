"""Tokens of links in mails: signed, for one purpose and one account, and valid once.

A token contains the id of an account and a hash of the state that it was made for. Using the link
changes that state, which invalidates the token, so no table of used links is needed.
"""

import hmac
from enum import StrEnum

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from app.models.base import db
from app.models.user import User
from app.rules.account.refusals import LinkNotValid
from app.rules.clock import DAY, HOUR, MINUTE
from app.services.hashing import keyed_hash

TAKE_BACK_HOURS = 72
"""How long the owner of an account can undo a change of its address."""
APPEAL_DAYS = 180
"""How long a reader can appeal against a decision about them."""


class Purpose(StrEnum):
    """The purpose of a link."""

    CONFIRM = "confirm"
    NEW_EMAIL = "new-email"
    OLD_EMAIL = "old-email"
    RESET = "reset"
    MAIL_OFF = "mail-off"
    APPEAL = "appeal"


def make_link_token(purpose: Purpose, user: User, extra: str = "") -> str:
    """Return a token for a link; `extra` is stored in it, readable by anybody."""
    return str(_serializer(purpose).dumps([user.id, _mark(purpose, user), extra]))


def read_link_token(purpose: Purpose, token: str, lock: bool = False) -> tuple[User, str]:
    """Return the account that a link belongs to, and its `extra`.

    :param lock: lock the row until the end of the transaction, to use the link up.
    :raises LinkNotValid: forged, expired, used, invalidated by a change, or made for another purpose.
    """
    try:
        user_id, mark, extra = _serializer(purpose).loads(token, max_age=lifetime(purpose))
    except (BadData, ValueError):
        raise LinkNotValid from None
    user = db.session.get(User, user_id, populate_existing=True, with_for_update=lock or None)
    if user is None or not hmac.compare_digest(str(mark), _mark(purpose, user)):
        raise LinkNotValid
    return user, str(extra)


def lifetime(purpose: Purpose) -> int | None:
    """Return how many seconds a link for this purpose is valid; None means as long as the account exists."""
    if purpose is Purpose.MAIL_OFF:
        return None
    if purpose is Purpose.APPEAL:
        return APPEAL_DAYS * DAY
    if purpose is Purpose.OLD_EMAIL:
        return TAKE_BACK_HOURS * HOUR
    if purpose is Purpose.RESET:
        return int(current_app.config["RESET_LINK_MINUTES"]) * MINUTE
    return int(current_app.config["CONFIRM_LINK_HOURS"]) * HOUR


def _serializer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"fisher.{purpose}")


def _mark(purpose: Purpose, user: User) -> str:
    state = {
        # Registering the address again with another password invalidates the link of the first registration.
        Purpose.CONFIRM: (user.email_folded, user.confirmed_at or user.waits_since, user.password_hash),
        # Changing the password, or logging out other devices, also invalidates a pending e-mail change.
        Purpose.NEW_EMAIL: (user.email_folded, user.new_email, user.login_version),
        # Nothing that a thief can change; restoring an address invalidates the links of all later addresses.
        Purpose.OLD_EMAIL: (user.confirmed_at,),
        Purpose.RESET: (user.password_hash, user.login_version, user.email_folded),
        Purpose.MAIL_OFF: (),
        Purpose.APPEAL: (),
    }[purpose]
    return keyed_hash(repr((purpose.value, user.id, state)))[:24]
