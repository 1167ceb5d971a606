"""Drifts: one row per exchange, and its history."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    case,
    func,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from app.models.base import Base, db
from app.rules.book.local_number import number_of
from app.rules.exchange.drift import ON_LOAN, UNDER_WAY, Action, CopyState, DriftState, Role, Way


class Drift(Base):
    """One exchange of one copy. Times are in Unix seconds.

    `address`, `proposals`, `meeting` and `cancel_words` are encrypted; with `tracking`, `place_id` and the messages
    they are erased at `erase_time`, or when nothing came of it; messages are then hidden for some days first.
    """

    __tablename__ = "drift"
    __table_args__ = (
        CheckConstraint("beans >= 0", name="beans_not_negative"),
        Index("ix_drift_ends_of_asker", "asker_id", "state", "undo_until", "way", "absent"),
        Index("ix_drift_ends_of_giver", "giver_id", "state", "undo_until", "way", "absent"),
        Index("ix_drift_price_of_asker", "asker_id", "beans", "state", "undo_until"),
        Index("ix_drift_price_of_giver", "giver_id", "beans", "state", "undo_until"),
        Index("ix_drift_last_of_giver", "giver_id", "create_time"),
        Index("ix_drift_of_pair", "asker_id", "giver_id", "create_time"),
        Base.__table_args__,
    )

    gift_id: Mapped[int] = mapped_column(ForeignKey("gift.id"), index=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    wish_id: Mapped[int | None] = mapped_column(ForeignKey("wish.id"), index=True)
    """The asker's wish that is granted when the book arrives."""
    way: Mapped[str] = mapped_column(String(5), default=Way.POST)
    state: Mapped[str] = mapped_column(String(10), default=DriftState.WAITING)
    state_time: Mapped[int] = mapped_column(BigInteger)
    """When the drift entered its state."""
    due_time: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """When the clock next acts on it."""
    pause: Mapped[int] = mapped_column(default=0)
    """Seconds by which the deadlines of its state are moved, because the giver is away."""
    absent: Mapped[str | None] = mapped_column(String(5))
    """The role of the side that did not come and did not answer, which ended it."""
    lend_days: Mapped[int | None] = mapped_column(SmallInteger)
    """For how many days the book is lent; None if it is given for good."""
    lent_until: Mapped[int | None] = mapped_column(BigInteger)
    """When a book that was lent is to be back, from the time on when its borrower has it."""
    loan_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """The loan that goes on with this exchange: its giver has borrowed the book, and hands it on to the next reader."""
    beans: Mapped[int]
    """The price at which the book was asked for: none in a circle that needs no beans."""
    pay_from: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """When the clock next checks whether the giver can be paid for a book that has arrived; None if nothing is owed."""
    open_gift_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    """The copy, until the drift has ended for good, so that the database allows one open drift per copy."""
    undo_until: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """Until when its last step can be taken back; what the step does to beans, copy and wish waits for that."""
    undo_since: Mapped[int | None] = mapped_column(BigInteger)
    """The `state_time` from before that step."""
    undo_due: Mapped[int | None] = mapped_column(BigInteger)
    """The `due_time` from before that step."""
    undo_pause: Mapped[int | None]
    """The `pause` from before that step."""

    address: Mapped[str | None] = mapped_column(Text)
    proposals: Mapped[str | None] = mapped_column(Text)
    """When and where the asker could come, as a JSON list."""
    meeting: Mapped[str | None] = mapped_column(Text)
    """When and where the two meet."""
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    """Where the giver leaves the book."""
    tracking: Mapped[str | None] = mapped_column(String(60))
    cancel_reason: Mapped[str | None] = mapped_column(String(10))
    """Why the giver cancelled it."""
    cancel_words: Mapped[str | None] = mapped_column(Text)
    erase_time: Mapped[int | None] = mapped_column(BigInteger, index=True)


