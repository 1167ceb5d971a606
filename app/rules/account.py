"""Every way in which an account says no, and when a password is too easy."""

from zxcvbn import zxcvbn

from app.rules.refusals import Refusal

PASSWORD_LENGTH = (8, 128)
"""Fewest and most characters; the most keeps hashing cheap (OWASP Authentication Cheat Sheet)."""
READ_BY_ESTIMATOR = 64
"""The estimator's work grows steeply with the length, and nothing this long is a common password."""


class AccountRefusal(Refusal):
    """Something about an account is not allowed."""


class NicknameTaken(AccountRefusal):
    """Another reader has this nickname."""


class WrongLogin(AccountRefusal):
    """Unknown address or wrong password: which of the two is not said."""


class WrongPassword(AccountRefusal):
    """The present password was not entered right."""


class WrongCode(AccountRefusal):
    """The code of the authenticator app, or the recovery code, is wrong, used or too old."""


class LinkNotValid(AccountRefusal):
    """A link from a mail is forged, too old, used, or made for something else."""


class AlreadyConfirmed(AccountRefusal):
    """The address needs no confirming."""


class SameEmail(AccountRefusal):
    """The new address is the present one."""


class EmailTaken(AccountRefusal):
    """The new address became another account's in the meantime."""


class SecondFactorIsOn(AccountRefusal):
    """Log-in by code is already on."""


class SecondFactorIsOff(AccountRefusal):
    """Log-in by code is not on."""


class NoSuchReader(AccountRefusal):
    """There is no reader with this name, address or number."""


class PasswordTooEasy(AccountRefusal):
    """The password is among those tried first."""


def ensure_password_is_hard(password: str, *known: str) -> None:
    """Refuse common passwords and those made of what is known about the reader.

    The estimator (zxcvbn) counts the guesses of an attacker; below a million is too easy.

    :raises PasswordTooEasy: it is.
    """
    words = [part for text in known for part in (text, text.partition("@")[0]) if part]
    if zxcvbn(password[:READ_BY_ESTIMATOR], user_inputs=words)["score"] < 2:
        raise PasswordTooEasy
