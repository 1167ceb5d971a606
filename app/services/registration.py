"""Becoming a reader: register, and confirm the e-mail address."""

from app.jobs import enqueue
from app.models.base import db, now
from app.models.user import User
from app.rules.account import AlreadyConfirmed, EmailTaken, NicknameTaken, ensure_password_is_hard
from app.services.bean import reward_confirmation
from app.services.password import hash_password
from app.services.token import Purpose, read_token
from app.services.transaction import transaction

HOUR = 3600


def register(nickname: str, email: str, password: str, locale: str) -> None:
    """Make an account and send a link that confirms the address.

    To somebody who registers an address that has an account the answer is the same, so that nobody learns
    whose addresses are here; the owner gets a mail that says so.

    :raises NicknameTaken: another reader has the nickname.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    """
    ensure_password_is_hard(password, nickname, email)
    _register(nickname, email, hash_password(password), locale)


@transaction
def _register(nickname: str, email: str, password_hash: str, locale: str) -> None:
    if User.find_by_nickname(nickname):
        raise NicknameTaken
    owner = User.find_by_email(email)
    if owner:
        # One an hour, whoever it is that tries: nobody shall fill somebody's mailbox from here.
        enqueue("mail.already_registered", {"user_id": owner.id}, f"already-registered:{owner.id}:{now() // HOUR}")
        return
    user = User(nickname=nickname, email=email, password_hash=password_hash, locale=locale)
    db.session.add(user)
    db.session.flush()
    enqueue("mail.confirm_email", {"user_id": user.id})


@transaction
def add_reader(nickname: str, email: str, password_hash: str, locale: str, is_confirmed: bool) -> int:
    """Make an account for an operator, who is told what is taken; return its number.

    :raises NicknameTaken: another reader has the nickname.
    :raises EmailTaken: another reader has the address.
    """
    if User.find_by_nickname(nickname):
        raise NicknameTaken
    if User.find_by_email(email):
        raise EmailTaken
    user = User(nickname=nickname, email=email, password_hash=password_hash, locale=locale)
    db.session.add(user)
    db.session.flush()
    if is_confirmed:
        mark_confirmed(user)
    else:
        enqueue("mail.confirm_email", {"user_id": user.id})
    return user.id


@transaction
def confirm_email(token: str) -> User:
    """Note that the reader reads the mails sent to the address.

    :raises LinkNotValid: see `read_token`.
    """
    user, _ = read_token(Purpose.CONFIRM, token, lock=True)
    mark_confirmed(user)
    return user


def mark_confirmed(user: User) -> None:
    """Note a confirmed address, and what comes with it; inside `auto_commit`."""
    if user.confirmed_at is None:
        user.confirmed_at = now()
        reward_confirmation(user.id, now())


@transaction
def resend_confirmation(user: User) -> None:
    """Send the link again.

    :raises AlreadyConfirmed: there is nothing to confirm.
    """
    if user.is_confirmed:
        raise AlreadyConfirmed
    enqueue("mail.confirm_email", {"user_id": user.id})
