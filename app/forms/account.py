"""The forms about an account: their fields, limits and messages."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice, SelectMultipleField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.i18n import LANGUAGE_NAMES
from app.rules.account import PASSWORD_LENGTH
from app.rules.names import NICKNAME_LENGTH, is_nickname, is_reserved, tidy_nickname
from app.rules.notices import Notice

EMAIL_LENGTH = 254
CODE_LENGTH = 40
NEEDED = _l("Please fill this in.")
NOTICE_NAMES: Mapping[Notice, Any] = {
    Notice.DRIFT: _l("What happens to my exchanges"),
    Notice.REMINDER: _l("Reminders before something runs out"),
    Notice.OFFER: _l("A book I wish for is kept for me"),
}


def tidy_email(text: str | None) -> str:
    """Return a valid address in its standard form (RFC 6532), anything else as it was typed."""
    typed = (text or "").strip()
    try:
        return str(validate_email(typed[: EMAIL_LENGTH + 1], check_deliverability=False).normalized)
    except EmailNotValidError:
        return typed


class ValidEmail:
    """Refuses what can not be an e-mail address; letters of every script are welcome in it."""

    def __call__(self, _form: object, field: Field) -> None:
        """:raises ValidationError: no address."""
        try:
            validate_email(field.data or "", check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(_l("This is not an e-mail address. It looks like name@example.org.")) from None


class ValidNickname:
    """Refuses nicknames of signs, and those that pass for the site."""

    def __call__(self, _form: object, field: Field) -> None:
        """:raises ValidationError: not usable."""
        if not is_nickname(field.data):
            raise ValidationError(_l("Letters, digits, blanks and - _ . · only, in any script."))
        if is_reserved(field.data):
            raise ValidationError(_l("This name belongs to the site. Please choose another."))


def email_field(label: Any) -> EmailField:
    """Return a field for one e-mail address."""
    too_long = Length(max=EMAIL_LENGTH, message=_l("An e-mail address has at most %(max)d characters."))
    return EmailField(label, filters=[tidy_email], validators=[InputRequired(NEEDED), too_long, ValidEmail()])


def password_field(label: Any) -> PasswordField:
    """Return a field for a password that exists."""
    too_long = Length(max=PASSWORD_LENGTH[1], message=_l("A password has at most %(max)d characters."))
    return PasswordField(label, validators=[InputRequired(NEEDED), too_long])


def new_password_field(label: Any) -> PasswordField:
    """Return a field for a new password."""
    length = Length(*PASSWORD_LENGTH, message=_l("A password has %(min)d to %(max)d characters."))
    return PasswordField(label, validators=[InputRequired(NEEDED), length])


def repeat_field(name: str) -> PasswordField:
    """Return a field in which the password is typed again."""
    same = EqualTo(name, message=_l("The two passwords differ."))
    return PasswordField(_l("The same again"), validators=[InputRequired(NEEDED), same])


def nickname_field() -> StringField:
    """Return a field for a nickname."""
    length = Length(*NICKNAME_LENGTH, message=_l("A nickname has %(min)d to %(max)d characters."))
    validators = [InputRequired(NEEDED), length, ValidNickname()]
    return StringField(_l("Nickname"), filters=[tidy_nickname], validators=validators)


class RegisterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A new account."""

    nickname = nickname_field()
    email = email_field(_l("E-mail"))
    password = new_password_field(_l("Password"))


class LoginForm(FlaskForm):  # type: ignore[misc]
    """Address and password, and the page to go back to."""

    email = email_field(_l("E-mail"))
    password = password_field(_l("Password"))
    remember = BooleanField(_l("Stay logged in on this device"))
    next = HiddenField()


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A code of the authenticator app, or a recovery code."""

    code = StringField(
        _l("Code"), validators=[InputRequired(NEEDED), Length(max=CODE_LENGTH, message=_l("This is no such code."))]
    )


class EmailForm(FlaskForm):  # type: ignore[misc]
    """To whom a link is sent."""

    email = email_field(_l("E-mail"))


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, twice."""

    password = new_password_field(_l("New password"))
    repeat = repeat_field("password")


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """The present password, and a new one twice."""

    present = password_field(_l("Present password"))
    password = new_password_field(_l("New password"))
    repeat = repeat_field("password")


class ChangeEmailForm(FlaskForm):  # type: ignore[misc]
    """A new address."""

    email = email_field(_l("New e-mail"))
    password = password_field(_l("Password"))


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The password, for what can not be undone."""

    password = password_field(_l("Password"))


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """Name, language, time zone, and which mails are wanted."""

    nickname = nickname_field()
    locale = SelectField(
        _l("Language"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()],
        validators=[InputRequired(NEEDED)],
    )
    time_zone = SelectField(
        _l("Time zone"),
        choices=[SelectChoice(zone, zone) for zone in sorted(available_timezones())],
        validators=[InputRequired(NEEDED)],
    )
    notices = SelectMultipleField(
        _l("Mails I want"),
        choices=[SelectChoice(notice.value, name) for notice, name in NOTICE_NAMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
