"""The forms about an account: their fields, limits and messages."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField
from wtforms.fields.choices import SelectMultipleField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms.area import area_field
from app.forms.fields import EmailField, HiddenField, PasswordField, PostForm, StringField, choices_of
from app.forms.gift import TermsForm
from app.forms.stranger import StrangerForm
from app.i18n import list_languages
from app.rules.account import names
from app.rules.account.mail_topic import DEFAULT_PACES, MailTopic, Pace, paces_of
from app.rules.account.names import EMAIL_LENGTH, NICKNAME_LENGTH, fold_email, tidy_nickname
from app.rules.account.password import PASSWORD_LENGTH
from app.rules.account.public_page import LONGEST_ABOUT, Part, PublicPage, read_parts
from app.rules.moderation.hold import find_contact
from app.rules.text import LONGEST_TEXT, as_typed

CODE_LENGTH = 40
NEEDED = _l("Please fill this in.")
TOO_LONG_EMAIL = _l("An e-mail address has at most %(max)d characters.")
TOPIC_NAMES: Mapping[MailTopic, Any] = {
    MailTopic.TURN: _l("Somebody is waiting for me"),
    MailTopic.REMINDER: _l("Reminders before something runs out"),
    MailTopic.OFFER: _l("A book I wish for is kept for me"),
    MailTopic.WANTED: _l("Somebody is waiting for a book that I keep private"),
    MailTopic.DRIFT: _l("What else happens in my exchanges"),
    MailTopic.CIRCLE: _l("Which wishes could be granted in a circle that I look after"),
    MailTopic.DIGEST: _l("Everything in one e-mail"),
}
PACE_NAMES: Mapping[Pace, Any] = {
    Pace.NOW: _l("at once"),
    Pace.DAILY: _l("daily, in one e-mail"),
    Pace.WEEKLY: _l("weekly, in one e-mail"),
    Pace.OFF: _l("no e-mails"),
}
DAY_NAMES = (
    *(_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday")),
    *(_l("Friday"), _l("Saturday"), _l("Sunday")),
)


def pace_field(topic: MailTopic) -> SelectField:
    """Return a field for how often mails of a kind are sent."""
    names = PACE_NAMES if topic is not MailTopic.CIRCLE else {**PACE_NAMES, Pace.NOW: _l("once a week")}
    choices = choices_of((pace.value, names[pace]) for pace in paces_of(topic))
    return SelectField(TOPIC_NAMES[topic], choices=choices, default=DEFAULT_PACES[topic].value)


def tidy_email(text: str | None) -> str:
    """Return a valid address in its normalised form (RFC 6532), anything else unchanged."""
    typed = (text or "")[:LONGEST_TEXT].strip()
    try:
        return str(validate_email(typed[: EMAIL_LENGTH + 1], check_deliverability=False).normalized)
    except EmailNotValidError:
        return typed


class ValidEmail:
    """Refuses anything that cannot be an e-mail address; letters of every script are allowed."""

    def __call__(self, _form: object, field: Field) -> None:
        """:raises ValidationError: it is no address."""
        try:
            validate_email(field.data or "", check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(_l("This is not an e-mail address. It looks like name@example.org.")) from None
        if len(fold_email(field.data)) > EMAIL_LENGTH:
            raise ValidationError(TOO_LONG_EMAIL % {"max": EMAIL_LENGTH})


NICKNAME_REFUSALS: tuple[tuple[Callable[[str], bool], Any], ...] = (
    (names.has_address, _l("A nickname can’t be a web address. Put a space after the dot.")),
    (names.piles_marks, _l("At most two marks on one letter, please.")),
    (names.mixes_alphabets, _l("Please use one alphabet only; Latin, Greek and Cyrillic letters look alike.")),
    (names.is_too_long, _l("This nickname is too long.")),
    (names.is_reserved, _l("This name is reserved for the site. Please choose another.")),
)


class ValidNickname:
    """Refuses nicknames without letters or digits, and those that could deceive others."""

    def __call__(self, _form: object, field: Field) -> None:
        """:raises ValidationError: it cannot be used as a nickname."""
        if not names.is_nickname(field.data):
            raise ValidationError(_l("Only letters, digits, spaces and - _ . · please, in any script."))
        for is_so, message in NICKNAME_REFUSALS:
            if is_so(field.data):
                raise ValidationError(message)


def email_field(label: Any) -> EmailField:
    """Return a field for one e-mail address."""
    too_long = Length(max=EMAIL_LENGTH, message=TOO_LONG_EMAIL)
    return EmailField(label, filters=[tidy_email], validators=[InputRequired(NEEDED), too_long, ValidEmail()])


def password_field(label: Any) -> PasswordField:
    """Return a field for an existing password."""
    too_long = Length(max=PASSWORD_LENGTH[1], message=_l("A password has at most %(max)d characters."))
    return PasswordField(label, validators=[InputRequired(NEEDED), too_long])


def new_password_field(label: Any) -> PasswordField:
    """Return a field for a new password."""
    length = Length(*PASSWORD_LENGTH, message=_l("A password has %(min)d to %(max)d characters."))
    return PasswordField(label, validators=[InputRequired(NEEDED), length])


def repeat_field(name: str) -> PasswordField:
    """Return a field in which the password is typed again."""
    same = EqualTo(name, message=_l("The two passwords differ."))
    return PasswordField(_l("Repeat it"), validators=[InputRequired(NEEDED), same])


def nickname_field() -> StringField:
    """Return a field for a nickname."""
    length = Length(*NICKNAME_LENGTH, message=_l("A nickname has %(min)d to %(max)d characters."))
    validators = [InputRequired(NEEDED), length, ValidNickname()]
    return StringField(_l("Nickname"), filters=[tidy_nickname], validators=validators)


class RegisterForm(StrangerForm):
    """A new account."""

    nickname = nickname_field()
    email = email_field(_l("E-mail"))
    password = new_password_field(_l("Password"))
    invite = HiddenField()
    next = HiddenField()


class LoginForm(PostForm):
    """Address and password, and the page to return to."""

    email = email_field(_l("E-mail"))
    password = password_field(_l("Password"))
    remember = BooleanField(_l("Stay logged in on this device"))
    next = HiddenField()


class CodeForm(PostForm):
    """A code of the authenticator app, or a recovery code."""

    code = StringField(
        _l("Code"), validators=[InputRequired(NEEDED), Length(max=CODE_LENGTH, message=_l("This is not a valid code."))]
    )


class EmailForm(PostForm):
    """The address to which a link is sent."""

    email = email_field(_l("E-mail"))


class NewPasswordForm(PostForm):
    """A new password, twice."""

    password = new_password_field(_l("New password"))
    repeat = repeat_field("password")


class OwnerForm(PostForm):
    """The code of the second factor, where it is on: a thief with the reader's device does not have it."""

    code = StringField(_l("Code"), validators=[Length(max=CODE_LENGTH, message=_l("This is not a valid code."))])


