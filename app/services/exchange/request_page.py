"""The data of the page on which a reader asks for a copy."""

from dataclasses import dataclass

from sqlalchemy import select

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.bean.economy import IN_FORCE
from app.rules.bean.transfer import PRICE_OF_A_REQUEST
from app.rules.exchange.asking import AskerFacts, find_refusal
from app.rules.exchange.audience import CircleRules, find_inside_refusal, ways_inside
from app.rules.exchange.drift import CopyState, Way
from app.rules.exchange.nearness import Nearness, find_nearness
from app.rules.exchange.refusals import PlaceNotOffered
from app.rules.refusal import Refusal
from app.rules.trust.facts import Facts
from app.services.delivery.places import ShownPlace, list_places_of
from app.services.errors import NotFound
from app.services.exchange.eligibility import ensure_exists_for, find_requested_gift, get_asker_facts
from app.services.exchange.trust import facts_of
from app.services.sight.audience import find_shared
from app.services.sight.visible import has_blocked


@dataclass(frozen=True)
class RequestPage:
    """A copy, its giver, and whether this reader may ask for it."""

    gift: Gift
    book: Book
    giver: str
    past: Facts
    """What may be known of the giver."""
    facts: AskerFacts
    refusal: Refusal | None
    away_until: int | None
    """Until when the giver is away, if so."""
    away_words: str
    nearness: Nearness | None
    """How near the giver is, if both have chosen an area."""
    places: list[ShownPlace]
    """The open meeting places at which the giver leaves the copy."""
    circles: str = ""
    """The names of the reader's circles for whose members alone the copy is; empty if it is for everybody."""
    price: int = PRICE_OF_A_REQUEST
    """The price in beans."""
    ratio: int = IN_FORCE.received_per_given
    """Books that can be received in advance, and for each one given."""


def find_request_page(gift_id: int, reader_id: int, now: int, area: str | None = None) -> RequestPage:
    """Return the data of the page of a request; `now` is in Unix seconds, `area` the reader's.

    :raises NotFound: there is no such copy, its giver has left, or the reader may not see it: it is neither open nor
        asked for by them nor their own.
    """
    found = db.session.execute(
        select(Gift, Book, User)
        .join(Book, Book.id == Gift.book_id)
        .join(User, User.id == Gift.giver_id)
        .where(Gift.id == gift_id)
    ).one_or_none()
    if found is None or not _is_shown(ensure_exists_for(found[0], reader_id), reader_id):
        raise NotFound()
    gift, book, giver = found
    facts = get_asker_facts(reader_id, now)
    copy = find_requested_gift(gift, reader_id, now)
    refusal = find_refusal(reader_id, facts, copy, now)
    places = _list_places(gift)
    shared = find_shared(gift, reader_id)
    if refusal is None and shared is not None:
        refusal = find_inside_refusal(shared, gift.terms.ways, gift.lend_days is not None)
    if refusal is None and _ways(gift, shared) == (Way.PLACE,) and not places:
        refusal = PlaceNotOffered()
    return RequestPage(
        gift=gift,
        book=book,
        giver=giver.nickname,
        past=facts_of(gift.giver_id),
        facts=facts,
        refusal=refusal,
        away_until=giver.away_until if giver.is_away(now) else None,
        away_words=giver.away_words,
        nearness=find_nearness(area, giver.area),
        places=places,
        circles=" · ".join(circle.name for circle in shared or ()),
        price=0 if copy.is_free else PRICE_OF_A_REQUEST,
    )


def get_ways(gift_id: int, reader_id: int) -> tuple[tuple[Way, ...], list[ShownPlace]]:
    """Return how a copy can be handed over at present, and the meeting places at which it can be left.

    :raises NotFound: there is no such copy for this reader.
    """
    gift = ensure_exists_for(db.session.get(Gift, gift_id), reader_id)
    places = _list_places(gift)
    return tuple(way for way in _ways(gift, find_shared(gift, reader_id)) if way is not Way.PLACE or places), places


def _ways(gift: Gift, shared: list[CircleRules] | None) -> tuple[Way, ...]:
    ways = gift.terms.ways
    return ways if shared is None else ways_inside(shared, ways, gift.lend_days is not None)


def _list_places(gift: Gift) -> list[ShownPlace]:
    return list_places_of(gift.id) if Way.PLACE in gift.terms.ways else []


def _is_shown(gift: Gift, reader_id: int) -> bool:
    asked = select(Drift.id).where(Drift.gift_id == gift.id, Drift.asker_id == reader_id).limit(1)
    owners = filter(None, (gift.giver_id, gift.lender_id))
    is_open = gift.state == CopyState.OPEN and not any(has_blocked(reader_id, owner) for owner in owners)
    return is_open or gift.giver_id == reader_id or db.session.scalar(asked) is not None
