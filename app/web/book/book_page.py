"""The page of a book, with the readers who give it or wish for it."""

from typing import Any

from flask import abort, render_template
from flask_login import current_user

from app.forms.gift import OfferForm
from app.models.base import now
from app.models.book import Book
from app.rules.account.role import Role
from app.services.book.availability import count_had
from app.services.book.editions import list_other_editions
from app.services.book.neighbours import list_neighbours
from app.services.delivery.places import list_choices
from app.services.exchange.book_listings import find_book_listings
from app.web.page.area import reader_area
from app.web.page.audience import offer_audience
from app.web.page.reader import may_act, sight


def book_at(number: str) -> Book:
    """Return the book with the number in a URL, or abort with 404."""
    book = Book.find_by_local_number(number) or Book.find_by_isbn(number)
    if book is None:
        abort(404)
    return book


def make_offer_form(**said: Any) -> OfferForm:
    """Return the form with which the reader who is logged in lists a copy."""
    form = OfferForm(**said)
    places, last = list_choices(current_user.id, reader_area())
    form.offer_places([(place.id, place.line) for place in places], last)
    offer_audience(form)
    return form


def show_book_page(book: Book, form: OfferForm | None = None) -> str:
    """Return the page; `form` is an offer with errors to correct."""
    reader = current_user if current_user.is_authenticated else None
    reader_id = reader.id if reader else None
    listings = find_book_listings(book, reader_id, now(), reader_area(), sight())
    if reader and form is None:
        form = make_offer_form(ways=list(reader.terms.ways), meeting_words=reader.terms.words)
    if form and reader_area():
        del form.area_name
    neighbours = list_neighbours(book)
    return render_template(
        "book/detail.html",
        book=book,
        listings=listings,
        form=form,
        editions=list_other_editions(book, sight()) if listings.edition_count > 1 else [],
        neighbours=neighbours,
        available=count_had((other.work_id for shelf in neighbours for other in shelf), sight()),
        may_place=may_act(Role.OPERATOR),
    )
