"""Readers, how they came in, the devices they are logged in on, their recovery codes, and whom they have blocked."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    select,
    update,
)
from sqlalchemy.dialects.mysql import VARCHAR
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.types import TypeEngine

from app.models.base import DELETED, Base, db
from app.models.encrypted import Encrypted
from app.rules.account.names import EMAIL_LENGTH, FOLDED_NICKNAME_LENGTH, fold_email, fold_nickname
from app.rules.account.public_page import DEFAULT_PARTS, LONGEST_ABOUT, PublicPage, read_parts
from app.rules.account.role import Role
from app.rules.exchange.away import LONGEST_AWAY_WORDS
from app.rules.exchange.drift import Way
from app.rules.exchange.way import LONGEST_WORDS, Terms, in_order

AREA_LENGTH = 100
SATURDAY = 5


def exact_text(length: int) -> TypeEngine[str]:
    """Return a text type that distinguishes é from e on every database."""
    return String(length).with_variant(VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


AT_ONCE = 0
"""A `look_time` that is due whatever the clock says, which may have been wrong when it was stored."""


class User(Base):
    """A reader. Times are in Unix seconds; `beans` changes only together with a bean transfer.

    Only services change the password, beans and second factor, or close the account.
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
    """When the address was confirmed, and the reader was in."""
    waits_since: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """Since when a reader with a confirmed address waits to be let in, or was turned away; None for all others."""
    beans: Mapped[int] = mapped_column(default=0)
    asleep_beans: Mapped[int] = mapped_column(default=0, server_default="0")
    """Beans of the reader in the pool, which come back when the reader does."""
    asleep_since: Mapped[int | None] = mapped_column(BigInteger)
    """When they went there."""
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    area: Mapped[str | None] = mapped_column(exact_text(AREA_LENGTH), index=True)
    """The path of the area that the reader has chosen; see `rules.exchange.nearness`."""
    ways: Mapped[str] = mapped_column(String(20), default=f"{Way.POST} {Way.MEET}")
    """How the reader hands copies over, unless a copy says otherwise: words of `Way`, with blanks between them."""
    meeting_words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    about: Mapped[str] = mapped_column(String(LONGEST_ABOUT), default="", server_default="")
    """What the reader says of themselves on their public page."""
    shown_parts: Mapped[str] = mapped_column(String(40), default=DEFAULT_PARTS, server_default=DEFAULT_PARTS)
    """What that page shows: words of `rules.account.public_page.Part`, with blanks between them."""
    may_be_asked: Mapped[bool] = mapped_column(default=False, server_default=false(), index=True)
    """Whether the reader may be asked in private for copies that they keep: see `rules.shelf.asking`."""
    look_time: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """When the wish queue next looks for copies for the reader's wishes; None until something changes for them."""
    away_until: Mapped[int | None] = mapped_column(BigInteger)
    """When the reader, who is away, comes back; None, or a time that has passed, for one who is here."""
    away_words: Mapped[str] = mapped_column(String(LONGEST_AWAY_WORDS), default="")
    limited_until: Mapped[int | None] = mapped_column(BigInteger)
    """Until when the reader can begin nothing new; None, or a time that has passed, for one who can."""
    suspended_until: Mapped[int | None] = mapped_column(BigInteger)
    """Until when the reader cannot log in; None, or a time that has passed, for one who can."""
    mail_paces: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """How often the reader wants mails of each kind: see `rules.account.mail_topic`."""
    digest_day: Mapped[int] = mapped_column(SmallInteger, default=SATURDAY, server_default=str(SATURDAY))
    """The day of the week of summaries; 0 is Monday."""
    digest_time: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """When the next summary is sent; None if there is nothing to tell, 0 if its day is still to be found."""
    feed_number: Mapped[int] = mapped_column(default=0, server_default="0")
    """Odd if the reader has feeds; it grows whenever their secret address changes or ends."""
    login_version: Mapped[int] = mapped_column(default=1)
    totp_secret: Mapped[str | None] = mapped_column(Encrypted)
    totp_since: Mapped[int | None] = mapped_column(BigInteger)
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    last_seen: Mapped[int | None] = mapped_column(BigInteger)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    """Hash of a random id stored in the browser that last logged in; accounts of one person may share it."""

    # Flask-Login's interface; `get_id` returns the token of the login session instead of the reader's id.
    is_authenticated = True
    is_active = True
    is_anonymous = False
    login_token = ""
    unseen = 0
    """Notices that the reader has not seen; set for the reader who is logged in."""
    moves = 0
    """Exchanges in which it is this reader's turn, or something new is written; set for the reader who is logged in."""
    has_blocks = False
    """Whether the reader has blocked somebody or was blocked; set for the reader who is logged in."""
    has_circles = False
    """Whether the reader is or was in a circle; set for the reader who is logged in."""

    def get_id(self) -> str:
        """Return what the session cookie stores: the token of this login session."""
        return self.login_token

    @validates("nickname", "email")
    def _fold(self, name: str, value: str) -> str:
        fold = fold_nickname if name == "nickname" else fold_email
        setattr(self, f"{name}_folded", fold(value))
        return value

    @property
    def terms(self) -> Terms:
        """Return how the reader hands copies over, unless a copy says otherwise."""
        return Terms(in_order(self.ways.split()), self.meeting_words)

    @property
    def public_page(self) -> PublicPage:
        """Return what the reader's public page shows."""
        return PublicPage(self.about, read_parts(self.shown_parts))

    def is_away(self, now: int) -> bool:
        """Return whether the reader is away at `now`, in Unix seconds."""
        return self.away_until is not None and now < self.away_until

    @property
    def is_confirmed(self) -> bool:
        """Return whether the reader has confirmed the e-mail address."""
        return self.confirmed_at is not None

    @property
    def owns_email(self) -> bool:
        """Return whether the address is confirmed, even if the reader is not in yet."""
        return self.is_confirmed or self.waits_since is not None

    @property
    def has_second_factor(self) -> bool:
        """Return whether logging in needs a code of an authenticator app."""
        return self.totp_since is not None

    @property
    def has_feed(self) -> bool:
        """Return whether the reader has feeds, at a secret address."""
        return self.feed_number % 2 == 1

    @property
    def has_left(self) -> bool:
        """Return whether the account is closed, and with it name and address erased."""
        return self.status == DELETED

    @classmethod
    def note_able(cls, reader_ids: Collection[int]) -> None:
        """Let the wish queue look for copies for readers who may have become able to ask; inside a transaction."""
        note = update(cls).where(cls.id.in_(sorted(reader_ids))).values(look_time=AT_ONCE)
        db.session.execute(note.execution_options(synchronize_session=False))

    @classmethod
    def find(cls, id: int) -> "User | None":
        """Return the reader with this id."""
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
    """A device on which a reader is logged in; valid while its `version` equals the reader's `login_version`."""

    __tablename__ = "login_session"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[int]
    device: Mapped[str] = mapped_column(String(80), default="")
    is_remembered: Mapped[bool] = mapped_column(default=False)
    last_seen: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)


