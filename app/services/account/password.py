"""Hashing passwords with argon2id, by default with OWASP's parameters."""

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
    """Return the hash to store; normalised (NFKC), so that it does not matter how the same characters were typed."""
    return _hasher(*_strength()).hash(unicodedata.normalize("NFKC", password))


def is_password(user: User | None, password: str) -> bool:
    """Return whether this is the reader's password; without a reader it takes the same time."""
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
    """Return whether the hash was made with parameters other than the present ones."""
    return _hasher(*_strength()).check_needs_rehash(user.password_hash)
