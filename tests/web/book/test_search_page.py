"""The page of a search: one row for each work, and what a reader can do when we do not have a title."""

from pathlib import Path
from urllib.parse import urljoin

import pytest

from app.models.base import db
from app.search.write.build import build_index
from app.search.write.popularity import exchange_ranking
from app.search.write.source import BookSource
from app.services.book import near as near_books
from tests.circles import circle, listed_in
from tests.exchange import copy_of, id_of, reader
from tests.factories import BookFactory
from tests.web.readers import logged_in, text_of

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def search(app, client):
    """Index what is stored, and return what the page of a search shows."""

    def search(words, **options):
        build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine, exchange_ranking()))
        return client.get("/book/search", **({"query_string": {"q": words}} | options))

    return search


def test_a_work_has_one_row_with_its_edition_on_offer_and_the_number_of_editions(search):
    _, given, _ = (BookFactory(title="百年孤独").isbn for _ in range(3))
    BookFactory(title="百年孤独的人", authors=["别人"])
    copy_of(reader(), given)

    page = search("百年孤独").page
    rows = page.select(".book-row")
    assert rows[0].select_one(".book-title a")["href"] == f"/book/{given}/detail"
    assert [bool(row.select_one(".book-editions")) for row in rows] == [True, False]
    assert rows[0].select_one(".book-editions a").get_text() == "3 editions"
    assert "2 books" in page.select_one(".search-head").get_text()


def test_programs_that_search_the_site_find_works_and_the_api_finds_editions(search, client):
    for _ in range(3):
        BookFactory(title="百年孤独")
    assert search("百年孤独", headers={"Accept": "application/json"}).json["total"] == 1
    assert client.get("/v2/book/search?q=百年孤独").json["total"] == 3


def test_a_title_that_we_do_not_have_is_said_above_what_was_searched_instead(search):
    BookFactory(title="Frankenstein", authors=["Mary Shelley"])
    answer = search("frankenstien")
    text = text_of(answer)
    sentence = text.index("We don’t have “frankenstien”.")
    assert sentence < text.index("Results for “frankenstein” instead") < text.index("Mary Shelley")


def test_a_search_without_any_hit_says_what_can_be_done(search):
    BookFactory(title="三体")
    text = text_of(search("zzzzqqqq <b>"))
    assert "We don’t have “zzzzqqqq <b>”." in text
    assert "enter it by hand" in text


def test_a_search_with_hits_does_not_say_that_a_title_is_absent(search):
    BookFactory(title="三体")
    assert not search("三体").page.select(".absent")


@pytest.mark.parametrize("many", [5_000, 0], ids=["few givers", "many givers"])
def test_a_search_can_be_narrowed_to_copies_near_the_reader(monkeypatch, many, app, search):
    """A book is near if a copy of that very edition is; the pages go on with the filter."""
    monkeypatch.setattr(near_books, "MANY_GIVERS", many)
    city, other = "CN/上海市/上海市", "CN/广东省/广州市"
    for number in range(40):
        copy_of(reader(0, area=f"{city}/徐汇区" if number % 2 else other), BookFactory(title=f"海边 {number}").isbn)
    BookFactory(title="海边")
    search("海边")
    client = logged_in(app, reader(area=city))
    assert "near=1" in hrefs(client.get("/book/search?q=海边").page)["Near me"]

    first = client.get("/book/search?q=海边&near=1")
    assert first.page.select_one(".search-head .quiet").get_text() == "20 books"
    found = [link.get_text() for link in first.page.select(".book-title a")]
    second = client.get("/book/search?q=海边&near=1&page=2").page
    found += [link.get_text() for link in second.select(".book-title a")]
    assert sorted(found) == sorted(f"海边 {number}" for number in range(1, 40, 2))
    assert "near" not in hrefs(first.page)["Near me"]
    assert "near=1" in hrefs(first.page)["Chinese"]
    assert len(client.get("/book/search?q=海边&near=1&language=en").page.select(".book-row")) == 0
    assert len(client.get("/book/search?q=没有&near=1").page.select(".book-row")) == 0


def hrefs(page):
    return {link.get_text(): link["href"] for link in page.select(".filters a")}


