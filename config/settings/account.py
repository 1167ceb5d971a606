"""Settings: accounts."""

from dataclasses import dataclass

from config.values import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Accounts:
    """Passwords, log-ins and the links of account mails."""

    PASSWORD_HASH_MEMORY: int = setting(19_456, "argon2id memory of one hash", "KiB")
    PASSWORD_HASH_ROUNDS: int = setting(2, "argon2id passes over that memory", "passes")
    SESSION_HOURS: int = setting(12, "a log-in without `remember me` ends when unused", "hours")
    REMEMBER_DAYS: int = setting(30, "a remembered log-in ends when unused", "days")
    CONFIRM_LINK_HOURS: int = setting(72, "links that confirm an e-mail address work", "hours")
    RESET_LINK_MINUTES: int = setting(30, "links that set a new password work", "minutes")