class RecoveryCode(Base):
    """A code with which a reader who has lost the authenticator app can log in once."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))


class InvitationLink:
    """What is stored of a link that lets people in. Times are in Unix seconds."""

    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Who invites; None for an operator on the command line."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    uses: Mapped[int]
    """How many people it is for."""
    uses_left: Mapped[int]
    end_time: Mapped[int] = mapped_column(BigInteger)
    revoke_time: Mapped[int | None] = mapped_column(BigInteger)

    @classmethod
    def is_usable(cls, now: int) -> ColumnElement[bool]:
        """Return the condition that somebody can still get in by it."""
        return (cls.uses_left > 0) & (cls.end_time > now) & cls.revoke_time.is_(None)


class Invitation(InvitationLink, Base):
    """A link by which people can register while the site is open to invited ones only."""

    __tablename__ = "invitation"


class Arrival(Base):
    """How one account came in, or waits to; none for those who registered while everybody could."""

    __tablename__ = "arrival"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    """A word of `ArrivalState`."""
    state_time: Mapped[int] = mapped_column(BigInteger)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    """What the person wrote about themselves, encrypted."""


class Block(Base):
    """A reader wants nothing to do with another one; neither meets the other any more."""

    __tablename__ = "block"
    __table_args__ = (UniqueConstraint("reader_id", "blocked_id"), Base.__table_args__)

    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    blocked_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
