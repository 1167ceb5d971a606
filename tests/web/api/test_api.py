"""The book API in the 鱼书 format, used as 鱼书 sites use it."""

import threading
from pathlib import Path

import pytest
import requests
from werkzeug.serving import make_server

from app.extensions import limiter
from app.models.base import db
from app.models.book import Book
from app.search.write.build import build_index
from app.search.write.source import BookSource
from tests.factories import BookFactory
from tests.servers import free_port
from tests.stand_in import answer

SAN_TI = "9787536692930"


@pytest.fixture
def settings(settings, outside_settings):
    return settings | outside_settings | {"SITE_URL": "https://books.example.org"}


@pytest.fixture
def shelf(app_context):
    """Twenty books about the sea and one about the sky."""
    for number in range(20):
        BookFactory(title=f"海之书第{number}卷")
    BookFactory(
        isbn=SAN_TI, title="三体", subtitle="地球往事", authors=["刘慈欣"], translators=["[美] 刘宇昆"], pages=302,
        price="23.00元", binding="平装", pubdate="2008-01", publisher="重庆出版社", summary="第一行\n第二行",
    )  # fmt: skip
    build_index(Path(app_context.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))


def test_a_book_has_the_shape_and_the_types_of_yushu(client, shelf):
    answer = client.get("/v2/book/isbn/7-5366-9293-5")

    image = f"https://books.example.org/book/{SAN_TI}/cover?size=large"
    assert answer.json == {
        "id": answer.json["id"],
        "work_id": answer.json["work_id"],
        "isbn": SAN_TI,
        "title": "三体",
        "subtitle": "地球往事",
        "author": ["刘慈欣"],
        "translator": ["[美] 刘宇昆"],
        "publisher": "重庆出版社",
        "pubdate": "2008-01",
        "pages": "302",
        "price": "23.00元",
        "binding": "平装",
        "category": "",
        "summary": "第一行\n第二行",
        "image": image,
        "images": {"large": image},
    }
    assert type(answer.json["id"]) is int
    assert client.get(f"/v2/book/id/{answer.json['id']}").json == answer.json


def test_what_is_not_known_is_an_empty_text(client, app_context):
    BookFactory(isbn=SAN_TI, pages=None, publisher="", authors=[])

    book = client.get(f"/v2/book/isbn/{SAN_TI}").json

    assert (book["pages"], book["publisher"], book["author"], book["translator"]) == ("", "", [], [])


def test_a_search_counts_from_an_offset(client, shelf):
    first = client.get("/v2/book/search", query_string={"q": "海之书"}).json
    second = client.get("/v2/book/search", query_string={"q": "海之书", "count": "15", "start": "15"}).json
    askew = client.get("/v2/book/search", query_string={"q": "海之书", "count": "10", "start": "5"}).json

    assert (first["count"], first["start"], first["total"], len(first["books"])) == (15, 0, 20, 15)
    assert (second["start"], len(second["books"])) == (15, 5)
    ids = [book["id"] for book in first["books"] + second["books"]]
    assert len(set(ids)) == 20
    assert [book["id"] for book in askew["books"]] == ids[5:15]


@pytest.mark.parametrize(
    ("arguments", "count", "start"),
    [
        ({"count": "0"}, 15, 0),
        ({"count": "1000"}, 100, 0),
        ({"count": "-5", "start": "-1"}, 15, 0),
        ({"count": "x", "start": "1e9"}, 15, 0),
        ({"count": "٣"}, 15, 0),
        ({"start": "9" * 30}, 15, 1_000_000),
    ],
)
def test_odd_numbers_are_mended(client, shelf, arguments, count, start):
    found = client.get("/v2/book/search", query_string={"q": "海之书"} | arguments).json

    assert (found["count"], found["start"]) == (count, start)
    assert len(found["books"]) <= count


def test_an_isbn_as_words_is_a_look_up(client, shelf):
    found = client.get("/v2/book/search", query_string={"q": "978-7-5366-9293-0"}).json

    assert [book["isbn"] for book in found["books"]] == [SAN_TI]
    assert found["total"] == 1


@pytest.mark.parametrize("address", ["/v2/book/isbn/9787506365437", "/v2/book/isbn/x", "/v2/book/id/999999999999"])
def test_an_unknown_book_has_the_code_of_the_old_service(client, address):
    answer = client.get(address)

    assert answer.status_code == 404
    assert answer.json == {"code": 6000, "msg": "book_not_found", "request": f"GET {address}"}


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/v2/book/search", 400, 1002),
        ("GET", "/v2/book/search?q=%00", 400, 1002),
        ("GET", "/v2/music/1", 404, 1001),
        ("GET", "/v2/book/id/x", 404, 1001),
        ("GET", "/v2/book/id/" + "9" * 40, 404, 1001),
        ("POST", "/v2/book/search", 405, 999),
    ],
)
def test_every_error_is_json_with_a_code(client, method, address, status, code):
    answer = client.open(address, method=method)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["request"] == f"{method} {address.split('?')[0]}"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_pages_of_other_sites_may_read_it(client, shelf):
    answer = client.get(f"/v2/book/isbn/{SAN_TI}", headers={"Origin": "https://fisher.example.net"})
    asked = client.options("/v2/book/search", headers={"Access-Control-Request-Method": "GET"})

    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert answer.headers.getlist("Cross-Origin-Resource-Policy") == ["cross-origin"]
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


