"""Registering, and confirming the e-mail address."""

import secrets
from dataclasses import dataclass

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
from app.services.door.arrival import find_way_in, note_arrival, note_in, pass_door
from app.services.hashing import keyed_hash, plain_hash
from app.services.outbox import enqueue
from app.services.transaction import transaction


@dataclass(frozen=True)
class Knock:
    """What somebody brings to the door: the token of an invitation, and words about themselves; empty if not asked."""

    invitation: str = ""
    words: str = ""


def register(
    nickname: str, email: str, password: str, locale: str, target: str = "", knock: Knock | None = None
) -> str:
    """Create an account and send a link that confirms the address and then leads to `target`.

    Returns the mark of this registration, by which the browser is recognised when the address is confirmed.

    The result is the same for an address that has an account, so that nobody can find out whose addresses
    are registered; the owner is informed by mail.

    :raises NicknameTaken: another reader has the nickname.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    :raises InvitationGone: see `find_way_in`.
    """
    ensure_password_is_hard(password, nickname, email)
    password_hash = hash_password(password)
    _register(nickname, email, password_hash, locale, target, knock or Knock())
    return registration_mark(email, password_hash)


def registration_mark(email: str, password_hash: str) -> str:
    """Return the mark of a registration, which differs for the same address with another password."""
    return keyed_hash(f"registered:{fold_email(email)}:{password_hash}")


@transaction
def _register(nickname: str, email: str, password_hash: str, locale: str, target: str, knock: Knock) -> None:
    invitation = find_way_in(knock.invitation, now())
    if User.find_by_nickname(nickname):
        raise NicknameTaken
    owner = User.find_by_email(email)
    if owner and owner.owns_email:
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
    note_arrival(user.id, invitation, knock.words, now())
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

    The reader may have to wait until they are let in, and is not confirmed until then.

    :raises LinkNotValid: see `read_link_token`.
    :raises InvitationGone: see `pass_door`.
    """
    user, target = read_link_token(Purpose.CONFIRM, token, lock=True)
    enter(user)
    return user, target


def enter(user: User) -> None:
    """Let a reader in whose address is confirmed, if the door allows it; inside `auto_commit`.

    :raises InvitationGone: see `pass_door`.
    """
    if not user.owns_email and pass_door(user, now()):
        mark_confirmed(user)


def mark_confirmed(user: User) -> None:
    """Mark the address as confirmed, take the nickname and pay the first bean; inside `auto_commit`."""
    if user.confirmed_at is None:
        user.nickname = _free_nickname(user)
        user.confirmed_at = now()
        note_in(user, now())
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
