"""What operators do with accounts on the command line."""

from sqlalchemy import select

from app.models.base import db
from app.models.user import User
from app.rules.account.password import ensure_password_is_hard
from app.rules.account.refusals import NoSuchReader, SecondFactorIsOff
from app.rules.account.role import Role
from app.services.account.closing import erase_account
from app.services.account.login_session import renew_version
from app.services.account.password import hash_password
from app.services.account.profile import store_password
from app.services.account.registration import add_reader, mark_confirmed
from app.services.account.second_factor import forget_second_factor
from app.services.outbox import enqueue
from app.services.transaction import transaction

LONGEST_NUMBER = 18
"""Most digits of an id in every database."""


def create_reader(nickname: str, email: str, password: str, locale: str, is_confirmed: bool) -> int:
    """Create an account and return its id.

    :raises NicknameTaken: another reader has the nickname.
    :raises EmailTaken: another reader has the address.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    """
    ensure_password_is_hard(password, nickname, email)
    return add_reader(nickname, email, hash_password(password), locale, is_confirmed)


def get_reader(who: str) -> User:
    """Return the reader with this id, e-mail address or nickname.

    :raises NoSuchReader: there is none.
    """
    is_number = who.isascii() and who.isdigit() and len(who) <= LONGEST_NUMBER
    user = User.find(int(who)) if is_number else None
    user = user or User.find_by_email(who) or User.find_by_nickname(who)
    if user is None:
        raise NoSuchReader
    return user


@transaction
def confirm_reader(who: str) -> None:
    """Mark the reader's address as confirmed.

    :raises NoSuchReader: there is none.
    """
    mark_confirmed(get_reader(who))


def set_reader_password(who: str, password: str) -> None:
    """Set a new password, which ends all login sessions of the reader.

    :raises NoSuchReader: there is none.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    """
    user = get_reader(who)
    ensure_password_is_hard(password, user.nickname, user.email)
    store_password(user, hash_password(password))


@transaction
def set_role(who: str, role: Role) -> None:
    """Set the reader's role.

    :raises NoSuchReader: there is none.
    """
    get_reader(who).role = role


@transaction
def remove_second_factor(who: str) -> None:
    """Let a reader who has lost the authenticator app and the recovery codes log in with the password alone.

    :raises NoSuchReader: there is none.
    :raises SecondFactorIsOff: it is off.
    """
    user = get_reader(who)
    if not user.has_second_factor:
        raise SecondFactorIsOff
    forget_second_factor(user)
    renew_version(user, is_kept=False)
    enqueue("mail.second_factor_changed", {"user_id": user.id, "is_on": False})


def delete_reader(who: str) -> None:
    """Close the account in the same way as its reader could.

    :raises NoSuchReader: there is none.
    """
    erase_account(get_reader(who))


def list_readers(limit: int, role: Role | None = None) -> list[User]:
    """Return the readers who joined last, optionally only those with one role."""
    readers = select(User) if role is None else select(User).where(User.role == role)
    return list(db.session.scalars(readers.order_by(User.id.desc()).limit(limit)))
