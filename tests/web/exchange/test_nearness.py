"""Copies near a reader: the words beside them, their order, and the filters."""

import pytest

from app.models.base import db
from app.models.user import User
from app.rules.exchange.listing import Condition
from app.services.book import near as near_books
from app.services.exchange.gift import offer_gift
from tests.exchange import NOW, book, copy_of, id_of, reader, wish_for
from tests.web.readers import logged_in

XUHUI, PUTUO, SHANGHAI = "CN/上海市/上海市/徐汇区", "CN/上海市/上海市/普陀区", "CN/上海市/上海市"
GUANGZHOU, FAR = "CN/广东省/广州市", "GB/ENG/Cambridge"
pytestmark = pytest.mark.usefixtures("app_context")
NAMES = ("徐汇", "普陀", "广州", "广东", "Xuhui", "Shanghai", "Cambridge", "CN/", "GB/")


def words(page):
    return [li.select_one(".trade-note .count") for li in page.select("[aria-labelledby=givers] li")]


def said(page):
    return [word and word.get_text() for word in words(page)]


def asks_from(app, area, **more):
    return logged_in(app, reader(1, area=area, **more))


def test_a_reader_reads_how_near_each_copy_is_and_the_nearer_come_first(app, client):
    isbn = book()
    copies = {area: copy_of(reader(0, area=area), isbn) for area in (None, FAR, GUANGZHOU, SHANGHAI, PUTUO, XUHUI)}
    page = asks_from(app, XUHUI).get(f"/book/{isbn}/detail").page
    near = ["in your district", "in your city", "in your city", "in your country", None, None]

    assert said(page) == near
    links = [link["href"] for link in page.select("[aria-labelledby=givers] a.button")]
    order = (XUHUI, PUTUO, SHANGHAI, GUANGZHOU, FAR, None)
    assert links == [f"/drift/{copies[area]}" for area in order]
    assert not any(name in page.select_one("main").get_text() for name in NAMES)


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (SHANGHAI, ["in your city"]),
        ("CN/上海市", ["in your province"]),
        ("CN", ["in your country"]),
        (FAR, [None]),
        (None, [None]),
    ],
)
def test_nearness_is_never_finer_than_what_either_chose(app, area, expected):
    isbn = book()
    copy_of(reader(0, area=XUHUI), isbn)

    assert said(asks_from(app, area).get(f"/book/{isbn}/detail").page) == expected


def test_a_visitor_sees_no_nearness_and_no_filter_and_a_giver_none_on_an_own_copy(app, client):
    isbn, giver = book(), reader(0, area=XUHUI)
    copy_of(giver, isbn)

    assert said(client.get(f"/book/{isbn}/detail").page) == [None]
    assert said(logged_in(app, giver).get(f"/book/{isbn}/detail").page) == [None]
    for address in ("/", "/?near=1", "/books", "/books?near=1", "/book/search?q=海边&near=1"):
        assert "near=" not in str(client.get(address).page.main)
        assert "Near me" not in client.get(address).text


def test_of_equally_near_copies_the_best_comes_first_and_then_the_newest(app):
    isbn = book()
    conditions = (Condition.WORN, Condition.GOOD, Condition.NEW, Condition.GOOD)
    near, far = reader(0, area=SHANGHAI), reader(0, area=FAR)
    copies = [offer_gift(near, id_of(isbn), condition, "", None, NOW) for condition in conditions]
    best = offer_gift(far, id_of(isbn), Condition.NEW, "", None, NOW)
    page = asks_from(app, XUHUI).get(f"/book/{isbn}/detail").page

    links = [link["href"] for link in page.select("[aria-labelledby=givers] a.button")]
    assert links == [f"/drift/{copies[place]}" for place in (2, 3, 1, 0)] + [f"/drift/{best}"]


def test_a_copy_that_is_kept_for_the_reader_comes_before_nearer_ones(app):
    isbn, waiting = book(), reader(1, area=XUHUI)
    wish_for(waiting, isbn, NOW)
    kept = copy_of(reader(0, area=FAR), isbn)
    copy_of(reader(0, area=XUHUI), isbn)
    page = logged_in(app, waiting).get(f"/book/{isbn}/detail").page

    assert said(page) == [None, "in your district"]
    assert page.select_one("[aria-labelledby=givers] a.button")["href"] == f"/drift/{kept}"


def test_the_page_on_which_one_asks_and_the_list_of_wishes_say_it_too(app):
    isbn, waiting = book(), reader(1, area=XUHUI)
    wish_for(waiting, isbn, NOW)
    kept = copy_of(reader(0, area=SHANGHAI), isbn)
    client = logged_in(app, waiting)

    for address in (f"/drift/{kept}", "/my/wish"):
        page = client.get(address).page
        assert page.select_one("main .count", string="in your city"), address
        assert not any(name in page.main.get_text() for name in NAMES)


def titles(page, selector):
    return [link.get_text(strip=True) for link in page.select(selector)]


@pytest.mark.parametrize("many", [5_000, 0], ids=["few givers", "many givers"])
def test_the_front_page_and_browsing_can_be_narrowed_to_copies_nearby(monkeypatch, many, app):
    monkeypatch.setattr(near_books, "MANY_GIVERS", many)
    near, also, far, gone = (book(title=f"海边{n}", sort_key=f"h{n}") for n in range(4))
    copy_of(reader(0, area=XUHUI), near)
    copy_of(reader(0, area=PUTUO), near)
    copy_of(reader(0, area=SHANGHAI), also)
    copy_of(reader(0, area=GUANGZHOU), far)
    copy_of(reader(0, area="CN/上海市/上海市2"), gone)
    client = asks_from(app, XUHUI)
    assert client.get("/").page.find("a", string="Near me")["href"] == "/?near=1"

    front = client.get("/?near=1").page
    assert titles(front, ".shelf .book-title") == ["海边1", "海边0"]
    assert front.find("a", string="Near me")["href"] == "/"
    assert titles(client.get("/books?near=1&language=zh").page, ".shelf .book-title") == ["海边1", "海边0"]
    by_title = client.get("/books?near=1&language=zh&show=all").page
    assert titles(by_title, ".shelf .book-title") == ["海边0", "海边1"]
    country = asks_from(app, "CN")
    assert len(titles(country.get("/?near=1").page, ".shelf .book-title")) == 4


def test_a_front_page_with_nothing_nearby_says_so(app):
    copy_of(reader(0, area=FAR), book())

    assert "Nobody near you is giving a book away" in asks_from(app, XUHUI).get("/?near=1").text


def test_no_page_names_the_area_of_a_reader_who_left(app):
    isbn, giver = book(), reader(0, area=XUHUI)
    copy_of(giver, isbn)
    client = asks_from(app, XUHUI)
    with db.auto_commit():
        db.session.get_one(User, giver).area = None

    assert said(client.get(f"/book/{isbn}/detail").page) == [None]
