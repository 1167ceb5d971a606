"""A rehearsal under the numbers in force is what happened; under others, what could not be paid does not happen."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from app import create_app
from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift, DriftEvent
from app.models.user import User
from app.rules.bean.economy import IN_FORCE
from app.rules.bean.transfer import Reason
from app.rules.clock import DAY
from app.rules.economy.rehearsal import NUMBERS, Exchange, Move, Past, Start, Step, rehearse
from app.rules.exchange.drift import DriftState
from app.services.economy.rehearsal import TooMuchToRehearse, run_rehearsal, try_out
from app.services.transaction import begin_snapshot
from config import Testing
from tests.exchange import NOW, ledger_balances
from tests.services.economy.random_history import RandomHistory

IN_FORCE_NOW = {name: getattr(IN_FORCE, name) for name in NUMBERS}
CHANGES: list[dict[str, int]] = [
    {"price": 2},
    {"price": 0},
    {"for_confirming": 0, "for_first_request": 0},
    {"received_per_given": 1},
    {"for_first_book": 5},
]


@pytest.mark.parametrize(
    ("seed", "engine"),
    [
        pytest.param(
            seed, engine, marks=[pytest.mark.slow] * (seed > 0) + [pytest.mark.mariadb] * (engine == "mariadb")
        )
        for engine in ("sqlite", "mariadb")
        for seed in range(3)
    ],
)
def test_a_rehearsal(seed, engine, request, tmp_path):
    """One history for all checks, because to live it takes longest."""
    uri = request.getfixturevalue({"sqlite": "sqlite_uri", "mariadb": "mariadb_uri_with_tables"}[engine])
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
    with app.app_context():
        lived = RandomHistory(seed)
        lived.live()
        begin_snapshot()
        todays_numbers_lead_to_what_happened(lived)
        under_other_numbers_no_bean_is_lost_and_nobody_owes_one(lived)
        the_outcomes_are_those_of_the_site(lived)
        db.session.remove()
        db.engine.dispose()


def begin_of(history, part):
    return NOW + round((history.now - NOW) * part)


def todays_numbers_lead_to_what_happened(history):
    for since in (0, begin_of(history, 0.4), begin_of(history, 0.8), history.now + 1):
        for numbers in ({}, IN_FORCE_NOW):
            rehearsal = run_rehearsal(since, numbers)
            assert rehearsal.unexplained == 0
            assert rehearsal.would_be.beans == rehearsal.was.beans
            for world in (rehearsal.was, rehearsal.would_be):
                assert_is_what_happened(world, since)
    assert rehearsal.was.asked == 0
    assert set(db.session.scalars(select(BeanTransfer.reason))) >= {
        *(Reason.ASKED, Reason.GIVEN, Reason.RETURNED, Reason.CONFIRMED, Reason.FIRST_REQUEST),
        *(Reason.ASLEEP, Reason.AWAKE),
    }


def assert_is_what_happened(world, since):
    moves = list(db.session.scalars(select(BeanTransfer).where(BeanTransfer.create_time >= since)))
    gained = Counter()
    for move in moves:
        gained[move.source] -= move.amount
        gained[move.target] += move.amount
    created = select(func.count(Drift.id)).where(Drift.create_time >= since)
    into, out_of = (
        select(func.count(DriftEvent.id)).where(DriftEvent.create_time >= since, state == "received")
        for state in (DriftEvent.to_state, DriftEvent.from_state)
    )
    assert world.refused == {}
    assert world.asked == db.session.scalar(created)
    assert world.arrived == db.session.scalar(into) - db.session.scalar(out_of)
    assert (world.minted, world.escrow) == (-gained["mint"], gained["escrow"])
    balances = dict(db.session.execute(select(User.__table__.c.id, User.__table__.c.beans)).tuples().all())
    assert world.beans == {id: balances[id] for id in world.beans}
    assert {id for account in gained if (id := account.partition("reader:")[2])} == set(map(str, world.beans))


def under_other_numbers_no_bean_is_lost_and_nobody_owes_one(history):
    for numbers in CHANGES:
        rehearsal = run_rehearsal(begin_of(history, 0.3), numbers)
        was, would_be = rehearsal.was, rehearsal.would_be
        assert would_be.asked + would_be.refused.total() == was.asked
        assert min(would_be.beans.values()) >= 0
        assert would_be.pool >= 0
        outside = [sum(world.beans.values()) + world.escrow + world.pool - world.minted for world in (was, would_be)]
        assert outside[0] == outside[1]


def the_outcomes_are_those_of_the_site(history):
    days = 1 + (history.now - NOW) // DAY
    tried = try_out(days, history.now, {"price": 2})
    beans = db.session.scalars(select(User.beans)).all()
    held = ledger_balances()
    assert (tried.was.with_readers, tried.was.without_beans) == (sum(beans), beans.count(0))
    assert (tried.was.in_escrow, tried.was.in_pool) == (held["escrow"], held["pool"])
    assert tried.was.minted == -held["mint"]
    assert tried.would_be.arrived <= tried.was.arrived
    assert tried.would_be.refused
    with pytest.raises(TooMuchToRehearse):
        try_out(days, history.now, {}, most=tried.was.asked - 1)


def test_a_giver_who_was_rewarded_for_a_request_that_is_refused_earns_the_bean_with_the_next():
    first, second = Exchange(1, 9, None), Exchange(2, 9, None)
    start = Start({1: 1, 2: 5}, 0, {}, {1: first, 2: second}, {1: Past(), 2: Past()})
    records = [
        Move("reader:1", "escrow", 1, Reason.ASKED, 1),
        Move("mint", "reader:9", 1, Reason.FIRST_REQUEST, 1),
        Move("reader:2", "escrow", 1, Reason.ASKED, 2),
        Step(1, DriftState.RECEIVED),
        Move("escrow", "reader:9", 1, Reason.GIVEN, 1),
    ]
    tried = rehearse(start, records, {"price": 2})
    assert (tried.was.beans, tried.was.arrived) == ({1: 0, 2: 4, 9: 2}, 1)
    assert (tried.would_be.beans, tried.would_be.arrived) == ({1: 1, 2: 3, 9: 1}, 0)
    assert tried.would_be.refused == {"not_enough_beans": 1}


def test_what_happens_in_the_second_of_the_request_comes_after_it():
    start = Start({1: 1}, 0, {}, {1: Exchange(1, 9, None)}, {1: Past()})
    records = [Step(1, DriftState.RECEIVED), Move("reader:1", "escrow", 1, Reason.ASKED, 1)]
    tried = rehearse(start, records, {"price": 2})
    assert (tried.was.arrived, tried.would_be.arrived) == (1, 0)


def test_beans_that_slept_come_back_as_many_as_there_were_and_the_mint_covers_them():
    start = Start({1: 3, 2: 0}, 0, {}, {}, {})
    records = [
        Move("reader:1", "pool", 3, Reason.ASLEEP, None),
        Move("pool", "reader:2", 1, Reason.FROM_POOL, None),
        Move("mint", "pool", 1, Reason.COVERED, None),
        Move("pool", "reader:1", 3, Reason.AWAKE, None),
    ]
    tried = rehearse(start, records, {"from_pool": 2})
    assert (tried.was.beans, tried.was.minted, tried.was.pool) == ({1: 3, 2: 1}, 1, 0)
    assert (tried.would_be.beans, tried.would_be.minted, tried.would_be.pool) == ({1: 3, 2: 2}, 2, 0)
