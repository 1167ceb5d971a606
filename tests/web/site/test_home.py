from app import create_app
from app.models.base import db
from app.services.book.shelving import shelve_outdated
from config import Testing
from tests.exchange import book, copy_of, editions, exchange, listed, reader, wish_for
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
        for each in books:
            listed(giver, each.id)

    assert len(client.get("/").page.select(".hero-books img")) == 3


def test_of_a_work_the_front_page_shows_the_edition_listed_last(client, app_context):
    first, second, english = editions()
    other = book(title="另一本")
    for isbn in (first, other, english, second):
        copy_of(reader(0), isbn)

    shown = [link["href"] for link in client.get("/").page.select(".shelf .book-card a")]
    assert shown == [f"/book/{second}/detail", f"/book/{other}/detail"]


def tiles(client):
    return [tile.get_text(" ", strip=True) for tile in client.get("/").page.select(".glance > *")]


def test_a_visitor_reads_that_the_site_is_alive_and_a_reader_how_their_own_books_stand(client, app_context, log_in):
    assert client.get("/").page.select_one(".signs") is None
    done = exchange("received")
    copy_of(reader(0))
    signs = client.get("/").page.select_one(".signs")
    assert signs.get_text(" ", strip=True).startswith("One book available · the last one arrived")
    assert signs.time
    page = log_in(done.asker).get("/").page
    assert (page.select_one(".signs"), page.select_one(".hero .lead")) == (None, None)
    assert page.select_one("details .steps")


def test_a_reader_who_has_done_nothing_is_told_how_to_begin(app_context, log_in):
    newcomer = log_in(reader(0))
    said = tiles(newcomer)
    assert [said[0], said[1][:17]] == ["0 beans", "Search for a book"]
    assert newcomer.get("/").page.select_one(".steps").parent.name != "details"


def test_a_reader_sees_how_many_of_their_wishes_are_to_be_had(app_context, log_in):
    first, second, english = editions()
    me = reader(1)
    assert tiles(log_in(me))[0] == "One bean"
    wish_for(me, first)
    wish_for(me, book())
    copy_of(reader(0))
    assert tiles(log_in(me)) == ["One bean", "Available from your wish list: 0 of 2"]
    copy_of(reader(0), second)
    assert tiles(log_in(me)) == ["One bean", "Available from your wish list: 1 of 2"]
    copy_of(me, english)
    assert tiles(log_in(me)) == ["One bean", "Available from your wish list: 1 of 2"]


def test_the_front_page_leads_to_the_shelves_on_which_something_is_to_be_had(client, app_context, log_in):
    for subject in ("科幻", "历史"):
        isbn = book(subjects=[subject])
    while shelve_outdated():
        pass
    assert client.get("/").page.select(".section-head + nav") == []
    copy_of(reader(0), isbn)

    for shown in (client, log_in(reader(0))):
        links = shown.get("/").page.select(".section-head + nav a")
        assert [(link["href"], link.get_text()) for link in links] == [("/books?shelf=history", "History & biography")]
