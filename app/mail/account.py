"""The mails about accounts, one function for each."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.mail.message import Mail, site_link, write_mail

NOT_YOU = _l("If this was not you, please set a new password at once:")
NOTHING_TO_DO = _l("If this was not you, you don’t have to do anything: nothing happens without this link.")


def _write(
    to: str, locale: str, nickname: str, subject: Any, *paragraphs: Any, button: Any = "", link: str = ""
) -> Mail:
    values = {"subject": subject, "paragraphs": paragraphs, "button": button, "link": link}
    return write_mail("account", to, locale, nickname=nickname, **values)


def confirm_email(to: str, locale: str, nickname: str, token: str, hours: int) -> Mail:
    """Ask a new reader to confirm the address."""
    return _write(
        to, locale, nickname,
        _l("Please confirm your e-mail address"),
        _l("welcome to Fisher! One press confirms your address and gives you your first bean."),
        _l("The link works for %(hours)d hours.", hours=hours),
        NOTHING_TO_DO,
        button=_l("Confirm my address"), link=site_link("web.confirm", token=token),
    )  # fmt: skip


def already_registered(to: str, locale: str, nickname: str) -> Mail:
    """Inform a reader that somebody, probably they themselves, tried to register their address again."""
    return _write(
        to, locale, nickname,
        _l("You already have an account"),
        _l("somebody has just tried to register with your address, which has an account: yours."),
        _l("If it was you, log in. If you have forgotten the password, this page sets a new one:"),
        button=_l("Set a new password"), link=site_link("web.reset_password"),
    )  # fmt: skip


def reset_password(to: str, locale: str, nickname: str, token: str, minutes: int) -> Mail:
    """Send a reader the link that sets a new password."""
    return _write(
        to, locale, nickname,
        _l("Set a new password"),
        _l("here is the link to set a new password. It works once, for %(minutes)d minutes.", minutes=minutes),
        NOTHING_TO_DO,
        button=_l("Set a new password"), link=site_link("web.set_password", token=token),
    )  # fmt: skip


def confirm_new_email(to: str, locale: str, nickname: str, token: str, hours: int) -> Mail:
    """Ask a reader to confirm a new address."""
    return _write(
        to, locale, nickname,
        _l("Confirm your new e-mail address"),
        _l("you want to use this address on Fisher from now on. Please confirm that it is yours."),
        _l("The link works for %(hours)d hours.", hours=hours),
        NOTHING_TO_DO,
        button=_l("Use this address"), link=site_link("web.confirm_new_email", token=token),
    )  # fmt: skip


def email_changed(to: str, locale: str, nickname: str, token: str, hours: int) -> Mail:
    """Inform the old address that the account has a new one, with a link to restore the old one."""
    return _write(
        to, locale, nickname,
        _l("Your e-mail address was changed"),
        _l("your account has a new e-mail address, and this one is no longer used."),
        _l("If this was not you, somebody else knows your password. The button brings this address back within"
           " %(hours)d hours, logs everybody out and lets you set a new password.", hours=hours),
        button=_l("Restore my address"), link=site_link("web.take_back_email", token=token),
    )  # fmt: skip


def password_changed(to: str, locale: str, nickname: str) -> Mail:
    """Inform a reader that the password was changed."""
    return _write(
        to, locale, nickname,
        _l("Your password was changed"),
        _l("your account has a new password, and other devices are logged out."),
        NOT_YOU,
        button=_l("Set a new password"), link=site_link("web.reset_password"),
    )  # fmt: skip


def second_factor_changed(to: str, locale: str, nickname: str, is_on: bool) -> Mail:
    """Inform a reader that two-step verification was turned on or off."""
    if is_on:
        subject = _l("Two-step verification was turned on")
        text = _l("from now on your account asks for a code at each log-in.")
    else:
        subject = _l("Two-step verification was turned off")
        text = _l("from now on your account asks for the password alone.")
    link = site_link("web.reset_password")
    return _write(to, locale, nickname, subject, text, NOT_YOU, button=_l("Set a new password"), link=link)


def account_deleted(to: str, locale: str, nickname: str) -> Mail:
    """Confirm to a reader that the account is closed."""
    return _write(
        to, locale, nickname,
        _l("Your account is closed"),
        _l("your account is closed and your data is deleted. This is the last e-mail you’ll get from us."),
        _l("Thank you for the books. You are welcome back at any time."),
        button=_l("See the books"), link=site_link("web.index"),
    )  # fmt: skip


def let_in(to: str, locale: str, nickname: str, words: str) -> Mail:
    """Tell somebody who asked to be let in that they are."""
    said = [words] if words else []
    return _write(
        to, locale, nickname,
        _l("You’re in"),
        _l("the moderators have read what you wrote, and let you in."),
        *said,
        button=_l("Log in"), link=site_link("web.login"),
    )  # fmt: skip


def turned_away(to: str, locale: str, nickname: str, words: str, days: int) -> Mail:
    """Tell somebody who asked to be let in that they are not, and why."""
    return _write(
        to, locale, nickname,
        _l("We can’t let you in"),
        _l("the moderators have read what you wrote, and did not let you in. They say why:"),
        words,
        _l("What you entered is deleted after %(days)d days. If it is a mistake, write to us before then.", days=days),
        button=_l("Write to us"), link=site_link("web.site_text", name="contact"),
    )  # fmt: skip


def door_waits(to: str, locale: str, nickname: str, count: int) -> Mail:
    """Remind somebody who looks after the site of people who wait to be let in."""
    text = _l(
        "people are waiting to be let in, and have been for some days: %(count)d. They can’t do anything before.",
        count=count,
    )
    return _write(
        to, locale, nickname,
        _l("Somebody is waiting at the door"),
        text,
        button=_l("See who is waiting"), link=site_link("web.desk_door"),
    )  # fmt: skip
