"""Encrypted columns: Fernet (AES-128-CBC with HMAC-SHA256) with the keys of `FIELD_KEYS`.

The first key encrypts and all of them decrypt, so keys are rotated by putting a new one in front.
"""

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from flask import current_app
from sqlalchemy import Text
from sqlalchemy.dialects.mysql import MEDIUMTEXT
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Encrypt a text with the first key."""
    return _fernet(current_app.config["FIELD_KEYS"]).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt what `seal` made with any of the keys.

    :raises cryptography.fernet.InvalidToken: no key fits, or the text was changed.
    """
    return _fernet(current_app.config["FIELD_KEYS"]).decrypt(sealed.encode()).decode()


def reseal(sealed: str) -> str:
    """Re-encrypt with the first key what was encrypted with any of them."""
    return _fernet(current_app.config["FIELD_KEYS"]).rotate(sealed.encode()).decode()


class Encrypted(TypeDecorator[str]):
    """A text, encrypted on the way into the database; needs an application context."""

    impl = Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else seal(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else unseal(value)


class EncryptedJSON(TypeDecorator[dict[str, Any]]):
    """A JSON object, encrypted like `Encrypted`."""

    impl = Encrypted.impl
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, _dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else seal(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: Any, _dialect: Dialect) -> dict[str, Any] | None:
        """Decrypt."""
        return None if value is None else dict(json.loads(unseal(value)))
