import pytest


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-TW,zh;q=0.9", "zh"),
        ("zh-Hans-CN", "zh"),
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
