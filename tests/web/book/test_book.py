from pathlib import Path

import pytest

from app.models.base import db
from app.search.write.build import build_index
from app.search.write.lock import writer_lock
from app.search.write.source import BookSource
from tests.factories import BookFactory

SAN_TI = "9787536692930"
HOSTILE = [
    "%", "_", '"', "'", "''", "AND OR NOT NEAR", "*", "a*", "(", ")", "title:x", "x NEAR/2 y", "--",
    ";DROP TABLE book", "\\",
    "\x00", "a\x00b", "\x01\x1f\x7f", "😀", "𠮷野家", "\u202e三体\u200f",
    "\ufeff", "《》", b"\xed\xa0\x80", b"\xff\xfe", "０", "-", "+", "c++", ".", "a" * 100,
]  # fmt: skip


@pytest.fixture
def san_ti(app_context):
    """The book that the tests search for, and an index that contains it."""
    book = BookFactory(
        isbn=SAN_TI,
        title="三体",
        authors=["刘慈欣"],
        publisher="重庆出版社",
        pubdate="2008-01",
        year=2008,
        summary="一\n二",
    )
    build_index(Path(app_context.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))
    return book


def search(client, headers=None, **arguments):
    return client.get("/book/search", query_string=arguments, headers=headers)


@pytest.mark.parametrize("query", ["三体", "刘慈欣", "978753669293", "  三体  ", "《三体》"])
def test_a_book_is_found_and_leads_to_its_page(client, san_ti, query):
    answer = search(client, q=query)

    assert answer.status_code == 200
    link = answer.page.main.find("a", href=f"/book/{SAN_TI}/detail")
    assert link
    assert "三体" in answer.page.main.get_text()
    assert "重庆出版社" in answer.page.main.get_text()


LINK = f"https://www.example.com/{'x' * 80}/dp/7536692935?from=chat"


@pytest.mark.parametrize("query", [SAN_TI, "7-5366-9293-5", f"三体 {SAN_TI} 51200", LINK])
def test_a_number_in_the_search_box_opens_its_book(client, san_ti, query):
    answer = search(client, q=query)

    assert (answer.status_code, answer.location) == (302, f"/book/{SAN_TI}/detail")


def test_a_number_asked_for_as_json_is_one_hit(client, san_ti):
    found = search(client, q=SAN_TI, headers={"Accept": "application/json"}).json

    assert (found["total"], [book["isbn"] for book in found["books"]]) == (1, [SAN_TI])


@pytest.mark.parametrize("query", HOSTILE)
def test_an_odd_query_is_a_page(client, san_ti, query):
    assert search(client, q=query).status_code in (200, 400)


@pytest.mark.parametrize(
    "arguments",
    [{"q": ""}, {"q": "   "}, {"q": "a" * 101}, {"q": "三体", "page": "0"}, {"q": "三体", "page": "-1"},
     {"q": "三体", "page": "abc"}, {"q": "三体", "page": "99999"},
     {"q": "三体", "page": "1e3"}, {"q": "三体", "page": "9" * 400}, {"q": "三体", "cursor": "x" * 1000}],
)  # fmt: skip
def test_what_can_not_be_searched_is_told_clearly(client, san_ti, arguments):
    answer = search(client, **arguments)
    told = answer.page.find(attrs={"role": "alert"})

    assert answer.status_code == 400
    assert told
    assert told.get_text(strip=True)


def test_who_opens_the_page_of_a_search_is_only_asked_for_words(client, san_ti):
    answer = search(client)

    assert answer.status_code == 200
    assert not answer.page.find(attrs={"role": "alert"})
    assert answer.page.select_one(".search-page input[name=q]")


def test_a_page_that_is_no_number_is_told_in_the_reader_s_language(client, san_ti):
    told = search(client, headers={"Accept-Language": "zh"}, q="三体", page="abc").page.find(attrs={"role": "alert"})

    assert "请填一个整数" in told.get_text()


@pytest.mark.parametrize("cursor", ["x", "AAAA", "-1", "9" * 30, "三体", "%00", "e30", "'; DROP TABLE doc"])
def test_a_forged_cursor_is_no_fault(client, san_ti, cursor):
    assert search(client, q="三体", cursor=cursor).status_code in (200, 400)


def test_a_page_past_the_end_is_an_empty_page(client, san_ti):
    answer = search(client, q="三体", page=50)

    assert answer.status_code == 200
    assert answer.page.h1


def test_a_search_without_hits_says_what_to_try(client, san_ti):
    answer = search(client, q="zzzzqqqq")

    assert answer.status_code == 200
    assert "zzzzqqqq" in answer.page.main.get_text()


def test_search_answers_json_when_asked(client, san_ti):
    answer = search(client, headers={"Accept": "application/json"}, q="三体")

    assert answer.json["total"] == 1
    assert answer.json["books"][0]["isbn"] == SAN_TI
    assert answer.json["books"][0]["authors"] == ["刘慈欣"]
    refused = search(client, headers={"Accept": "application/json"}, q="")
    assert refused.status_code == 400
    assert "q" in refused.json["error"]["fields"]


