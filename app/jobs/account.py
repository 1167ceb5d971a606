"""Jobs about accounts: their mails, and erasing login sessions that have expired."""

from flask import current_app

from app.jobs.mails import send_once
from app.jobs.registry import Job, handles
from app.mail import account as mails
from app.models.user import User
from app.rules.clock import DAY
from app.services.account.link_token import TAKE_BACK_HOURS, Purpose, make_link_token
from app.services.account.login_session import forget_ended_sessions
from app.services.account.take_back import make_take_back_token


def _reader(job: Job) -> User | None:
    return User.find(job.payload["user_id"])


@handles("mail.confirm_email")
def confirm_email(job: Job) -> None:
    """Send the link that confirms the address."""
    user = _reader(job)
    if user is not None and not user.is_confirmed:
        token = make_link_token(Purpose.CONFIRM, user, job.payload.get("target", ""))
        hours = current_app.config["CONFIRM_LINK_HOURS"]
        send_once(job, mails.confirm_email(user.email, user.locale, user.nickname, token, hours))


@handles("mail.already_registered")
def already_registered(job: Job) -> None:
    """Inform the owner of an address that somebody tried to register it again."""
    user = _reader(job)
    if user is not None:
        send_once(job, mails.already_registered(user.email, user.locale, user.nickname))


@handles("mail.reset_password")
def reset_password(job: Job) -> None:
    """Send a link that sets a new password, if there is an account with this address."""
    user = User.find_by_email(job.payload["email"])
    if user is not None:
        token = make_link_token(Purpose.RESET, user)
        minutes = current_app.config["RESET_LINK_MINUTES"]
        send_once(job, mails.reset_password(user.email, user.locale, user.nickname, token, minutes))


@handles("mail.confirm_new_email")
def confirm_new_email(job: Job) -> None:
    """Ask the reader to confirm the new address, unless it is another reader's by now."""
    user = _reader(job)
    if user is not None and user.new_email and User.find_by_email(user.new_email) is None:
        token = make_link_token(Purpose.NEW_EMAIL, user)
        hours = current_app.config["CONFIRM_LINK_HOURS"]
        send_once(job, mails.confirm_new_email(user.new_email, user.locale, user.nickname, token, hours))


@handles("mail.email_changed")
def email_changed(job: Job) -> None:
    """Inform the old address, with a link to restore it, unless an earlier address has been restored."""
    user, changed_at = _reader(job), job.payload["at"]
    if user is not None and (user.confirmed_at or 0) <= changed_at:
        token = make_take_back_token(user, job.payload["to"], changed_at)
        send_once(job, mails.email_changed(job.payload["to"], user.locale, user.nickname, token, TAKE_BACK_HOURS))


@handles("mail.password_changed")
def password_changed(job: Job) -> None:
    """Inform the reader that the password was changed."""
    user = _reader(job)
    if user is not None:
        send_once(job, mails.password_changed(user.email, user.locale, user.nickname))


@handles("mail.second_factor_changed")
def second_factor_changed(job: Job) -> None:
    """Inform the reader that two-step verification was turned on or off."""
    user = _reader(job)
    if user is not None:
        is_on = job.payload["is_on"]
        send_once(job, mails.second_factor_changed(user.email, user.locale, user.nickname, is_on))


@handles("mail.account_deleted")
def account_deleted(job: Job) -> None:
    """Confirm that the account is closed; as its data is erased, the payload carries what the mail needs."""
    values = job.payload
    send_once(job, mails.account_deleted(values["to"], values["locale"], values["nickname"]))


@handles("session.tidy", every=DAY)
def tidy_sessions(_job: Job) -> None:
    """Erase the login sessions that have expired."""
    forget_ended_sessions()
