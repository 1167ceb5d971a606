from app import create_app
from app.models.base import db
from app.models.gift import Gift
from config import Testing
from tests.exchange import book, copy_of, editions, reader
from tests.factories import BookFactory, UserFactory


def test_the_front_page_shows_a_shelf_of_books(client, app_context):
    BookFactory(title="三体")

    page = client.get("/").page

    assert page.h1
    assert "三体" in page.main.get_text()


def test_a_page_kept_for_no_time_is_always_new(settings):
    app = create_app(Testing(**settings | {"CACHE_TYPE": "SimpleCache", "PAGE_CACHE_SECONDS": 0}))
    client = app.test_client()
    client.get("/")
    with app.app_context():
        BookFactory(title="刚到的书")

    assert "刚到的书" in client.get("/").text


def test_books_lie_beside_the_search_box_also_when_there_are_gifts(client, app_context):
    giver = UserFactory().id
    books = BookFactory.create_batch(6)
    with db.auto_commit():
        db.session.add_all([Gift(giver_id=giver, book_id=book.id) for book in books])

    assert len(client.get("/").page.select(".hero-books img")) == 3


def test_of_a_work_the_front_page_shows_the_edition_listed_last(client, app_context):
    first, second, english = editions()
    other = book(title="另一本")
    for isbn in (first, other, english, second):
        copy_of(reader(0), isbn)

    shown = [link["href"] for link in client.get("/").page.select(".shelf .book-card a")]
    assert shown == [f"/book/{second}/detail", f"/book/{other}/detail"]
