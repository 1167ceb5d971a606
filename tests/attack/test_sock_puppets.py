"""5: one person with several accounts, who passes beans between them."""

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.bean import BeanTransfer
from app.rules.clock import DAY
from app.rules.exchange.undo import UNDO_WINDOW
from app.services.account.pool import run_pool
from app.services.bean.transfers import grant_beans
from tests.attack.people import (
    ADDRESS,
    confirming_link,
    drift_of,
    email_of,
    logged_in,
    newcomer,
    press,
    register,
    sign_up,
    state_of,
    step,
    visitor,
    who_has,
)
from tests.attack.time_travel import pass_time
from tests.exchange import assert_audit_is_clean, beans_of, copy_of, reader
from tests.factories import PASSWORD
from tests.web.server import at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]


def hand_over(site, giver, asker, hasty=True):
    """Let a book pass from one account to another, as fast as possible or with two days between the steps.

    Returns False if it cannot be asked for.
    """
    copy = copy_of(giver, now=now())
    if press(logged_in(asker), f"{site.url}/drift/{copy}", **ADDRESS).status_code != 303:
        return False
    drift = drift_of(copy)
    for who, action in ((giver, "accept"), (giver, "mailed"), (asker, "received")):
        if not hasty:
            pass_time(2 * DAY)
        assert step(site, logged_in(who), drift, action).status_code == 303
    assert state_of(drift) == "received"
    if not hasty:
        pass_time(UNDO_WINDOW)
    return True


def rewards(*readers):
    """Return the reasons for which the mint has paid these readers."""
    db.session.rollback()
    accounts = [f"reader:{one}" for one in readers]
    paid = select(BeanTransfer.reason).where(BeanTransfer.source == "mint", BeanTransfer.target.in_(accounts))
    return Counter(db.session.scalars(paid))


def ledger_reasons(*readers):
    db.session.rollback()
    into = BeanTransfer.target.in_([f"reader:{one}" for one in readers])
    return set(db.session.scalars(select(BeanTransfer.reason).where(into)))


def test_three_accounts_that_pass_books_around_make_no_bean_in_a_hurry(site):
    one, two, three = puppets = [sign_up(site) for _ in range(3)]
    handed_on = 1
    while handed_on:
        handed_on = sum([hand_over(site, giver, asker) for giver, asker in ((one, two), (two, three), (three, one))])
        pass_time(3600)

    assert rewards(*puppets) == {"confirmed": 3}
    assert sum(map(beans_of, puppets)) == 0
    assert_audit_is_clean()


def test_nor_more_than_their_first_books_in_a_month(site):
    """The bean for a first book is paid once for each giver, and only if the receiver has dealt with a third reader."""
    one, two, three = puppets = [sign_up(site) for _ in range(3)]
    for _ in range(5):
        for giver, asker in ((one, two), (two, three), (three, one)):
            hand_over(site, giver, asker)
        pass_time(5 * DAY)

    assert rewards(*puppets) == {"confirmed": 3, "first_book": 3}
    assert sum(map(beans_of, puppets)) <= 6
    assert_audit_is_clean()


def test_two_accounts_that_give_each_other_books_make_no_bean_at_all(site):
    puppets = one, two = sign_up(site), sign_up(site)
    for _ in range(4):
        hand_over(site, one, two)
        hand_over(site, two, one)
        pass_time(5 * DAY)

    assert rewards(*puppets) == {"confirmed": 2}
    assert sum(map(beans_of, puppets)) == 2


def test_puppets_who_wait_for_a_week_earn_a_second_bean_each_at_most_once(site):
    """Each needs a mailbox, a week, and another account of the same age that has brought none before."""
    puppets = one, two, three = [sign_up(site) for _ in range(3)]
    pass_time(8 * DAY)
    for _ in range(3):
        for giver, asker in ((one, two), (two, three), (three, one), (two, one), (one, three)):
            copy = copy_of(giver, now=now())
            if press(logged_in(asker), f"{site.url}/drift/{copy}", **ADDRESS).status_code == 303:
                step(site, logged_in(asker), drift_of(copy), "redraw")
        pass_time(DAY)

    assert rewards(*puppets) == {"confirmed": 3, "first_request": 3}
    assert sum(map(beans_of, puppets)) == 6
    assert_audit_is_clean()


