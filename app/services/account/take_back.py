"""Recovering an account from somebody who has changed its e-mail address."""

import secrets

from app.models.base import db, now
from app.models.user import User
from app.rules.account.refusals import EmailTaken, SameEmail
from app.services.account.link_token import Purpose, make_link_token, read_link_token
from app.services.account.login_session import renew_version
from app.services.account.second_factor import forget_second_factor
from app.services.transaction import transaction


def make_take_back_token(user: User, email: str, changed_at: int) -> str:
    """Return the token of the link that restores the address which the account had until `changed_at`."""
    return make_link_token(Purpose.OLD_EMAIL, user, f"{changed_at} {email}")


@transaction
def take_back_email(token: str) -> str:
    """Restore the old address and log everybody out; return a token with which a new password can be set.

    :raises LinkNotValid: see `read_link_token`.
    :raises SameEmail: the account already has this address.
    :raises EmailTaken: another reader has confirmed the address since.
    """
    user, extra = read_link_token(Purpose.OLD_EMAIL, token, lock=True)
    changed_at, _, email = extra.partition(" ")
    _free(email, user)
    # Whoever changed the address knew the password, and may have turned on a second factor of their own.
    user.set_attrs({"email": email, "new_email": None, "password_hash": ""})
    user.confirmed_at = max(now(), (user.confirmed_at or 0) + 1)
    if user.totp_since is None or user.totp_since >= int(changed_at):
        forget_second_factor(user)
    renew_version(user, is_kept=False)
    return make_link_token(Purpose.RESET, user)


def _free(email: str, user: User) -> None:
    owner = User.find_by_email(email)
    if owner is None:
        return
    if owner.id == user.id:
        raise SameEmail
    if owner.owns_email:
        raise EmailTaken
    # Anybody can register an address without confirming it; that must not keep its owner from it.
    owner.email = f"left:{secrets.token_hex(8)}"
    db.session.flush()
