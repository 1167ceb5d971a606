"""The one table from refusals to the sentences that a reader sees."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.rules import account, refusals
from app.rules.refusals import Refusal

SENTENCES: dict[type[Refusal], Any] = {
    account.AlreadyConfirmed: _l("Your e-mail address is confirmed already."),
    account.EmailTaken: _l("This address belongs to another account by now."),
    account.LinkNotValid: _l("This link does not work any more: it is too old, was used, or was not copied whole."),
    account.NicknameTaken: _l("Another reader has this nickname. Please choose another."),
    account.NoSuchReader: _l("There is no such reader."),
    account.PasswordTooEasy: _l("This password is among the first that anybody would try. A few words are better."),
    account.SameEmail: _l("This is your address already."),
    account.SecondFactorIsOff: _l("Log-in by code is not turned on."),
    account.SecondFactorIsOn: _l("Log-in by code is turned on already."),
    account.WrongCode: _l("This code is wrong, too old, or was used before."),
    account.WrongLogin: _l("E-mail or password is wrong."),
    refusals.EmailNotConfirmed: _l("Please confirm your e-mail address first: the link is in the mail we sent you."),
    account.WrongPassword: _l("This is not your password."),
}


def sentence(refusal: Refusal) -> str:
    """Return what to tell a reader.

    :raises KeyError: a refusal that nobody has written a sentence for.
    """
    return str(SENTENCES[type(refusal)])


def refuse(form: Any, refusal: Refusal, field: str = "") -> None:
    """Show the refusal in the form, at one of its fields if it is about that."""
    if field:
        form[field].errors = [*form[field].errors, sentence(refusal)]
    else:
        form.form_errors.append(sentence(refusal))
