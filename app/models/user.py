"""Readers, the devices they are logged in on, and their recovery codes."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, select
from sqlalchemy.dialects.mysql import VARCHAR
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.types import TypeEngine

from app.models.base import DELETED, Base, db
from app.models.encrypted import Encrypted
from app.rules.account.names import EMAIL_LENGTH, FOLDED_NICKNAME_LENGTH, fold_email, fold_nickname
from app.rules.account.role import Role


def exact_text(length: int) -> TypeEngine[str]:
    """Return a text type that tells é from e on every database."""
    return String(length).with_variant(VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


class User(Base):
    """A reader. Times are Unix seconds; `beans` changes only together with a bean transfer.

    Password, beans, second factor and closing are changed by services alone.
    """

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("beans >= 0", name="beans_not_negative"), Base.__table_args__)

    nickname: Mapped[str] = mapped_column(String(24))
    nickname_folded: Mapped[str] = mapped_column(exact_text(FOLDED_NICKNAME_LENGTH), unique=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    email_folded: Mapped[str] = mapped_column(exact_text(EMAIL_LENGTH), unique=True)
    new_email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    role: Mapped[str] = mapped_column(String(10), default=Role.READER, server_default=Role.READER)
    confirmed_at: Mapped[int | None] = mapped_column(BigInteger)
    beans: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    muted_topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    login_version: Mapped[int] = mapped_column(default=1)
    totp_secret: Mapped[str | None] = mapped_column(Encrypted)
    totp_since: Mapped[int | None] = mapped_column(BigInteger)
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    last_seen: Mapped[int | None] = mapped_column(BigInteger)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    """Hash of a random number that the browser keeps which logged in last: accounts of one person may share it."""

    # What Flask-Login asks of a user; a device is known by its token, not by the reader's number.
    is_authenticated = True
    is_active = True
    is_anonymous = False
    login_token = ""
    moves = 0
    """Exchanges in which this reader is the one to act; known of who is logged in."""

    def get_id(self) -> str:
        """Return what the session cookie keeps: the token of this log-in."""
        return self.login_token

    @validates("nickname", "email")
    def _fold(self, name: str, value: str) -> str:
        fold = fold_nickname if name == "nickname" else fold_email
        setattr(self, f"{name}_folded", fold(value))
        return value

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the reader has shown that the e-mail address is theirs."""
        return self.confirmed_at is not None

    @property
    def has_second_factor(self) -> bool:
        """Tell whether a code of an authenticator app is asked for at log-in."""
        return self.totp_since is not None

    @property
    def has_left(self) -> bool:
        """Tell whether the account is closed; name and address are erased then."""
        return self.status == DELETED

    @classmethod
    def find(cls, id: int) -> "User | None":
        """Return the reader with this number."""
        return db.session.get(cls, id)

    @classmethod
    def find_by_email(cls, address: str) -> "User | None":
        """Return the reader with this address, whatever its case."""
        return db.session.scalar(select(cls).where(cls.email_folded == fold_email(address)))

    @classmethod
    def find_by_nickname(cls, nickname: str) -> "User | None":
        """Return the reader with this nickname, whatever its width and case."""
        return db.session.scalar(select(cls).where(cls.nickname_folded == fold_nickname(nickname)))


class LoginSession(Base):
    """A device on which a reader is logged in; it counts while `version` is the reader's own."""

    __tablename__ = "login_session"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[int]
    device: Mapped[str] = mapped_column(String(80), default="")
    is_remembered: Mapped[bool] = mapped_column(default=False)
    last_seen: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)


class RecoveryCode(Base):
    """One way in, once, for a reader who has lost the authenticator app."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
