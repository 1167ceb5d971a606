"""Passwords that are too easy to guess."""

from zxcvbn import zxcvbn

from app.rules.account.refusals import PasswordTooEasy

PASSWORD_LENGTH = (8, 128)
"""Fewest and most characters; the upper limit keeps hashing cheap (OWASP Authentication Cheat Sheet)."""
READ_BY_ESTIMATOR = 64
"""Characters that the estimator sees: its work grows steeply with the length, and no common password is longer."""


def ensure_password_is_hard(password: str, *known: str) -> None:
    """Refuse common passwords, and those built from the reader's nickname or address.

    The estimator (zxcvbn) counts the guesses of an attacker; below a million is too easy.

    :raises PasswordTooEasy: it is.
    """
    words = [part for text in known for part in (text, text.partition("@")[0]) if part]
    if zxcvbn(password[:READ_BY_ESTIMATOR], user_inputs=words)["score"] < 2:
        raise PasswordTooEasy
