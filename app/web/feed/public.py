"""Feeds for everybody: the newest copies of the site, of a work, of an author, and of a circle that is open to all."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote

from flask import Response, abort
from flask_babel import gettext

from app.extensions import limiter
from app.forms.gift import CONDITIONS
from app.services.circle.access import get_open
from app.services.feed.copies import (
    NewCopy,
    list_new_copies,
    list_new_copies_by,
    list_new_copies_of,
    list_new_copies_of_members,
)
from app.site_links import site_link
from app.web.blueprint import web
from app.web.book.book_page import book_at
from app.web.display.book_filters import names
from app.web.feed.documents import Entry, tag, write_atom
from app.web.page.caching import cached_for_visitors
from app.web.page.limits import search_rate
from app.web.page.reader import sight


@web.get("/feed/new.atom")
@cached_for_visitors
def new_feed() -> Response:
    """List the newest copies."""
    title, home = gettext("New arrivals"), site_link("web.index")
    return write_atom(tag("new"), title, home, _entries(list_new_copies(sight())), site_link("web.new_feed"))


@web.get("/feed/book/<isbn>.atom")
@cached_for_visitors
def book_feed(isbn: str) -> Response:
    """List the newest copies of a book, in all of its editions."""
    book = book_at(isbn)
    title, own = gettext("Copies of “%(title)s”", title=book.title), site_link("web.book_feed", isbn=book.number)
    entries = _entries(list_new_copies_of(book, sight()))
    return write_atom(tag("book", book.number), title, site_link("web.book_detail", isbn=book.number), entries, own)


@web.get("/feed/author/<author>.atom")
@limiter.limit(search_rate)
@cached_for_visitors
def author_feed(author: str) -> Response:
    """List the newest copies of the books by an author."""
    copies = list_new_copies_by(author, sight())
    if copies is None:
        abort(404)
    title, home = gettext("Books by %(name)s", name=author), site_link("web.book_search", q=author)
    own = site_link("web.author_feed", author=author)
    return write_atom(tag("author", quote(author, safe="")), title, home, _entries(copies), own)


@web.get("/feed/circle/<slug>.atom")
@cached_for_visitors
def circle_feed(slug: str) -> Response:
    """List the newest copies for everybody of the members of an open circle; not who of them has which."""
    circle = get_open(slug)
    home, own = site_link("web.circle", slug=slug), site_link("web.circle_feed", slug=slug)
    entries = [replace(entry, author="") for entry in _entries(list_new_copies_of_members(circle.id))]
    return write_atom(tag("circle", slug, "public"), circle.name, home, entries, own)


def _entries(copies: Iterable[NewCopy]) -> list[Entry]:
    return [
        Entry(
            id=tag("copy", copy.id),
            title=copy.title,
            link=site_link("web.book_detail", isbn=copy.number),
            time=copy.time,
            summary=_summary(copy),
            author=copy.giver,
        )
        for copy in copies
    ]


def _summary(copy: NewCopy) -> str:
    facts = names(copy.authors), copy.publisher, str(copy.year or ""), str(CONDITIONS[copy.condition])
    return " / ".join(fact for fact in facts if fact)
