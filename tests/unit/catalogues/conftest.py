import json
from pathlib import Path

import pytest

from app.catalogues.api.googlebooks import GoogleBooks
from app.catalogues.api.openlibrary import OpenLibrary
from app.catalogues.api.transport import Transport
from app.catalogues.api.yushu import Yushu
from app.catalogues.files.csv_books import read_books
from app.catalogues.files.list_files import ListFile
from app.catalogues.files.tables import find_table
from app.catalogues.throttling import Limiter
from tests.stand_in import StandIn, answer

FIXTURES = Path(__file__).parents[2] / "fixtures"
AGENT = "Fisher/test (reader@example.org)"


def fixture(name: str):
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


@pytest.fixture
def stand_in():
    with StandIn(answer({}, 404)) as server:
        yield server


@pytest.fixture
def catalogues(stand_in):
    """All three catalogues, asking the stand-in."""
    transport = Transport(AGENT)
    return {
        "yushu": Yushu(transport, stand_in.url + "/v2", key="SECRETKEY"),
        "openlibrary": OpenLibrary(transport, stand_in.url, "https://covers.example.org", Limiter(1000)),
        "googlebooks": GoogleBooks(transport, stand_in.url, key="SECRETKEY", country="CN"),
    }


@pytest.fixture
def read_table(tmp_path):
    """Read bytes, or a file, as the table that it is, and return its lines."""

    def read(table, start=0, **options):
        path = table
        if isinstance(table, bytes):
            path = tmp_path / "table"
            path.write_bytes(table)
        with ListFile(path) as file:
            found = find_table(path, file.find_kind(), **options)
        with ListFile(path) as file:
            return list(read_books(file, found, "import", start))

    return read
