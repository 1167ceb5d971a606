"""The programs whose exports are known: by which columns they are told apart, and where they say what a row is for."""

from typing import NamedTuple

from app.catalogues.files.columns import USUAL_NAMES, Columns, plain_name

STATUS = ("exclusive shelf", "read status", "shelf", "status", "状态", "我的状态", "阅读状态")
"""The columns that say how far a book is read, the most believed first; only the first that is there counts."""
TAGS = ("bookshelves", "shelves", "shelf name", "collections", "tags", "标签", "我的标签", "分类", "书架")
OWNED = ("owned copies", "owned", "own", "owned?", "拥有", "数量")
FORMATS = ("binding", "format", "book format", "formats", "media", "装帧")
CONDITION = ("condition", "品相", "成色", "zustand")
NOTE = ("condition description", "品相说明")

_WEAK = frozenset(map(plain_name, ("name", "名称", "info", "links", "identifiers")))
"""Names of columns that other tables have too."""


class Program(NamedTuple):
    """A program; a header is its own if it has all columns of `needs`, and one of `some` when there are any."""

    name: str
    needs: frozenset[str]
    some: frozenset[str] = frozenset()


def _program(name: str, needs: tuple[str, ...], some: tuple[str, ...] = ()) -> Program:
    return Program(name, frozenset(map(plain_name, needs)), frozenset(map(plain_name, some)))


FISHER, GOODREADS, STORYGRAPH, LIBRARYTHING = "fisher", "goodreads", "storygraph", "librarything"
CALIBRE, BOOKWYRM, OPENREADS, NEODB, DOUBAN = "calibre", "bookwyrm", "openreads", "neodb", "douban"
TABLE, TEXT = "table", "text"
PROGRAMS = (
    _program(FISHER, ("Book Id", "Title", "Exclusive Shelf", "Mark")),
    _program(GOODREADS, ("Title", "Exclusive Shelf")),
    _program(STORYGRAPH, ("Title", "Read Status"), ("ISBN/UID", "Star Rating")),
    _program(LIBRARYTHING, ("Title", "Primary Author"), ("Collections", "Sort Character", "books_id")),
    _program(CALIBRE, ("title", "authors"), ("author_sort", "title_sort", "library_name", "uuid")),
    _program(BOOKWYRM, ("title", "author_text"), ("remote_id", "shelf")),
    _program(OPENREADS, ("title", "status"), ("olid", "readings", "book_format")),
    _program(NEODB, ("title", "info", "links", "status")),
    _program(DOUBAN, ("标题", "链接"), ("简介", "豆瓣评分", "创建时间", "我的评分")),
)
"""In the order in which they are believed."""


def find_program(columns: Columns) -> str | None:
    """Return the program that has written a table of these columns, `TABLE` for any other table of books, else None."""
    names = frozenset(map(plain_name, columns.header))
    for program in PROGRAMS:
        if program.needs <= names and (not program.some or program.some & names):
            return program.name
    return TABLE if is_of_books(columns) else None


def is_of_books(columns: Columns) -> bool:
    """Return whether a column is named as that of ISBNs or titles, and not only as many other tables name theirs."""
    strong = {field for field in ("isbn", "title") for at in columns.used.get(field, ()) if not _is_weak(columns, at)}
    return bool(strong) or {"title", "authors"} <= columns.used.keys()


def is_title_column(name: str) -> bool:
    """Return whether a column of this name holds titles."""
    return plain_name(name) in set(map(plain_name, USUAL_NAMES["title"]))


def _is_weak(columns: Columns, at: int) -> bool:
    return plain_name(columns.header[at]) in _WEAK
