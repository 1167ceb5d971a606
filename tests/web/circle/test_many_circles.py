"""Readers of many circles cost no more statements than readers of one."""

from pathlib import Path

import pytest

from app.models.base import db
from app.search.write.build import build_index
from app.search.write.source import BookSource
from tests.circles import circle, listed_in
from tests.exchange import book, id_of, reader
from tests.rows import statements_sent
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.mark.parametrize("path", ["/book/search?q=鱼书", "/", "/circles", "/circle/one?q=鱼书", "/circle/one"])
def test_pages_for_a_reader_of_twenty_circles_cost_as_many_statements_as_for_one_of_one(app, path):
    giver, few, many = reader(0), reader(0), reader(0)
    here = [circle(giver, few, many, slug="one"), *(circle(giver, many) for _ in range(19))]
    for number, one in enumerate(here):
        listed_in(giver, id_of(book(title=f"鱼书{number}")), one)
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))
    counts = []
    for who in (few, many):
        client = logged_in(app, who)
        client.get(path)
        with statements_sent() as statements:
            assert client.get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0
