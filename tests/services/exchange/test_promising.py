"""A giver whose books nobody has received yet cannot collect addresses."""

import pytest

from app.models.base import db
from app.models.drift import Drift
from app.rules.exchange.refusals import TooManyPromises
from app.services.delivery.postal_address import find_address
from app.services.exchange import drift
from tests.exchange import HOME, NOW, ask, copy_of, make_certain, reader

pytestmark = pytest.mark.usefixtures("app_context")


def asked_for(giver, number):
    """Return a number of waiting requests to one giver, each with its asker."""
    return [(asker, ask(asker, copy_of(giver))) for asker in (reader() for _ in range(number))]


def test_a_new_giver_reads_one_address_until_the_book_has_arrived_and_three_after_it():
    giver = reader(0)
    (first, promised), (_, second), *others = asked_for(giver, 5)
    drift.accept_request(giver, promised, NOW)
    with pytest.raises(TooManyPromises):
        drift.accept_request(giver, second, NOW)
    drift.confirm_mailed(giver, promised, "", NOW)
    with pytest.raises(TooManyPromises):
        drift.accept_request(giver, second, NOW)
    assert find_address(db.session.get_one(Drift, second), giver, NOW) is None
    drift.confirm_received(first, promised, NOW)
    with pytest.raises(TooManyPromises):
        drift.accept_request(giver, second, NOW)
    make_certain(promised)
    for id in (second, others[0][1], others[1][1]):
        drift.accept_request(giver, id, NOW)
        assert find_address(db.session.get_one(Drift, id), giver, NOW) == HOME
    with pytest.raises(TooManyPromises):
        drift.accept_request(giver, others[2][1], NOW)
