"""Ties the index to the application: one `SearchIndex` and one `Keeper` for each."""

from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from app.models.base import db
from app.models.book import Book, BookChange
from app.search.index import SearchIndex
from app.search.keeper import Keeper
from app.search.popularity import exchange_ranking
from app.search.source import BookSource

_DAY = 86_400


class SiteSearch:
    """What an application needs of the search room; kept in `app.extensions["search"]`."""

    def __init__(self, app: Flask) -> None:
        self.path = Path(app.config["SEARCH_INDEX_PATH"])
        self.index = SearchIndex(self.path, time_limit=app.config["SEARCH_TIME_LIMIT"] / 1000)
        self._keep_changes = app.config["SEARCH_CHANGES_KEPT"] * _DAY
        self.keeper: Keeper | None = None

    @property
    def source(self) -> BookSource:
        """The main database as the index reads it; needs an application context."""
        return BookSource(db.engine, exchange_ranking())

    def start_keeper(self) -> None:
        """Keep the index up to date from now on, in a thread of this process."""
        if self.keeper is None:
            self.keeper = Keeper(self.path, self.source, keep_changes=self._keep_changes)
        self.keeper.start()


def init_app(app: Flask) -> None:
    """Give the application its search; commands and tests have no keeper, which begins with the first request."""
    search = app.extensions["search"] = SiteSearch(app)
    if app.config["SEARCH_KEEPER"]:
        app.before_request(search.start_keeper)


def site_search() -> SiteSearch:
    """Return the search of the current application."""
    search: SiteSearch = current_app.extensions["search"]
    return search


@event.listens_for(Session, "after_flush")
def _note_books(session: Session, _context: UOWTransaction) -> None:
    if any(
        isinstance(row, Book | BookChange) for rows in (session.new, session.dirty, session.deleted) for row in rows
    ):
        session.info["books_changed"] = True


@event.listens_for(Session, "after_commit")
def _wake_keeper(session: Session) -> None:
    if session.info.pop("books_changed", False) and current_app:
        search: SiteSearch | None = current_app.extensions.get("search")
        if search and search.keeper:
            search.keeper.wake()