def test_filters_are_links_that_search_all_books_and_stay_on_further_pages(app, search):
    given = BookFactory(title="海边 999", language="en").isbn
    for number in range(40):
        BookFactory(title=f"海边 {number}", language="zh" if number else "fr")
    copy_of(reader(), given)

    page = search("海边").page
    assert hrefs(page)["Available"] == "/book/search?q=海边&had=1".replace("海边", "%E6%B5%B7%E8%BE%B9")
    chinese = search("海边", query_string={"q": "海边", "language": "zh"}).page
    assert "39 books" in chinese.select_one(".search-head").get_text()
    assert all("language=zh" in link["href"] for link in chinese.select(".pagination:not(.filters) a"))
    assert "had=1" in hrefs(chinese)["Available"]
    assert "language=zh" in hrefs(chinese)["Available"]
    assert "language" not in hrefs(chinese)["Chinese"]


def test_only_what_is_to_be_had_is_shown_when_asked_for(search, client):
    given = BookFactory(title="海边 999").isbn
    BookFactory(title="海边 1")
    copy_of(reader(), given)
    search("海边")
    found = client.get("/book/search?q=海边&had=1", headers={"Accept": "application/json"}).json
    assert [book["isbn"] for book in found["books"]] == [given]
    nothing = client.get("/book/search?q=海边&had=1&language=en")
    assert nothing.status_code == 200
    assert "Nothing found with these filters" in text_of(nothing)
    assert "We don’t have" not in text_of(nothing)


def test_the_newest_editions_come_first_when_asked_for_on_all_pages(search, client):
    years = [2000 + number for number in range(30)] + [None]
    for year in years:
        BookFactory(title=f"海边 {year}", year=year)
    search("海边")
    asked = {"query_string": {"q": "海边", "sort": "newest"}}
    pages = [search("海边", **asked).page]
    while following := pages[-1].select_one("a[rel=next]"):
        pages.append(client.get(urljoin("/book/search", following["href"])).page)

    found = [title.get_text(strip=True) for page in pages for title in page.select(".book-row .book-title")]
    assert found == [f"海边 {year}" for year in [*range(2029, 1999, -1), None]]
    assert "sort" not in hrefs(pages[0])["Newest first"]
    assert "31 books" in pages[0].select_one(".search-head").get_text()


def test_an_order_is_no_filter_so_that_what_we_do_not_have_is_said(search):
    BookFactory(title="Frankenstein", authors=["Mary Shelley"])
    found = text_of(search("frankenstien", query_string={"q": "frankenstien", "sort": "newest"}))
    nothing = text_of(search("zzzzqqqq", query_string={"q": "zzzzqqqq", "sort": "newest"}))

    assert "Results for “frankenstein” instead" in found
    assert "We don’t have “zzzzqqqq”." in nothing
    assert "Nothing found with these filters" not in nothing


def test_a_number_is_found_in_any_order_before_the_index_knows_its_book(client):
    isbn = BookFactory(title="三体").isbn
    answer = client.get(f"/book/search?q={isbn}&sort=newest", headers={"Accept": "application/json"})

    assert [found["isbn"] for found in answer.json["books"]] == [isbn]


@pytest.mark.parametrize("filters", ["had=1", "near=1", "had=1&sort=newest"])
def test_members_find_what_is_to_be_had_in_their_circles_and_nobody_else_does(app, search, filters):
    city = "CN/上海市/上海市"
    giver, member, outsider = (reader(0, area=city) for _ in range(3))
    here = circle(giver, member)
    circle(outsider)
    closed, shown = (BookFactory(title=f"海边 {name}").isbn for name in ("圈内", "公开"))
    listed_in(giver, id_of(closed), here)
    listed_in(giver, id_of(BookFactory(title="海边 别的圈").isbn), circle(giver))
    copy_of(giver, shown)
    BookFactory(title="海边")
    search("海边")
    found = {
        who: {
            row.get_text()
            for row in logged_in(app, who).get(f"/book/search?q=海边&{filters}").page.select(".book-title a")
        }
        for who in (member, outsider)
    }
    assert found == {member: {"海边 圈内", "海边 公开"}, outsider: {"海边 公开"}}


@pytest.mark.parametrize(
    "query",
    [
        "had=2",
        "sort=oldest",
        "sort=newest&page=99",
        "sort=newest&cursor=x",
        "language=xx",
        "language=%00",
        "had=1&had=x" * 50,
    ],
)
def test_odd_filters_are_refused_or_ignored(client, query):
    assert client.get(f"/book/search?q=x&{query}").status_code in {200, 400}