def test_two_accounts_that_give_each_other_books_get_nothing_from_the_pool(site):
    puppets = one, two = sign_up(site), sign_up(site)
    reader(9, last_seen=now() - 200 * DAY)
    hand_over(site, one, two)
    for _ in range(3):
        pass_time(31 * DAY)
        run_pool(now())
        hand_over(site, two, one)
        hand_over(site, one, two)

    assert sum(map(beans_of, puppets)) <= 2
    assert "from_pool" not in ledger_reasons(*puppets)
    assert_audit_is_clean()


def test_a_giver_is_paid_for_one_request_of_a_reader_who_has_never_given(site):
    """However slowly it is done, the beans of the others stay in escrow until that reader gives."""
    collector, feeder = sign_up(site), sign_up(site)
    grant_beans(feeder, 3, f"attack-{feeder}", now())
    books = [hand_over(site, collector, feeder, hasty=False) for _ in range(3)]
    pass_time(10 * DAY)

    assert books.count(True) == 2  # nobody receives more in advance
    assert beans_of(collector) == 1 + 1
    assert rewards(collector) == {"confirmed": 1}
    assert hand_over(site, feeder, reader(1), hasty=False)
    pass_time(2 * DAY)
    assert beans_of(collector) == 1 + 2 + 1  # an exchange with a third reader shows that the feeder is a person
    assert_audit_is_clean()


def close(site, email):
    client = logged_in(who_has(email))
    assert press(client, f"{site.url}/personal/delete", password=PASSWORD).status_code == 302


def sign_up_with(site, email):
    pass_time(DAY)
    assert register(site, newcomer()[0], email).status_code == 302
    assert press(visitor(), confirming_link(site, email)).status_code == 302
    return who_has(email)


SPELLINGS = {
    "the same": lambda email: email,
    "capitals": str.upper,
    "full width": lambda email: email.replace("newcomer", "ｎewcomer"),
    "a tag": lambda email: email.replace("@", "+books@"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_closing_an_account_and_registering_anew_brings_no_second_bean(site, spelling):
    email = newcomer()[1]
    assert beans_of(sign_up_with(site, email)) == 1
    close(site, email)

    assert beans_of(sign_up_with(site, SPELLINGS[spelling](email))) == 0


def test_nor_does_changing_the_address_first(site):
    email, other = newcomer()[1], newcomer()[1]
    who = sign_up_with(site, email)
    client = logged_in(who)
    assert press(client, f"{site.url}/change/email", email=other, password=PASSWORD).status_code == 302
    pass_time(DAY)
    link = confirming_link(site, other, "/change/email/")
    assert press(visitor(), link).status_code == 302
    assert email_of(who) == other

    assert beans_of(sign_up_with(site, email)) == 0


def test_a_book_is_received_once_by_ten_who_press_at_the_same_moment(site):
    giver, asker = sign_up(site), sign_up(site)
    copy = copy_of(giver, now=now())
    assert press(logged_in(asker), f"{site.url}/drift/{copy}", **ADDRESS).status_code == 303
    drift = drift_of(copy)
    for action in ("accept", "mailed"):
        assert step(site, logged_in(giver), drift, action).status_code == 303
    answers = at_once([partial(step, site, logged_in(asker), drift, "received") for _ in range(10)])

    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 9}
    pass_time(4 * DAY)
    assert beans_of(giver) == 2
    assert_audit_is_clean()


def test_a_bean_is_spent_once_by_ten_requests_at_the_same_moment(site):
    asker, copies = sign_up(site), [copy_of(reader(0), now=now()) for _ in range(10)]
    answers = at_once([partial(press, logged_in(asker), f"{site.url}/drift/{copy}", **ADDRESS) for copy in copies])

    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 9}
    assert beans_of(asker) == 0
    assert sum(drift_of(copy) is not None for copy in copies) == 1


def test_operators_are_told_of_rings(site):
    puppets = one, two, three = [sign_up(site) for _ in range(3)]
    for giver, asker in ((one, two), (two, three), (three, one)):
        hand_over(site, giver, asker)
    result = site.app.test_cli_runner().invoke(args=["beans", "suspects"])

    assert result.exit_code in (0, 1)
    for puppet in puppets:
        assert str(puppet) in result.output
