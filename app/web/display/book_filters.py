"""Template filters for books: their URLs, and their data as lines of text."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Flask, request
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from app.forms.book import QUERY_LENGTH
from app.i18n import OG_LOCALES, current_language, translated
from app.models.book import Book, BookLike, ShelfBook
from app.rules.book.isbn import hyphenate, parse
from app.rules.text import fold_width
from app.rules.trust.facts import MOST_COUNTED

ORIGIN = re.compile(r"^\[[^\]]*\]\s*")
HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")

TWO_LINES = 80
"""Letters in two lines of a narrow phone."""


LABELS = {
    "original_title": _l("Original title"),
    "authors": _l("Author"),
    "translators": _l("Translator"),
    "publisher": _l("Publisher"),
    "pubdate": _l("Published"),
    "pages": _l("Pages"),
    "price": _l("Price"),
    "binding": _l("Binding"),
    "isbn": _l("ISBN"),
    "number": _l("Local number"),
}
_label = translated(LABELS)


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.globals.update(
        book_path=book_path,
        search_path=search_path,
        cover_path=cover_path,
        card_path=card_path,
        og_locales=OG_LOCALES,
        page_numbers=page_numbers,
        name_comma=name_comma,
    )
    app.jinja_env.filters.update(
        names=names,
        cites=cites,
        intro=intro,
        facts=facts,
        hyphenated=hyphenated,
        linked=linked,
        counted=counted,
        is_long=is_long,
        language_name=language_name,
    )


def counted(number: int) -> str:
    """Return a number of books as shown to others: `100+` when there may be more."""
    return f"{MOST_COUNTED}+" if number >= MOST_COUNTED else str(number)


def book_path(book: BookLike | ShelfBook) -> str:
    """Return the URL of the book's page; calling `url_for` for each card would take longer than the page."""
    return f"{request.script_root}/book/{book.number}/detail"


def search_path(words: str, **chosen: str) -> str:
    """Return the URL of a search; a page has a dozen of them, and `url_for` takes longer."""
    return f"{request.script_root}/book/search?{urlencode({'q': words, **chosen})}"


def cover_path(book: BookLike | ShelfBook) -> str:
    """Return the URL of the book's cover."""
    return f"{request.script_root}/book/{book.number}/cover"


def card_path(card: str, copies: int | None = None) -> str:
    """Return the URL of the picture that chat programs show with a link, such as that of `book/9787536692930`.

    The number of copies changes nothing of the picture, but programs that have kept an old one ask for it again.
    """
    shown = {"lang": current_language()} | ({} if copies is None else {"copies": str(copies)})
    return f"{request.script_root}/og/{card}.png?{urlencode(shown)}"


def cites(text: str, title: str | None) -> Markup:
    """Return a text as HTML in which italics take the place of the quotation marks around a title.

    Only English sentences have such marks; a title in Chinese, Japanese or Korean is not slanted there either.
    """
    if not title:
        return escape(text)
    slanted = Markup('<cite class="upright">{}</cite>') if HAN.search(title) else Markup("<cite>{}</cite>")
    return escape(text).replace(escape(f"“{title}”"), slanted.format(title))


def names(people: Sequence[str]) -> str:
    """Return the names on one line, with the comma of their script."""
    return name_comma(people).join(people)


def name_comma(people: Sequence[str]) -> str:
    """Return the separator of the names, by their script."""
    return "、" if HAN.search("".join(people)) else ", "


def intro(book: BookLike) -> str:
    """Return author / publisher / year / price, without what is unknown."""
    facts = (names(book.authors), book.publisher, str(book.year or ""), book.price)
    return " / ".join(fact for fact in facts if fact)


def is_long(text: str) -> bool:
    """Return whether a text may need more than two lines on a phone, where a Han character takes the room of two."""
    return len(text) + sum(map(len, HAN.findall(text))) > TWO_LINES or "\n" in text.strip()


def language_name(code: str) -> str:
    """Return the name of a language in the reader's language."""
    locale = get_locale()
    return (locale.languages.get(code) if locale and code else None) or code or gettext("Other languages")


def hyphenated(isbn: str) -> str:
    """Return an ISBN as printed on books, whatever its spelling; unchanged if it is none."""
    canonical = parse(isbn)
    return hyphenate(canonical) if canonical else isbn


def facts(book: Book) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the data of the edition: labels with their parts, each a text and the query that finds similar books."""
    rows = [
        ("original_title", linked([book.original_title])),
        ("authors", linked(book.authors)),
        ("translators", linked(book.translators)),
        ("publisher", linked([book.publisher])),
        ("pubdate", [(book.pubdate, "")]),
        ("pages", [(str(book.pages or ""), "")]),
        ("price", [(book.price, "")]),
        ("binding", [(book.binding, "")]),
        ("isbn" if book.isbn else "number", [(hyphenated(book.number), "")]),
    ]
    return [(_label(name), parts) for name, parts in rows if any(text for text, _ in parts)]


def linked(people: Sequence[str]) -> list[tuple[str, str]]:
    """Return each name with the query that finds its books: without the country, "" if it is too long to search."""
    words = ((name, fold_width(ORIGIN.sub("", name))) for name in people)
    return [(name, query if len(query) <= QUERY_LENGTH else "") for name, query in words]


def page_numbers(page: int, pages: int) -> list[int | None]:
    """Return the page numbers to link: the first, the last, those around `page`; None stands for a gap."""
    near = {1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)}
    numbers: list[int | None] = []
    for number in sorted(near):
        if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
            numbers.append(number - 1 if number - numbers[-1] == 2 else None)
        numbers.append(number)
    return numbers
