import json
from pathlib import Path

import pytest

from app.catalogues.googlebooks import GoogleBooks
from app.catalogues.openlibrary import OpenLibrary
from app.catalogues.pace import Limiter
from app.catalogues.transport import Transport
from app.catalogues.yushu import Yushu
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
