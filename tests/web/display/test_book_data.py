"""What the page of a book says to programs."""

import json

import pytest

from tests.exchange import book, copy_of, editions, reader
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")
SITE = "http://127.0.0.1:5000"


def data_of(client, isbn):
    [block] = client.get(f"/book/{isbn}/detail").page.select("script[type='application/ld+json']")
    return json.loads(block.string)


def test_a_program_reads_the_book_and_that_copies_are_to_be_had(client):
    isbn = book(
        title="三体", subtitle="", authors=["[中] 刘慈欣"], translators=[], publisher="重庆出版社", pubdate="2008-01",
        year=2008, pages=302, language="zh", series="地球往事", summary="一九六七年，叶文洁。" * 60,
    )  # fmt: skip
    for _ in range(3):
        copy_of(reader(0), isbn)
    said = data_of(client, isbn)
    offer = said.pop("offers")

    assert (said["@context"], said["@type"], said["name"]) == ("https://schema.org", "Book", "三体")
    assert said["author"] == [{"@type": "Person", "name": "刘慈欣"}]
    assert said["publisher"] == {"@type": "Organization", "name": "重庆出版社"}
    assert (said["isbn"], said["datePublished"], said["numberOfPages"]) == (isbn, "2008-01", 302)
    assert said["isPartOf"] == {"@type": "BookSeries", "name": "地球往事"}
    assert said["url"] == f"{SITE}/book/{isbn}/detail"
    assert len(said["description"]) <= 300
    assert "translator" not in said
    assert "alternativeHeadline" not in said
    assert (offer["price"], offer["availability"]) == ("0", "https://schema.org/InStock")
    assert offer["inventoryLevel"]["value"] == 3


def test_copies_of_other_editions_count_and_no_copies_are_no_offer(client):
    chinese, _, english = editions()
    copy_of(reader(0), english)

    assert data_of(client, chinese)["offers"]["inventoryLevel"]["value"] == 1
    assert "offers" not in data_of(client, book())


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "a\x01\ufffe\x85b", "\"\\'&"])
def test_no_text_of_a_book_ends_the_block(client, text):
    isbn = book(title=f"x{text}", authors=[text], publisher=text, summary=text, pubdate="soon", series=text)
    answer = client.get(f"/book/{isbn}/detail")
    [block] = answer.page.select("script:not([src])")

    assert json.loads(block.string)["name"].startswith("x")
    assert "<" not in block.string
    assert "\x01" not in block.string


def test_the_page_of_a_reader_does_without(app, client):
    isbn = book()

    assert "ld+json" in client.get(f"/book/{isbn}/detail").text
    assert "ld+json" not in logged_in(app, reader(0)).get(f"/book/{isbn}/detail").text
