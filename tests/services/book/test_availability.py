"""What is to be had of a work, and who waits for it, is counted over all its editions in one statement."""

import pytest
from sqlalchemy import insert, text

from app.models.base import DELETED, db
from app.models.book import Book
from app.models.copy import Copy
from app.models.gift import Gift
from app.models.wish import Wish
from app.services.book.availability import count_had
from tests.exchange import ask, copy_of, id_of, reader, wish_for
from tests.factories import BookFactory, UserFactory, alone, isbn13
from tests.rows import rows_read, statements_sent

BOOKS = 20_000


def work_of(isbn):
    return db.session.get(Book, id_of(isbn)).work_id


@pytest.mark.usefixtures("app_context")
def test_copies_and_wishes_of_all_editions_of_a_work_are_counted(app):
    first, second, other = (BookFactory(title=title).isbn for title in ("三体", "三体", "球状闪电"))
    copy_of(reader(), first)
    copy_of(reader(), second)
    wish_for(reader(), second)
    work, alone_id = work_of(first), work_of(other)

    with statements_sent() as statements:
        assert count_had([work, work, alone_id]) == {work: (2, 1, 2), alone_id: (0, 0, 1)}
    assert len(statements) == 1


@pytest.mark.usefixtures("app_context")
def test_a_promised_copy_and_a_hidden_book_are_not_to_be_had():
    promised, hidden = BookFactory(title="三体").isbn, BookFactory(title="球状闪电").isbn
    ask(reader(), copy_of(reader(), promised))
    copy_of(reader(), hidden)
    works = [work_of(promised), work_of(hidden)]
    db.session.get(Book, id_of(hidden)).status = DELETED
    db.session.commit()

    assert count_had(works) == {works[0]: (0, 0, 1)}
    assert count_had([]) == {}


class TestOnMariaDB:
    """Counting for a page reads the rows of its works only."""

    pytestmark = pytest.mark.mariadb

    @pytest.fixture
    def settings(self, mariadb_uri, tmp_path):
        return {"SQLALCHEMY_DATABASE_URI": mariadb_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}

    def test_counting_for_a_page_reads_the_copies_and_wishes_of_its_works(self, app_context):
        db.create_all()
        giver = UserFactory().id
        books = [{"id": n + 1, "isbn": isbn13(n), "title": f"b{n}"} for n in range(BOOKS)]
        db.session.execute(insert(Book), alone(books))
        db.session.execute(insert(Copy), [{"book_id": n + 1, "holder_id": giver, "since": 1} for n in range(BOOKS)])
        listed = [{"giver_id": giver, "book_id": n + 1, "copy_id": n + 1} for n in range(BOOKS)]
        db.session.execute(insert(Gift), listed)
        db.session.execute(insert(Wish), [{"user_id": giver, "book_id": n + 1} for n in range(BOOKS)])
        db.session.commit()
        db.session.execute(text("ANALYZE TABLE book, gift, wish")).all()

        with rows_read(app_context) as counts:
            assert count_had(range(1, 21)) == dict.fromkeys(range(1, 21), (1, 1, 1))
        assert sum(counts) < 400, counts
