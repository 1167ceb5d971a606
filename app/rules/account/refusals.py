"""The refusals about accounts."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.refusal import Refusal


class AccountRefusal(Refusal):
    """Something about an account is not allowed."""


class NicknameTaken(AccountRefusal):
    """Another reader has this nickname."""


class WrongLogin(AccountRefusal):
    """Unknown address or wrong password; the reader does not learn which."""


class WrongPassword(AccountRefusal):
    """The password entered is not the reader's present one."""


class WrongCode(AccountRefusal):
    """The code of the authenticator app, or the recovery code, is wrong, used or too old."""


class LinkNotValid(AccountRefusal):
    """A link from a mail is forged, too old, used, or made for something else."""

    status = 400


class SameEmail(AccountRefusal):
    """The new address is the present one."""


class EmailTaken(AccountRefusal):
    """Another account has taken the new address in the meantime."""


class SecondFactorIsOn(AccountRefusal):
    """Log-in by code is already on."""


class SecondFactorIsOff(AccountRefusal):
    """Log-in by code is not on."""


@dataclass(eq=False)
class Suspended(AccountRefusal):
    """The people who run the site let the reader not log in until a time in Unix seconds."""

    status = 403
    reader_id: int
    until: int


class NoSuchReader(AccountRefusal):
    """There is no reader with this nickname, address or id."""


class PasswordTooEasy(AccountRefusal):
    """The password is among those that an attacker tries first."""
