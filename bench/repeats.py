"""How often one work repeats among the first ten hits for well-known titles: `python -m bench.repeats DATABASE`.

The database is a SQLite file with a catalogue (`flask books import`). Of its 600 Chinese and 600 English titles with
the most editions 200 of each are drawn. Whether two hits are one work is judged without the keys of works: by equal
titles and a common word in the names of the authors.
"""

import argparse
import json
import random
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine

from app.rules.book.normalise import normalise
from app.search import SearchIndex
from app.search.write.build import build_index
from app.search.write.source import BookSource

_KNOWN, _DRAWN, _HITS, _SEED = 600, 200, 10, 14
_BOOKS = "SELECT id, title, authors FROM book"
Book = tuple[str, frozenset[str]]


def main() -> None:
    """Print the share of repeats by language, with every edition as a hit and with one hit for each work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    database = parser.parse_args().database
    with closing(sqlite3.connect(database)) as connection:
        books = {id: _book(title, authors) for id, title, authors in connection.execute(_BOOKS)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.db"
        build_index(path, BookSource(create_engine(f"sqlite:///{database}")))
        index = SearchIndex(path, time_limit=1)
        for name, is_chinese in (("Chinese", True), ("English", False)):
            titles = _known_titles(books.values(), is_chinese)
            for by_work in (False, True):
                pages = [index.search(title, per_page=_HITS, by_work=by_work).book_ids for title in titles]
                hits = sum(map(len, pages))
                repeats = sum(_repeats([books[id] for id in page]) for page in pages)
                print(f"{name}, by work: {by_work}: {repeats} of {hits} hits repeat a work ({repeats / hits:.1%})")


def _book(title: str, authors: str) -> Book:
    names = (re.sub(r"[\[(（【〔].*?[\])）】〕]", "", name) for name in json.loads(authors))
    return normalise(title), frozenset(word for name in names for word in re.findall(r"\w{2,}", normalise(name)))


def _known_titles(books: Iterable[Book], is_chinese: bool) -> list[str]:
    editions = Counter(title for title, _ in books if len(title) > 1 and title.isascii() != is_chinese)
    return random.Random(_SEED).sample([title for title, _ in editions.most_common(_KNOWN)], _DRAWN)


def _repeats(hits: list[Book]) -> int:
    return sum(any(_is_same(hit, earlier) for earlier in hits[:place]) for place, hit in enumerate(hits))


def _is_same(one: Book, other: Book) -> bool:
    return one[0] == other[0] and bool(one[1] & other[1])


if __name__ == "__main__":
    main()
