"""Settings: search."""

from dataclasses import dataclass

from config.values import INSTANCE, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Search:
    """The search index."""

    SEARCH_INDEX_PATH: str = setting(str(INSTANCE / "search.db"), "file of the search index")
    SEARCH_TIME_LIMIT: int = setting(15, "computing time of one search", "milliseconds")
    SEARCH_KEEPER: bool = setting(True, "web processes keep the search index up to date")
    SEARCH_CHANGES_KEPT: int = setting(7, "changes kept for the index files of other machines", "days")
