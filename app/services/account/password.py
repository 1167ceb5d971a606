"""Hashing passwords: argon2id, OWASP's parameters by default."""

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from app.models.user import User
from app.rules.account.refusals import WrongPassword


@lru_cache(maxsize=2)
def _hasher(memory: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=1)


@lru_cache(maxsize=2)
def _nobodys_hash(memory: int, rounds: int) -> str:
    return _hasher(memory, rounds).hash(secrets.token_urlsafe())


def _strength() -> tuple[int, int]:
    return current_app.config["PASSWORD_HASH_MEMORY"], current_app.config["PASSWORD_HASH_ROUNDS"]


def hash_password(password: str) -> str:
    """Return the hash to store; the same characters give the same password however they were typed (NFKC)."""
    return _hasher(*_strength()).hash(unicodedata.normalize("NFKC", password))


def is_password(user: User | None, password: str) -> bool:
    """Return whether this is the reader's password; without a reader the same work is done for nothing."""
    stored = user.password_hash if user and user.password_hash else _nobodys_hash(*_strength())
    try:
        _hasher(*_strength()).verify(stored, unicodedata.normalize("NFKC", password))
    except (VerificationError, InvalidHashError):
        return False
    return user is not None and stored == user.password_hash


def ensure_password(user: User, password: str) -> None:
    """:raises WrongPassword: it is not the reader's password."""
    if not is_password(user, password):
        raise WrongPassword


def is_outdated(user: User) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return _hasher(*_strength()).check_needs_rehash(user.password_hash)
