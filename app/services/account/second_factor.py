"""Log-in by a code of an authenticator app (TOTP, RFC 6238), and the recovery codes."""

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
"""Seconds that one code lasts; the one before and the one after are taken too, for clocks that differ."""
RECOVERY_CODES = 10


@transaction
def begin_second_factor(user: User) -> str:
    """Return the address (`otpauth://…`) that an authenticator app reads from the QR code.

    :raises SecondFactorIsOn: it is on; turn it off first.
    :raises EmailNotConfirmed: whose account this is has not been shown.
    """
    if user.has_second_factor:
        raise SecondFactorIsOn
    # Else whoever registers somebody's address could shut the owner out for good.
    if not user.is_confirmed:
        raise EmailNotConfirmed
    if user.totp_secret is None:
        user.totp_secret = pyotp.random_base32()
    return pyotp.TOTP(user.totp_secret).provisioning_uri(name=user.email, issuer_name=current_app.config["SITE_NAME"])


@transaction
def turn_on_second_factor(user: User, code: str) -> list[str]:
    """Ask for a code at each log-in from now on; return the recovery codes, which are never shown again.

    :raises SecondFactorIsOn: it is on.
    :raises WrongCode: the app shows something else.
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
    """Ask for the password alone from now on.

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

    :raises SecondFactorIsOff: there is nothing to recover.
    :raises WrongPassword: it is not the reader's password.
    :raises WrongCode: see `use_code`.
    """
    if not user.has_second_factor:
        raise SecondFactorIsOff
    ensure_password(user, password)
    ensure_code(user, code)
    return _new_recovery_codes(user)


def forget_second_factor(user: User) -> None:
    """Remove secret and codes; inside `auto_commit`."""
    user.set_attrs({"totp_secret": None, "totp_since": None, "totp_last_step": 0})
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def ensure_code(user: User, code: str) -> None:
    """Use up a code before a step that a thief at the reader's device would take; inside `auto_commit`.

    :raises WrongCode: the second factor is on, and this is no code of it.
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
        # Each code works once: an onlooker's copy is worthless.
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
    # 80 random bits need no slow hash.
    return plain_hash("".join(code.lower().replace("-", "").split()))
