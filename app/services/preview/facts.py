"""What the cards show of a site: what everybody sees of it, and nothing more."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.user import User
from app.rules.account.public_page import Part
from app.rules.exchange.drift import CopyState
from app.services.book.availability import count_had
from app.services.book.cover_drawing import draw_cover
from app.services.book.cover_file import find_cover_file
from app.services.book.search import list_front_page_books
from app.services.exchange.my_lists import list_newest_gifts
from app.services.preview.cards import MOST_COVERS, CoverOf
from app.services.sight.visible import PUBLIC, listing_visible_to


class Shelf(NamedTuple):
    """The books of which a reader offers a copy: the covers of the newest, and how many there are."""

    covers: tuple[CoverOf, ...]
    books: int


def cover_of(book: Book) -> CoverOf:
    """Return the cover of a book."""
    return CoverOf(find_cover_file(book.number, "large"), draw_cover(book))


def count_copies(book: Book) -> int:
    """Return how many copies of a book's work are to be had; one statement."""
    found = count_had([book.work_id]).get(book.work_id)
    return found.to_be_had if found else 0


def find_shelf(reader: User) -> Shelf:
    """Return the shelf of a reader, without books if their public page shows none; at most three statements."""
    if Part.SHELF not in reader.public_page.parts:
        return Shelf((), 0)
    offered = (
        select(Gift.book_id)
        .join(Book, Book.id == Gift.book_id)
        .where(Gift.giver_id == reader.id, Gift.state == CopyState.OPEN, listing_visible_to(PUBLIC, Gift))
        .group_by(Gift.book_id)
    )
    newest = db.session.scalars(offered.order_by(func.max(Gift.id).desc()).limit(MOST_COVERS)).all()
    count = db.session.scalar(select(func.count()).select_from(offered.subquery())) or 0
    return Shelf(covers_of(newest), count)


def list_front_covers() -> tuple[CoverOf, ...]:
    """Return the covers of the first books on the front page; two statements."""
    books = list_newest_gifts(MOST_COVERS) or list_front_page_books()[:MOST_COVERS]
    return covers_of([book.id for book in books])


def covers_of(book_ids: Sequence[int]) -> tuple[CoverOf, ...]:
    """Return the covers of books, in their order; one statement."""
    books = {book.id: book for book in db.session.scalars(select(Book).where(Book.id.in_(book_ids)))}
    return tuple(cover_of(books[id]) for id in book_ids if id in books)