def test_a_browser_that_takes_anything_gets_the_page(client, san_ti):
    assert search(client, headers={"Accept": "*/*"}, q="三体").mimetype == "text/html"


def test_the_page_of_a_book_shows_what_is_known(client, san_ti):
    answer = client.get(f"/book/{SAN_TI}/detail")
    text = answer.page.main.get_text()

    assert answer.status_code == 200
    assert answer.page.h1.get_text(strip=True) == "三体"
    for known in ("刘慈欣", "重庆出版社", "978-7-5366-9293-0"):
        assert known in text
    assert answer.page.find("img", src=f"/book/{SAN_TI}/cover")
    assert client.get(f"/book/{SAN_TI}/detail", headers={"Accept": "application/json"}).json["title"] == "三体"


@pytest.mark.parametrize(
    "isbn", ["7536692935", "978-7-5366-9293-0", "isbn:9787536692930", "7-5366-9293-5", "９７８７５３６６９２９３０"]
)
def test_other_spellings_of_the_number_lead_to_the_one_address(client, san_ti, isbn):
    answer = client.get(f"/book/{isbn}/detail")

    assert answer.status_code == 301
    assert answer.location == f"/book/{SAN_TI}/detail"


@pytest.mark.parametrize("isbn", ["9787536692931", "9787506365437", "nonsense", "1984", "x" * 500, "%00", "<script>"])
@pytest.mark.parametrize("page", ["detail", "cover"])
def test_a_book_that_we_do_not_have_is_a_helpful_404(client, san_ti, isbn, page):
    answer = client.get(f"/book/{isbn}/{page}")

    assert answer.status_code == 404
    assert answer.page.main.find("a", href=True)
    assert "<script>" not in answer.text


def test_a_wrong_check_digit_is_told_apart_from_an_unknown_book(client, san_ti):
    wrong = client.get("/book/9787536692931/detail").page.main.get_text()
    unknown = client.get("/book/9787506365437/detail").page.main.get_text()

    assert wrong != unknown


def test_nothing_from_a_catalogue_is_taken_for_markup(client, app_context):
    script = "<script>alert('x')</script>"
    book = BookFactory(title=script, subtitle=script, authors=[script], translators=[script], publisher=script,
                       summary=script, price=script, binding=script, pubdate=script[:64])  # fmt: skip
    pages = [
        client.get(f"/book/{book.isbn}/detail"),
        search(client, q=f"isbn {book.isbn[:12]}"),
        client.get("/"),
        client.get(f"/book/{book.isbn}/cover"),
    ]
    for answer in pages:
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "script" in answer.text or answer.mimetype == "image/svg+xml"


def test_a_hidden_book_is_gone(client, san_ti, app_context):
    with db.auto_commit():
        san_ti.delete()

    assert client.get(f"/book/{SAN_TI}/detail").status_code == 404


def test_a_wrong_digit_is_said_beside_the_book_that_may_be_meant(client, san_ti):
    def said(query):
        return search(client, q=query).page.main.get_text()

    assert "One digit of this number is wrong" in said(SAN_TI[:-1] + "7")
    assert "Is it this book?" in said(SAN_TI[:-1] + "7")
    assert "One digit" in said("9780306406158")
    assert "Is it" not in said("9780306406158")


@pytest.fixture
def index_being_built(san_ti, app_context):
    """A machine without an index."""
    path = Path(app_context.config["SEARCH_INDEX_PATH"])
    path.unlink()
    with writer_lock(path):
        yield


def test_an_index_that_is_being_built_is_said_instead_of_no_hits(client, index_being_built):
    page = search(client, q="三体").page
    assert "being built" in page.select_one("[role=status].flash").get_text()
    assert page.select_one(".empty-state") is None
    assert "No book found" not in page.get_text()
    outside = client.get("/book/search/outside?q=三体").page
    assert "being built" in outside.select_one("[role=status].flash").get_text()

    answer = search(client, q="三体", headers={"Accept": "application/json"}).json
    assert (answer["index"], answer["total"], answer["is_complete"]) == ("building", None, False)


def test_an_index_that_is_being_built_is_said_in_chinese_too(client, index_being_built):
    page = search(client, q="三体", headers={"Accept-Language": "zh"}).page
    assert "索引" in page.select_one("[role=status].flash").get_text()


def test_the_book_api_asks_to_come_back_while_the_index_is_built(client, index_being_built):
    answer = client.get("/v2/book/search?q=三体")
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, 999, "60")
    assert client.get(f"/v2/book/search?q={SAN_TI}").json["total"] == 1


def test_a_book_is_found_by_its_number_while_the_index_is_built(client, index_being_built):
    assert search(client, q=SAN_TI).location == f"/book/{SAN_TI}/detail"
