"""Among many thousands of books, the index finds exactly what a scan of all books finds."""

import random

import pytest

from app.search import SearchIndex
from app.search.read.query import FUNCTION_WORDS
from app.search.text.tokens import canonical, is_cjk, stored_runs
from app.search.write.build import build_index
from app.search.write.source import BookSource
from bench.catalogue import Catalogue
from bench.database import make_database, ranking

# The catalogue is built once in a process for all tests of this module.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("catalogue")]


@pytest.fixture(scope="module", params=[10_000, 100_000])
def size(request):
    """How many books there are."""
    return request.param


@pytest.fixture(scope="module")
def index(tmp_path_factory, size):
    folder = tmp_path_factory.mktemp("catalogue")
    engine = make_database(folder / "main.db", size)
    build_index(folder / "search.db", BookSource(engine, ranking()))
    index = SearchIndex(folder / "search.db", time_limit=60)
    yield index
    index.close()
    engine.dispose()


@pytest.fixture(scope="module")
def books(size):
    """The books, the first with number 1."""
    return list(Catalogue().books(size))


@pytest.fixture(scope="module")
def texts(books):
    """The words of each book as one text; each field ends with a line break, each word with a space."""
    return ["\n".join(f" {spelling(field)} " for field in fields_of(book)) for book in books]


def fields_of(book):
    return book.title, book.subtitle, *book.authors, book.publisher


def spelling(field):
    return " ".join(stored_runs(canonical(field)))


def matching(texts, text):
    """Return the ids of the books with all words: a Chinese one anywhere in a field, a Latin one as a whole word."""
    runs = [run for part in text.split() for run in stored_runs(canonical(part))]
    words = [run for run in runs if run not in FUNCTION_WORDS] or runs
    parts = [word if is_cjk(word) else f" {word} " for word in words]
    return {number for number, one in enumerate(texts, 1) if all(part in one for part in parts)}


def everything_found(index, text):
    found, cursor = [], None
    while True:
        answer = index.search(text, cursor=cursor, per_page=100)
        assert answer.is_complete
        found += answer.book_ids
        if not (cursor := answer.next_cursor):
            return found, answer


def some_queries(books):
    draw = random.Random(1)
    han = [book for book in books if book.language == "zh" and len(book.title) > 3]
    latin = [book for book in books if book.language == "en" and len(book.title.split()) > 1]
    for book in draw.sample(han, 40):
        size = draw.randint(1, 4)
        at = draw.randrange(len(book.title) - size + 1)
        yield book.title[at : at + size]
        yield f"{book.authors[0]} {book.title[at : at + size]}"
    for book in draw.sample(latin, 40):
        yield " ".join(draw.sample(book.title.split(), 2))
        yield f"{book.authors[0]} {book.title}"
    yield from ("出版社", "press", "the", "of the", "出版社 大学", "publishing house", "大", "books 教育")


def test_all_words_means_all_words(index, books, texts):
    for text in some_queries(books):
        expected = matching(texts, text)
        found, answer = everything_found(index, text)

        assert len(found) == len(set(found)), text
        assert expected <= set(found), text
        assert set(found[: len(expected)]) == expected, text
        assert answer.total == min(len(found), 1_000), text
        # Latin words may be prefixes, when few books have them whole; without a hit, the commonest word is left out.
        if answer.suggestion is None and any(is_cjk(character) for character in text):
            assert set(found) == expected, text


def test_a_word_is_found_by_its_beginning(index, books, texts):
    draw = random.Random(2)
    words = {word for text in draw.sample(texts, 60) for word in text.split() if word.isascii() and len(word) > 4}
    whole = {word for text in texts for word in text.split()}
    beginnings = {word[: draw.randint(2, len(word) - 1)] for word in sorted(words)} - whole

    assert len(beginnings) > 50
    for beginning in sorted(beginnings):
        expected = {number for number, text in enumerate(texts, 1) if f" {beginning}" in text}
        found, _ = everything_found(index, beginning)

        assert expected <= set(found), beginning
        sounding = set(found) - expected
        assert not any(books[number - 1].language == "en" for number in sounding), beginning


def test_a_whole_title_has_its_book_first(index, books):
    for book in random.Random(3).sample(books, 500):
        first = index.search(book.title).book_ids[0]

        assert canonical(books[first - 1].title) == canonical(book.title)


def test_chinese_books_are_found_by_the_sound_of_their_title(index, books):
    from app.search.text.pinyin import make_readings, readings_from

    readings = readings_from(make_readings().items())
    titles = [(number, book) for number, book in enumerate(books, 1) if book.language == "zh" and len(book.title) == 5]
    for number, book in titles[:60]:
        sound = "".join(readings.of(canonical(book.title)))

        assert number in index.search(sound, per_page=100).book_ids, (book.title, sound)
