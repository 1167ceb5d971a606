"""鱼书 v2 and Douban v2 answers over a real socket."""

import pytest

from app.catalogues.base import (
    AnswerMalformed,
    BookNotFound,
    BookRecord,
    CatalogueLimited,
    CatalogueOutOfOrder,
)
from tests.stand_in import answer, routes
from tests.unit.catalogues.conftest import fixture

TIDE = "9787000000018"
LAMP = "9787000000032"


@pytest.fixture
def yushu(catalogues):
    return catalogues["yushu"]


def test_a_book_of_yushu_is_read_whole(stand_in, yushu):
    stand_in.behave = routes({f"/v2/book/isbn/{TIDE}": answer(fixture("yushu/book.json"))})

    assert yushu.find_book(TIDE, 2) == BookRecord(
        isbn=TIDE,
        title="退潮之后",
        authors=("[清] 墨河",),
        publisher="海边出版社",
        pubdate="1999-11-01",
        pages=224,
        price="12.80",
        binding="平装16开",
        summary="第一段讲海。\n第二段讲人。",
        language="zh",
        subjects=("小说",),
        cover="https://img3.doubanio.com/lpic/s0000001.jpg",
        source="yushu",
    )
    assert stand_in.calls[0].params == {"apikey": "SECRETKEY"}


def test_a_book_of_douban_is_read_whole(stand_in, yushu):
    stand_in.behave = answer(fixture("douban/book.json"))

    assert yushu.find_book(LAMP, 2) == BookRecord(
        isbn=LAMP,
        title="灯",
        subtitle="一本关于灯的书",
        authors=("[英] 伊丽·灯塔",),
        publisher="灯塔书局",
        pubdate="2009-11",
        pages=372,
        price="168.00元",
        binding="精装",
        summary="夜里有灯。\n灯下有书。",
        language="zh",
        original_title="The Lamp",
        series="海岸丛书",
        series_number="3",
        subjects=("航海",),
        cover="https://img1.doubanio.com/lpic/s0000002.jpg",
        source="yushu",
    )


def test_a_search_asks_the_yushu_way_and_leaves_out_books_without_isbn(stand_in, yushu):
    stand_in.behave = routes({"/v2/book/search": answer(fixture("yushu/search.json"))})

    hits = yushu.search("海 岸", 15, 30, 2)

    assert hits.total == 1880
    assert [record.title for record in hits.records] == ["退潮之后", "岸"]
    assert hits.records[1].authors == ("[美] Ann Shore", "[法] 让·海岸")
    assert hits.records[1].translators == ("林涛",)
    assert hits.records[1].summary == "真的\n换行。"
    assert hits.records[1].cover == ""
    sent = stand_in.calls[0].params
    assert (sent["q"], sent["count"], sent["start"]) == ("海 岸", "15", "30")
    assert "callback" not in sent


def test_hand_entered_douban_records_with_numbers_are_read(stand_in, yushu):
    stand_in.behave = answer(fixture("douban/search.json"))

    hits = yushu.search("灯", 20, 0, 2)

    assert hits.total == 1141594
    assert [(r.isbn, r.title, r.pages, r.price) for r in hits.records] == [(LAMP, "灯", None, "19.80")]


def test_another_book_than_the_one_asked_for_is_not_taken(stand_in, yushu):
    stand_in.behave = answer(fixture("yushu/book.json"))

    with pytest.raises(AnswerMalformed):
        yushu.find_book(LAMP, 2)


@pytest.mark.parametrize("recorded", fixture("errors/douban_v2_errors.json"), ids=lambda entry: entry["where"])
def test_every_recorded_error_of_douban_has_its_class(stand_in, yushu, recorded):
    stand_in.behave = answer(recorded["body"], recorded["http"])
    code = recorded["body"].get("code")
    expected = {6000: BookNotFound, 112: CatalogueLimited}.get(code, CatalogueOutOfOrder)

    with pytest.raises(expected) as raised:
        yushu.find_book(TIDE, 2)

    assert type(raised.value) is expected
    assert "<key>" not in raised.value.reason
    assert "<client ip>" not in raised.value.reason


@pytest.mark.parametrize("recorded", fixture("errors/isbndb_errors.json"), ids=lambda entry: entry["where"])
def test_a_service_with_bare_status_codes_is_understood(stand_in, yushu, recorded):
    stand_in.behave = answer(recorded["body"], recorded["http"])

    with pytest.raises(BookNotFound if recorded["http"] == 404 else CatalogueLimited):
        yushu.find_book(TIDE, 2)


def test_a_search_that_finds_nothing_is_no_error(stand_in, yushu):
    stand_in.behave = answer({"msg": "book_not_found", "code": 6000}, 404)

    assert yushu.search("没有", 15, 0, 2).records == ()


def test_an_html_404_is_an_unknown_book(stand_in, yushu):
    stand_in.behave = answer("<h1>Not Found</h1>", 404, "text/html")

    with pytest.raises(BookNotFound):
        yushu.find_book(TIDE, 2)


@pytest.mark.parametrize(
    ("said", "authors", "translators"),
    [
        ({"translator": ["王小明/译注"]}, (), ("王小明",)),
        ({"translator": ["王小明 李大伟 译"]}, (), ("王小明", "李大伟")),
        ({"author": ["[美] 张三", "王小明（审校）"]}, ("[美] 张三",), ()),
        ({"author": ["Ann (Fellow, Some College Oxford; and Professor of Law) Bell"]}, ("Ann Bell",), ()),
        ({"author": ["[荷兰] 甲乙丙", "[荷] 甲乙丙"]}, ("[荷] 甲乙丙",), ()),
    ],
)
def test_people_come_through_as_they_are_meant(stand_in, yushu, said, authors, translators):
    stand_in.behave = answer({"isbn13": TIDE, "title": "退潮之后"} | said)
    record = yushu.find_book(TIDE, 2)
    assert (record.authors, record.translators) == (authors, translators)