def counted_from(drift: "Drift | DriftSummary") -> int:
    """Return the time from which the deadlines of its state are counted; of a loan, the one before which it is."""
    if drift.state == DriftState.LENT and drift.lent_until is not None:
        return drift.lent_until
    return drift.state_time + drift.pause


def is_settled(drift: type[Drift] = Drift) -> ColumnElement[bool]:
    """Return the condition that the book has arrived and its giver has been paid, for `Drift` or an alias of it.

    No bean is earned by books for which none was needed: two accounts could hand them to and fro.
    """
    return (drift.state == DriftState.RECEIVED) & drift.pay_from.is_(None) & (drift.beans > 0)


def end_of_loan_of(
    gift_id: ColumnElement[int] | InstrumentedAttribute[int], state: ColumnElement[str] | InstrumentedAttribute[str]
) -> ColumnElement[int | None]:
    """Return when a copy is to be back, as the column `lent_until`; empty unless it is lent out.

    Nothing is read for a copy that is not reserved, as most of them are not.
    """
    loan = select(_DRIFT.c.lent_until).where(_DRIFT.c.open_gift_id == gift_id, _DRIFT.c.state.in_(ON_LOAN))
    return case((state == CopyState.RESERVED, loan.scalar_subquery())).label("lent_until")


_DRIFT: Any = Drift.__table__
IN_ESCROW = Drift.state.in_(UNDER_WAY) | Drift.pay_from.is_not(None) | Drift.undo_until.is_not(None)
"""The condition that the asker's bean is held, if it costs one."""


class DriftSummary(NamedTuple):
    """A drift as loaded for a list, with its book, its copy and both readers. Times are in Unix seconds."""

    id: int
    gift_id: int
    asker_id: int
    giver_id: int
    way: str
    state: str
    state_time: int
    due_time: int | None
    pause: int
    pay_from: int | None
    undo_until: int | None
    absent: str | None
    lend_days: int | None
    lent_until: int | None
    tracking: str | None
    cancel_reason: str | None
    cancel_words: str | None
    address: str | None
    proposals: str | None
    meeting: str | None
    place_id: int | None
    erase_time: int | None
    book_id: int
    isbn: str | None
    title: str
    asker: str | None
    """The nickname; None if that reader has left."""
    giver: str | None
    copy_state: str
    place: str | None
    """The name of the meeting place, its words and when it is open."""
    place_words: str | None
    place_opening: str | None
    copy_id: int
    goes_on: bool
    """The lender lets the copy go on to the next reader."""
    next_listing: str | None
    """The state of the listing with which the borrower offers a lent copy to the next reader."""
    may_pass_on: bool
    """The asker has the copy, and it is not listed."""
    turn: int
    beans: int

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.book_id)


def role_of(drift: Drift | DriftSummary, reader_id: int) -> Role | None:
    """Return the role of a reader in a drift; None for other readers."""
    return {drift.asker_id: Role.ASKER, drift.giver_id: Role.GIVER}.get(reader_id)


class DriftEvent(Base):
    """One event in the history of a drift: who did what, at `create_time`."""

    __tablename__ = "drift_event"

    drift_id: Mapped[int] = mapped_column(ForeignKey("drift.id"), index=True)
    action: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(5))
    from_state: Mapped[str | None] = mapped_column(String(10))
    to_state: Mapped[str] = mapped_column(String(10))

    @classmethod
    def find_last_steps(cls, drift_ids: Collection[int]) -> dict[int, "DriftEvent"]:
        """Return for each of these drifts the last event that changed its state."""
        steps = select(cls).where(cls.drift_id.in_(drift_ids), cls.from_state != cls.to_state).order_by(cls.id)
        return {step.drift_id: step for step in db.session.scalars(steps)}

    @classmethod
    def count(cls, drift_id: int, action: Action) -> int:
        """Return how often something was done in a drift."""
        done = select(func.count(cls.id)).where(cls.drift_id == drift_id, cls.action == action)
        return db.session.scalar(done) or 0
