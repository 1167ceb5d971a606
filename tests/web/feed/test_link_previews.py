"""A link to this site, as three chat programs show it."""

import pytest

from tests.exchange import book, copy_of, reader
from tests.web.feed.previews import PROGRAMS, picture_of, wechat

pytestmark = pytest.mark.usefixtures("app_context")
SITE = "http://127.0.0.1:5000"
LANGUAGES = ["zh", "zh_Hant", "en"]


def page_of(client, path, language):
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.page


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_a_book_shows_its_title_and_that_copies_are_to_be_had(client, program, language):
    isbn = book(title="三体", summary="一九六七年，叶文洁。" * 40)
    for _ in range(3):
        copy_of(reader(0), isbn)
    shown = program(page_of(client, f"/book/{isbn}/detail", language))

    assert shown.title.startswith("三体")
    assert shown.description.startswith(
        "3 copies available · 一九六七年" if language == "en" else "3 本可要 · 一九六七年"
    )
    assert shown.picture == f"{SITE}/og/book/{isbn}.png?lang={language}&copies=3"
    assert picture_of(client, shown.picture).size == (1200, 630)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_a_reader_shows_the_shelf(client, program, language):
    giver = reader(0, nickname="阿青")
    copy_of(giver, book())
    shown = program(page_of(client, f"/user/{giver}", language))

    assert "阿青" in shown.title
    assert "阿青" in shown.description
    assert picture_of(client, shown.picture).size == (1200, 630)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_the_site_says_what_it_is(client, program, language):
    shown = program(page_of(client, "/", language))

    assert "Fisher 鱼书" in shown.title
    assert len(shown.description) > 20
    assert picture_of(client, shown.picture).size == (1200, 630)


@pytest.mark.parametrize("path", ["/", "/book/{isbn}/detail", "/user/{id}"])
def test_what_is_said_of_the_picture_and_the_page_is_true(client, path):
    giver = reader(0)
    copy_of(giver, isbn := book())
    path = path.format(isbn=isbn, id=giver)
    page = page_of(client, path, "en")
    said = {tag["property"]: tag["content"] for tag in page.select("meta[property^='og:']")}
    picture = picture_of(client, said["og:image"])

    assert (said["og:image:width"], said["og:image:height"]) == tuple(map(str, picture.size))
    assert (said["og:image:type"], picture.format) == ("image/png", "PNG")
    assert said["og:image:alt"]
    assert said["og:url"] == SITE + path == page.select_one("link[rel=canonical]")["href"]
    others = [tag["content"] for tag in page.select("meta[property='og:locale:alternate']")]
    assert (said["og:locale"], others) == ("en_US", ["zh_CN", "zh_TW"])
    assert said["og:type"] in ("website", "book", "profile")
    assert len(page.select("meta[property='og:image']")) == 1


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "x" * 3_000, "&amp; 三体 “Q”", "👩‍👩‍👧 a\u202eb"])
def test_hostile_and_long_titles_stay_inside_their_tags(client, text):
    copy_of(reader(0), isbn := book(title=text, summary=text))
    page = page_of(client, f"/book/{isbn}/detail", "en")

    for program in PROGRAMS:
        shown = program(page)
        assert shown.title[:60].startswith(text[:20])
        assert len(shown.description) < 250
        picture_of(client, shown.picture)
    assert not page.select("head > script:not([src]):not([type='application/ld+json'])")


def test_no_cover_drawn_as_svg_is_offered_as_a_preview(client):
    assert not wechat(page_of(client, f"/book/{book()}/detail", "zh")).picture.endswith("/cover")
