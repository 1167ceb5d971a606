"""Finding and storing books."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select

from app.models.base import LIVE, db
from app.models.book import Book, BookLike, ShelfBook
from app.search import EVERYTHING, MOST_PER_PAGE, IndexState, SearchAnswer
from app.search import Filter as Filter
from app.search import InvalidCursor as InvalidCursor
from app.search.extension import site_search
from app.services.book.availability import has_copy_seen
from app.services.book.near import find_books_in, find_books_only_from_unseen, has_copy_in, is_large
from app.services.sight.visible import PUBLIC, Sight

LOOKED_THROUGH = 500
"""How many hits are looked at for those near a reader, in an area with many readers."""
_book: Any = Book.__table__
SEARCHABLE = (IndexState.READY, IndexState.STALE)


@dataclass(frozen=True)
class SearchResult:
    """One page of hits, best first, and how to get the next one.

    `suggestion` is the text that was searched for instead, the given one having no hits. `state` says whether the
    index can answer; while it is built, only books asked for by their ISBN are found.
    """

    books: Sequence[BookLike]
    total: int
    total_is_capped: bool = False
    page: int = 1
    pages: int = 1
    next_cursor: str | None = None
    suggestion: str | None = None
    is_complete: bool = True
    state: IndexState = IndexState.READY

    @property
    def is_indexed(self) -> bool:
        """Return whether the index answered: without it, no hits do not mean that there are no books."""
        return self.state in SEARCHABLE


def search_books(
    text: str,
    page: int = 1,
    cursor: str | None = None,
    size: int | None = None,
    by_work: bool = True,
    kept: Filter = EVERYTHING,
) -> SearchResult:
    """Return the hits for a number or keywords among our own books; `size` is other than `BOOKS_PER_PAGE`.

    `kept` says which books are searched; with `by_work`, a work is found once, as its edition that fits best.

    :raises InvalidCursor: the cursor was not made by this search.
    """
    if book := Book.find_by_number(text):
        return SearchResult([book] if page == 1 else [], total=1, page=page)
    size = size or current_app.config["BOOKS_PER_PAGE"]
    answer = site_search().index.search(text, page=page, cursor=cursor, per_page=size, by_work=by_work, kept=kept)
    return _result(answer, page)


def search_newest(text: str, page: int, kept: Filter = EVERYTHING) -> SearchResult:
    """Return the hits for keywords by the year of their edition, the newest first, those of no known year last.

    The best `MOST_PER_PAGE` hits are put into this order, which is all of them but for the most common words.
    """
    answer = site_search().index.search(text, per_page=MOST_PER_PAGE, by_work=True, kept=kept)
    dated = select(Book.id, Book.year).where(Book.id.in_(answer.book_ids))
    years = {row.id: row.year for row in db.session.execute(dated)}
    ids = sorted(answer.book_ids, key=lambda book_id: -(years.get(book_id) or 0))
    return _slice(answer, ids, page)


def seen_by(sight: Sight, kept: Filter) -> Filter:
    """Return a filter that leaves out what is to be had only from readers whom one does not see."""
    return replace(kept, but=find_books_only_from_unseen(sight)) if kept.is_had else kept


def search_near(
    text: str,
    page: int,
    cursor: str | None,
    path: str,
    kept: Filter = EVERYTHING,
    is_newest_first: bool = False,
    sight: Sight = PUBLIC,
) -> SearchResult:
    """Return the hits of `search_books` or `search_newest` of which there is a copy in an area.

    In a large area they are looked for among the best `LOOKED_THROUGH` hits that are to be had; for a member of
    circles, in each area, among the best of all as well.

    :raises InvalidCursor: the cursor was not made by this search.
    """
    if Book.find_by_number(text):
        return search_books(text, page)
    is_in_small = not is_large(path)
    kept = replace(kept, books=find_books_in(path, sight)) if is_in_small else replace(kept, is_had=True)
    if is_in_small and not sight.has_circles:
        return search_newest(text, page, kept) if is_newest_first else search_books(text, page, cursor, kept=kept)
    answer = _look_through(text, kept, sight)
    return _keep(answer, page, has_copy_in(path, _book.c.id, sight), is_newest_first, sight)


def search_had(text: str, page: int, kept: Filter, is_newest_first: bool, sight: Sight) -> SearchResult:
    """Return the hits that are to be had by a member of circles, whose copies the index does not know.

    They are looked for among the best `LOOKED_THROUGH` hits, and as many of those that everybody can have.
    """
    if Book.find_by_number(text):
        return search_books(text, page)
    has_copy = has_copy_seen(_book.c.id, sight)
    return _keep(_look_through(text, kept, sight), page, has_copy, is_newest_first, sight)


def _look_through(text: str, kept: Filter, sight: Sight) -> SearchAnswer:
    """Return the best hits that the index would show; for a member of circles, the best of all before them."""
    index = site_search().index
    answer = index.search(text, per_page=LOOKED_THROUGH, kept=kept)
    if not sight.has_circles:
        return answer
    best = index.search(text, per_page=LOOKED_THROUGH, kept=Filter(language=kept.language))
    # Whatever everybody can have and is not among the best of all ranks after these.
    ids = tuple(dict.fromkeys((*best.book_ids, *answer.book_ids)))
    return replace(best, book_ids=ids, next_cursor=best.next_cursor or answer.next_cursor)


def _keep(
    answer: SearchAnswer, page: int, which: ColumnElement[bool], is_newest_first: bool, sight: Sight
) -> SearchResult:
    """Return a page of the hits on which a condition holds, each work once."""
    wanted = select(_book.c.id, _book.c.work_id, _book.c.year).where(_book.c.id.in_(answer.book_ids), which)
    wanted = wanted.where(_book.c.status == LIVE)
    rows = {row.id: row for row in db.session.execute(wanted, sight.values)}
    first_of: dict[int, int] = {}
    for book_id in answer.book_ids:
        if book_id in rows:
            first_of.setdefault(rows[book_id].work_id, book_id)
    ids = list(first_of.values())
    if is_newest_first:
        ids.sort(key=lambda book_id: -(rows[book_id].year or 0))
    return _slice(replace(answer, total=len(ids), total_is_capped=answer.next_cursor is not None), ids, page)


def _slice(answer: SearchAnswer, ids: Sequence[int], page: int) -> SearchResult:
    """Return a page of hits that are in an order of ours."""
    size = current_app.config["BOOKS_PER_PAGE"]
    shown = tuple(ids[(page - 1) * size : page * size])
    return _result(replace(answer, book_ids=shown, pages=-(-len(ids) // size), next_cursor=None), page)


def _result(answer: SearchAnswer, page: int) -> SearchResult:
    return SearchResult(
        books=Book.list_by_ids(answer.book_ids),
        total=answer.total,
        total_is_capped=answer.total_is_capped,
        page=page,
        pages=answer.pages,
        next_cursor=answer.next_cursor,
        suggestion=answer.suggestion,
        is_complete=answer.is_complete,
        state=answer.state,
    )


def is_searchable() -> bool:
    """Return whether keyword searches are answered."""
    return site_search().index.state() in SEARCHABLE


def list_front_page_books() -> list[ShelfBook]:
    """Return the shelf of the front page, for as long as nobody gives a book."""
    return Book.list_first(current_app.config["FRONT_PAGE_BOOKS"])
