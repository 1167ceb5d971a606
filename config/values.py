"""Declaring a setting, and reading its value from an environment variable."""

import base64
import dataclasses
from pathlib import Path
from typing import Any, get_args

PREFIX = "FISHER_"
INSTANCE = Path(__file__).resolve().parent.parent / "instance"
"""Where a site writes its files by default."""
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}


class ConfigurationError(Exception):
    """The site cannot start: a setting is missing or cannot be read."""


def setting(default: Any, meaning: str, unit: str = "", secret: bool = False, optional: bool = False) -> Any:
    """Declare a setting; a `secret` one is never printed, and is required in production unless it is `optional`."""
    metadata = {"meaning": meaning, "unit": unit, "secret": secret, "required": secret and not optional}
    return dataclasses.field(default=default, metadata=metadata)


def is_fernet_key(key: str) -> bool:
    """Return whether this can be a Fernet key: 32 bytes in URL-safe base64."""
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        return False


def read_value(variable: str, text: str, kind: Any) -> Any:
    """Return the text of a variable as the type of its setting; several values are separated by commas.

    :raises ConfigurationError: names the variable.
    """
    if kind is bool:
        if text.lower() in TRUE_WORDS | FALSE_WORDS:
            return text.lower() in TRUE_WORDS
        raise ConfigurationError(f"{variable}={text!r} is neither yes nor no")
    if kind is int:
        try:
            number = int(text)
        except ValueError:
            raise ConfigurationError(f"{variable}={text!r} is not a whole number") from None
        if number < 0:
            raise ConfigurationError(f"{variable}={text!r} is below zero")
        return number
    if kind is float:
        return _read_positive(variable, text)
    if get_args(kind):
        item = get_args(kind)[0]
        return tuple(read_value(variable, part.strip(), item) for part in text.split(",") if part.strip())
    return text


def _read_positive(variable: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ConfigurationError(f"{variable}={text!r} is not a number") from None
    if not 0 < number < 1e9:
        raise ConfigurationError(f"{variable}={text!r} is not above zero")
    return number
