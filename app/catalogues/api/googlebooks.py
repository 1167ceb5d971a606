"""Google Books: `volumes` searches. The key goes in a header, so that no address ever holds it."""

from __future__ import annotations

from app.catalogues.api.answers import (
    count_of,
    ensure_ok,
    inner,
    isbns_in,
    json_of,
    mapping,
    mappings,
    read_json,
    retry_after,
    texts,
    title_of,
)
from app.catalogues.api.transport import Answer, Transport
from app.catalogues.base import BookNotFound, BookRecord, Catalogue, CatalogueLimited, CatalogueOutOfOrder, Hits
from app.catalogues.text.cleaning import (
    clean_cover,
    clean_date,
    clean_language,
    clean_line,
    clean_pages,
    clean_text,
    language_of_isbn,
    people_of,
)
from app.catalogues.text.subjects import clean_subjects

MOST_HITS = 40
NAME = "googlebooks"

_FIELDS = (
    "totalItems,items/volumeInfo(title,subtitle,authors,publisher,publishedDate,description,"
    "industryIdentifiers,pageCount,categories,imageLinks,language)"
)
_LIMITS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"})
_SIZES = ("extraLarge", "large", "medium", "small", "thumbnail", "smallThumbnail")


class GoogleBooks(Catalogue):
    """Google's catalogue. Without `key` calls share a pool that is mostly empty; `country` is two letters."""

    name = NAME

    def __init__(self, transport: Transport, base: str, key: str = "", country: str = "") -> None:
        self._transport, self._base = transport, base.rstrip("/")
        self._headers = {"X-Goog-Api-Key": key} if key else {}
        self._params = {"country": country} if country else {}

    def find_book(self, isbn: str, seconds: float) -> BookRecord:
        """Return the book by a search for its ISBN; another edition in the answer is not taken."""
        payload = self._ask({"q": f"isbn:{isbn}", "maxResults": "5"}, seconds)
        for volume in volumes_in(payload):
            if record := read_record(volume, isbn):
                return record
        raise BookNotFound("no volume has this ISBN")

    def search(self, words: str, count: int, start: int, seconds: float) -> Hits:
        """Return hits for words; at most 40 at once."""
        wish = {"q": words, "maxResults": str(min(count, MOST_HITS)), "startIndex": str(start)}
        payload = self._ask(wish, seconds)
        records = tuple(record for volume in volumes_in(payload) if (record := read_record(volume)))
        return Hits(total=count_of(payload.get("totalItems"), len(records)), records=records)

    def _ask(self, wish: dict[str, str], seconds: float) -> dict[str, object]:
        params = wish | self._params | {"printType": "books", "fields": _FIELDS}
        answer = self._transport.get(f"{self._base}/volumes", seconds, params=params, headers=self._headers)
        _ensure_served(answer)
        return mapping(read_json(answer))


def _ensure_served(answer: Answer) -> None:
    """Raise what Google's error object says; its 404 is a wrong address, since an unknown book is an empty list."""
    if answer.status == 200:
        return
    error = inner(json_of(answer).get("error"))
    reasons = {text for entry in mappings(error.get("errors")) for text in texts(entry.get("reason"))}
    if answer.status == 429 or reasons & _LIMITS:
        raise CatalogueLimited("quota used up", retry_after(answer))
    if "unknownLocation" in reasons:
        raise CatalogueOutOfOrder("does not know our country, which a setting can tell it")
    if answer.status == 404:
        raise CatalogueOutOfOrder("answered 404")
    ensure_ok(answer)


def volumes_in(payload: dict[str, object]) -> list[dict[str, object]]:
    """Return the volumes of an answer, at most 40."""
    return [inner(item.get("volumeInfo")) for item in mappings(payload.get("items"))[:MOST_HITS]]


def read_record(volume: dict[str, object], wanted: str | None = None) -> BookRecord | None:
    """A `volumeInfo`; None without title or ISBN, or when `wanted` is not among its identifiers."""
    isbns = isbns_in(entry.get("identifier") for entry in mappings(volume.get("industryIdentifiers")))
    title = title_of(volume.get("title"))
    if not title or not isbns or (wanted and wanted not in isbns):
        return None
    isbn = wanted or isbns[0]
    people = people_of(volume.get("authors"))
    return BookRecord(
        isbn=isbn,
        title=title,
        subtitle=clean_line(volume.get("subtitle")),
        authors=people.authors,
        translators=people.translators,
        publisher=clean_line(volume.get("publisher"), 120),
        pubdate=clean_date(volume.get("publishedDate")),
        pages=clean_pages(volume.get("pageCount")),
        summary=clean_text(volume.get("description")),
        language=clean_language(volume.get("language")) or language_of_isbn(isbn),
        subjects=_subjects(volume.get("categories")),
        cover=_cover(inner(volume.get("imageLinks"))),
        source=NAME,
    )


def _subjects(categories: object) -> tuple[str, ...]:
    """The steps of `Fiction / Fantasy / Epic`, the path that booksellers give a book (BISAC)."""
    return clean_subjects(step for path in texts(categories) for step in path.split(" / "))


def _cover(links: dict[str, object]) -> str:
    """The largest picture, over https and without the curled corner that Google draws by default."""
    address = next((cover for size in _SIZES if (cover := clean_cover(links.get(size)))), "")
    return address.replace("&edge=curl", "").replace("http://", "https://", 1)
