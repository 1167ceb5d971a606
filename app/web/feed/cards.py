"""Cards: the pictures that chat programs show with a link to a page (Open Graph, ogp.me)."""

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.exceptions import ServiceUnavailable

from app.extensions import limiter
from app.i18n import use_locale
from app.models.book import Book
from app.models.user import User
from app.rules.circle.circle import Door
from app.rules.clock import HOUR
from app.services.circle.access import count_members, get_shown
from app.services.feed.copies import list_new_copies_of_members
from app.services.preview.cards import MIMETYPE, MOST_COVERS, BookCard, ShelfCard
from app.services.preview.facts import count_copies, cover_of, covers_of, find_shelf, list_front_covers
from app.services.preview.store import TooManyAtOnce, draw_card, find_card, fingerprint
from app.web.blueprint import web
from app.web.book.cover import FOR_ALL_SITES
from app.web.display.book_filters import ORIGIN, names
from app.web.page.limits import card_rate
from app.web.page.replica import from_replica

BUSY = 10
"""Seconds after which to ask again while others' cards are being drawn."""


@web.get("/og/book/<isbn>.png")
@from_replica
def book_card(isbn: str) -> ResponseReturnValue:
    """Return the card of a book: its cover, title and author, and how many copies are to be had."""
    book = Book.find_by_number(isbn)
    if book is None:
        abort(404)
    copies, author = count_copies(book), names([ORIGIN.sub("", name) for name in book.authors])
    with use_locale(_language()):
        had = ngettext("%(num)d copy available", "%(num)d copies available", copies) if copies else ""
        number = str(copies) if copies else ""
        return _send(BookCard(cover_of(book), book.title, author, had, number, current_app.config["SITE_NAME"]))


@web.get("/og/user/<int:id>.png")
@from_replica
def user_card(id: int) -> ResponseReturnValue:
    """Return the card of a reader: the books that their public page shows."""
    reader = User.find(id)
    if reader is None:
        abort(404)
    shelf = find_shelf(reader)
    with use_locale(_language()):
        line = ngettext("%(num)d book available", "%(num)d books available", shelf.books) if shelf.books else ""
        heading = gettext("%(name)s’s shelf", name=reader.nickname) if shelf.books else reader.nickname
        return _send(ShelfCard(heading, line, shelf.covers, current_app.config["SITE_NAME"]))


@web.get("/og/circle/<slug>.png")
@from_replica
def circle_card(slug: str) -> ResponseReturnValue:
    """Return the card of a listed circle; with what its members offer everybody, if it is open to all."""
    circle, _ = get_shown(slug, None)
    copies = list_new_copies_of_members(circle.id) if circle.door == Door.OPEN else ()
    books = list(dict.fromkeys(copy.book_id for copy in copies))[:MOST_COVERS]
    members = count_members(circle.id)
    with use_locale(_language()):
        line = ngettext("%(num)d member", "%(num)d members", members)
        return _send(ShelfCard(circle.name, line, covers_of(books), current_app.config["SITE_NAME"]))


@web.get("/og/site.png")
@from_replica
def site_card() -> ResponseReturnValue:
    """Return the card of the front page: what the site is, and its newest books."""
    with use_locale(_language()):
        heading, line = (
            gettext("Books from reader to reader"),
            gettext("Search for a book, see who is giving it away, ask for a copy."),
        )
        return _send(ShelfCard(heading, line, list_front_covers(), current_app.config["SITE_NAME"]))


def _language() -> str:
    """Return the language in the URL, on which alone a card may depend."""
    return request.args.get("lang", "")


def _send(card: BookCard | ShelfCard) -> Response:
    """Return a card that anybody may keep; it is drawn if nobody has asked for the same one before."""
    mark = fingerprint(card)
    response = Response(mimetype=MIMETYPE, headers=FOR_ALL_SITES)
    response.cache_control.public, response.cache_control.max_age = True, HOUR
    response.set_etag(mark)
    if mark in request.if_none_match:
        response.status_code = 304
        return response
    content = find_card(mark)
    if content is None:
        with limiter.shared_limit(card_rate, scope="card"):
            try:
                content = draw_card(card, mark)
            except TooManyAtOnce:
                raise ServiceUnavailable(retry_after=BUSY) from None
    response.set_data(content)
    return response
