"""Every way in which an account says no."""

from app.rules.refusal import Refusal


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

    status = 400


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
