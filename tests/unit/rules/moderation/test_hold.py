"""What leads away from the site, and from how many reports on something is held."""

import pytest

from app.rules.clock import DAY
from app.rules.moderation.hold import NEW_FOR, HoldReason, find_contact, find_newcomer_hold, is_late, is_to_be_held

LINKS = ["see https://example.org/x", "WWW.EXAMPLE.ORG", "shop.taobao.com 来", "ｗｗｗ．ｅｘａｍｐｌｅ．ｏｒｇ"]
PHONES = [
    "call 13800001111",
    "138-0000-1111",
    "+49 (30) 1234567",
    "微信同号１３８００００１１１１",
    "tel. 010 6275 1234",
]
NEITHER = [
    "",
    "Mon to Fri 18–20, north gate",
    "on 2026-11-28 at 18:30",
    "2026年11月28日 18:30",
    "ISBN 978-7-5366-9293-0",
    "9787536692930",
    "a stain on page 302",
    "three books, 2006, 2008 and 2010",
    "A.com", "e.g. this",
]  # fmt: skip


FOUND = {HoldReason.LINK: LINKS, HoldReason.PHONE: PHONES, None: NEITHER}


@pytest.mark.parametrize(("words", "found"), [(words, found) for found, texts in FOUND.items() for words in texts])
def test_links_and_phone_numbers_are_found_and_days_and_numbers_of_books_are_not(words, found):
    assert find_contact(words) is found


@pytest.mark.parametrize(
    ("is_first", "age", "found"), [(True, NEW_FOR, HoldReason.LINK), (True, NEW_FOR + 1, None), (False, DAY, None)]
)
def test_only_the_first_words_of_the_first_days_are_held(is_first, age, found):
    assert find_newcomer_hold(LINKS[0], 0, is_first, age) is found


@pytest.mark.parametrize(
    ("kind", "reporters", "held"), [("listing", 1, False), ("listing", 2, True), ("reader", 9, False)]
)
def test_two_reporters_are_enough_for_a_copy(kind, reporters, held):
    assert is_to_be_held(kind, reporters) is held


def test_the_sixth_report_is_late():
    assert [is_late(4), is_late(5)] == [False, True]
