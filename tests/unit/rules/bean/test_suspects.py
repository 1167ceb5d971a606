"""Who may be one person with several accounts."""

import pytest

from app.rules.bean.suspects import RARE_DOMAIN, find_of_one_browser, find_of_one_domain, find_pairs, find_rings


@pytest.mark.parametrize(
    ("dealings", "pairs"),
    [
        ({(1, 2): 1}, []),
        ({(1, 2): 2}, [(1, 2, 2)]),
        ({(1, 2): 1, (2, 1): 1}, [(1, 2, 2)]),
        ({(1, 2): 2, (1, 3): 1, (4, 2): 1}, [(1, 2, 2)]),
        ({(1, 2): 2, (1, 3): 2}, []),
        ({(1, 2): 2, (4, 2): 2}, []),
    ],
)
def test_two_readers_who_deal_mostly_with_each_other_are_a_pair(dealings, pairs):
    assert find_pairs(dealings) == pairs


@pytest.mark.parametrize(
    ("dealings", "rings"),
    [
        ({(1, 2): 1, (2, 3): 1, (3, 1): 1}, [[1, 2, 3]]),
        ({(1, 2): 1, (2, 3): 1}, []),
        ({(1, 2): 5}, []),
        ({(1, 2): 1, (1, 3): 2}, [[1, 2, 3]]),
        ({(1, 2): 2, (1, 3): 1, (2, 4): 1, (3, 5): 1}, [[1, 2, 3, 4, 5]]),
        ({(n, n % 6 + 1): 1 for n in range(1, 7)}, [[1, 2, 3, 4, 5, 6]]),
        ({(n, n % 7 + 1): 1 for n in range(1, 8)}, []),
    ],
)
def test_a_few_readers_who_deal_only_among_themselves_are_a_ring(dealings, rings):
    assert find_rings(dealings) == rings


def test_two_readers_of_a_rare_mail_domain_who_deal_with_each_other_are_named_once():
    common = dict.fromkeys(range(10, 11 + RARE_DOMAIN), "common.example")
    domains = {1: "mine.example", 2: "mine.example", **common}
    assert find_of_one_domain({(1, 2): 1, (2, 1): 1, (1, 10): 1, (10, 11): 1, (2, 99): 1}, domains) == [(1, 2)]


@pytest.mark.parametrize(("readers", "pairs"), [(20, [(1, 2)]), (21, [])])
def test_a_mail_domain_of_many_readers_says_nothing(readers, pairs):
    assert find_of_one_domain({(1, 2): 1}, dict.fromkeys(range(1, 1 + readers), "some.example")) == pairs


def test_two_readers_of_one_browser_who_deal_with_each_other_are_named_once():
    browsers = {1: "a", 2: "a", 3: "b", 4: "a"}
    assert find_of_one_browser({(2, 1): 1, (1, 2): 1, (1, 3): 1, (1, 99): 1}, browsers) == [(1, 2)]


def test_a_pair_is_named_when_nobody_else_is_known():
    assert find_of_one_browser({(1, 2): 1}, {1: "a", 2: "a"}) == [(1, 2)]
