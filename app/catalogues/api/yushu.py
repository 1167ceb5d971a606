"""鱼书 v2 and Douban v2: one family of addresses, two shapes of record, any base URL.

The shapes: 鱼书 has `isbn`, an `id` number and `images.large`; Douban has `isbn10` and `isbn13`, an `id` text and three
sizes of images. Errors are `{"code", "msg", "request"}`; `msg` repeats the key and our address, so it is never used.
"""

from __future__ import annotations

from urllib.parse import quote

from app.catalogues.api.answers import (
    count_of,
    ensure_ok,
    inner,
    isbns_in,
    json_of,
    mapping,
    mappings,
    read_json,
    texts,
    title_of,
)
from app.catalogues.api.transport import Answer, Transport
from app.catalogues.base import (
    AnswerMalformed,
    BookNotFound,
    BookRecord,
    Catalogue,
    CatalogueLimited,
    CatalogueOutOfOrder,
    Hits,
)
from app.catalogues.text.cleaning import (
    clean_cover,
    clean_date,
    clean_line,
    clean_pages,
    clean_price,
    clean_text,
    language_of_isbn,
    people_of,
)
from app.catalogues.text.series import series_of
from app.catalogues.text.subjects import clean_subjects
from app.catalogues.text.works import clean_original_title

MOST_HITS = 100
NAME = "yushu"

_NOT_FOUND = 6000
_LIMITED = frozenset({111, 112})


class Yushu(Catalogue):
    """A 鱼书 or Douban shaped service at `base`, such as `http://t.yushu.im/v2`; `key` is sent as `apikey`."""

    name = NAME

    def __init__(self, transport: Transport, base: str, key: str = "") -> None:
        self._transport, self._base, self._key = transport, base.rstrip("/"), key

    def find_book(self, isbn: str, seconds: float) -> BookRecord:
        """Return the book by its own address."""
        answer = self._get(f"/book/isbn/{quote(isbn)}", {}, seconds)
        record = read_record(mapping(read_json(answer)), isbn)
        if record is None:
            raise AnswerMalformed("record without title or with another ISBN")
        return record

    def search(self, words: str, count: int, start: int, seconds: float) -> Hits:
        """Return hits for words; at most 100 at once."""
        wish = {"q": words, "count": str(min(count, MOST_HITS)), "start": str(start)}
        try:
            return read_hits(read_json(self._get("/book/search", wish, seconds)))
        except BookNotFound:
            return Hits(total=0)

    def _get(self, path: str, params: dict[str, str], seconds: float) -> Answer:
        sent = params | ({"apikey": self._key} if self._key else {})
        answer = self._transport.get(self._base + path, seconds, params=sent)
        _ensure_served(answer)
        return answer


def _ensure_served(answer: Answer) -> None:
    """Raise what the error code says, and else what the status says."""
    said = json_of(answer)
    code = said.get("code")
    if isinstance(code, int) and not isinstance(code, bool) and "title" not in said:
        if code == _NOT_FOUND:
            raise BookNotFound("code 6000")
        if code in _LIMITED:
            raise CatalogueLimited(f"code {code}")
        raise CatalogueOutOfOrder(f"refused with code {code}")
    if said.get("success") is False:
        raise CatalogueOutOfOrder("the service says that it failed")
    ensure_ok(answer)


def read_record(book: dict[str, object], wanted: str | None = None) -> BookRecord | None:
    """A book of either shape; None without title or ISBN, or when `wanted` is not among its ISBNs."""
    isbns = isbns_in([book.get("isbn13"), book.get("isbn"), book.get("isbn10")])
    title = title_of(book.get("title"))
    if not title or not isbns or (wanted and wanted not in isbns):
        return None
    isbn = wanted or isbns[0]
    people = people_of(book.get("author"), book.get("translator"))
    series = series_of(clean_line(inner(book.get("series")).get("title") or book.get("series")))
    return BookRecord(
        isbn=isbn,
        title=title,
        subtitle=clean_line(book.get("subtitle")),
        authors=people.authors,
        translators=people.translators,
        publisher=clean_line(book.get("publisher"), 120),
        pubdate=clean_date(book.get("pubdate")),
        pages=clean_pages(book.get("pages")),
        price=clean_price(book.get("price")),
        binding=clean_line(book.get("binding"), 60),
        summary=clean_text(book.get("summary")),
        language=language_of_isbn(isbn),
        original_title=clean_original_title(book.get("origin_title"), title, people.authors),
        series=series.name,
        series_number=series.number,
        subjects=clean_subjects(_tags(book), title, people.authors),
        cover=_cover(book),
        source=NAME,
    )


def _tags(book: dict[str, object]) -> list[object]:
    """What readers of Douban tag a book with, the most used first; 鱼书 has one category."""
    return [*(tag.get("name") for tag in mappings(book.get("tags"))), *texts(book.get("category"))]


def _cover(book: dict[str, object]) -> str:
    images = inner(book.get("images"))
    offered = (images.get("large"), images.get("medium"), book.get("image"), images.get("small"))
    return next((cover for cover in map(clean_cover, offered) if cover), "")


def read_hits(payload: object) -> Hits:
    """A search answer; entries without title or ISBN are left out."""
    envelope = mapping(payload)
    if not isinstance(envelope.get("books"), list):
        raise AnswerMalformed("search answer without books")
    records = tuple(record for book in mappings(envelope["books"])[:MOST_HITS] if (record := read_record(book)))
    return Hits(total=count_of(envelope.get("total"), len(records)), records=records)
