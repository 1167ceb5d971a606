"""Becoming a reader: register, and confirm the e-mail address."""

import secrets

from app.models.base import db, now
from app.models.user import User
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
    """Make an account and send a link that confirms the address, and then leads on to `target`.

    What is returned marks this registration, for the browser to show when the address is confirmed.

    To somebody who registers an address that has an account the answer is the same, so that nobody learns
    whose addresses are here; the owner gets a mail that says so.

    :raises NicknameTaken: another reader has the nickname.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    """
    ensure_password_is_hard(password, nickname, email)
    password_hash = hash_password(password)
    _register(nickname, email, password_hash, locale, target)
    return registration_mark(email, password_hash)


def registration_mark(email: str, password_hash: str) -> str:
    """Return what tells a registration from another one of the same address, with another password."""
    return keyed_hash(f"registered:{fold_email(email)}:{password_hash}")


@transaction
def _register(nickname: str, email: str, password_hash: str, locale: str, target: str) -> None:
    if User.find_by_nickname(nickname):
        raise NicknameTaken
    owner = User.find_by_email(email)
    if owner and owner.is_confirmed:
        # One an hour, whoever it is that tries: nobody shall fill somebody's mailbox from here.
        enqueue("mail.already_registered", {"user_id": owner.id}, f"already-registered:{owner.id}:{now() // HOUR}")
        return
    user = owner or User(email=email)
    user.nickname, user.password_hash, user.locale = nickname, password_hash, locale
    # Nobody has the nickname before the address is confirmed: else a nickname that is still free would tell that
    # the address has an account.
    user.nickname_folded = f"?{secrets.token_hex(16)}"
    db.session.add(user)
    db.session.flush()
    enqueue("mail.confirm_email", {"user_id": user.id, "target": target})


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
def confirm_email(token: str) -> tuple[User, str]:
    """Note that the reader reads the mails sent to the address; return the reader and where they wanted to go.

    :raises LinkNotValid: see `read_link_token`.
    """
    user, target = read_link_token(Purpose.CONFIRM, token, lock=True)
    mark_confirmed(user)
    return user, target


def mark_confirmed(user: User) -> None:
    """Note a confirmed address, and what comes with it; inside `auto_commit`."""
    if user.confirmed_at is None:
        user.nickname = _free_nickname(user)
        user.confirmed_at = now()
        if not was_closed_lately(user.email, now()):
            reward_confirmation(user.id, now())


def _free_nickname(user: User) -> str:
    """Return the nickname, with a number if another reader has confirmed it first."""
    nickname = user.nickname
    while (other := User.find_by_nickname(nickname)) and other.id != user.id:
        number = str(secrets.randbelow(10**ROOM_FOR_NUMBER))
        nickname = f"{user.nickname[: NICKNAME_LENGTH[1] - ROOM_FOR_NUMBER]}{number}"
    return nickname


@transaction
def send_link_again(user: User) -> None:
    """Send the link once more to a reader who has the password but not confirmed the address; once an hour.

    Whoever knows the password may be a stranger who registered a mailbox under many addresses.
    """
    mailbox = plain_hash(mailbox_of(user.email))
    enqueue("mail.confirm_email", {"user_id": user.id}, f"confirm-again:{mailbox}:{now() // HOUR}")
