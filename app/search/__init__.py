"""Our own full-text index over the books we know, in a SQLite file of its own."""

from app.search.read.hits import EVERYTHING, OTHER_LANGUAGES, Filter
from app.search.read.index import MOST_PER_PAGE, SearchAnswer, SearchIndex
from app.search.read.paging import InvalidCursor
from app.search.schema import IndexState, MissingFTS5, ensure_fts5

__all__ = [
    "EVERYTHING",
    "MOST_PER_PAGE",
    "OTHER_LANGUAGES",
    "Filter",
    "IndexState",
    "InvalidCursor",
    "MissingFTS5",
    "SearchAnswer",
    "SearchIndex",
    "ensure_fts5",
]
