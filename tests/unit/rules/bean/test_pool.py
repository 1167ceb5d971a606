"""Beans of silent readers sleep in the pool and come back in full; the pool helps givers who have none."""

from dataclasses import replace

import pytest

from app.rules.bean import pool
from app.rules.bean.economy import IN_FORCE, Economy
from app.rules.bean.pool import DryGiver, Rest, falls_asleep, gets_from_pool
from app.rules.bean.transfer import Reason, Transfer

NOW = 1_800_000_000
DAY = 86_400
SILENT = Rest(beans=2, last_sign=NOW - 180 * DAY, is_asleep=False, is_under_way=False)
DRY = DryGiver(confirmed=True, beans=0, asleep=0, in_escrow=0, last_gave=NOW - 90 * DAY + 1)


@pytest.mark.parametrize(
    ("other", "sleeps"),
    [
        ({}, True),
        ({"last_sign": SILENT.last_sign + 1}, False),
        ({"beans": 1}, True),
        ({"beans": 0}, False),
        ({"is_asleep": True}, False),
        ({"is_under_way": True}, False),
    ],
)
def test_beans_fall_asleep_after_180_days_of_silence(other, sleeps):
    assert falls_asleep(replace(SILENT, **other), NOW) is sleeps


@pytest.mark.parametrize(
    ("other", "in_pool", "gets"),
    [
        ({}, 1, True),
        ({}, 0, False),
        ({"last_gave": DRY.last_gave - 1}, 1, False),
        ({"last_gave": None}, 1, False),
        ({"confirmed": False}, 1, False),
        ({"beans": 1}, 1, False),
        ({"asleep": 1}, 1, False),
        ({"in_escrow": 1}, 1, False),
    ],
)
def test_the_pool_pays_who_gave_lately_and_has_no_bean_as_long_as_it_has_some(other, in_pool, gets):
    assert gets_from_pool(replace(DRY, **other), in_pool, NOW) is gets


def test_a_rehearsal_can_let_beans_sleep_earlier_and_pay_more():
    eager = Economy(silence=30 * DAY, from_pool=2, gave_within=100 * DAY)
    assert falls_asleep(replace(SILENT, last_sign=NOW - 30 * DAY), NOW, eager)
    assert gets_from_pool(replace(DRY, last_gave=NOW - 99 * DAY), 2, NOW, eager)
    assert not gets_from_pool(DRY, 1, NOW, eager)
    assert pool.monthly_bean(5, NOW, eager).amount == 2


def test_each_episode_has_one_transfer_each_way():
    assert pool.falling_asleep(5, 3, 77) == Transfer("reader:5", "pool", 3, Reason.ASLEEP, "asleep:5:77")
    assert pool.waking(5, 3, 77) == Transfer("pool", "reader:5", 3, Reason.AWAKE, "awake:5:77")


def test_a_bean_a_month_and_one_insurance_for_each_drift():
    assert pool.monthly_bean(5, NOW) == Transfer("pool", "reader:5", 1, Reason.FROM_POOL, "pool:5:2027-01")
    assert pool.insuring(7, 2, "reader:1") == Transfer("pool", "reader:1", 2, Reason.INSURED, "drift:7:insured")
    assert IN_FORCE.from_pool == 1


@pytest.mark.parametrize(("in_pool", "missing"), [(0, 3), (2, 1), (3, 0), (9, 0)])
def test_the_mint_covers_what_the_pool_has_not_got(in_pool, missing):
    cover = pool.covering(pool.waking(5, 3, 77), in_pool)
    assert cover == (Transfer("mint", "pool", missing, Reason.COVERED, "cover:awake:5:77") if missing else None)


def test_the_pool_begins_with_other_readers_each_month():
    assert {pool.first_of_month(NOW, 0)} == {0}
    starts = [pool.first_of_month(NOW + month * 31 * DAY, 999) for month in range(12)]
    assert len(set(starts)) == 12
    assert all(0 <= start <= 999 for start in starts)
