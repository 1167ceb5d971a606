"""The data of the page on which a reader asks for a copy."""

from dataclasses import dataclass

from sqlalchemy import select

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.bean.transfer import PRICE_OF_A_REQUEST
from app.rules.exchange.asking import AskerFacts, find_refusal
from app.rules.exchange.drift import CopyState
from app.rules.exchange.nearness import Nearness, find_nearness
from app.rules.exchange.way import Terms
from app.rules.refusal import Refusal
from app.services.errors import NotFound
from app.services.exchange.eligibility import find_requested_gift, get_asker_facts
from app.services.exchange.trust import Trust, find_trust


@dataclass(frozen=True)
class RequestPage:
    """A copy, its giver, and whether this reader may ask for it."""

    gift: Gift
    book: Book
    giver: str
    trust: Trust
    facts: AskerFacts
    refusal: Refusal | None
    nearness: Nearness | None
    """How near the giver is, if both have chosen an area."""
    price: int = PRICE_OF_A_REQUEST
    """The price in beans."""


def find_request_page(gift_id: int, reader_id: int, now: int, area: str | None = None) -> RequestPage:
    """Return the data of the page of a request; `now` is in Unix seconds, `area` the reader's.

    :raises NotFound: there is no such copy, its giver has left, or the reader may not see it: it is neither open nor
        asked for by them nor their own.
    """
    found = db.session.execute(
        select(Gift, Book, User.nickname, User.area)
        .join(Book, Book.id == Gift.book_id)
        .join(User, User.id == Gift.giver_id)
        .where(Gift.id == gift_id)
    ).one_or_none()
    if found is None or not _is_shown(found[0], reader_id):
        raise NotFound()
    gift, book, giver, giver_area = found
    facts = get_asker_facts(reader_id, now)
    refusal = find_refusal(reader_id, facts, find_requested_gift(gift, reader_id, now), now)
    return RequestPage(gift, book, giver, find_trust(gift.giver_id), facts, refusal, find_nearness(area, giver_area))


def get_terms(gift_id: int) -> Terms:
    """Return how a copy is handed over.

    :raises NotFound: there is no such copy.
    """
    gift = db.session.get(Gift, gift_id)
    if gift is None:
        raise NotFound()
    return gift.terms


def _is_shown(gift: Gift, reader_id: int) -> bool:
    asked = select(Drift.id).where(Drift.gift_id == gift.id, Drift.asker_id == reader_id).limit(1)
    return gift.state == CopyState.OPEN or gift.giver_id == reader_id or db.session.scalar(asked) is not None
