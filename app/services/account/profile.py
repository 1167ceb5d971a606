"""What readers change about their account: password, address, name, language, mails."""

from collections.abc import Mapping

from app.models.base import db, now
from app.models.user import User
from app.rules.account.mail_topic import MailTopic, Pace, read_paces, turn_off, write_paces
from app.rules.account.names import fold_email
from app.rules.account.password import ensure_password_is_hard
from app.rules.account.public_page import PublicPage
from app.rules.account.refusals import EmailTaken, NicknameTaken, SameEmail
from app.rules.exchange.way import Terms
from app.services.account.link_token import Purpose, read_link_token
from app.services.account.login_session import renew_version
from app.services.account.password import ensure_password, hash_password
from app.services.account.registration import mark_confirmed
from app.services.account.second_factor import ensure_code
from app.services.bean.first_bean import remember_mailbox
from app.services.notice.digest import UNPLANNED, skip_mailed
from app.services.outbox import enqueue
from app.services.transaction import transaction


def change_password(user: User, present: str, password: str, code: str) -> None:
    """Set a new password, which ends the login sessions on other devices.

    :raises WrongPassword: `present` is not the password.
    :raises PasswordTooEasy: see `ensure_password_is_hard`.
    :raises WrongCode: see `ensure_code`.
    """
    ensure_password(user, present)
    ensure_password_is_hard(password, user.nickname, user.email)
    _change_password(user, hash_password(password), code)


@transaction
def _change_password(user: User, password_hash: str, code: str) -> None:
    ensure_code(user, code)
    _store(user, password_hash)


@transaction
def store_password(user: User, password_hash: str) -> None:
    """Store the hash of a new password, end the login sessions on other devices and notify the reader."""
    _store(user, password_hash)


def _store(user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    renew_version(user)
    enqueue("mail.password_changed", {"user_id": user.id})


def request_new_email(user: User, password: str, email: str, code: str) -> None:
    """Send a link to the new address; nothing changes until it is used.

    :raises WrongPassword: it is not the reader's password.
    :raises SameEmail: it is the reader's address already.
    :raises WrongCode: see `ensure_code`.
    """
    ensure_password(user, password)
    if fold_email(email) == user.email_folded:
        raise SameEmail
    _note_new_email(user, email, code)


@transaction
def _note_new_email(user: User, email: str, code: str) -> None:
    ensure_code(user, code)
    # Whether the address has an account must not show here; the job checks it, and then sends no mail.
    user.new_email = email
    enqueue("mail.confirm_new_email", {"user_id": user.id})


@transaction
def confirm_new_email(token: str) -> User:
    """Replace the old address by the new one, and notify the old one.

    :raises LinkNotValid: see `read_link_token`.
    :raises EmailTaken: the address became another account's in the meantime.
    """
    user, _ = read_link_token(Purpose.NEW_EMAIL, token, lock=True)
    email = str(user.new_email)
    if User.find_by_email(email):
        raise EmailTaken
    enqueue("mail.email_changed", {"user_id": user.id, "to": user.email, "at": now()})
    if user.is_confirmed:
        remember_mailbox(user.email, now())
    user.email = email
    user.new_email = None
    mark_confirmed(user)
    return user


@transaction
def change_profile(
    user: User,
    nickname: str,
    locale: str,
    time_zone: str,
    paces: Mapping[MailTopic, Pace],
    day: int,
    terms: Terms,
    page: PublicPage,
) -> None:
    """Set name, language and time zone, how often mails are sent, how the reader gives books, and the public page.

    :raises NicknameTaken: another reader has the nickname.
    """
    with db.session.no_autoflush:
        owner = User.find_by_nickname(nickname)
    if owner is not None and owner.id != user.id:
        raise NicknameTaken
    user.set_attrs({"nickname": nickname, "locale": locale, "time_zone": time_zone, "digest_day": day})
    _change_paces(user, paces)
    user.set_attrs({"ways": " ".join(terms.ways), "meeting_words": terms.words})
    user.set_attrs({"about": page.about, "shown_parts": " ".join(page.parts)})


@transaction
def choose_language(user: User, locale: str) -> None:
    """Set the language of pages and mails."""
    user.locale = locale


def find_mail_topic(token: str) -> MailTopic:
    """Return the kind of mail that a link turns off.

    :raises LinkNotValid: see `read_link_token`.
    """
    return MailTopic(read_link_token(Purpose.MAIL_OFF, token)[1])


@transaction
def mute_mail_topic(token: str) -> MailTopic:
    """Turn one kind of mail off, by the link in a mail; return the kind.

    :raises LinkNotValid: see `read_link_token`.
    """
    user, kind = read_link_token(Purpose.MAIL_OFF, token, lock=True)
    _change_paces(user, turn_off(read_paces(user.mail_paces), MailTopic(kind)))
    return MailTopic(kind)


def _change_paces(user: User, paces: Mapping[MailTopic, Pace]) -> None:
    """Store how often mails are wanted; what was mailed at once stays out of later summaries."""
    before = read_paces(user.mail_paces)
    skip_mailed(user.id, {topic for topic in before if before[topic] is Pace.NOW}, now())
    user.mail_paces = write_paces(paces)
    user.digest_time = UNPLANNED
