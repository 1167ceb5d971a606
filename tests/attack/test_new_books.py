"""Books without an ISBN: shelves flooded, scripts in a title, and one book entered many times."""

import pytest
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.book import Book
from tests.attack.people import elsewhere, logged_in, page_of, press, twin, visitor
from tests.exchange import copy_of, reader
from tests.web.server import at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]
WORKERS = 2
"""Each counts for itself without Redis."""
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


def enter(site, client, **fields):
    client.headers["X-Forwarded-For"] = elsewhere()
    return press(client, f"{site.url}/book/new", **fields)


def count_of(title):
    db.session.rollback()
    return db.session.scalar(select(func.count(Book.id)).where(Book.title.startswith(title)))


def test_one_reader_can_not_flood_the_shelves_from_any_number_of_addresses(site):
    client, most = logged_in(reader(0)), 20 * WORKERS
    answers = [enter(site, client, title=f"洪水{number:03}").status_code for number in range(most + 10)]

    assert set(answers) == {302, 429}
    assert 20 <= count_of("洪水") <= most


def test_a_title_and_a_summary_with_scripts_are_shown_as_text(site):
    client, fields = logged_in(reader(0)), ("title", "authors", "publisher", "summary")
    answer = enter(site, client, **{name: f"{name} {SCRIPT}"[:120] for name in fields})
    path = answer.headers["Location"]

    for page in (site.url + path, f"{site.url}/book/new?title={SCRIPT}"):
        shown = client.get(page, timeout=60)
        assert "<script>alert" not in shown.text
        assert "onerror=" not in shown.text.replace("&lt;img src=x onerror=", "")
        assert page_of(shown).select("script:not([src])") == []
    cover = visitor().get(site.url + path.replace("detail", "cover"), timeout=60)
    assert (cover.status_code, b"<script" in cover.content) == (200, False)


@pytest.mark.parametrize("same_reader", [True, False])
def test_a_book_that_ten_enter_at_once_is_one(site, same_reader):
    title = f"同时{now()}{same_reader}"
    first = logged_in(reader(0))
    clients = [twin(first) if same_reader else logged_in(reader(0)) for _ in range(10)]
    answers = at_once([lambda client=client: enter(site, client, title=title, year="1957") for client in clients])

    assert {answer.status_code for answer in answers} <= {200, 302}
    assert len({answer.headers["Location"] for answer in answers if answer.status_code == 302}) == 1
    assert count_of(title) == 1


def test_a_local_number_opens_no_other_book_and_no_page_breaks_on_it(site):
    giver = reader(0)
    copy_of(giver, now=now())
    client = logged_in(reader(1))
    for number in ("F", "F0", "F" + "9" * 21, "F" + "9" * 400, "F9223372036854775807", "F%00000000013", "F-1", "F１"):
        for path in ("detail", "cover", "entry"):
            assert client.get(f"{site.url}/book/{number}/{path}", timeout=60).status_code in (404, 429), number
        for path in (f"/wish/book/{number}", f"/gifts/book/{number}", f"/wish/book/{number}/redraw"):
            assert press(client, site.url + path, condition="good").status_code == 404, path
