"""Settings: catalogues."""

from dataclasses import dataclass

from config.values import INSTANCE, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Catalogues:
    """Outside catalogues, book covers and imports."""

    BOOK_CATALOGUES: tuple[str, ...] = setting(
        ("openlibrary",), "outside catalogues, asked in this order: yushu, openlibrary, googlebooks; empty asks none"
    )
    BOOK_LOOKUP_DEADLINE: float = setting(3.0, "longest wait of a page for all outside catalogues together", "seconds")
    BOOK_REFRESH_DAYS: int = setting(90, "age at which a book is asked for again, behind the scenes", "days")
    CATALOGUE_CONTACT: str = setting("", "mail or web address named to the catalogues; SITE_URL without one")
    YUSHU_URL: str = setting("http://t.yushu.im/v2", "base of a service in the shape of 鱼书 v2 or Douban v2")
    YUSHU_KEY: str = setting("", "its `apikey`, if it wants one")
    OPENLIBRARY_URL: str = setting("https://openlibrary.org", "base of Open Library")
    OPENLIBRARY_COVERS_URL: str = setting("https://covers.openlibrary.org", "base of its pictures")
    OPENLIBRARY_RATE: float = setting(1.0, "calls of one process; 3 are allowed with a contact", "calls per second")
    GOOGLE_BOOKS_URL: str = setting("https://www.googleapis.com/books/v1", "base of Google Books")
    GOOGLE_BOOKS_KEY: str = setting("", "its key; without one it mostly refuses")
    GOOGLE_BOOKS_COUNTRY: str = setting("", "two letters, where Google can not tell where the server is")
    COVER_HOSTS: tuple[str, ...] = setting(
        (
            "covers.openlibrary.org", "archive.org", "*.archive.org", "*.doubanio.com", "books.google.com",
            "books.googleusercontent.com",
        ),
        "hosts that pictures are fetched from; `*.` stands for all names below, other ports are written `host:port`",
    )  # fmt: skip
    COVERS_PATH: str = setting(str(INSTANCE / "covers"), "folder of the pictures of books")
    IMPORTS_PATH: str = setting(str(INSTANCE / "imports"), "folder of what unfinished imports have to remember")
