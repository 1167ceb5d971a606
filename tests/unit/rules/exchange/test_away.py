"""How long a reader can be away, and by how much deadlines move."""

import pytest

from app.rules.clock import DAY, HOUR
from app.rules.exchange.asking import AskerFacts, RequestedGift, find_copy_refusal
from app.rules.exchange.away import ensure_may_be_away, pause_until_return
from app.rules.exchange.drift import CopyState
from app.rules.exchange.refusals import AwayTooLong, CopyKeptForAnother, GiverAway, ReturnNotAhead, WisherMayNotAsk
from app.rules.exchange.wish_queue import Wisher, find_offer_refusal

NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("end", "until", "pause"),
    [
        (NOW, None, 0),
        (None, NOW + DAY, 0),
        (NOW + 5 * DAY, NOW + 3 * DAY, 0),
        (NOW + 5 * DAY, NOW + 3 * DAY + 1, 1),
        (NOW + 5 * DAY, NOW + 10 * DAY, 7 * DAY),
        (NOW + 5 * DAY, NOW + 24 * DAY, 21 * DAY),
        (NOW + 5 * DAY, NOW + 90 * DAY, 21 * DAY),
    ],
)
def test_a_deadline_moves_to_two_days_after_the_return_but_at_most_by_21_days(end, until, pause):
    assert pause_until_return(end, until) == pause


def test_a_reader_is_back_after_now_and_within_half_a_year():
    ensure_may_be_away(NOW + 1, NOW)
    ensure_may_be_away(NOW + 180 * DAY, NOW)
    for until in (NOW, NOW - DAY):
        with pytest.raises(ReturnNotAhead):
            ensure_may_be_away(until, NOW)
    with pytest.raises(AwayTooLong) as refused:
        ensure_may_be_away(NOW + 180 * DAY + 1, NOW)
    assert refused.value.days == 180


def test_a_copy_of_a_giver_who_is_away_is_only_for_whom_it_was_kept_before():
    copy = RequestedGift(giver_id=1, state=CopyState.OPEN, away_until=NOW + DAY)
    refusal = find_copy_refusal(2, copy, NOW)
    assert isinstance(refusal, GiverAway)
    assert refusal.until == NOW + DAY
    assert find_copy_refusal(2, copy, NOW + DAY) is None
    kept = RequestedGift(1, CopyState.OPEN, offered_to=2, offer_until=NOW + HOUR, away_until=NOW + DAY)
    assert find_copy_refusal(2, kept, NOW) is None
    assert isinstance(find_copy_refusal(3, kept, NOW), GiverAway)
    here = RequestedGift(1, CopyState.OPEN, offered_to=2, offer_until=NOW + HOUR)
    assert isinstance(find_copy_refusal(3, here, NOW), CopyKeptForAnother)


def test_nothing_is_offered_to_a_reader_who_is_away():
    able = AskerFacts(confirmed=True, beans=1)
    away = AskerFacts(confirmed=True, beans=1, is_away=True)
    assert find_offer_refusal(Wisher(wish_id=1, reader_id=2, since=0, facts=able), 1) is None
    assert isinstance(find_offer_refusal(Wisher(wish_id=1, reader_id=2, since=0, facts=away), 1), WisherMayNotAsk)
