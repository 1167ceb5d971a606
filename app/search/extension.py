"""Connects the index with the application, which has one `SearchIndex` and one `IndexWorker`."""

from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from app.models.base import db
from app.models.book import Book, BookChange
from app.rules.clock import DAY
from app.search.read.index import SearchIndex
from app.search.write.index_worker import IndexWorker
from app.search.write.popularity import exchange_ranking
from app.search.write.source import BookSource


class SiteSearch:
    """The search of an application, stored in `app.extensions["search"]`."""

    def __init__(self, app: Flask) -> None:
        self.path = Path(app.config["SEARCH_INDEX_PATH"])
        self.index = SearchIndex(self.path, time_limit=app.config["SEARCH_TIME_LIMIT"] / 1000)
        self._keep_changes = app.config["SEARCH_CHANGES_KEPT"] * DAY
        self.index_worker: IndexWorker | None = None

    @property
    def source(self) -> BookSource:
        """The main database as the source of the index; needs an application context."""
        return BookSource(db.engine, exchange_ranking())

    def start_index_worker(self) -> None:
        """Start the thread of this process that keeps the index up to date."""
        if self.index_worker is None:
            self.index_worker = IndexWorker(self.path, self.source, keep_changes=self._keep_changes)
        self.index_worker.start()


def init_app(app: Flask) -> None:
    """Set up the search; the index worker starts with the first request, so commands and tests have none."""
    search = app.extensions["search"] = SiteSearch(app)
    if app.config["SEARCH_KEEPER"]:
        app.before_request(search.start_index_worker)


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
def _wake_index_worker(session: Session) -> None:
    if session.info.pop("books_changed", False) and current_app:
        search: SiteSearch | None = current_app.extensions.get("search")
        if search and search.index_worker:
            search.index_worker.wake()
