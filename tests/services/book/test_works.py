import pytest
from sqlalchemy import func, select

from app.catalogues.base import BookRecord
from app.jobs.book import place_works
from app.jobs.registry import Job
from app.models import work as work_module
from app.models.base import db
from app.models.book import Book, BookChange
from app.models.work import Work
from app.rules.book.placing import Placing
from app.services.book import works
from app.services.book.store import store_books
from app.services.book.works import count_outdated, place_outdated
from app.services.imports.bulk_store import store_in_bulk
from tests.factories import BookFactory, isbn13


@pytest.fixture
def site(any_engine_app):
    with any_engine_app.app_context():
        yield any_engine_app


def novel(number: int, **said) -> BookRecord:
    return BookRecord(**{"isbn": isbn13(number), "title": "平凡的世界", "authors": ("路遥",), "language": "zh", **said})


def works_of(*numbers: int) -> list[int]:
    found = Book.map_by_isbn(map(isbn13, numbers))
    return [found[isbn13(number)].work_id for number in numbers]


@pytest.fixture(params=[store_in_bulk, store_books], ids=["import", "catalogues"])
def store(request):
    return request.param


def test_editions_with_a_common_key_are_one_work_and_others_are_not(site, store):
    store([novel(1), novel(2, publisher="人民文学出版社"), novel(3, title="人生的道路")])
    store([novel(4)])

    first, second, other, later = works_of(1, 2, 3, 4)
    assert first == second == later != other


def test_an_edition_that_has_the_keys_of_two_works_shows_them_to_be_one(site, store):
    store([novel(1), novel(2, title="Ordinary World", language="en", work_key="OL1W")])
    chinese, english = works_of(1, 2)
    assert chinese != english
    last = db.session.scalar(select(func.max(BookChange.id)))
    store([novel(3, work_key="OL1W")])

    assert len({*works_of(1, 2, 3)}) == 1
    assert {Work.find_by_id(work).id for work in (chinese, english)} == {*works_of(1)}
    changed = set(db.session.scalars(select(BookChange.book_id).where(BookChange.id > last)))
    assert Book.find_by_isbn(isbn13(2 if works_of(1) == [chinese] else 1)).id in changed


def test_a_key_that_comes_later_is_kept_for_the_editions_to_come(site, store):
    store([novel(1)])
    store([novel(1, work_key="OL1W")])
    store([novel(2, title="Ordinary World", language="en", work_key="OL1W")])

    assert len({*works_of(1, 2)}) == 1


def test_a_book_whose_title_is_corrected_goes_to_the_work_of_the_new_title(site):
    store_in_bulk([novel(1), novel(2), novel(3, title="平凡的世介")])
    store_in_bulk([novel(3)], corrects=True)

    assert len({*works_of(1, 2, 3)}) == 1
    book = Book.find_by_isbn(isbn13(3))
    with db.auto_commit():
        book.title = "人生的道路"

    assert works_of(3) != works_of(1)


def test_a_book_that_a_person_has_placed_stays_there_whatever_is_imported(site):
    store_in_bulk([novel(1), novel(2)])
    with db.auto_commit():
        book = Book.find_by_isbn(isbn13(2))
        alone = Work()
        db.session.add(alone)
        db.session.flush()
        book.work_id, book.placed_by = alone.id, Placing.SPLIT
    store_in_bulk([novel(1, publisher="作家出版社"), novel(2, original_title="平凡的世界", authors=("路遥", "厚夫"))])
    store_in_bulk([novel(2, title="平凡的世界")], corrects=True)

    assert works_of(2) == [alone.id]
    assert works_of(1) != [alone.id]


def test_books_that_have_no_key_are_works_by_themselves(site, store):
    store([novel(1, title="诗", authors=()), novel(2, title="诗", authors=())])

    assert len({*works_of(1, 2)}) == 2


@pytest.fixture
def new_rules(monkeypatch):
    """Give the rules a new version, by which the title alone is the key."""

    def use(title_of=lambda title: title):
        def keys(edition):
            return (work_module.WorkKey(kind="title", text=title_of(edition.title)),)

        for module in (work_module, works):
            monkeypatch.setattr(module, "VERSION", module.VERSION + 1)
        monkeypatch.setattr(work_module, "work_keys", keys)

    return use


def test_new_rules_part_and_join_what_older_ones_placed(site, new_rules):
    store_in_bulk(
        [novel(1), novel(2, title="Ordinary World", work_key="OL1W"), novel(3, work_key="OL1W"), novel(4, title="人生")]
    )
    joined = {*works_of(1, 2, 3)}
    assert len(joined) == 1
    new_rules(lambda title: title.replace("人生", "平凡的世界"))

    assert count_outdated() == 4
    assert place_outdated() == 4
    first, second, third, fourth = works_of(1, 2, 3, 4)
    assert first == third == fourth != second
    assert first in joined, "the address of the work stays good"
    assert (count_outdated(), place_outdated()) == (0, 0)


def test_new_rules_take_books_in_any_number_of_steps(site, new_rules, monkeypatch):
    store_in_bulk([novel(number, title="平凡的世界" if number % 2 else "人生的道路") for number in range(1, 8)])
    monkeypatch.setattr(works, "AT_ONCE", 2)
    new_rules()

    assert [place_outdated() for _ in range(5)] == [2, 2, 2, 1, 0]
    assert len({*works_of(1, 3, 5, 7)}) == len({*works_of(2, 4, 6)}) == 1


def test_new_rules_leave_what_a_person_has_joined_or_split(site, new_rules):
    store_in_bulk([novel(1), novel(2, title="人生的道路"), novel(3), novel(4, title="人生的道路")])
    with db.auto_commit():
        books = Book.map_by_isbn(map(isbn13, (1, 2, 3)))
        alone = Work()
        db.session.add(alone)
        db.session.flush()
        joined = books[isbn13(1)].work_id
        for number in (1, 2):
            books[isbn13(number)].work_id, books[isbn13(number)].placed_by = joined, Placing.JOINED
        books[isbn13(3)].work_id, books[isbn13(3)].placed_by = alone.id, Placing.SPLIT
    new_rules()
    place_outdated()

    assert works_of(1, 2, 3) == [joined, joined, alone.id]
    assert works_of(4) == [joined], "it has a key of the joined ones"


def test_the_rules_are_not_asked_for_the_works_of_millions_of_titles_at_once(site, monkeypatch):
    monkeypatch.setattr(work_module, "_AT_ONCE", 2)
    store_in_bulk([novel(number, title=f"平凡的世界{number % 3}") for number in range(9)])

    assert len({*works_of(*range(9))}) == 3


def test_the_job_places_the_books_of_a_site_that_has_been_migrated(any_engine_app):
    with any_engine_app.app_context():
        BookFactory(title="平凡的世界", authors=["路遥"])
        BookFactory(title="平凡的世界", authors=["路遥"])
        with db.auto_commit():
            for number, book in enumerate(db.session.scalars(select(Book)).all()):
                work = Work(key=-1 - number, version=0)
                db.session.add(work)
                db.session.flush()
                book.work_id, book.work_version = work.id, 0
        place_works(Job(id=1, kind="book.works", payload={}, attempts=1, created=0))

        assert len({book.work_id for book in db.session.scalars(select(Book))}) == 1
