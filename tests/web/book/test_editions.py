"""Other editions of a work: on the page of a book, and behind the address of the work."""

import pytest

from app.models.base import db
from app.models.book import Book
from app.web.book.work import PATH
from tests.exchange import copy_of, editions, reader
from tests.factories import BookFactory

pytestmark = pytest.mark.usefixtures("app_context")


def links(page):
    return [link["href"] for link in page.select("#editions a")]


def test_the_page_of_a_book_names_the_other_editions_those_to_be_had_first(client):
    first, second, english = editions()
    copy_of(reader(0), english)
    page = client.get(f"/book/{first}/detail").page

    assert links(page) == [f"/book/{english}/detail", f"/book/{second}/detail"]
    assert "1 to be had" in page.select_one("#editions li").text


def test_a_book_of_one_edition_has_no_list_of_others(client):
    assert not client.get(f"/book/{BookFactory().isbn}/detail").page.select("#editions")


def test_many_editions_are_folded(client):
    books = [BookFactory(work_key="OL7W", title="同一本书") for _ in range(12)]
    page = client.get(f"/book/{books[0].isbn}/detail").page

    assert len(links(page)) == 11
    assert len(page.select("#editions details a")) == 5


def test_hidden_editions_are_not_named(client):
    first, second, english = editions()
    with db.auto_commit():
        Book.find_by_isbn(second).delete()

    assert links(client.get(f"/book/{first}/detail").page) == [f"/book/{english}/detail"]


def test_the_address_of_a_work_leads_to_its_best_edition(client):
    first, _, english = editions()
    work = Book.find_by_isbn(first).work_id
    assert client.get(f"{PATH}/{work}").location == f"/book/{english}/detail", "the reader's language"
    copy_of(reader(0), first)

    assert client.get(f"{PATH}/{work}").location == f"/book/{first}/detail", "what is to be had"


@pytest.mark.parametrize("id", ["999", "99999999999999999999", "x", "-1"])
def test_there_is_no_such_work(client, id):
    assert client.get(f"{PATH}/{id}").status_code == 404
