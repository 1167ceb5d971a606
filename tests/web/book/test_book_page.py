"""The page of a book: what it is about, what a reader can do, the copies to be had and who waits."""

import pytest

from app.rules.clock import DAY
from app.rules.exchange.listing import Condition
from app.services.exchange.gift import offer_gift
from tests.exchange import NOW, book, copy_of, id_of, reader, wish_for
from tests.factories import BookFactory
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")
LONG = "一个人在海边读书，" * 20


def offer(isbn, condition=Condition.GOOD, now=NOW):
    return offer_gift(reader(0), id_of(isbn), condition, "", None, now)


def page_of(client, isbn):
    return client.get(f"/book/{isbn}/detail").page


def test_a_long_summary_is_cut_with_the_rest_folded_away_and_a_short_one_is_not(client):
    cut = page_of(client, BookFactory(summary=LONG).isbn).select_one(".about")
    whole = page_of(client, BookFactory(summary="一个人在海边读书。").isbn)

    assert cut.select_one("details:not([open]) .prose").get_text() == LONG
    assert cut.select_one(".about-short").get_text() in LONG + "..."
    assert whole.select_one(".prose").get_text() == "一个人在海边读书。"
    assert whole.select_one(".about details") is None
    assert page_of(client, BookFactory(summary="").isbn).select_one(".book-lead .prose") is None


def test_subjects_series_and_original_title_lead_to_a_search(client):
    subjects = ["科幻", "外星人 & 我们", "<b>", *(f"主题{n}" for n in range(9))]
    book = BookFactory(subjects=subjects, series="地球往事", series_number="1", original_title="The Old Title")
    page = page_of(client, book.isbn)

    assert [link.get_text(strip=True) for link in page.select(".subjects a")] == subjects[:8]
    assert page.find("a", string="外星人 & 我们")["href"] == "/book/search?q=外星人+%26+我们".replace(
        "外星人", "%E5%A4%96%E6%98%9F%E4%BA%BA"
    ).replace("我们", "%E6%88%91%E4%BB%AC")
    assert page.find("a", string="地球往事").find_parent("p").get_text(" ", strip=True) == "Series: 地球往事 · 1"
    assert page.find("a", string="The Old Title")["href"] == "/book/search?q=The+Old+Title"


def test_the_two_actions_stand_above_the_copies(app, client):
    isbn = book()
    giver, wisher = reader(0), reader()
    nobody_gives = page_of(logged_in(app, wisher), isbn)
    copy_of(giver, isbn)
    mine, to_be_had = (page_of(logged_in(app, who), isbn) for who in (giver, wisher))

    assert nobody_gives.select_one(".book-lead form button").get_text(strip=True) == "I want to read it"
    assert to_be_had.select_one(".book-lead a.button")["href"] == "#givers"
    assert to_be_had.select_one("[aria-labelledby=givers]").find("form", action=f"/wish/book/{isbn}")
    assert [page.select_one(".offer summary").get_text(strip=True) for page in (to_be_had, mine)] == [
        "I have a copy",
        "I have another copy",
    ]
    assert mine.find("form", action=f"/wish/book/{isbn}") is None
    for page in (nobody_gives, mine, to_be_had):
        assert str(page).index("book-actions") < str(page).index('id="givers"')


def test_the_best_copy_stands_first_and_of_equal_ones_the_newest(client):
    isbn = book()
    conditions = (Condition.WORN, Condition.GOOD, Condition.NEW, Condition.VERY_GOOD, Condition.GOOD)
    copies = [offer(isbn, condition) for condition in conditions]
    links = page_of(client, isbn).select(".trade-list a.button")

    assert [link["href"] for link in links] == [f"/drift/{copies[place]}" for place in (2, 3, 4, 1, 0)]


def test_of_many_copies_five_are_shown_and_the_rest_is_folded(client):
    isbn = book()
    for _ in range(33):
        offer(isbn)
    section = page_of(client, isbn).select_one("[aria-labelledby=givers]")

    assert len(section.select("& > ul > li")) == 5
    assert len(section.select("details li")) == 25
    assert section.summary.get_text(strip=True) == "28 more copies"
    assert "These are the best 30." in section.get_text()


def test_who_waits_is_folded_to_how_many_and_since_when_unless_one_has_a_copy_for_them(app, client):
    isbn = book()
    for days in (40, 100, 0):
        wish_for(reader(), isbn, NOW - days * DAY)
    section = page_of(client, isbn).select_one("[aria-labelledby=wishers]")
    assert section.select_one("summary").get_text(" ", strip=True) == "3 waiting since October 2026"
    assert section.select_one("details:not([open])")
    assert len(section.select("li")) == 3

    giver = reader(0)
    for _ in range(4):  # one is offered to each of the three, the last to nobody
        copy_of(giver, isbn)
    assert page_of(logged_in(app, giver), isbn).select_one("[aria-labelledby=wishers] details[open]")
    assert page_of(client, BookFactory().isbn).select_one("[aria-labelledby=wishers]") is None
