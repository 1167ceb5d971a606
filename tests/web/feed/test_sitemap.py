"""What search engines are told of."""

import re
from xml.etree import ElementTree

import pytest
from sqlalchemy import event

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.rules.book.shelves import Shelf
from app.services.exchange.gift import withdraw_gift
from app.services.feed import sitemap
from tests.exchange import NOW, book, copy_of, id_of, reader

SITE = "http://127.0.0.1:5000"
pytestmark = pytest.mark.usefixtures("app_context")


def links(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    ElementTree.fromstring(answer.data)  # noqa: S314  (our own)
    return re.findall("<loc>([^<]+)</loc>", answer.text)


def set_state(gift_id, **values):
    with db.auto_commit():
        for name, value in values.items():
            setattr(db.session.get_one(Gift, gift_id), name, value)


def test_a_crawler_finds_the_books_of_which_a_copy_is_to_be_had(client):
    isbn, other = book(title="三体 & <b>"), book()
    copy_of(reader(0), isbn, NOW)
    copy_of(reader(0), isbn, NOW + 86_400)
    gone = copy_of(giver := reader(0))
    withdraw_gift(giver, gone, NOW)
    set_state(copy_of(reader(0)), state="held")
    set_state(copy_of(reader(0)), status=0)
    hidden = book()
    copy_of(reader(0), hidden)
    with db.auto_commit():
        db.session.get_one(Book, id_of(hidden)).delete()
    [rule] = [line for line in client.get("/robots.txt").text.splitlines() if line.startswith("Sitemap: ")]
    [pages, books] = links(client, rule.removeprefix(f"Sitemap: {SITE}"))

    assert links(client, books.removeprefix(SITE)) == [f"{SITE}/book/{isbn}/detail"]
    assert "<lastmod>2027-01-16T08:00:00+00:00</lastmod>" in client.get(books.removeprefix(SITE)).text
    assert other not in client.get(books.removeprefix(SITE)).text
    found = [client.get(link.removeprefix(SITE)) for link in links(client, pages.removeprefix(SITE))]
    assert len(found) == 9 + len(Shelf)
    assert {answer.status_code for answer in found} == {200}


def test_each_part_has_the_books_of_its_ids_and_costs_the_same_whatever_the_number_of_books(client, monkeypatch):
    monkeypatch.setattr(sitemap, "SPAN", 3)
    isbns = [book() for _ in range(8)]
    for isbn in isbns:
        copy_of(reader(0), isbn)
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    parts = links(client, "/sitemap.xml")[1:]
    asked = len([said for said in statements if said.startswith("SELECT")])
    found = [links(client, part.removeprefix(SITE)) for part in parts]

    assert asked == 1
    assert [link for part in found for link in part] == [f"{SITE}/book/{isbn}/detail" for isbn in isbns]
    assert max(map(len, found)) == 3


@pytest.mark.parametrize("part", ["0", "2", "999999999999999999", "9" * 30, "x", "-1", "1%00"])
def test_a_part_that_does_not_exist_is_not_found(client, part):
    copy_of(reader(0))

    assert client.get("/sitemap/books-1.xml").status_code == 200
    assert client.get(f"/sitemap/books-{part}.xml").status_code == 404


def test_a_site_without_copies_has_a_sitemap_of_its_pages(client):
    assert links(client, "/sitemap.xml") == [f"{SITE}/sitemap/pages.xml"]
    assert client.get("/sitemap/books-1.xml").status_code == 404


def test_a_sitemap_may_be_kept_for_an_hour(client):
    for path in ("/sitemap.xml", "/sitemap/pages.xml"):
        assert client.get(path).headers["Cache-Control"] == "public, max-age=3600"