def test_a_book_that_we_do_not_have_is_asked_for_outside(client, app_context, outside):
    outside.behave = answer({"isbn": SAN_TI, "title": "三体", "author": ["刘慈欣 著"]})

    assert client.get(f"/v2/book/isbn/{SAN_TI}").json["author"] == ["刘慈欣"]
    assert Book.find_by_isbn(SAN_TI)


def test_words_that_nothing_of_ours_answers_to_are_asked_outside(client, app_context, outside):
    build_index(Path(app_context.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))
    outside.behave = answer({"books": [{"isbn": SAN_TI, "title": "三体"}], "total": 1})

    found = client.get("/v2/book/search", query_string={"q": "三体"}).json

    assert (found["total"], found["books"][0]["isbn"]) == (1, SAN_TI)


class TestLimited:
    @pytest.fixture
    def settings(self, settings):
        return settings | {"RATELIMIT_ENABLED": True, "API_RATE_LIMIT": "2 per minute"}

    def test_too_many_calls_are_told_in_the_same_shape(self, client, shelf):
        answers = [client.get(f"/v2/book/isbn/{SAN_TI}") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json["code"] == 112
        assert int(answers[2].headers["Retry-After"]) <= 60


class TestLimitedOutside:
    @pytest.fixture
    def settings(self, settings):
        return settings | {"RATELIMIT_ENABLED": True, "LOOKUP_RATE_LIMIT": "2 per minute"}

    @pytest.mark.parametrize("queries", [("一", "二", "三"), ("9787506365437", "9787020000012", SAN_TI)])
    def test_it_reaches_the_catalogues_no_more_often_than_pages_do(self, client, app_context, outside, queries):
        limiter.reset()
        build_index(Path(app_context.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))

        answers = [client.get("/v2/book/search", query_string={"q": words}) for words in queries]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json["code"] == 112
        assert len(outside.calls) == 2


class YushuBook:
    """The requests of 鱼书 sites, with only the host changed."""

    per_page = 15

    def __init__(self, host):
        self.isbn_url = f"http://{host}/v2/book/isbn/" + "{}"
        self.keyword_url = f"http://{host}/v2/book/search?q=" + "{}&count={}&start={}"
        self.total = 0
        self.books = []

    @staticmethod
    def get(url):
        r = requests.get(url, timeout=10)
        if r.status_code != 200:
            return {}
        return r.json()

    def search_by_isbn(self, isbn):
        result = self.get(self.isbn_url.format(isbn))
        if result:
            self.total, self.books = 1, [result]

    def search_by_keyword(self, keyword, page=1):
        result = self.get(self.keyword_url.format(keyword, self.per_page, self.per_page * (page - 1)))
        self.total, self.books = result["total"], result["books"]

    def view(self):
        return [
            {
                "title": book["title"],
                "publisher": book["publisher"],
                "pages": book["pages"] or "",
                "author": "、".join(book["author"]),
                "price": book["price"],
                "summary": book["summary"] or "",
                "image": book["image"],
                "intro": " / ".join(filter(None, ["、".join(book["author"]), book["publisher"], book["price"]])),
            }
            for book in self.books
        ]


@pytest.fixture
def host(app, shelf):
    """The site on a real port."""
    port = free_port()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_client_of_the_old_service_works_when_its_host_is_ours(host):
    client = YushuBook(host)

    client.search_by_isbn(SAN_TI)
    assert client.view()[0]["intro"] == "刘慈欣 / 重庆出版社 / 23.00元"
    client.search_by_keyword("海之书", page=2)
    assert (client.total, len(client.view())) == (20, 5)
    client.search_by_isbn("9787506365437")
    assert client.total == 20, "not found changes nothing"


def test_behind_the_last_hit_the_total_is_still_true(client, shelf):
    for start in ("20", "500", "1000000"):
        found = client.get("/v2/book/search", query_string={"q": "海之书", "start": start}).json
        assert (found["books"], found["total"]) == ([], 20)


def test_editions_of_one_work_have_its_id(client, app_context):
    first, second = BookFactory(title="三体"), BookFactory(title="三体")
    works = {client.get(f"/v2/book/isbn/{book.isbn}").json["work_id"] for book in (first, second)}
    assert works == {first.work_id}
