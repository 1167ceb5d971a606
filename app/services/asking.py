"""What a reader sees before asking for a copy."""

from dataclasses import dataclass

from sqlalchemy import select

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.user import User
from app.rules.asking import Standing, find_refusal
from app.rules.beans import PRICE_OF_A_REQUEST
from app.rules.refusals import Refusal
from app.services.missing import NotFound
from app.services.pending import Trust, find_trust
from app.services.standing import find_copy, get_standing


@dataclass(frozen=True)
class RequestPage:
    """A copy, who gives it, and whether this reader may have it."""

    gift: Gift
    book: Book
    giver: str
    trust: Trust
    standing: Standing
    refusal: Refusal | None
    price: int = PRICE_OF_A_REQUEST
    """In beans."""


def find_request_page(gift_id: int, reader_id: int, now: int) -> RequestPage:
    """Return what the page of a request shows; `now` in Unix seconds.

    :raises NotFound: there is no such copy, or its giver has left.
    """
    found = db.session.execute(
        select(Gift, Book, User.nickname)
        .join(Book, Book.isbn == Gift.isbn)
        .join(User, User.id == Gift.uid)
        .where(Gift.id == gift_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    gift, book, giver = found
    standing = get_standing(reader_id)
    refusal = find_refusal(reader_id, standing, find_copy(gift), now)
    return RequestPage(gift, book, giver, find_trust(gift.uid), standing, refusal)
