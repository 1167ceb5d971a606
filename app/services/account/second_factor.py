"""Two-step verification by codes of an authenticator app (TOTP, RFC 6238), and the recovery codes."""

import secrets
import time

import pyotp
from flask import current_app
from sqlalchemy import delete, func, select

from app.models.base import db, now
from app.models.user import RecoveryCode, User
from app.rules.account.refusals import SecondFactorIsOff, SecondFactorIsOn, WrongCode
from app.rules.exchange.refusals import EmailNotConfirmed
from app.services.account.login_session import renew_version
from app.services.account.password import ensure_password
from app.services.hashing import plain_hash
from app.services.outbox import enqueue
from app.services.transaction import changed_rows, transaction

TIME_STEP = 30
"""Seconds that one code lasts; the previous and the next one are accepted too, because clocks differ."""
RECOVERY_CODES = 10


@transaction
def begin_second_factor(user: User) -> str:
    """Return the URL (`otpauth://…`) that an authenticator app reads from the QR code.

    :raises SecondFactorIsOn: it is on; turn it off first.
    :raises EmailNotConfirmed: the reader has not confirmed the address.
    """
    if user.has_second_factor:
        raise SecondFactorIsOn
    # Otherwise a stranger who registered somebody's address could lock out its owner for good.
    if not user.is_confirmed:
        raise EmailNotConfirmed
    if user.totp_secret is None:
        user.totp_secret = pyotp.random_base32()
    return pyotp.TOTP(user.totp_secret).provisioning_uri(name=user.email, issuer_name=current_app.config["SITE_NAME"])


@transaction
def turn_on_second_factor(user: User, code: str) -> list[str]:
    """Require a code at each log-in from now on; return the recovery codes, which are never shown again.

    :raises SecondFactorIsOn: it is on.
    :raises WrongCode: it is not the code that the app shows.
    """
    if user.has_second_factor:
        raise SecondFactorIsOn
    if not _use_app_code(user, code):
        raise WrongCode
    user.totp_since = now()
    renew_version(user)
    enqueue("mail.second_factor_changed", {"user_id": user.id, "is_on": True})
    return _new_recovery_codes(user)


@transaction
def turn_off_second_factor(user: User, password: str, code: str) -> None:
    """Require only the password from now on.

    :raises SecondFactorIsOff: it is off.
    :raises WrongPassword: it is not the reader's password.
    :raises WrongCode: see `use_code`.
    """
    if not user.has_second_factor:
        raise SecondFactorIsOff
    ensure_password(user, password)
    ensure_code(user, code)
    forget_second_factor(user)
    enqueue("mail.second_factor_changed", {"user_id": user.id, "is_on": False})


@transaction
def renew_recovery_codes(user: User, password: str, code: str) -> list[str]:
    """Replace the recovery codes.

    :raises SecondFactorIsOff: it is off, so that no codes are needed.
    :raises WrongPassword: it is not the reader's password.
    :raises WrongCode: see `use_code`.
    """
    if not user.has_second_factor:
        raise SecondFactorIsOff
    ensure_password(user, password)
    ensure_code(user, code)
    return _new_recovery_codes(user)


def forget_second_factor(user: User) -> None:
    """Erase the secret and the recovery codes; inside `auto_commit`."""
    user.set_attrs({"totp_secret": None, "totp_since": None, "totp_last_step": 0})
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def ensure_code(user: User, code: str) -> None:
    """Require a code, if the second factor is on, before an action that a thief could misuse; inside `auto_commit`.

    :raises WrongCode: see `use_code`.
    """
    db.session.refresh(user, with_for_update=True)
    if user.has_second_factor:
        use_code(user, code)


def use_code(user: User, code: str) -> None:
    """Use up a code of the app or a recovery code; inside `auto_commit`, with the reader's row locked.

    :raises WrongCode: neither, or used before.
    """
    if not _use_app_code(user, code) and not _use_recovery_code(user, code):
        raise WrongCode


def count_recovery_codes(user: User) -> int:
    """Return how many recovery codes are left."""
    return db.session.scalar(select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user.id)) or 0


def _use_app_code(user: User, code: str) -> bool:
    digits = "".join(code.split())
    if not user.totp_secret or not (digits.isascii() and digits.isdigit()):
        return False
    totp = pyotp.TOTP(user.totp_secret)
    step = int(time.time()) // TIME_STEP
    for candidate in (step - 1, step, step + 1):
        # Each code works once, so that an onlooker cannot use it again.
        if candidate > user.totp_last_step and secrets.compare_digest(totp.generate_otp(candidate), digits):
            user.totp_last_step = candidate
            return True
    return False


def _use_recovery_code(user: User, code: str) -> bool:
    used = delete(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _hash(code))
    return bool(changed_rows(used))


def _new_recovery_codes(user: User) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [pyotp.random_base32(32)[:16].lower() for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash(code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def _hash(code: str) -> str:
    # A code of 80 random bits needs no slow hash.
    return plain_hash("".join(code.lower().replace("-", "").split()))
