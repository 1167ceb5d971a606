"""What is suggested while a reader types a query: books, those to be had first, and authors."""

from dataclasses import dataclass

from app.models.book import Book, BookSummary
from app.models.gift import Gift
from app.search.extension import site_search
from app.services.sight.visible import PUBLIC, Sight, listing_visible_to

MOST = 8


@dataclass(frozen=True)
class BookSuggestion:
    """A title, as its edition to be had or else its best one; `available` counts the copies of all its editions."""

    book: BookSummary
    available: int


@dataclass(frozen=True)
class AuthorSuggestion:
    """An author, one of whose books is `book`; `available` counts the copies of all of them."""

    name: str
    book: BookSummary
    available: int


def suggest(text: str, sight: Sight = PUBLIC) -> list[BookSuggestion | AuthorSuggestion]:
    """Return at most `MOST` suggestions, in two statements; none without a search index."""
    found = site_search().index.suggest(text)
    if not found.titles and not found.authors:
        return []
    ids = {id for ids in (*found.titles, *(one.offered for one in found.authors)) for id in ids}
    copies = Gift.count_open(ids, listing_visible_to(sight, Gift), **sight.values)
    titles = [(max(ids, key=copies.__contains__), sum(copies.get(id, 0) for id in ids)) for ids in found.titles]
    titles.sort(key=lambda title: not title[1])
    del titles[MOST - len(found.authors) :]
    books = {book.id: book for book in Book.list_by_ids([*dict(titles), *(one.book_id for one in found.authors)])}
    by_title = [BookSuggestion(books[id], available) for id, available in titles if id in books]
    by_author = [
        AuthorSuggestion(name, books[one.book_id], sum(copies.get(id, 0) for id in one.offered))
        for one in found.authors
        if one.book_id in books and (name := _name_at(books[one.book_id], one.place))
    ]
    return [*by_author, *by_title] if found.leads_with_authors else [*by_title, *by_author]


def _name_at(book: BookSummary, place: int) -> str:
    # The index may be older than the book.
    return book.authors[place] if place < len(book.authors) else ""
