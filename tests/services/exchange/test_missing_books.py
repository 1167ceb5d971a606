"""Reporting books missing has a price, is visible to others, and does not ruin an honest giver."""

import pytest

from app.rules.clock import DAY
from app.rules.exchange.refusals import BooksStillMissing
from app.services.bean import transfers as bean
from app.services.exchange import drift
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.trust import facts_of
from tests.exchange import (
    NOW,
    ask,
    assert_audit_is_clean,
    beans_of,
    copy_of,
    exchange,
    ledger_balances,
    make_certain,
    reader,
)

pytestmark = pytest.mark.usefixtures("app_context")


def lose(asker, giver, now, tracking=""):
    """Let a book of the giver be mailed and reported missing at `now`; return the drift."""
    mailed = now - 14 * DAY
    id = ask(asker, copy_of(giver, now=mailed), mailed)
    drift.accept_request(giver, id, mailed)
    drift.confirm_mailed(giver, id, tracking, mailed)
    drift.report_missing(asker, id, now)
    return id


def test_a_book_reported_missing_counts_as_received_until_it_turns_up():
    done = exchange("missing")
    facts = get_asker_facts(done.asker, NOW)
    assert (facts.received, facts.missing, facts.got) == (0, 1, 1)
    drift.confirm_received(done.asker, done.drift, NOW)
    facts = get_asker_facts(done.asker, NOW)
    assert (facts.received, facts.missing, facts.got) == (1, 0, 1)


def test_after_a_second_missing_book_of_another_giver_nothing_can_be_asked_for_until_one_turns_up():
    asker, first_giver, wanted = reader(5), reader(0), copy_of(reader(0))
    bean.grant_beans(first_giver, 1, "x", NOW)
    drift_id = ask(first_giver, copy_of(asker))  # the asker gives, so that the ratio allows it
    for action in (drift.accept_request, lambda *a: drift.confirm_mailed(a[0], a[1], "", a[2])):
        action(asker, drift_id, NOW)
    drift.confirm_received(first_giver, drift_id, NOW)
    make_certain(drift_id)
    first = lose(asker, first_giver, NOW)
    lose(asker, reader(0), NOW)
    with pytest.raises(BooksStillMissing):
        ask(asker, wanted)
    drift.confirm_received(asker, first, NOW)
    drift.redraw_request(asker, ask(asker, wanted), NOW)
    assert get_asker_facts(asker, NOW + 179 * DAY).missing_givers == 1
    assert get_asker_facts(asker, NOW + 180 * DAY).missing_givers == 0


def test_both_sides_of_a_missing_book_are_seen_by_others():
    done = exchange("missing")
    asker, giver = facts_of(done.asker), facts_of(done.giver)
    assert (asker.lost, asker.not_arrived, giver.lost, giver.not_arrived) == (0, 1, 1, 0)


def test_a_giver_with_a_tracking_number_is_paid_by_the_mint_once_a_year_and_never_twice_for_a_book():
    giver, asker, other = reader(0), reader(1), reader(1)
    first = lose(asker, giver, NOW, "SF1")
    assert (beans_of(giver), beans_of(asker)) == (1, 1)
    lose(other, giver, NOW + DAY, "SF2")
    lose(reader(1), giver, NOW + 2 * DAY)
    assert beans_of(giver) == 1
    lose(reader(1), giver, NOW + 366 * DAY, "SF4")
    assert beans_of(giver) == 2
    mint = ledger_balances()["mint"]
    drift.confirm_received(asker, first, NOW + 366 * DAY)
    assert (beans_of(asker), beans_of(giver)) == (0, 2)
    assert ledger_balances()["mint"] == mint + 1
    assert_audit_is_clean()
