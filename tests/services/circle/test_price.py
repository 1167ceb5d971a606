"""Circles that need no beans: what a copy costs there, and what such exchanges count for."""

import pytest

from app.mail.exchange import MAIL_TEXTS, mail_text_of
from app.models.base import db
from app.models.circle import Circle
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.circle.circle import Door, MemberState
from app.rules.clock import DAY
from app.rules.exchange.drift import OF_BEANS, MailKind, Way
from app.rules.exchange.refusals import GiveBeforeAskingAgain, NotEnoughBeans
from app.rules.trust.complaint import Fault
from app.services.bean.pool import insure
from app.services.circle.founding import CircleFacts, change_circle
from app.services.correction.undo import undo_step
from app.services.exchange import drift, lending
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.looking_again import look_for_readers
from app.services.exchange.mails import find_mail_facts
from app.services.exchange.trust import facts_of
from app.services.trust import complaint as complaints
from app.services.trust.complaint import answer_complaint, complain
from app.web.display.drift_words import DEADLINES, STATES
from app.web.display.free_words import FREE_DEADLINES, FREE_STATES
from tests.circles import put_in
from tests.exchange import (
    NOW,
    ask,
    assert_audit_is_clean,
    beans_of,
    book,
    copy_of,
    exchange,
    ledger_balances,
    make_certain,
    reader,
    receive,
    wish_for,
)
from tests.services.circle.test_inside import club, copy_in, of

pytestmark = pytest.mark.usefixtures("app_context")


def free_exchange(**said):
    """Ask for a copy in a circle without beans; return the asker, the giver and the drift."""
    giver, asker = reader(0), reader(0)
    here, _ = club(giver, asker, needs_beans=False)
    return asker, giver, ask(asker, copy_in(giver, here, **said))


def drift_of(drift_id):
    db.session.rollback()
    return db.session.get_one(Drift, drift_id)


def nothing_moved(*readers):
    assert_audit_is_clean()
    return not any(ledger_balances().values()) and not any(map(beans_of, readers))


def give(asker, giver, drift_id):
    drift.accept_request(giver, drift_id, NOW)
    drift.confirm_mailed(giver, drift_id, "SF1", NOW)
    make_certain(drift_id)
    receive(asker, drift_id)


def test_members_have_a_copy_of_their_circle_without_a_bean():
    asker, giver, id = free_exchange()
    assert drift_of(id).beans == 0
    give(asker, giver, id)
    assert (drift_of(id).state, drift_of(id).pay_from) == ("received", None)
    assert nothing_moved(asker, giver)


def test_a_copy_costs_its_bean_outside_and_for_who_shares_only_a_circle_that_needs_beans():
    giver, poor = reader(0), reader(0)
    free, _ = club(giver, poor, needs_beans=False)
    other, _ = club(giver)
    with pytest.raises(NotEnoughBeans):
        ask(poor, copy_of(giver))
    member, both = reader(1), copy_in(giver, free, other)
    put_in(other, member)
    assert drift_of(ask(member, both)).beans == 1
    assert drift_of(ask(poor, copy_in(giver, free, other))).beans == 0


def test_the_price_is_the_one_at_asking():
    asker, giver, id = free_exchange()
    with db.auto_commit():
        db.session.query(Circle).one().needs_beans = True
    give(asker, giver, id)
    assert nothing_moved(asker, giver)


def test_books_without_a_bean_do_not_count_for_the_ratio_but_for_what_is_known_of_readers():
    giver, asker = reader(0), reader(3)
    here, _ = club(giver, asker, needs_beans=False)
    for _ in range(3):
        give(asker, giver, ask(asker, copy_in(giver, here)))
    facts = get_asker_facts(asker, NOW)
    assert (facts.received, facts.got, facts.is_newcomer) == (3, 0, False)
    assert get_asker_facts(giver, NOW).gave == 0
    assert facts_of(giver).given == 3
    ask(asker, copy_of(reader(0)))
    ask(asker, copy_of(reader(0)))
    assert get_asker_facts(asker, NOW).got == 2
    with pytest.raises(GiveBeforeAskingAgain):
        ask(asker, copy_of(reader(0)))
    other = reader(0)
    put_in(here, other)
    assert ask(asker, copy_in(other, here)), "inside, the ratio does not count"


