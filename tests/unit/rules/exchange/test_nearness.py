import pytest

from app.rules.exchange.nearness import Nearness, find_nearness, is_within, list_around, near

XUHUI, PUTUO = "CN/上海市/上海市/徐汇区", "CN/上海市/上海市/普陀区"


@pytest.mark.parametrize(
    ("mine", "other", "nearness"),
    [
        (XUHUI, XUHUI, "district"),
        (XUHUI, PUTUO, "city"),
        (XUHUI, "CN/上海市/上海市", "city"),
        ("CN/广东省/广州市", "CN/广东省/深圳市/南山区", "province"),
        ("CN/广东省", "CN/广东省/深圳市/南山区", "province"),
        ("CN/广东省/广州市", "CN/广东", "country"),
        ("US/CA/Los Angeles", "US/CA/Los Angeles", "city"),
        ("US/CA/Los Angeles", "US/CA/Los Angeles Heights", "province"),
        (XUHUI, "CN", "country"),
        ("CN", "CN", "country"),
        ("CN", "C", None),
        ("GB/ENG/Cambridge", XUHUI, None),
        (XUHUI, None, None),
        (None, XUHUI, None),
        (None, None, None),
        (f"{XUHUI}/x/y", f"{XUHUI}/x/y", "district"),
    ],
)
def test_nearness_is_the_smallest_area_that_both_share(mine, other, nearness):
    assert find_nearness(mine, other) == nearness
    assert find_nearness(other, mine) == nearness


def test_the_kinds_go_from_small_to_large():
    assert [*Nearness] == ["district", "city", "province", "country"]
    assert [kind for kind, _ in list_around(XUHUI)] == [*Nearness]
    assert list_around("CN") == [("country", "CN")]
    assert list_around("") == []


def test_an_area_is_not_within_one_that_only_begins_alike():
    assert is_within("CN/广东省", "CN/广东省")
    assert not is_within("CN/广东省2", "CN/广东省")


@pytest.mark.parametrize(
    ("area", "around"),
    [(XUHUI, "CN/上海市/上海市"), ("GB/ENG/Cambridge", "GB/ENG/Cambridge"), ("CN/广东省", "CN/广东省"), ("CN", "CN")],
)
def test_near_is_the_city_or_the_larger_area_that_was_chosen(area, around):
    assert near(area) == around
