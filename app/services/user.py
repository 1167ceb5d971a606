"""What readers change about their account: password, address, name, language, mails."""

from collections.abc import Sequence

from app.jobs import enqueue
from app.models.base import db
from app.models.user import User
from app.rules.account import EmailTaken, NicknameTaken, SameEmail, WrongPassword, ensure_password_is_hard
from app.rules.names import fold_email
from app.rules.notices import Notice
from app.services.password import hash_password, is_password
from app.services.registration import mark_confirmed
from app.services.session import renew_version
from app.services.token import Purpose, read_token
from app.services.transaction import transaction


def change_password(user: User, present: str, password: str) -> None:
    """Set a new password, which ends the log-ins on other devices.

    :raises WrongPassword: `present` is not the password.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    """
    if not is_password(user, present):
        raise WrongPassword
    ensure_password_is_hard(password, user.nickname, user.email)
    store_password(user, hash_password(password))


@transaction
def store_password(user: User, password_hash: str) -> None:
    """Write the hash of a new password, end the log-ins on other devices and tell the reader."""
    user.password_hash = password_hash
    renew_version(user)
    enqueue("mail.password_changed", {"user_id": user.id})


def request_new_email(user: User, password: str, email: str) -> None:
    """Send a link to the new address; until it is used nothing changes.

    :raises WrongPassword: it is not the reader's password.
    :raises SameEmail: it is the reader's address already.
    """
    if not is_password(user, password):
        raise WrongPassword
    if fold_email(email) == user.email_folded:
        raise SameEmail
    _note_new_email(user, email)


@transaction
def _note_new_email(user: User, email: str) -> None:
    # An address that has an account is not told apart here; the job finds out, and its owner hears nothing.
    user.new_email = email
    enqueue("mail.confirm_new_email", {"user_id": user.id})


@transaction
def confirm_new_email(token: str) -> User:
    """Put the new address in the place of the old one, which is told.

    :raises LinkNotValid: see `read_token`.
    :raises EmailTaken: the address became another account's in the meantime.
    """
    user, _ = read_token(Purpose.NEW_EMAIL, token, lock=True)
    email = str(user.new_email)
    if User.find_by_email(email):
        raise EmailTaken
    enqueue("mail.email_changed", {"user_id": user.id, "to": user.email})
    user.email = email
    user.new_email = None
    mark_confirmed(user)
    return user


@transaction
def change_profile(user: User, nickname: str, locale: str, time_zone: str, muted: Sequence[str]) -> None:
    """Set name, language, time zone and the kinds of mail that the reader does not want.

    :raises NicknameTaken: another reader has the nickname.
    """
    with db.session.no_autoflush:
        owner = User.find_by_nickname(nickname)
    if owner is not None and owner.id != user.id:
        raise NicknameTaken
    user.set_attrs({"nickname": nickname, "locale": locale, "time_zone": time_zone, "muted_notices": list(muted)})


@transaction
def choose_language(user: User, locale: str) -> None:
    """Set the language of pages and mails."""
    user.locale = locale


def find_notice(token: str) -> Notice:
    """Return the kind of mail that a link turns off.

    :raises LinkNotValid: see `read_token`.
    """
    return Notice(read_token(Purpose.MAIL_OFF, token)[1])


@transaction
def mute_notice(token: str) -> Notice:
    """Turn one kind of mail off, by the link in a mail; return the kind.

    :raises LinkNotValid: see `read_token`.
    """
    user, kind = read_token(Purpose.MAIL_OFF, token, lock=True)
    user.muted_notices = sorted({*user.muted_notices, kind})
    return Notice(kind)
