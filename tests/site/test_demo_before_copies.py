"""A demo goes back to the release before copies and comes up again: nothing is lost that was there, on both engines."""

from collections import Counter

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, Table, select

from app.models.base import db, now
from app.services.site.demo import Size, fill_demo
from tests.exchange import assert_audit_is_clean, exchange
from tests.factories import BookFactory, UserFactory

BEFORE_COPIES = "0116"
SIZE = Size(readers=25, lists=120, drifts=80, days=60)
AS_IT_WAS = {"lent": "mailed", "given_back": "mailed", "returned": "withdrawn", "lost": "received"}
"""What the release before loans makes of their states."""


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": any_database_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


@pytest.mark.slow
def test_a_demo_of_the_release_before_copies_gets_a_copy_for_each_gift(app_context):
    upgrade()
    BookFactory.create_batch(40)
    db.session.commit()
    assert fill_demo(SIZE, now()) is not None
    UserFactory.reset_sequence(10 * SIZE.readers)  # whose addresses are none of the demo's
    for state in AS_IT_WAS:
        exchange(state, lend_days=30)
    before = read("gift", "drift", "user", "wish", "bean_transfer", "wish_offer")
    without_circles(before["gift"].values())
    shelves = {row["id"]: row for row in read("copy")["copy"].values()}
    assert {*AS_IT_WAS, "received", "waiting", "mailed"} <= {row["state"] for row in before["drift"].values()}

    downgrade(revision=BEFORE_COPIES, x_arg="yes-lose-data")
    old = read("gift", "drift", "user", "wish", "bean_transfer", "wish_offer", "drift_event")
    assert "copy_id" not in next(iter(old["gift"].values()))
    for table in ("gift", "user", "wish", "bean_transfer", "wish_offer"):
        assert old[table] == shared(before[table], old[table]), table
    assert Counter(row["state"] for row in old["drift"].values()) == Counter(
        AS_IT_WAS.get(row["state"], row["state"]) for row in before["drift"].values()
    )

    upgrade()
    new = read("gift", "drift", "user", "wish", "bean_transfer", "wish_offer", "drift_event", "copy")
    for table, rows in old.items():
        assert shared(new[table], rows) == rows, table
    assert_audit_is_clean()
    assert {row["copy_id"] for row in new["gift"].values()} == set(new["copy"])
    assert len(new["copy"]) == len(new["gift"])
    for id, gift in new["gift"].items():
        copy = new["copy"][gift["copy_id"]]
        assert (copy["book_id"], copy["condition"]) == (gift["book_id"], gift["condition"])
        assert (copy["holder_id"], copy["state"]) == whereabouts(gift, old["drift"].values()), id
        assert (gift["listed_copy_id"] is None) == (gift["state"] in ("given", "withdrawn"))
    assert_held_as_before(before, shelves, new)


def without_circles(gifts):
    """Let listings that are for circles alone be as the release before circles has them: nobody sees them."""
    for gift in gifts:
        if gift["is_closed"] and gift["state"] in ("open", "hidden", "held"):
            gift |= dict.fromkeys(("offered_to", "offered_wish_id", "offer_until")) | {"state": "withdrawn"}


def whereabouts(gift, drifts):
    """Return who holds the copy of a gift and how it is with it, as the exchanges of the old release tell."""
    ends = {row["state"]: row for row in drifts if row["gift_id"] == gift["id"] and gift["state"] == "given"}
    if "missing" in ends:
        return None, "lost"
    return ends["received"]["asker_id"] if "received" in ends else gift["giver_id"], "kept"


def assert_held_as_before(before, shelves, new):
    """Who holds a copy is the same as before the way back, unless it was lost on loan, or listed several times."""
    lost = {row["gift_id"] for row in before["drift"].values() if row["state"] == "lost"}
    listed = Counter(row["copy_id"] for row in before["gift"].values())
    compared = 0
    for id, gift in before["gift"].items():
        if id in lost or listed[gift["copy_id"]] > 1:
            continue
        copy, again = shelves[gift["copy_id"]], new["copy"][new["gift"][id]["copy_id"]]
        assert (copy["holder_id"], copy["state"]) == (again["holder_id"], again["state"]), id
        compared += 1
    assert compared > len(before["gift"]) // 2


def read(*names):
    """Return the rows of these tables as they are at present, by id."""
    db.session.remove()
    with db.engine.connect() as connection:
        tables = [Table(name, MetaData(), autoload_with=connection) for name in names]
        return {
            table.name: {row["id"]: dict(row) for row in connection.execute(select(table)).mappings()}
            for table in tables
        }


def shared(rows, others):
    """Return rows with no more columns than other rows of the table have."""
    columns = next(iter(others.values())).keys() if others else ()
    return {id: {name: row[name] for name in columns} for id, row in rows.items()}
