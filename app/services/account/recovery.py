"""A forgotten password: a link by mail, then a new one."""

from app.models.user import User
from app.rules.account.password import ensure_password_is_hard
from app.services.account.link_token import Purpose, read_link_token
from app.services.account.login_session import renew_version
from app.services.account.password import hash_password
from app.services.account.registration import enter
from app.services.outbox import enqueue
from app.services.transaction import transaction


@transaction
def request_reset(email: str) -> None:
    """Request a link by mail; the job, and not this function, checks whether the account exists."""
    enqueue("mail.reset_password", {"email": email})


def find_reset(token: str) -> User:
    """Return the reader whose password the link can set.

    :raises LinkNotValid: see `read_link_token`.
    """
    return read_link_token(Purpose.RESET, token)[0]


def reset_password(token: str, password: str) -> User:
    """Set a new password, which ends all login sessions; using the link also confirms the address.

    :raises LinkNotValid: see `read_link_token`.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    :raises InvitationGone: see `enter`.
    """
    user = find_reset(token)
    ensure_password_is_hard(password, user.nickname, user.email)
    return _reset(token, hash_password(password))


@transaction
def _reset(token: str, password_hash: str) -> User:
    user, _ = read_link_token(Purpose.RESET, token, lock=True)
    user.password_hash = password_hash
    renew_version(user, is_kept=False)
    enter(user)
    enqueue("mail.password_changed", {"user_id": user.id})
    return user
