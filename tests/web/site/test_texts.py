"""The operator's own pages, the announcement, and the site closed for maintenance."""

import os
import re
from dataclasses import astuple
from urllib.parse import unquote

import pytest

from app.models.base import db
from app.models.user import User
from app.rules.bean.economy import Economy
from app.rules.clock import DAY
from app.services.site.texts import LONGEST_FILE, OUR_OWN, PAGES
from tests.tables import drop_tables

LANGUAGES = ("zh", "zh_Hant", "en")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "texts"


@pytest.fixture
def settings(settings, folder):
    folder.mkdir()
    return settings | {"TEXTS_PATH": str(folder), "CONTACT": "<li@books.example>"}


def write(folder, name, text):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_site_comes_with_a_text_in_each_language_that_says_what_is_in_force(client, name, language):
    response = client.get(f"/{name}", headers={"Accept-Language": language})

    main = response.page.main
    assert response.status_code == 200
    assert len(main.h1.text) > 1
    assert main.article["lang"] == language.replace("_", "-")
    assert "$" not in main.text
    for link in main.find_all("a", href=re.compile("^/")):
        assert client.get(link["href"], follow_redirects=True).status_code == 200


ODD = Economy(
    price=101, for_confirming=102, for_first_request=103, for_first_book=104, known_after=105 * DAY,
    received_per_given=106, silence=107 * DAY, from_pool=108, gave_within=109 * DAY, whole_again_after=110 * DAY,
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_it_works_names_each_number_of_the_economy_that_is_in_force(client, monkeypatch, language):
    monkeypatch.setattr("app.web.site.texts.IN_FORCE", ODD)

    text = client.get("/how-it-works", headers={"Accept-Language": language}).page.main.text

    numbers = [value // DAY if value > DAY else value for value in astuple(ODD)]
    assert [number for number in numbers if not re.search(rf"\b{number}\b", text, re.ASCII)] == []


def test_the_texts_say_the_same_in_each_language():
    def shape(language, name):
        text = (OUR_OWN / f"{name}.{language}.md").read_text()
        return re.findall(r"^(?:#+|\d\.|-|\|)", text, re.MULTILINE), sorted(
            re.findall(r"\$\w+", text.replace("$site", ""))
        )

    assert [shape("zh", name) for name in PAGES] == [shape("en", name) for name in PAGES]


def test_the_contact_is_a_link(client):
    assert client.get("/contact").page.main.find("a", href="mailto:li@books.example")


def test_an_operators_own_text_wins_even_in_another_language(client, folder):
    write(folder, "rules.zh.md", "# 本站规则\n\n只此一条。")

    page = client.get("/rules", headers={"Accept-Language": "en"}).page

    assert (page.main.h1.text, page.main.article["lang"]) == ("本站规则", "zh")
    assert "本站规则" in page.title.text


def test_a_traditional_text_is_made_of_the_simplified_one_unless_there_is_one(client, folder):
    write(folder, "rules.en.md", "# Rules")
    write(folder, "rules.zh.md", "# $site的规则\n\n[邮件](https://x.example/邮件) https://x.example/里")
    in_taiwan = {"Accept-Language": "zh-TW"}

    main = client.get("/rules", headers=in_taiwan).page.main
    assert (main.h1.text, main.article["lang"]) == ("Fisher 鱼书的規則", "zh-Hant")
    assert [(link.text, unquote(link["href"])) for link in main.select("article a")] == [
        ("郵件", "https://x.example/邮件"),
        ("https://x.example/里", "https://x.example/里"),
    ]

    write(folder, "rules.zh_Hant.md", "# 自己的規則，发")
    assert client.get("/rules", headers=in_taiwan).page.main.h1.text == "自己的規則，发"
    assert client.get("/rules", headers={"Accept-Language": "zh"}).page.main.h1.text == "Fisher 鱼书的规则"


def test_a_site_is_closed_by_a_text_in_either_script(client, folder):
    write(folder, "maintenance.zh.md", "# 维护中")

    closed = client.get("/", headers={"Accept-Language": "zh-HK"})

    assert (closed.status_code, closed.page.main.h1.text) == (503, "維護中")


def test_a_changed_text_is_shown_at_once(client, folder):
    write(folder, "about.en.md", "# One")
    assert client.get("/about").page.main.h1.text == "One"

    write(folder, "about.en.md", "# Two")
    os.utime(folder / "about.en.md", (1, 1))  # whatever the clock of the disk says
    assert client.get("/about").page.main.h1.text == "Two"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", '<img src="x" onerror="alert(1)">', "[x](javascript:alert(1))",
        '<a href="https://x.example" onclick="alert(1)">x</a>', "<style>*{}</style>", "<iframe src=//x.example>",
        '<p style="position:fixed">x</p>', "<form action=/logout method=post><button>x</button></form>",
        '<svg onload="alert(1)">', "![x](https://x.example/x.png)",
    ],
)  # fmt: skip
def test_a_text_has_no_scripts_styles_pictures_or_forms(client, folder, text):
    write(folder, "about.en.md", f"# {text}\n\n{text}")

    main = client.get("/about").page.main

    assert main.find(["script", "img", "style", "iframe", "form", "svg"]) is None
    assert not [
        tag for tag in main.article.find_all(True) for name in tag.attrs if name not in ("class", "lang", "href", "rel")
    ]
    assert "javascript:" not in str(main)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00 \xd8", b"x" * (LONGEST_FILE + 5_000), b"$no $$ ${ $price"])
def test_any_file_is_shown_or_passed_over(client, folder, content):
    write(folder, "about.en.md", content)

    assert client.get("/about").status_code == 200


def test_a_folder_in_place_of_a_file_is_passed_over(client, folder):
    (folder / "about.en.md").mkdir()

    assert client.get("/about").page.main.h1.text == "About Fisher 鱼书"


def test_an_announcement_stands_on_every_page_until_it_is_taken_away(client, folder):
    assert client.get("/").page.find(class_="announcement") is None

    write(folder, "announcement.en.md", "Closed on **Sunday**.")
    assert client.get("/login").page.find(class_="announcement").text.strip() == "Closed on Sunday."
    assert client.get("/no/such/page").page.find(class_="announcement").text.strip() == "Closed on Sunday."

    (folder / "announcement.en.md").unlink()
    assert client.get("/login").page.find(class_="announcement") is None


def test_a_closed_site_says_why_and_lets_operators_in(app, client, folder, reader):
    write(folder, "maintenance.en.md", "# Back at nine\n\nWe move to a larger machine.")

    response = client.get("/book/search?q=x")
    assert (response.status_code, response.page.main.h1.text) == (503, "Back at nine")
    assert int(response.headers["Retry-After"]) > 0
    assert reader.get("/my/gifts").status_code == 503
    assert client.get("/login").status_code == 200
    with app.app_context(), db.auto_commit():
        db.session.get_one(User, reader.user_id).role = "operator"
    assert reader.get("/my/gifts").status_code == 200


def test_a_closed_site_answers_programs_in_their_own_format(client, folder):
    write(folder, "maintenance.zh.md", "# 维护中")

    told = client.get("/", headers={"Accept": "application/json"})
    assert (told.status_code, told.json["error"]["status"], "Retry-After" in told.headers) == (503, 503, True)
    assert client.get("/v2/book/isbn/9787536692930").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_a_closed_site_needs_no_database(app, client, folder, reader):
    write(folder, "maintenance.en.md", "# Back at nine")
    with app.app_context():
        drop_tables()

    assert client.get("/").status_code == 503
    assert reader.get("/").page.main.h1.text == "Back at nine"


def test_a_text_and_the_places_name_the_one_address_that_search_engines_keep(client):
    for path in ("/privacy", "/places"):
        link = client.get(f"{path}?from=mail").page.select_one("link[rel=canonical]")
        assert link["href"] == client.application.config["SITE_URL"] + path
