"""Logging in: check the password, then the code of the second factor, then start a login session."""

from dataclasses import dataclass

from app.models.base import db
from app.models.user import User
from app.rules.account.refusals import WrongLogin
from app.services.account.login_session import start_session
from app.services.account.password import hash_password, is_outdated, is_password
from app.services.account.registration import send_link_again
from app.services.account.second_factor import use_code
from app.services.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class PasswordPassed:
    """A reader who has entered the right password; invalidated by a change of the password."""

    user_id: int
    version: int
    needs_code: bool


def check_password(email: str, password: str) -> PasswordPassed:
    """Check the password; an unknown address takes as long as a wrong password.

    :raises WrongLogin: one of the two is wrong, or the address is not confirmed.
    """
    user = User.find_by_email(email)
    if not is_password(user, password) or user is None:
        raise WrongLogin
    if not user.owns_email:
        send_link_again(user)
        raise WrongLogin
    passed = passed_by(user)
    if is_outdated(user):
        _renew_hash(user, password)
    return passed


def passed_by(user: User) -> PasswordPassed:
    """Return the proof for a reader who has just given the password, or opened a link from our mail."""
    return PasswordPassed(user_id=user.id, version=user.login_version, needs_code=user.has_second_factor)


@transaction
def _renew_hash(user: User, password: str) -> None:
    user.password_hash = hash_password(password)


@transaction
def log_in(passed: PasswordPassed, device: str, is_remembered: bool, code: str = "") -> User:
    """Log the device in, after checking the code if the second factor is on.

    :raises WrongLogin: the password was changed in the meantime.
    :raises WrongCode: see `use_code`.
    """
    user = db.session.get(User, passed.user_id, populate_existing=True, with_for_update=True)
    if user is None or user.login_version != passed.version:
        raise WrongLogin
    if user.has_second_factor:
        use_code(user, code)
    user.login_token = start_session(user, device, is_remembered)
    return user
