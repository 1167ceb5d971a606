"""Settings: mail."""

from dataclasses import dataclass

from config.values import INSTANCE, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Mail:
    """How mails are sent."""

    MAIL_BACKEND: str = setting("file", "file (writes .eml files) or smtp")
    MAIL_FOLDER: str = setting(str(INSTANCE / "mail"), "where the file backend writes")
    MAIL_FROM: str = setting("Fisher 鱼书 <fisher@localhost>", "sender of all mails")
    SMTP_HOST: str = setting("127.0.0.1", "mail server")
    SMTP_PORT: int = setting(587, "port of the mail server: 587 for starttls, 465 for ssl")
    SMTP_SECURITY: str = setting("starttls", "starttls, ssl or none")
    SMTP_USER: str = setting("", "account at the mail server; empty: no log-in")
    SMTP_PASSWORD: str = setting("", "its password", secret=True, optional=True)
    SMTP_TIMEOUT: int = setting(10, "wait for each answer of the mail server", "seconds")
