"""Settings: pages."""

from dataclasses import dataclass

from config.values import INSTANCE, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Pages:
    """The page cache, and how much one page shows."""

    CACHE_TYPE: str = setting("SimpleCache", "SimpleCache (one process) or RedisCache")
    CACHE_REDIS_URL: str = setting(
        "", "Redis of the page cache, for CACHE_TYPE=RedisCache: redis:// or, with TLS, rediss://"
    )
    PAGE_CACHE_SECONDS: int = setting(10, "age of a page shown to visitors", "seconds")
    FRONT_PAGE_BOOKS: int = setting(30, "books on the front page", "books")
    BOOKS_PER_PAGE: int = setting(15, "hits on a search page", "books")
    ROWS_PER_PAGE: int = setting(20, "rows on a page of gifts, wishes, drifts, ledger", "rows")
    FONT_PATH: str = setting(
        "", "font file, or folder of some, for the pictures that chats show with a link; empty: the system's fonts"
    )
    STATIC_PATH: str = setting(
        str(INSTANCE / "static"), "folder of the minified and compressed style sheet and scripts, filled at each start"
    )
