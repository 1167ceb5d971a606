"""Pages that visitors share, their ETags, and what may be compressed."""

import gzip

import brotli
import pytest

from app import create_app
from app.models.base import db
from app.web.page import compression
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.factories import PASSWORD, BookFactory, UserFactory
from tests.web.forms import log_in

EMAIL = "li@example.org"
OWN_PAGE = {"Accept-Encoding": "gzip, br", "Sec-Fetch-Site": "same-origin"}
UNPACK = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}
SAN_TI = "9787536692930"


@pytest.fixture
def kept(settings):
    """A site that keeps pages for a minute, and two books."""
    app = create_app(Testing(**settings | {"CACHE_TYPE": "SimpleCache", "PAGE_CACHE_SECONDS": 60}))
    app.test_client_class = Reader
    with app.app_context():
        BookFactory(isbn=SAN_TI, title="三体")
        BookFactory(title="活着")
    yield app
    with app.app_context():
        db.engine.dispose()


def visitor(app, **headers):
    client = Reader(app, PageResponse)
    for name, value in ({"Accept-Language": "en"} | headers).items():
        client.environ_base[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return client


def body(answer):
    return UNPACK[answer.headers.get("Content-Encoding")](answer.data)


@pytest.mark.parametrize("path", ["/", f"/book/{SAN_TI}/detail", "/books?show=all"])
@pytest.mark.parametrize(("accepted", "used"), [("", None), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "br")])
def test_visitors_share_a_page_in_each_encoding(kept, path, accepted, used):
    client = visitor(kept, **{"Accept-Encoding": accepted})
    first, second, plain = client.get(path), client.get(path), visitor(kept).get(path)

    for answer in (first, second):
        assert answer.headers.get("Content-Encoding") == used
        assert body(answer) == plain.data
        assert answer.headers["ETag"] == plain.headers["ETag"]
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert set(answer.vary) == {"Accept", "Accept-Encoding", "Accept-Language", "Cookie"}
        assert "Set-Cookie" not in answer.headers
    assert "三体" in plain.text
    assert (len(first.data) * 2 < len(plain.data)) == bool(used)


def test_a_kept_page_is_kept_as_it_is_sent(kept, monkeypatch):
    client = visitor(kept, **{"Accept-Encoding": "br"})
    first = client.get("/").data
    monkeypatch.setattr(compression.brotli, "compress", None)

    assert client.get("/").data == first


@pytest.mark.parametrize("path", ["/", f"/book/{SAN_TI}/detail", "/books", "/book/search?q=活着", "/user/1"])
@pytest.mark.parametrize("is_kept", [True, False])
def test_who_has_a_page_already_is_told_so(app, kept, path, is_kept):
    site = kept if is_kept else app
    with site.app_context():
        UserFactory(nickname="老李")
    client = visitor(site)
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(path, headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "zh"})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["Vary"] == first.headers["Vary"]
    assert (other.status_code, other.headers["ETag"] == first.headers["ETag"]) == (200, False)


def test_a_page_that_has_changed_is_sent_anew(app, client):
    tag = client.get("/").headers["ETag"]
    with app.app_context():
        BookFactory(title="刚到的书")

    answer = client.get("/", headers={"If-None-Match": tag})
    assert (answer.status_code, "刚到的书" in answer.text) == (200, True)


def test_a_reader_gets_neither_the_kept_page_nor_one_that_others_may_keep(kept):
    with kept.app_context():
        UserFactory(email=EMAIL, nickname="老李")
    visitor(kept).get("/")
    reader = visitor(kept)
    log_in(reader, EMAIL, PASSWORD)
    answer = reader.get("/", headers={"If-None-Match": visitor(kept).get("/").headers["ETag"]})

    assert (answer.status_code, answer.headers["Cache-Control"], "ETag" in answer.headers) == (200, "no-store", False)
    assert "老李" in answer.text


def test_a_visitor_with_a_message_waiting_sees_it_alone(kept):
    client = visitor(kept)
    client.get("/personal")  # leads to the log-in with a sentence to be shown there
    answer = client.get("/")

    assert "Please log in first" in answer.text
    assert "public" not in answer.headers.get("Cache-Control", "")
    assert "ETag" not in answer.headers
    assert "Please log in first" not in visitor(kept).get("/").text


@pytest.mark.parametrize("path", ["/book/search?q=活着", "/no/such/page", f"/v2/book/isbn/{SAN_TI}"])
def test_what_says_nothing_of_a_reader_is_compressed(kept, path):
    plain, packed = (visitor(kept, **{"Accept-Encoding": accepted}).get(path) for accepted in ("identity", "gzip"))

    is_large = len(plain.data) >= compression.SMALLEST
    assert ("Accept-Encoding" in packed.vary) >= is_large
    assert (packed.headers.get("Content-Encoding") == "gzip") == is_large
    assert body(packed) == plain.data


@pytest.mark.parametrize("path", ["/", "/personal", "/personal/settings", f"/book/{SAN_TI}/detail", "/no/such/page"])
def test_a_readers_page_is_compressed_only_for_our_own_pages(app, reader, path):
    with app.app_context():
        BookFactory(isbn=SAN_TI, title="三体")
    for origin in (None, "cross-site", "same-site", "none"):
        headers = {"Accept-Encoding": "gzip, br"} | ({"Sec-Fetch-Site": origin} if origin else {})
        answer = reader.get(path, headers=headers)
        assert "Content-Encoding" not in answer.headers, origin
        assert answer.headers["Cache-Control"] == "no-store"

    assert reader.get(path, headers=OWN_PAGE).headers["Content-Encoding"] == "gzip"
    for unread in ("br;q=0", "br", "br, gzip;q=0"):
        assert "Content-Encoding" not in reader.get(path, headers=OWN_PAGE | {"Accept-Encoding": unread}).headers


@pytest.mark.parametrize("path", ["/login", "/register", "/confirm/x", "/reset/password/x"])
def test_a_page_with_a_token_is_compressed_only_for_our_own_pages(client, path):
    assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers
    assert client.get(path, headers=OWN_PAGE).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("accepted", "used"),
    [("", ""), ("gzip", "gzip"), ("GZIP", "gzip"), ("br;q=0.5, gzip", "br"), ("br;q=0, gzip;q=1.0", "gzip"),
     ("gzip;q=0.000", ""), ("identity", ""), (",;,=", ""), ("brgzip", ""), ("*", "")],
)  # fmt: skip
def test_the_encoding_is_one_that_the_client_names(app, accepted, used):
    with app.test_request_context(headers={"Accept-Encoding": accepted}):
        assert compression.preferred_encoding() == used
