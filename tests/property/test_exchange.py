"""Random histories of the exchange: replays, undo, edits, circles, expiries, closed accounts, sleep, clocks.

What holds after each step is in `what_holds`. Nobody exceeds the ratio when asking, and after each run of the clock no
reader waits beside a copy that could be offered to them.
`FISHER_TEST_HISTORIES` sets how many histories are tried on each database.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from sqlalchemy import select

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.drift import CopyState, DriftState, Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import NothingToUndo
from app.rules.exchange.undo import UNDO_WINDOW
from app.rules.exchange.way import Terms, in_order
from app.rules.exchange.wish_queue import find_offer_refusal
from app.rules.exchange.wish_scope import WishScope, is_covered
from app.rules.refusal import Refusal
from app.services.account import away
from app.services.account.pool import run_pool, wake
from app.services.bean.pool import insure
from app.services.bean.transfers import reward_confirmation
from app.services.circle import joining
from app.services.copy.keeping import keep_copy
from app.services.correction.cancel import cancel_promise
from app.services.correction.edit import change_address, change_tracking, edit_gift
from app.services.correction.undo import undo_step
from app.services.delivery.hand_over import find_code
from app.services.delivery.places import close_place
from app.services.errors import NotFound
from app.services.exchange import drift, gift, lending, wish
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.leaving import end_exchanges
from app.services.exchange.wish_queue import find_wishers
from app.services.shelf.keeping import forget_copy, make_private, offer_copy
from config import Testing
from tests.circles import circle
from tests.exchange import GONE, HOME, NOW, THURSDAY, book, delivery, editions, id_of, list_left_out, place, reader
from tests.known_tables import KnownTables
from tests.property.what_holds import WhatAlwaysHolds

HISTORIES = int(os.environ.get("FISHER_TEST_HISTORIES", "10"))
SCOPE = st.sampled_from(WishScope)
WHO, WHICH = st.integers(0, 4), st.integers(0, 7)
WAY = st.sampled_from(Way)
HANDED_OVER = {Way.POST: "mailed", Way.MEET: "met", Way.PLACE: "left"}
PRESSED = {
    "accept": lambda who, which, now: drift.accept_request(who, which, now, THURSDAY),
    "reject": drift.reject_request,
    "cancel": lambda who, which, now: cancel_promise(who, which, GONE, now),
    "withdraw": lambda who, which, now: cancel_promise(who, which, replace(GONE, is_copy_withdrawn=True), now),
    "undo": undo_step,
    "redraw": drift.redraw_request,
    "mailed": lambda who, which, now: drift.confirm_mailed(who, which, "", now),
    "received": drift.confirm_received,
    "missing": drift.report_missing,
    "hand_over": lambda who, which, now: drift.hand_over(who, which, find_code(which) or "", now),
    "met": drift.confirm_met,
    "left": drift.confirm_left,
    "absent": drift.report_absent,
    "object": drift.object_to,
    "extend": lending.extend_loan,
    "give_back": lending.say_given_back,
    "returned": lending.confirm_returned,
    "lost": lending.report_lost,
    "pass_on": lending.pass_on,
    "call_home": lending.call_home,
}
BY_RIGHT = ["accept", "cancel", "mailed", "hand_over", "met", "left", "absent", "received", "object"]
BY_RIGHT += ["extend", "give_back", "returned", "pass_on", "call_home"]
AMONG = st.sampled_from([(), (), (), (0,), (1,), (0, 1)])
"""For which of the two circles a copy is, of which the second needs no beans; for everybody without any."""
LEND = st.sampled_from([None, None, 7, 30])
OF_ASKER = {"received": True, "extend": True, "give_back": True, "pass_on": True}


class Exchanges(WhatAlwaysHolds):
    """Five readers, three editions of a work and another book, and all actions of readers and of the clock."""

    first: tuple[list[int], ...] | None = None

    @initialize()
    def same_site(self):
        self.now, self.held = NOW, {}
        if self.first is not None:
            self.tables.put_back()
            self.places, self.books, self.readers, self.circles = map(list, self.first)
            return
        self.places = [place(), place()]
        self.books = [*map(id_of, editions()), id_of(book())]
        self.readers = [reader(beans) for beans in (0, 1, 2, 5, 8)]
        for newcomer in self.readers[:3]:
            with db.auto_commit():
                reward_confirmation(newcomer, NOW)
        self.circles = [
            circle(*self.readers[:3], door="open"),
            circle(*self.readers[2:], door="open", ways="meet", needs_beans=False),
        ]
        type(self).first = list(self.places), list(self.books), list(self.readers), list(self.circles)
        for who, lend in ((0, None), (0, 7), (1, None), (1, 7)):
            self.offer(who, who, list(Way), lend)
        self.tables.keep()

    def try_to(self, action, *arguments):
        """Call an action that may be refused; any other exception is a fault."""
        try:
            return action(*arguments)
        except (Refusal, NotFound):
            return None

    def pick(self, model, place):
        ids = db.session.scalars(select(model.id).order_by(model.id.desc())).all()
        return ids[place % len(ids)] if ids else 1

    @rule(who=WHO, which=WHICH, ways=st.lists(st.sampled_from(Way), min_size=1, unique=True), lend=LEND)
    def offer(self, who, which, ways, lend=None):
        places = tuple(self.places[: 1 + which % 2]) if Way.PLACE in ways else ()
        book_id, terms = self.books[which % 4], Terms(in_order(ways), "", places, lend, goes_on=True)
        done = self.try_to(gift.offer_gift, self.readers[who], book_id, Condition.GOOD, "", None, self.now, terms)
        if done is not None:
            self.nobody_was_passed_over(db.session.get_one(Gift, done))

    def nobody_was_passed_over(self, copy):
        """Whoever has waited longer than the reader to whom the copy is offered can not be offered it.

        While its giver is away it is offered to nobody.
        """
        if db.session.get_one(User, copy.giver_id).is_away(self.now):
            return
        chosen = db.session.get(Wish, copy.offered_wish_id) if copy.offered_wish_id else None
        for waiting in db.session.scalars(select(Wish).where(Wish.state == "open")).all():
            wished, given = db.session.get_one(Book, waiting.book_id), db.session.get_one(Book, copy.book_id)
            came_first = chosen is None or (waiting.create_time, waiting.id) < (chosen.create_time, chosen.id)
            is_other = chosen is None or waiting.user_id != chosen.user_id
            if came_first and is_other and is_covered(waiting.scope, wished, given):
                for wisher in find_wishers(copy, [waiting], self.now):
                    assert find_offer_refusal(wisher, copy.giver_id) is not None

    @rule(who=WHO, which=WHICH, copies=st.sampled_from([1, 1, 8]), way=WAY)
    def ask(self, who, which, copies, way):
        for one in range(which, which + copies):
            self.request(self.readers[who], one, way)

    @rule(who=WHO, which=WHICH, way=WAY)
    def get_a_book(self, who, which, way):
        asker = self.readers[who]
        if (id := self.request(asker, which, way)) is not None:
            giver = db.session.get_one(Drift, id).giver_id
            for side, action in ((giver, "accept"), (giver, HANDED_OVER[way]), (asker, "received")):
                self.try_to(PRESSED[action], side, id, self.now)  # a promise cancelled lately counts

    def request(self, asker, which, way):
        copy = self.pick(Gift, which)
        done = self.try_to(drift.request_book, asker, copy, delivery(way, copy), "", self.now)
        if done is not None:
            facts = get_asker_facts(asker, self.now)
            is_late = ("missing", "lent", "given_back")
            late = sum(row.to_state == "received" and row.from_state in is_late for row in self.history(asker))
            paid = facts.received + facts.under_way - facts.got_free
            assert paid <= 2 * facts.gave + 2 + late
            assert facts.under_way <= 3
        return done

    def history(self, asker):
        mine = select(DriftEvent).join(Drift, Drift.id == DriftEvent.drift_id).where(Drift.asker_id == asker)
        return db.session.scalars(mine)

    @rule(who=WHO, which=WHICH, action=st.sampled_from(sorted(PRESSED)), again=st.booleans())
    def press(self, who, which, action, again):
        arguments = (self.readers[who], self.pick(Drift, which), self.now)
        self.try_to(PRESSED[action], *arguments)
        if again:
            with pytest.raises((Refusal, NotFound)):
                PRESSED[action](*arguments)

    @rule(which=WHICH, action=st.sampled_from(BY_RIGHT))
    def press_by_the_right_side(self, which, action):
        row = db.session.get(Drift, self.pick(Drift, which))
        if row is not None:
            claims = {"object": row.state not in ("no_giver", "given_back"), "absent": which % 2 == 0}
            is_askers = (OF_ASKER | claims).get(action)
            self.try_to(PRESSED[action], row.asker_id if is_askers else row.giver_id, row.id, self.now)

    @rule(which=WHICH, who=WHO, way=WAY, steps=st.integers(0, 4))
    def hand_a_borrowed_book_on(self, which, who, way, steps):
        """As far as the readers get with it: it is on offer, asked for, promised, on its way, or has arrived."""
        lent = db.session.scalars(select(Drift).where(Drift.state == DriftState.LENT).order_by(Drift.id)).all()
        if not lent:
            return
        row, next_reader = lent[which % len(lent)], self.readers[who]
        borrower, loan = row.asker_id, row.id
        self.try_to(wish.wish_for_book, next_reader, row.book_id, self.now)
        self.try_to(lending.pass_on, borrower, loan, self.now)
        listing = db.session.scalar(select(Gift.id).where(Gift.loan_id == loan, Gift.state == CopyState.OPEN))
        if listing is None or steps == 0:
            return
        done = self.try_to(drift.request_book, next_reader, listing, delivery(way, listing), "", self.now)
        if done is not None:
            onward = (borrower, "accept"), (borrower, HANDED_OVER[way]), (next_reader, "received")
            for side, action in onward[: steps - 1]:
                self.try_to(PRESSED[action], side, done, self.now)

    @rule(which=WHICH, later=st.sampled_from([0, 60, UNDO_WINDOW - 1, UNDO_WINDOW]))
    def take_the_last_step_back(self, which, later):
        """Whoever took it can do so within ten minutes; then everything is as it was, and there is nothing to undo."""
        waiting = db.session.scalars(select(Drift.id).where(Drift.undo_until.is_not(None)).order_by(Drift.id)).all()
        if not waiting:
            return
        row = db.session.get_one(Drift, waiting[which % len(waiting)])
        step = DriftEvent.find_last_steps([row.id])[row.id]
        actor, before = step.actor, (step.from_state, row.undo_since, row.undo_due)
        who, other = (row.asker_id, row.giver_id) if actor == "asker" else (row.giver_id, row.asker_id)
        id, until = row.id, row.undo_until
        self.now += later
        with pytest.raises((Refusal, NotFound)):
            undo_step(other, id, self.now)
        if self.now < until:
            undo_step(who, id, self.now)
            row = db.session.get_one(Drift, id)
            assert (row.state, row.state_time, row.due_time) == before
        with pytest.raises(NothingToUndo):
            undo_step(who, id, self.now)

    @rule(who=WHO, which=WHICH, ways=st.lists(st.sampled_from(Way), min_size=1, unique=True), lend=LEND, among=AMONG)
    def edit_a_copy(self, who, which, ways, lend, among):
        terms = Terms(in_order(ways), lend_days=lend, circles=tuple(self.circles[one] for one in among))
        self.try_to(edit_gift, self.readers[who], self.pick(Gift, which), Condition.WORN, "x", terms, self.now)

    @rule(who=WHO, which=WHICH, out=st.booleans())
    def go_into_a_circle_or_leave_it(self, who, which, out):
        reader_id, circle_id = self.readers[who], self.circles[which % 2]
        if out:
            self.try_to(joining.leave, reader_id, circle_id, self.now)
        else:
            self.try_to(joining.knock, reader_id, circle_id, "", self.now)

    @rule(which=WHICH, by_asker=st.booleans())
    def edit_an_exchange(self, which, by_asker):
        row = db.session.get(Drift, self.pick(Drift, which))
        if row is not None and by_asker:
            self.try_to(change_address, row.asker_id, row.id, HOME, self.now)
        elif row is not None:
            self.try_to(change_tracking, row.giver_id, row.id, "SF1")

    @rule(who=WHO, which=WHICH, back=st.booleans(), scope=SCOPE)
    def wish_or_take_back(self, who, which, back, scope):
        reader_id, book_id = self.readers[who], self.books[which % 4]
        if not back:
            self.try_to(wish.wish_for_book, reader_id, book_id, self.now, scope)
        elif (wish_id := wish.find_open_wish(reader_id, book_id)) is not None:
            before = db.session.get_one(Wish, wish_id)
            wished, since = before.book_id, before.create_time
            wish.withdraw_wish(reader_id, wish_id, self.now)
            if self.try_to(wish.wish_for_book, reader_id, wished, self.now) is not None:
                assert db.session.get_one(Wish, wish_id).state == "open"
                assert db.session.get_one(Wish, wish_id).create_time == since

    @rule(who=WHO, which=WHICH, scope=SCOPE)
    def change_a_wish(self, who, which, scope):
        id = self.pick(Wish, which)
        before = db.session.execute(select(Wish.create_time).where(Wish.id == id)).scalar()
        self.try_to(wish.change_scope, self.readers[who], id, scope, self.now)
        assert db.session.execute(select(Wish.create_time).where(Wish.id == id)).scalar() == before

    @rule()
    def refuse_the_edition_on_offer(self):
        offered = db.session.execute(select(Gift.id, Gift.offered_to).where(Gift.offered_to.is_not(None))).first()
        if offered is not None:
            self.try_to(wish.decline_offer, offered.offered_to, offered.id, self.now)

    @rule(who=WHO, which=WHICH)
    def grant_a_wish(self, who, which):
        self.try_to(wish.satisfy_wish, self.readers[who], self.pick(Wish, which), self.now)

    @rule(who=WHO, which=WHICH, back=st.booleans())
    def withdraw_or_bring_back(self, who, which, back):
        action = gift.bring_back_gift if back else gift.withdraw_gift
        self.try_to(action, self.readers[who], self.pick(Gift, which), self.now)

    @rule(who=WHO, which=WHICH, act=st.sampled_from([keep_copy, offer_copy, make_private, forget_copy]))
    def tidy_the_shelf(self, who, which, act):
        reader_id = self.readers[who]
        self.try_to(act, reader_id, self.pick(Book if act is keep_copy else Copy, which), self.now)

    @rule(days=st.sampled_from([0, 1, 2, 5, 7, 14, 31, 60]), back=st.booleans())
    def let_time_pass(self, days, back):
        self.now += -DAY if back and days == 0 else days * DAY
        self.run_the_clock()

    @rule(seconds=st.sampled_from([1, 300, UNDO_WINDOW]))
    def let_minutes_pass(self, seconds):
        self.now += seconds
        self.run_the_clock()

    def run_the_clock(self):
        assert run_deadlines(self.now).stuck == []
        assert list_left_out(self.now) == []
        late = select(Drift.id).where(Drift.undo_until <= self.now)
        assert db.session.scalars(late).all() == [], "what can not be undone any more has had its effects"

    @rule(silent=st.lists(WHO, unique=True), days=st.sampled_from([0, 31, 180]))
    def let_the_pool_work(self, silent, days):
        """Those who are silent may fall asleep, the others are here; a second run at the same time does nothing."""
        self.now += days * DAY
        self.run_the_clock()
        here = [reader for who, reader in enumerate(self.readers) if who not in silent]
        for reader_id in here:
            self.come_back(reader_id)
        before = self.balances()
        run_pool(self.now)
        after = self.balances()
        for reader_id, (beans, asleep) in after.items():
            if asleep and not before[reader_id][1]:
                assert (beans, asleep) == (0, before[reader_id][0])
                assert reader_id not in here
        again = run_pool(self.now)
        assert (again.asleep, again.helped) == (0, 0)

    @rule(who=WHO)
    def give_a_sign_of_life(self, who):
        self.come_back(self.readers[who])

    def come_back(self, reader_id):
        beans, asleep = self.balances()[reader_id]
        with db.auto_commit():
            db.session.get_one(User, reader_id).last_seen = self.now
            db.session.flush()
            wake(reader_id, self.now)
        assert self.balances()[reader_id] == (beans + asleep, 0)

    def balances(self):
        db.session.rollback()
        rows = db.session.execute(select(User.id, User.beans, User.asleep_beans))
        return {id: (beans, asleep) for id, beans, asleep in rows}

    @rule(which=WHICH)
    def decide_that_a_book_is_not_as_described(self, which):
        received = select(Drift).where(Drift.state == DriftState.RECEIVED, Drift.asker_id.in_(self.readers))
        rows = db.session.scalars(received.order_by(Drift.id)).all()
        if rows:
            row = rows[which % len(rows)]
            with db.auto_commit():
                insure(row, self.now)
            with db.auto_commit():
                assert not insure(row, self.now)

    @rule(which=WHICH, closed=st.booleans())
    def close_or_open_a_place(self, which, closed):
        close_place(self.places[which % 2], closed)

    @rule(who=WHO, days=st.sampled_from([0, 1, 3, 20, 60]))
    def go_away_or_come_back(self, who, days):
        if days:
            day = datetime.fromtimestamp(self.now, UTC).date() + timedelta(days + 1)
            self.try_to(away.go_away, self.readers[who], day, "", self.now)
        else:
            away.come_back(self.readers[who], self.now)

    @rule(who=WHO)
    def leave(self, who):
        with db.auto_commit():
            end_exchanges(self.readers[who], self.now)
            db.session.get_one(User, self.readers[who]).delete()
        self.readers[who] = reader(2)


def test_no_history_makes_or_loses_a_bean_or_gives_a_copy_twice(any_database_uri, tmp_path):
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=any_database_uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
    with app.app_context():
        db.create_all()
        Exchanges.tables, Exchanges.first = KnownTables(db.engine), None
        run_state_machine_as_test(
            Exchanges,
            settings=settings(
                max_examples=HISTORIES,
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
                print_blob=True,
            ),
        )
        db.session.remove()
        db.engine.dispose()
