"""What a book's page says to programs: its book and the copies to be had, as JSON-LD in the words of schema.org."""

import json
import re
from functools import partial
from typing import Any

from flask import Flask, current_app
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from app.models.book import Book
from app.rules.text import as_typed
from app.web.display.book_filters import ORIGIN, book_path, cover_path

LONGEST_SUMMARY = 300
"""Characters of a summary; the page has the whole of it."""
CURRENCY = "CNY"
"""An offer has to name one, also if the price is zero."""
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
_dumps = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def init_app(app: Flask) -> None:
    """Make this available to templates."""
    app.jinja_env.globals.update(book_data=book_data)


def book_data(book: Book, copies: int) -> Markup:
    """Return a book as JSON-LD that can stand in a page; `copies` are to be had of its work."""
    site = current_app.config["SITE_URL"]
    address = site + book_path(book)
    said = {
        "@context": "https://schema.org",
        "@type": "Book",
        "@id": address,
        "url": address,
        "name": as_typed(book.title),
        "alternativeHeadline": as_typed(book.subtitle),
        "author": _people(book.authors),
        "translator": _people(book.translators),
        "publisher": _named("Organization", book.publisher),
        "isbn": book.isbn,
        "inLanguage": book.language,
        "datePublished": book.pubdate if _DATE.fullmatch(book.pubdate) else str(book.year or ""),
        "numberOfPages": book.pages,
        "isPartOf": _named("BookSeries", book.series),
        "image": site + cover_path(book),
        "description": as_typed(book.summary[:LONGEST_SUMMARY]),
        "offers": _offer(address, copies) if copies else None,
    }
    return htmlsafe_json_dumps({name: value for name, value in said.items() if value}, dumps=_dumps)


def _people(names: list[str]) -> list[dict[str, str]]:
    return [person for name in names if (person := _named("Person", ORIGIN.sub("", name)))]


def _named(kind: str, name: str) -> dict[str, str] | None:
    said = as_typed(name)
    return {"@type": kind, "name": said} if said else None


def _offer(address: str, copies: int) -> dict[str, Any]:
    return {
        "@type": "Give away",
        "url": address,
        "price": "0",
        "priceCurrency": CURRENCY,
        "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/UsedCondition",
        "inventoryLevel": {"@type": "QuantitativeValue", "value": copies},
    }
