import pytest
from flask import Flask
from structlog.testing import CapturingLogger

from app import i18n
from tests.conftest import PageResponse, Reader
from tests.factories import BookFactory


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-hant", "zh-Hant"),
        ("zh_Hant_HK", "zh-Hant"),
        ("en;q=0.5,zh-TW;q=0.7,zh-CN;q=0.6", "zh-Hant"),
        ("zh-TW;q=0,en", "en"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zh-SG", "zh"),
        ("zh-Hans-CN", "zh"),
        ("zh-Hans-HK", "zh"),
        ("-,_,zh-,;q=x", "zh"),
        ("en-GB,en;q=0.8", "en"),
        ("fr,de", "zh"),
        ("", "zh"),
        ("*", "zh"),
    ],
)
def test_the_browser_chooses_the_language_and_the_site_speaks_chinese_otherwise(client, accepted, language):
    assert client.get("/language", headers={"Accept-Language": accepted}).page.html["lang"] == language


def test_a_chosen_language_is_remembered_and_leads_back(client):
    token = client.get("/language").page.find("input", {"name": "csrf_token"})["value"]
    answer = client.post("/language", data={"language": "zh", "next": "/book/search?q=1984", "csrf_token": token})

    assert answer.status_code == 302
    assert answer.location == "/book/search?q=1984"
    assert client.get("/").page.html["lang"] == "zh"


def test_a_language_that_we_do_not_speak_is_refused(client):
    token = client.get("/language").page.find("input", {"name": "csrf_token"})["value"]

    assert client.post("/language", data={"language": "xx", "csrf_token": token}).status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "///evil.example",
        "evil",
        "",
        "/ok\r\nSet-Cookie: a=b",
    ],
)
def test_a_foreign_address_leads_home(client, target):
    token = client.get("/language").page.find("input", {"name": "csrf_token"})["value"]
    answer = client.post("/language", data={"language": "en", "next": target, "csrf_token": token})

    assert answer.status_code == 302
    assert answer.location == "/"


def test_the_link_to_the_languages_does_not_grow_when_it_is_followed(client):
    path = client.get("/books").page.select_one(".site-footer a[href*=language]")["href"]
    again = client.get(path).page.select_one(".site-footer a[href*=language]")["href"]

    assert path == again == "/language?next=/books"


def test_a_page_that_can_not_be_asked_for_again_is_nowhere_to_return_to(client):
    for answer in (client.get("/no/such/page"), client.post("/register"), client.get("/books?" + "x" * 3000)):
        assert answer.page.select_one(".site-footer a[href*=language]")["href"] == "/language?next=/"


def choose(client, language):
    token = client.get("/language").page.find("input", {"name": "csrf_token"})["value"]
    assert client.post("/language", data={"language": language, "csrf_token": token}).status_code == 302


def test_a_reader_of_traditional_chinese_has_pages_and_notices_in_it(app, reader):
    choose(reader, "zh_Hant")

    page = reader.get("/personal/settings").page
    assert page.html["lang"] == "zh-Hant"
    assert page.select_one("#locale option[selected]").text == "繁體中文"
    assert "設定" in page.h1.text
    assert reader.get("/no/such/page").page.h1.text == "沒有這個頁面"


def test_titles_and_words_of_readers_are_left_as_they_are(app_context, client):
    book = BookFactory(title="红楼梦里的面子", authors=["后发"], summary="干净的书，简体字。")

    page = client.get(f"/book/{book.isbn}/detail", headers={"Accept-Language": "zh-TW"}).page

    assert page.h1.text.strip() == "红楼梦里的面子"
    assert "干净的书，简体字。" in page.main.text
    assert "出版社" in page.main.text
    assert "書" in page.main.text


def test_a_form_speaks_traditional_chinese(client):
    choose(client, "zh_Hant")
    token = client.get("/register").page.find("input", {"name": "csrf_token"})["value"]

    page = client.post("/register", data={"csrf_token": token}).page

    assert {error.text.strip() for error in page.select(".field-error")} & {"這裡要填寫。"}


@pytest.fixture
def site_of(app):
    """Return a client of a site with some languages only."""

    def with_languages(*languages):
        app.config["LANGUAGES"] = languages
        return Reader(app, PageResponse)

    return with_languages


def test_a_site_offers_no_language_that_it_does_not_have(site_of):
    client = site_of("zh", "en")

    page = client.get("/language", headers={"Accept-Language": "zh-TW,en;q=0.9"}).page

    assert page.html["lang"] == "zh"
    assert [field["value"] for field in page.select("input[name=language]")] == ["zh", "en"]
    assert [name.text for name in page.select(".site-footer a span")] == ["简体中文", "English"]
    token = page.find("input", {"name": "csrf_token"})["value"]
    assert client.post("/language", data={"language": "zh_Hant", "csrf_token": token}).status_code == 400
    assert site_of("zh_Hant", "en").get("/", headers={"Accept-Language": "zh-CN"}).page.html["lang"] == "zh-Hant"


def test_a_site_says_which_texts_are_not_compiled(app, monkeypatch, tmp_path):
    half = Flask("half", root_path=str(tmp_path))
    half.config["LANGUAGES"] = app.config["LANGUAGES"]
    (tmp_path / "translations/zh/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "translations/zh/LC_MESSAGES/messages.mo").touch()

    monkeypatch.setattr(i18n, "log", log := CapturingLogger())

    i18n.init_app(half)

    assert log.calls[0].kwargs == {"languages": ["zh_Hant"], "mend": "run `make install`"}
    assert i18n.find_missing_catalogues(app) == []
