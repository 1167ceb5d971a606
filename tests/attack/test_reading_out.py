"""Reading the catalogue out through the suggestions, beginning by beginning."""

from itertools import islice, product
from string import ascii_lowercase

import pytest

from tests.attack.people import visitor

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]
WORKERS, RATE = 2, 240


def test_who_asks_for_every_beginning_is_stopped_and_nobody_else(site):
    attacker, other = visitor(), visitor()
    beginnings = ("".join(letters) for letters in product(ascii_lowercase, repeat=3))
    answers = [
        attacker.get(f"{site.url}/suggest", params={"q": beginning})
        for beginning in islice(beginnings, WORKERS * RATE + 20)
    ]

    stopped = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert len(stopped) >= 20
    assert all(answer.json()["error"]["status"] == 429 for answer in stopped)
    assert all(0 < int(answer.headers["Retry-After"]) <= 60 for answer in stopped)
    assert other.get(f"{site.url}/suggest", params={"q": "海边"}).status_code == 200
    assert attacker.get(f"{site.url}/book/search", params={"q": "海边"}).status_code == 200
