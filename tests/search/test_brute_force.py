"""The index finds what looking at every single book finds, no more and no less."""

import random

import pytest

from app.search.query import FUNCTION_WORDS
from app.search.tokens import canonical, is_cjk, stored_runs
from bench.catalogue import Catalogue

BOOKS = 1_500


@pytest.fixture(scope="module")
def catalogue_library(tmp_path_factory):
    from tests.search.conftest import Library

    library = Library(tmp_path_factory.mktemp("catalogue"))
    library.add_rows([book.as_row() for book in Catalogue().books(BOOKS)])
    library.build()
    yield library
    library.close()


@pytest.fixture(scope="module")
def books():
    """The books with their numbers, and the fields that are searched."""
    return [(number, book, fields_of(book)) for number, book in enumerate(Catalogue().books(BOOKS), 1)]


def fields_of(book):
    return [canonical(field) for field in (book.title, book.subtitle, *book.authors, book.publisher)]


def has_word(fields, word):
    """A Chinese run stands anywhere inside a field; a Latin word is a whole word."""
    return any(word in field and (is_cjk(word) or word in stored_runs(field)) for field in fields)


def matching(books, text):
    runs = (
        stored_runs(canonical(text))
        if " " not in text
        else [r for part in text.split() for r in stored_runs(canonical(part))]
    )
    words = [run for run in runs if run not in FUNCTION_WORDS] or runs
    return {number for number, _, fields in books if all(has_word(fields, word) for word in words)}


def everything_found(library, text):
    found, cursor = [], None
    while True:
        answer = library.index.search(text, cursor=cursor, per_page=100)
        assert answer.is_complete
        found += answer.book_ids
        if not (cursor := answer.next_cursor):
            return found, answer


def some_queries(books):
    draw = random.Random(1)
    han = [book for _, book, _ in books if book.language == "zh" and len(book.title) > 3]
    latin = [book for _, book, _ in books if book.language == "en" and len(book.title.split()) > 1]
    for book in draw.sample(han, 60):
        size = draw.randint(1, 3)
        at = draw.randrange(len(book.title) - size)
        yield book.title[at : at + size]
        yield f"{book.authors[0]} {book.title[at : at + size]}"
    for book in draw.sample(latin, 60):
        yield " ".join(draw.sample(book.title.split(), 2))
        yield f"{book.authors[0]} {book.title}"
    yield from ("出版社", "press", "the", "of the", "出版社 大学", "publishing house")


def test_all_words_means_all_words(catalogue_library, books):
    for text in some_queries(books):
        expected = matching(books, text)
        found, answer = everything_found(catalogue_library, text)

        assert len(found) == len(set(found)), text
        assert expected <= set(found), text
        assert set(found[: len(expected)]) == expected, text
        assert answer.total == min(len(found), 1_000), text
        if any(is_cjk(character) for character in text):  # Latin words may go on, when few books have them whole
            assert set(found) == expected, text


def test_chinese_books_are_found_by_the_sound_of_their_title(catalogue_library, books):
    from app.search.pinyin import make_readings, readings_from

    readings = readings_from(make_readings().items())
    titles = [(number, book) for number, book, _ in books if book.language == "zh" and 4 <= len(book.title) <= 6]
    for number, book in titles[:60]:
        sound = "".join(readings.of(canonical(book.title)))

        assert number in catalogue_library.index.search(sound, per_page=100).book_ids, (book.title, sound)
