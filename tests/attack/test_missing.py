"""4: books that are reported missing again and again."""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.bean import BeanTransfer
from app.rules.clock import DAY
from app.rules.exchange.undo import UNDO_WINDOW
from tests.attack.people import ADDRESS, drift_of, logged_in, page_of, press, state_of, step
from tests.attack.time_travel import pass_time
from tests.exchange import assert_audit_is_clean, beans_of, copy_of, reader
from tests.web.server import at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]


def ask(site, asker, giver):
    """Ask a giver for a book; return the response, and the drift if there is one."""
    copy = copy_of(giver, now=now())
    answer = press(logged_in(asker), f"{site.url}/drift/{copy}", **ADDRESS)
    return answer, drift_of(copy)


def mailed(site, asker, giver, tracking=""):
    """Let a book be asked for and mailed a fortnight ago."""
    answer, drift = ask(site, asker, giver)
    assert answer.status_code == 303, page_of(answer).main.get_text(" ", strip=True)
    client = logged_in(giver)
    step(site, client, drift, "accept")
    press(client, f"{site.url}/drift/{drift}/mailed", tracking=tracking)
    pass_time(14 * DAY)
    return drift


def report(site, asker, *drifts):
    """Report books missing, all at the same time."""
    steps = [partial(step, site, logged_in(asker), drift, "missing") for drift in drifts]
    assert [answer.status_code for answer in at_once(steps)] == [303] * len(drifts)


def give_two_books(site, giver):
    """Let a reader have given enough to get four."""
    for _ in range(2):
        asker = reader(1)
        drift = mailed(site, asker, giver)
        assert step(site, logged_in(asker), drift, "received").status_code == 303
        pass_time(UNDO_WINDOW)


def test_a_second_missing_book_of_another_giver_ends_asking_until_one_is_settled(site):
    """Even of a reader who gives."""
    thief, givers = reader(3), [reader(0) for _ in range(3)]
    give_two_books(site, thief)
    beans = beans_of(thief)
    first = mailed(site, thief, givers[0])
    report(site, thief, first)
    second = mailed(site, thief, givers[1])
    report(site, thief, second)
    assert [beans_of(one) for one in (thief, *givers)] == [beans, 0, 0, 0]
    refused, _ = ask(site, thief, givers[2])

    assert refused.status_code in (403, 409)
    assert "missing" in page_of(refused).main.get_text()
    pass_time(150 * DAY)
    assert ask(site, thief, givers[2])[0].status_code == refused.status_code
    assert step(site, logged_in(thief), first, "received").status_code == 303
    assert state_of(first) == "received"
    assert beans_of(givers[0]) == 2  # with the one for a first book
    assert ask(site, thief, givers[2])[0].status_code == 303


def test_missing_books_count_as_received(site):
    """Two of the same giver do not prevent asking, but two books count as received and none was given."""
    thief, giver = reader(5), reader(0)
    for _ in range(2):
        report(site, thief, mailed(site, thief, giver))
    refused, drift = ask(site, thief, reader(0))

    assert drift is None
    assert "given 0" in page_of(refused).main.get_text(" ", strip=True)


def test_ten_requests_at_the_moment_of_a_report_are_one_at_most(site):
    thief = reader(5)
    report(site, thief, mailed(site, thief, reader(0)))
    last = mailed(site, thief, reader(0))
    copies = [copy_of(reader(0), now=now()) for _ in range(10)]
    asks = [partial(press, logged_in(thief), f"{site.url}/drift/{copy}", **ADDRESS) for copy in copies]
    answers = at_once([partial(step, site, logged_in(thief), last, "missing"), *asks])

    assert answers[0].status_code == 303
    assert Counter(answer.status_code for answer in answers[1:])[303] == 0


@pytest.mark.parametrize(("is_known", "words"), [("asker", "says that 1 did not arrive"), ("giver", "missing")])
def test_both_sides_see_what_was_missing(site, is_known, words):
    thief, giver = reader(5), reader(0)
    give_two_books(site, thief if is_known == "asker" else giver)  # nothing is said of fewer than three exchanges
    report(site, thief, mailed(site, thief, giver))
    page = page_of(logged_in(reader(0)).get(f"{site.url}/user/{thief if is_known == 'asker' else giver}", timeout=60))

    assert words in page.main.get_text()


def test_the_pool_makes_a_giver_whole_once_a_year_and_a_book_that_turns_up_pays_nothing_more(site):
    """Two accomplices: one invents tracking numbers, the other reports the books missing."""
    giver, askers = reader(0), [reader(1), reader(1)]
    drifts = []
    for asker in askers:
        drifts.append(mailed(site, asker, giver, "SF1234567890"))
        report(site, asker, drifts[-1])
    assert [beans_of(one) for one in (giver, *askers)] == [1, 1, 1]
    assert step(site, logged_in(askers[0]), drifts[0], "received").status_code == 303
    pass_time(4 * DAY)

    assert beans_of(askers[0]) == 0
    db.session.rollback()
    made = select(BeanTransfer.reason).where(BeanTransfer.source == "pool", BeanTransfer.target == f"reader:{giver}")
    assert Counter(db.session.scalars(made))["made_whole"] == 1
    assert beans_of(giver) == 1
    assert_audit_is_clean()
