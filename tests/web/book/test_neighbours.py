"""The page of a book leads on: to its series, and to more by its authors."""

from pathlib import Path

import pytest

from app.models.base import db
from app.search.write.build import build_index
from app.search.write.popularity import exchange_ranking
from app.search.write.source import BookSource
from tests.exchange import book, copy_of, reader

pytestmark = pytest.mark.usefixtures("app_context")


def index(app):
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine, exchange_ranking()))


def shelves(client, isbn):
    page = client.get(f"/book/{isbn}/detail").page
    return {
        shelf.h2.get_text(strip=True): [title.get_text(strip=True) for title in shelf.select(".book-title")]
        for shelf in page.select(".neighbours")
    }


def test_other_works_of_the_author_stand_on_the_page_each_once(app, client):
    isbn = book(title="三体", authors=["刘慈欣"])
    for title in ("球状闪电", "球状闪电", "超新星纪元"):
        book(title=title, authors=["刘慈欣"])
    book(title="三体", authors=["刘慈欣"], publisher="另一社")
    book(title="刘慈欣评传", authors=["别人"])
    index(app)
    found = shelves(client, isbn)

    assert list(found) == ["More by 刘慈欣"]
    assert sorted(found["More by 刘慈欣"]) == ["球状闪电", "超新星纪元"]


def test_what_is_to_be_had_of_a_neighbour_is_said(app, client):
    isbn = book(title="三体", authors=["刘慈欣"])
    copy_of(reader(0), book(title="球状闪电", authors=["刘慈欣"]))
    index(app)

    assert "1 available" in client.get(f"/book/{isbn}/detail").page.select_one(".neighbours").text


def test_the_works_of_the_series_stand_in_its_order_around_this_one(app, client):
    said = {"authors": ["某人"], "series": "长长的丛书"}
    isbns = [
        book(title=f"长长的丛书 故事{name}", series_number=str(n), **said)
        for n, name in enumerate("一二三四五六七八九", 1)
    ]
    index(app)
    found = shelves(client, isbns[4])["In the series 长长的丛书"]

    assert found == [f"长长的丛书 故事{name}" for name in "二三四六七八"]


@pytest.mark.parametrize(
    "numbers",
    [
        ["上", "中", "下"],
        ["一", "二", "三", "十"],
        ["1", "1.5", "2", "10-12", "番外"],
        ["第2部", "第三部"],
        ["I", "II", "IX"],
    ],
)
def test_places_in_a_series_are_read_as_people_write_them(app, client, numbers):
    said = {"authors": ["某人"], "series": "长长的丛书"}
    isbn = book(title="长长的丛书 序", series_number="0", **said)
    for number, name in zip(numbers, "东西南北中", strict=False):
        book(title=f"长长的丛书 故事{name}", series_number=number, **said)
    index(app)
    found = shelves(client, isbn)["In the series 长长的丛书"]

    assert found == [f"长长的丛书 故事{name}" for name, _ in zip("东西南北中", numbers, strict=False)]


@pytest.mark.parametrize("said", [{}, {"authors": []}, {"authors": [""]}, {"authors": ["%" * 300]}, {"series": "？"}])
def test_a_book_that_stands_alone_has_no_shelf_of_neighbours(app, client, said):
    isbn = book(title="孤零零的一本", **({"authors": ["无名"]} | said))
    book(title="别的书", authors=["别人"])
    index(app)

    assert shelves(client, isbn) == {}


def test_without_an_index_the_page_has_no_neighbours(client):
    isbn = book(title="三体", authors=["刘慈欣"])
    book(title="球状闪电", authors=["刘慈欣"])

    assert shelves(client, isbn) == {}