class ChangePasswordForm(OwnerForm):
    """The present password, and a new one twice."""

    present = password_field(_l("Current password"))
    password = new_password_field(_l("New password"))
    repeat = repeat_field("password")


class ChangeEmailForm(OwnerForm):
    """A new address."""

    email = email_field(_l("New e-mail"))
    password = password_field(_l("Password"))


class PasswordForm(OwnerForm):
    """The password, and the code where the second factor is on, for actions that cannot be undone."""

    password = password_field(_l("Password"))


PART_NAMES: Mapping[Part, Any] = {
    Part.SHELF: _l("the books I give"),
    Part.WISHES: _l("the books I wish for"),
    Part.AREA: _l("my area"),
}


def without_contact(_form: object, field: Field) -> None:
    """Refuse what leads away from the site, on a page that everybody sees.

    :raises ValidationError: there is a link or a phone number in it.
    """
    if find_contact(field.data):
        raise ValidationError(_l("No links or phone numbers here, please: everybody can read this."))


class ProfileForm(TermsForm):
    """Name, language, time zone, how copies are handed over, how often mails are wanted, area, and public page."""

    nickname = nickname_field()
    locale = SelectField(
        _l("Language"),
        choices=lambda: choices_of(list_languages()),
        validators=[InputRequired(NEEDED)],
    )
    time_zone = SelectField(
        _l("Time zone"),
        choices=choices_of((zone, zone) for zone in sorted(available_timezones())),
        validators=[InputRequired(NEEDED)],
    )
    turn = pace_field(MailTopic.TURN)
    reminder = pace_field(MailTopic.REMINDER)
    offer = pace_field(MailTopic.OFFER)
    wanted = pace_field(MailTopic.WANTED)
    drift = pace_field(MailTopic.DRIFT)
    circle = pace_field(MailTopic.CIRCLE)
    digest_day = SelectField(
        _l("Weekly e-mails come on"),
        choices=choices_of((str(day), name) for day, name in enumerate(DAY_NAMES)),
        default="5",
    )
    area_name = area_field()
    about = StringField(
        _l("A sentence about you"),
        filters=[as_typed],
        validators=[Length(max=LONGEST_ABOUT, message=_l("At most 200 characters, please.")), without_contact],
    )
    shown = SelectMultipleField(
        _l("What your public page shows"),
        choices=choices_of((part.value, name) for part, name in PART_NAMES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def public_page(self) -> PublicPage:
        """Return what the public page is to show."""
        return PublicPage(self.about.data, read_parts(" ".join(self.shown.data or ())))

    @property
    def pace_fields(self) -> dict[MailTopic, SelectField]:
        """Return the fields for how often mails are sent, by kind."""
        return {topic: self[topic.value] for topic in DEFAULT_PACES}

    @property
    def paces(self) -> dict[MailTopic, Pace]:
        """Return how often mails of each kind are wanted."""
        return {topic: Pace(field.data) for topic, field in self.pace_fields.items()}
