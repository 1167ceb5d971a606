"""Registering, and confirming the e-mail address."""

import secrets

from app.models.base import db, now
from app.models.user import AT_ONCE, User
from app.rules.account.names import NICKNAME_LENGTH, ROOM_FOR_NUMBER, fold_email, mailbox_of
from app.rules.account.password import ensure_password_is_hard
from app.rules.account.refusals import EmailTaken, NicknameTaken
from app.rules.clock import HOUR
from app.services.account.link_token import Purpose, read_link_token
from app.services.account.password import hash_password
from app.services.bean.first_bean import was_closed_lately
from app.services.bean.transfers import reward_confirmation
from app.services.hashing import keyed_hash, plain_hash
from app.services.outbox import enqueue
from app.services.transaction import transaction


def register(nickname: str, email: str, password: str, locale: str, target: str = "") -> str:
    """Create an account and send a link that confirms the address and then leads to `target`.

    Returns the mark of this registration, by which the browser is recognised when the address is confirmed.

    The result is the same for an address that has an account, so that nobody can find out whose addresses
    are registered; the owner is informed by mail.

    :raises NicknameTaken: another reader has the nickname.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    """
    ensure_password_is_hard(password, nickname, email)
    password_hash = hash_password(password)
    _register(nickname, email, password_hash, locale, target)
    return registration_mark(email, password_hash)


def registration_mark(email: str, password_hash: str) -> str:
    """Return the mark of a registration, which differs for the same address with another password."""
    return keyed_hash(f"registered:{fold_email(email)}:{password_hash}")


@transaction
def _register(nickname: str, email: str, password_hash: str, locale: str, target: str) -> None:
    if User.find_by_nickname(nickname):
        raise NicknameTaken
    owner = User.find_by_email(email)
    if owner and owner.is_confirmed:
        # At most one mail an hour, so that nobody can flood the owner's mailbox.
        enqueue("mail.already_registered", {"user_id": owner.id}, f"already-registered:{owner.id}:{now() // HOUR}")
        return
    user = owner or User(email=email)
    user.nickname, user.password_hash, user.locale = nickname, password_hash, locale
    # The nickname is only taken once the address is confirmed: otherwise, a nickname that is still free would
    # reveal that the address has an account.
    user.nickname_folded = f"?{secrets.token_hex(16)}"
    db.session.add(user)
    db.session.flush()
    enqueue("mail.confirm_email", {"user_id": user.id, "target": target})


@transaction
def add_reader(nickname: str, email: str, password_hash: str, locale: str, is_confirmed: bool) -> int:
    """Create an account for an operator, who may learn what is taken; return its id.

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
def confirm_email(token: str) -> tuple[User, str]:
    """Mark the address as confirmed; return the reader and the page that they wanted to open.

    :raises LinkNotValid: see `read_link_token`.
    """
    user, target = read_link_token(Purpose.CONFIRM, token, lock=True)
    mark_confirmed(user)
    return user, target


def mark_confirmed(user: User) -> None:
    """Mark the address as confirmed, take the nickname and pay the first bean; inside `auto_commit`."""
    if user.confirmed_at is None:
        user.nickname = _free_nickname(user)
        user.confirmed_at = now()
        user.look_time = AT_ONCE
        if not was_closed_lately(user.email, now()):
            reward_confirmation(user.id, now())


def _free_nickname(user: User) -> str:
    """Return the nickname, with a number appended if another reader has confirmed it first."""
    nickname = user.nickname
    while (other := User.find_by_nickname(nickname)) and other.id != user.id:
        number = str(secrets.randbelow(10**ROOM_FOR_NUMBER))
        nickname = f"{user.nickname[: NICKNAME_LENGTH[1] - ROOM_FOR_NUMBER]}{number}"
    return nickname


@transaction
def send_link_again(user: User) -> None:
    """Send the link again to a reader who knows the password but has not confirmed the address; once an hour.

    Limited by mailbox, because a stranger may have registered one mailbox under many addresses.
    """
    mailbox = plain_hash(mailbox_of(user.email))
    enqueue("mail.confirm_email", {"user_id": user.id}, f"confirm-again:{mailbox}:{now() // HOUR}")
