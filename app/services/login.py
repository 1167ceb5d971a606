"""Logging in: the password, then the code if the reader asked for one, then the device."""

from dataclasses import dataclass

from app.models.base import db
from app.models.user import User
from app.rules.account import WrongLogin
from app.services.password import hash_password, is_outdated, is_password
from app.services.second_factor import use_code
from app.services.session import start_session
from app.services.transaction import transaction


@dataclass(frozen=True)
class PasswordPassed:
    """A reader who entered the right password; void when the password changes in between."""

    user_id: int
    version: int
    needs_code: bool


def check_password(email: str, password: str) -> PasswordPassed:
    """Compare the password; an unknown address takes as long as a wrong password.

    :raises WrongLogin: one of the two is wrong.
    """
    user = User.find_by_email(email)
    if not is_password(user, password) or user is None:
        raise WrongLogin
    passed = PasswordPassed(user.id, user.session_version, user.has_second_factor)
    if is_outdated(user):
        _renew_hash(user, password)
    return passed


@transaction
def _renew_hash(user: User, password: str) -> None:
    user.password_hash = hash_password(password)


@transaction
def log_in(passed: PasswordPassed, device: str, is_remembered: bool, code: str = "") -> User:
    """Log the device in, after the code if there has to be one.

    :raises WrongLogin: the password was changed in the meantime.
    :raises WrongCode: see `use_code`.
    """
    user = db.session.get(User, passed.user_id, populate_existing=True, with_for_update=True)
    if user is None or user.session_version != passed.version:
        raise WrongLogin
    if user.has_second_factor:
        use_code(user, code)
    user.session_token = start_session(user, device, is_remembered)
    return user
