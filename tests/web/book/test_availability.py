"""Rows of books say what is to be had and who waits."""

from pathlib import Path

import pytest

from app.models.base import db
from app.search.write.build import build_index
from app.search.write.source import BookSource
from tests.exchange import copy_of, reader, wish_for
from tests.factories import BookFactory

pytestmark = pytest.mark.usefixtures("app_context")


def pills(client, path):
    found = client.get(path).page.select(".availability")
    return [" ".join(pill.get_text(" ").split()) for pill in found]


@pytest.mark.parametrize("path", ["/book/search?q=三体", "/books?language=zh"])
def test_rows_say_what_is_to_be_had_of_any_edition_and_who_waits(app, client, path):
    given, other = BookFactory(title="三体").isbn, BookFactory(title="三体").isbn
    BookFactory(title="三体问题", authors=["别人"])
    copy_of(reader(), given)
    copy_of(reader(), given)
    wish_for(reader(), other)
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))

    assert set(pills(client, path)) == {"2 available · 1 waiting"}


def test_the_front_page_says_what_is_to_be_had_and_who_waits(client):
    BookFactory(title="球状闪电")
    given = BookFactory(title="三体").isbn
    wish_for(reader(), given)

    assert pills(client, "/") == ["1 waiting"]
    copy_of(reader(), given)
    client.get("/language")
    assert pills(client, "/?fresh") == ["1 available · 1 waiting"]