@pytest.mark.parametrize("end", ["reject", "redraw", "missing", "lapse"])
def test_whatever_becomes_of_it_nothing_is_held_and_nothing_comes_back(end):
    asker, giver, id = free_exchange()
    if end == "missing":
        drift.accept_request(giver, id, NOW)
        drift.confirm_mailed(giver, id, "SF1", NOW)
        make_certain(id)
        drift.report_missing(asker, id, NOW + 20 * DAY)
        assert nothing_moved(asker, giver), "nobody is made whole for no bean"
        drift.confirm_received(asker, id, NOW + 21 * DAY)
    elif end == "lapse":
        run_deadlines(NOW + 30 * DAY)
    else:
        {"reject": (drift.reject_request), "redraw": drift.redraw_request}[end](
            giver if end == "reject" else asker, id, NOW
        )
        make_certain(id)
    assert drift_of(id).open_gift_id is None
    assert nothing_moved(asker, giver)


def test_a_receipt_is_undone_and_a_hasty_one_waits_for_nothing():
    asker, giver, id = free_exchange()
    drift.accept_request(giver, id, NOW)
    drift.confirm_mailed(giver, id, "", NOW)
    make_certain(id)
    drift.confirm_received(asker, id, NOW + 1)
    assert drift_of(id).pay_from is None
    undo_step(asker, id, NOW + 2)
    assert drift_of(id).state == "mailed"
    drift.confirm_received(asker, id, NOW + 3)
    run_deadlines(NOW + 3 + DAY)
    assert (drift_of(id).undo_until, drift_of(id).pay_from) == (None, None)
    assert nothing_moved(asker, giver)


@pytest.mark.parametrize("end", ["returned", "lost by the borrower", "lost by the lender", "kept"])
def test_a_loan_has_no_deposit(end):
    asker, giver, id = free_exchange(lend_days=30)
    give(asker, giver, id)
    assert drift_of(id).state == "lent"
    if end == "returned":
        lending.confirm_returned(giver, id, NOW)
        make_certain(id)
    elif end == "kept":
        run_deadlines(NOW + 300 * DAY)
        run_deadlines(NOW + 600 * DAY)
    else:
        lending.report_lost(asker if "borrower" in end else giver, id, NOW)
    assert drift_of(id).state in ("returned", "lost", "received")
    assert nothing_moved(asker, giver)


def test_what_is_not_as_described_is_settled_without_a_bean():
    asker, giver, id = free_exchange()
    give(asker, giver, id)
    complain(asker, id, Fault.PAGES, "pages are missing", NOW + 700)
    assert complaints.find_complaint_page(giver, id, NOW + 700).is_free
    answer_complaint(giver, id, True, "", NOW + 800)
    with db.auto_commit():
        insure(drift_of(id), NOW)
    assert nothing_moved(asker, giver)


def test_books_without_a_bean_earn_none():
    """Two accounts could hand each other as many as they like."""
    asker, giver, id = free_exchange()
    give(asker, giver, id)
    third = reader(0)
    with db.auto_commit():
        put_in(db.session.query(Circle.id).scalar(), third)
    back = ask(third, copy_in(asker, db.session.query(Circle.id).scalar()))
    give(third, asker, back)
    assert nothing_moved(asker, giver, third)


def test_the_queue_offers_a_copy_without_a_bean_to_who_has_none():
    giver, poor = reader(0), reader(0)
    here, steward = club(giver, poor)
    isbn = book()
    wish_for(poor, isbn)
    copy = copy_in(giver, here, isbn=isbn)
    look_for_readers(NOW, 100)
    assert of(copy) == ("open", None)
    change_circle(steward, here, CircleFacts("圈子", "", Door.OPEN, needs_beans=False), NOW)
    look_for_readers(NOW, 100)
    assert of(copy) == ("open", poor)
    assert get_asker_facts(poor, NOW).got == 0, "an offer of it does not count, either"
    assert find_mail_facts(MailKind.OFFERED, poor, None, copy).is_free
    assert drift_of(ask(poor, copy)).beans == 0
    put_in(here, poor, MemberState.LEFT)


def test_nothing_is_said_of_beans_where_none_are_needed():
    kept = {"drift_arrived", *OF_BEANS}  # the first is for payments that wait
    for kind in MAIL_TEXTS.keys() - kept:
        said = mail_text_of(kind, is_free=True)
        assert "bean" not in f"{said.subject} {said.text}".replace("no beans are needed", "").replace(
            "No beans are needed", ""
        )
    for table, free in ((STATES, FREE_STATES), (DEADLINES, FREE_DEADLINES)):
        assert free.keys() <= table.keys()
        assert not [key for key, words in (table | free).items() if "bean" in str(words)]


def test_other_exchanges_are_as_they_were():
    done = exchange("received", way=Way.POST)
    assert (drift_of(done.drift).beans, beans_of(done.giver)) == (1, 1)
    assert db.session.get_one(Gift, done.gift).state == "given"
