"""Links in mails: signed, for one purpose and one account, used up by what they do.

A token carries the number of an account and a mark of the state it was made for. Doing what the link
is for changes that state, so the link works once, and no table of used links is needed.
"""

import hmac
from enum import StrEnum

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from app.models.base import db
from app.models.user import User
from app.rules.account.refusals import LinkNotValid
from app.rules.clock import HOUR, MINUTE
from app.services.hashing import keyed_hash

TAKE_BACK_HOURS = 72
"""How long the owner of an account has to find that its address was changed."""


class Purpose(StrEnum):
    """What a link is for."""

    CONFIRM = "confirm"
    NEW_EMAIL = "new-email"
    OLD_EMAIL = "old-email"
    RESET = "reset"
    MAIL_OFF = "mail-off"


def make_link_token(purpose: Purpose, user: User, extra: str = "") -> str:
    """Return a token for a link; `extra` is carried along for everybody to read."""
    return str(_serializer(purpose).dumps([user.id, _mark(purpose, user), extra]))


def read_link_token(purpose: Purpose, token: str, lock: bool = False) -> tuple[User, str]:
    """Return the account that a link belongs to, and its `extra`.

    :param lock: to use the link up: hold the row until the end of the transaction.
    :raises LinkNotValid: forged, too old, used, overtaken by a change, or made for something else.
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
    """Return the seconds that a link of this kind works; None: as long as the account."""
    if purpose is Purpose.MAIL_OFF:
        return None
    if purpose is Purpose.OLD_EMAIL:
        return TAKE_BACK_HOURS * HOUR
    if purpose is Purpose.RESET:
        return int(current_app.config["RESET_LINK_MINUTES"]) * MINUTE
    return int(current_app.config["CONFIRM_LINK_HOURS"]) * HOUR


def _serializer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"fisher.{purpose}")


def _mark(purpose: Purpose, user: User) -> str:
    state = {
        # Who registers an address again, with another password, confirms that one only.
        Purpose.CONFIRM: (user.email_folded, user.confirmed_at, user.password_hash),
        # Whoever logs all others out, or sets a new password, also ends what a thief has begun.
        Purpose.NEW_EMAIL: (user.email_folded, user.new_email, user.login_version),
        # Nothing that a thief can change; taking an address back ends the links to all addresses that came after it.
        Purpose.OLD_EMAIL: (user.confirmed_at,),
        Purpose.RESET: (user.password_hash, user.login_version, user.email_folded),
        Purpose.MAIL_OFF: (),
    }[purpose]
    return keyed_hash(repr((purpose.value, user.id, state)))[:24]
