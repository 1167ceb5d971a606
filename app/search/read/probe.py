"""What corrections ask an index: whether something has hits, and what is written there."""

import json
from collections.abc import Iterable, Iterator

from app.search.read.hits import IndexReading, text_hits
from app.search.read.query import Query, prefix_ranges
from app.search.text.pinyin import READINGS_OF, Readings, pieces_of, readings_from
from app.search.text.tokens import FIELD_END, is_cjk

_LOOKED_AT = 20
_MOST_COUNTED = 1000
_TITLE = "SELECT 1 FROM json_each(?) AS k CROSS JOIN doc ON doc.title_n = k.value LIMIT 1"
_BEGINNING = "SELECT 1 FROM doc WHERE title_n >= ? AND title_n < ? LIMIT 1"


class Probe:
    """Asks one connection, within the time limit of one search."""

    def __init__(self, reading: IndexReading) -> None:
        self.reading = reading

    def has_hits(self, expression: str | None, table: str = "fx") -> bool:
        """Return whether a full-text expression has hits."""
        return bool(expression) and bool(self.reading.rows(text_hits(table, expression or ""), 1))

    def count(self, expression: str) -> int:
        """Return how many books a full-text expression finds, up to a thousand."""
        return self.reading.count(text_hits("fx", expression), _MOST_COUNTED) if expression else 0

    def is_title(self, query: Query) -> bool:
        """Return whether a title is equal to a query."""
        return bool(query.key) and bool(self.reading.select(_TITLE, json.dumps(query.title_keys)))

    def begins_title(self, query: Query) -> bool:
        """Return whether a title is equal to a query, or begins with it."""
        return self.is_title(query) or any(
            self.reading.select(_BEGINNING, *ends) for key in query.title_keys if key for ends in prefix_ranges(key)
        )

    def texts(self, table: str, expression: str) -> list[str]:
        """Return the texts of the first hits."""
        rows = self.reading.rows(text_hits(table, expression), _LOOKED_AT)
        return [f"{title}{FIELD_END}{other}" for title, other in self.reading.texts(rows).values()]

    def fragments(self, table: str, expression: str, size: int) -> Iterator[str]:
        """Return the Chinese fragments of a length in the texts of the first hits, each once."""
        seen: set[str] = set()
        for text in self.texts(table, expression):
            for at in range(len(text) - size + 1):
                piece = text[at : at + size]
                if piece not in seen and all(map(is_cjk, piece)):
                    seen.add(piece)
                    yield piece

    def readings(self, texts: Iterable[str]) -> Readings:
        """Return the readings of the Chinese in some texts."""
        return readings_from(self.reading.select(READINGS_OF, pieces_of(texts)))
