"""What those who look after a circle see of it. Times are in Unix seconds."""

from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, select

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.circle import GiftCircle, Membership
from app.models.gift import Gift
from app.models.report import Hold, Report
from app.models.user import User
from app.models.wish import Wish
from app.rules.book.local_number import number_of
from app.rules.circle.checklist import Line, checklist
from app.rules.circle.circle import MemberState
from app.rules.exchange.listing import WishState
from app.rules.moderation.report import ReportKind
from app.services.circle.access import count_members
from app.services.circle.shelf import count_stock
from app.services.sight.visible import PUBLIC

MOST_REQUESTS = 50


class Request(NamedTuple):
    """Somebody who asks to be let in."""

    reader_id: int
    nickname: str
    words: str
    since: int


class Troubled(NamedTuple):
    """A copy for the circle that is reported, or held by a rule of the site."""

    title: str
    book_id: int
    isbn: str | None
    giver_id: int
    giver: str
    hold_reason: str
    """Empty if it is reported."""
    reports: int
    since: int

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.book_id)


def list_requests(circle_id: int) -> list[Request]:
    """Return who asks to be let in, who has waited longest first; one statement."""
    asking = select(User.id, User.nickname, Membership.words, Membership.since)
    asking = asking.join(User, User.id == Membership.user_id)
    asking = asking.where(Membership.circle_id == circle_id, Membership.state == MemberState.ASKED)
    rows = db.session.execute(asking.order_by(Membership.since, Membership.id).limit(MOST_REQUESTS))
    return [Request(*row) for row in rows]


def list_troubled(circle_id: int) -> list[Troubled]:
    """Return the copies for a circle that are reported or held, the oldest first; one statement each.

    Stewards learn neither who has reported one nor in which words: those are for the people who run the site.
    """
    columns = Book.title, Gift.book_id, Book.isbn, Gift.giver_id, User.nickname
    here = GiftCircle.circle_id == circle_id
    reported = _of_copies(Report.ref, Report.kind, *columns, literal(""), func.count(), func.min(Report.create_time))
    reported = reported.where(here, Report.decision_id.is_(None)).group_by(Gift.id, *columns)
    held = _of_copies(Hold.ref, Hold.kind, *columns, Hold.reason, literal(0), Hold.create_time)
    held = held.where(here, Hold.decision_id.is_(None))
    found = [Troubled(*row) for chosen in (reported, held) for row in db.session.execute(chosen.limit(MOST_REQUESTS))]
    return sorted(found, key=lambda row: row.since)


def _of_copies(ref: Any, kind: Any, *columns: Any) -> Select[Any]:
    found = select(*columns).join_from(GiftCircle, Gift, Gift.id == GiftCircle.gift_id)
    found = found.join(ref.class_, (ref == Gift.id) & (kind == ReportKind.LISTING))
    return found.join(Book, Book.id == Gift.book_id).join(User, User.id == Gift.giver_id)


def count_for_checklist(circle_id: int, now: int) -> list[Line]:
    """Return what a circle has of what it needs; three statements."""
    waits = select(func.count()).select_from(Membership).join(Wish, Wish.user_id == Membership.user_id)
    waits = waits.where(Membership.circle_id == circle_id, Membership.state == MemberState.IN)
    waits = waits.where(Wish.state == WishState.OPEN, Wish.status == LIVE)
    copies = count_stock(circle_id, now, PUBLIC).copies
    return checklist(count_members(circle_id), copies, db.session.scalar(waits) or 0)
