"""What holds in a history of the exchange, whatever its readers do: beans, copies, requests, offers and letters.

No bean is created or lost, no balance is negative, a copy has at most one request under way and is given once, escrow
is filled and released once for each request, nothing is paid, offered or told of a step while it can be undone. What is
for circles alone is offered to their members alone, and what is lent stays its lender's, whoever hands it on.
"""

import json
from collections import Counter, defaultdict
from functools import lru_cache, wraps
from itertools import pairwise

from hypothesis.stateful import RuleBasedStateMachine, invariant

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.circle import GiftCircle, Membership
from app.models.copy import Copy
from app.models.drift import Drift, DriftEvent
from app.models.encrypted import unseal
from app.models.gift import Gift, WishOffer
from app.models.hand_over import HandOver
from app.models.outbox import Outbox
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.drift import TO_HAND_OVER, UNDER_WAY, CopyState, DriftState, MailKind, Role, Way, facts_of
from app.rules.exchange.listing import WITHDRAWABLE
from app.services.bean.audit import audit_beans
from app.services.exchange import trust
from app.services.exchange.mails import EXCHANGE_MAIL, find_mail_facts
from tests.known_tables import KnownTables
from tests.recount import recount_answer, recount_facts


@lru_cache(maxsize=1_000)
def unsealed(payload):
    return json.loads(unseal(payload))


def after_writing(check):
    """An invariant that is checked after each step that wrote: the other steps left everything as it was."""

    @wraps(check)
    def check_what_was_written(self):
        if self.held.get(check.__name__) != self.tables.writes:
            db.session.rollback()
            check(self)
            self.held[check.__name__] = self.tables.writes

    return invariant()(check_what_was_written)


class WhatAlwaysHolds(RuleBasedStateMachine):
    """The checks; whoever adds rules stores the `readers`, the time as `now`, and in `held` which checks have held."""

    tables: KnownTables

    @after_writing
    def the_books_of_beans_are_right(self):
        assert audit_beans().faults == []

    @after_writing
    def what_is_told_of_readers_is_what_their_history_says(self):
        drifts, events = self.tables.rows(Drift), self.tables.rows(DriftEvent)
        since = {row.id: row.create_time for row in self.tables.rows(User)}
        for id, facts in trust.facts_of_askers(self.readers).items():
            assert facts == recount_facts(drifts, events, id, since[id])
        answerer = self.readers[self.tables.writes % len(self.readers)]
        assert trust.facts_of(answerer).answer_seconds == recount_answer(drifts, events, answerer)

    @after_writing
    def each_reader_has_each_reward_once_and_what_sleeps_is_owed(self):
        rewards = Counter((row.target, row.reason) for row in self.tables.rows(BeanTransfer) if row.source == "mint")
        once = [number for (_, reason), number in rewards.items() if reason.startswith(("first_", "confirmed"))]
        assert max(once, default=0) <= 1
        fell = Counter(row.source for row in self.tables.rows(BeanTransfer) if row.reason == "asleep")
        woke = Counter(row.target for row in self.tables.rows(BeanTransfer) if row.reason == "awake")
        for row in self.tables.rows(User):
            account = f"reader:{row.id}"
            assert fell[account] - woke[account] == (row.asleep_beans > 0) == (row.asleep_since is not None)

    @after_writing
    def nothing_is_paid_and_no_copy_is_free_while_a_step_can_be_undone(self):
        waiting = [row for row in self.tables.rows(Drift) if row.undo_until is not None]
        paid = {row.drift_id for row in self.tables.rows(BeanTransfer) if row.source == "escrow"}
        states = {row.id: row.state for row in self.tables.rows(Gift)}
        for row in waiting:
            assert row.id not in paid
            assert states[row.gift_id] == CopyState.RESERVED
            assert row.open_gift_id == row.gift_id

    @after_writing
    def no_letter_goes_for_a_step_that_can_be_or_was_undone(self):
        history = [event for event in self.tables.rows(DriftEvent) if event.from_state != event.to_state]
        undone = {
            (step.drift_id, step.create_time)
            for step, next_one in pairwise(sorted(history, key=lambda event: (event.drift_id, event.id)))
            if next_one.action == "undo" and next_one.drift_id == step.drift_id
        }
        drifts = {row.id: row for row in self.tables.rows(Drift)}
        for letter in self.tables.rows(Outbox):
            told = unsealed(letter.payload) if letter.kind == EXCHANGE_MAIL else {}
            if told.get("drift_id") is None:
                continue
            row, since = drifts[told["drift_id"]], told["since"]
            is_too_early = row.undo_until and since == row.state_time and letter.run_after < row.undo_until
            is_taken_back = (row.id, since) in undone and since != row.state_time  # unless taken again in that second
            if is_too_early or is_taken_back:
                said = find_mail_facts(MailKind(told["letter"]), told["user_id"], row.id, None, None, since)
                assert said is None

    @after_writing
    def no_bean_moves_for_a_book_that_costs_none(self):
        free = {row.id for row in self.tables.rows(Drift) if not row.beans}
        assert all(row.pay_from is None for row in self.tables.rows(Drift) if row.id in free)
        assert not free & {row.drift_id for row in self.tables.rows(BeanTransfer)}

    @after_writing
    def a_book_has_only_what_its_way_needs(self):
        for row in self.tables.rows(Drift):
            said = {Way.POST: row.address, Way.MEET: row.proposals, Way.PLACE: row.place_id}
            assert all(words is None for way, words in said.items() if way != row.way)

    @after_writing
    def only_a_drift_whose_sides_are_to_meet_has_a_code(self):
        meeting = [row for row in self.tables.rows(Drift) if row.way == Way.MEET]
        to_meet = {row.id for row in meeting if row.state in TO_HAND_OVER}
        may_meet_again = {row.id for row in meeting if row.undo_until is not None}
        assert to_meet <= {code.drift_id for code in self.tables.rows(HandOver)} <= to_meet | may_meet_again

    @after_writing
    def only_who_was_asked_and_did_not_answer_counts_as_absent(self):
        events = self.tables.rows(DriftEvent)
        said = {event.drift_id: event.actor for event in events if event.action == "absent"}
        absent = [row for row in self.tables.rows(Drift) if row.absent is not None]
        for row in absent:
            assert (row.state, row.way != Way.POST) == ("expired", True)
            assert {row.absent, said[row.id]} == {"asker", "giver"}
        assert {event.drift_id for event in events if event.action == "no_show"} == {row.id for row in absent}

    @after_writing
    def a_copy_has_one_request_under_way_and_is_given_once(self):
        drifts = self.tables.rows(Drift)
        under_way = Counter(row.gift_id for row in drifts if row.state in UNDER_WAY or row.undo_until)
        given = Counter(
            row.gift_id for row in drifts if row.state in ("received", "missing", "lost") and not row.undo_until
        )
        states = {row.id: row.state for row in self.tables.rows(Gift)}
        assert max([*under_way.values(), *given.values()], default=0) <= 1
        assert set(under_way) == {id for id, state in states.items() if state == CopyState.RESERVED}
        assert set(given) == {id for id, state in states.items() if state == CopyState.GIVEN}

    @after_writing
    def a_copy_is_listed_once_by_who_holds_it(self):
        copies = {row.id: row for row in self.tables.rows(Copy)}
        over = CopyState.GIVEN, CopyState.WITHDRAWN
        listed = [row for row in self.tables.rows(Gift) if row.state not in over]
        own = [row for row in listed if row.loan_id is None]
        assert len({row.copy_id for row in own}) == len(own)
        present = {row.id for row in self.tables.rows(User)}
        for row in listed:
            owner = row.lender_id or row.giver_id
            holder = owner if owner in present else None
            assert (copies[row.copy_id].holder_id, copies[row.copy_id].book_id) == (holder, row.book_id)
        for copy in copies.values():
            assert (copy.holder_id is not None) == (copy.state == "kept")

    @after_writing
    def a_lent_copy_stays_its_lenders_until_it_is_kept_or_lost(self):
        listings = {row.id: row for row in self.tables.rows(Gift)}
        copies = {row.id: row for row in self.tables.rows(Copy)}
        for row in self.tables.rows(Drift):
            copy = copies[listings[row.gift_id].copy_id]
            if row.state in ("lent", "given_back"):
                assert (copy.holder_id, copy.state) == (row.giver_id, "kept")
                assert row.lent_until >= row.create_time + row.lend_days * DAY
                assert {row.asker_id, row.giver_id} <= set(self.readers)
            elif row.state == "lost":
                assert copy.state != "kept"

    @after_writing
    def a_book_is_handed_on_only_while_it_is_lent_and_then_lent_by_the_same_lender(self):
        drifts, listings = ({row.id: row for row in self.tables.rows(table)} for table in (Drift, Gift))
        over = CopyState.GIVEN, CopyState.WITHDRAWN
        onward = [row for row in listings.values() if row.loan_id is not None and row.state not in over]
        assert len({row.loan_id for row in onward}) == len(onward)
        for row in onward:
            loan = drifts[row.loan_id]
            assert (loan.state, loan.asker_id, loan.giver_id) == ("lent", row.giver_id, row.lender_id)
            assert (row.copy_id, row.lend_days) == (listings[loan.gift_id].copy_id, loan.lend_days)
        for row in drifts.values():
            if row.loan_id is not None and (row.state in UNDER_WAY or row.undo_until is not None):
                assert drifts[row.loan_id].state == "lent"
            elif row.state == DriftState.PASSED_ON:
                assert drifts[row.loan_id].state == DriftState.RETURNED

    @after_writing
    def a_deadline_is_moved_by_at_most_21_days_and_only_for_its_giver(self):
        for row in self.tables.rows(Drift):
            assert 0 <= row.pause <= 21 * DAY
            assert row.pause == 0 or facts_of(DriftState(row.state), Way(row.way)).turn in (Role.GIVER, None)

    @after_writing
    def a_wish_is_open_once_and_offered_one_copy(self):
        wishes = Counter((row.user_id, row.book_id) for row in self.tables.rows(Wish) if row.state == "open")
        offers = Counter(row.offered_wish_id for row in self.tables.rows(Gift) if row.offered_wish_id is not None)
        assert max([*wishes.values(), *offers.values()], default=0) <= 1

    @after_writing
    def a_closed_copy_is_for_a_circle_of_its_giver_and_offered_to_a_member(self):
        members = {(row.circle_id, row.user_id) for row in self.tables.rows(Membership) if row.state == "in"}
        circles_of = defaultdict(set)
        for row in self.tables.rows(GiftCircle):
            circles_of[row.gift_id].add(row.circle_id)
        for row in self.tables.rows(Gift):
            assert row.is_closed or not circles_of[row.id]
            if row.is_closed and row.state in WITHDRAWABLE:
                assert circles_of[row.id] <= {id for id, reader_id in members if reader_id == row.giver_id}
                assert circles_of[row.id]
            if row.is_closed and row.offered_to is not None:
                assert any((id, row.offered_to) in members for id in circles_of[row.id])

    @after_writing
    def a_refused_edition_is_not_offered_again(self):
        wished = {row.id: row.book_id for row in self.tables.rows(Wish)}
        editions = {row.id: row.book_id for row in self.tables.rows(Gift)}
        refused = set()
        for offer in self.tables.rows(WishOffer):
            edition = editions.get(offer.gift_id)
            if edition is not None and wished.get(offer.wish_id, edition) != edition:
                assert (offer.wish_id, edition) not in refused
                if offer.refused:
                    refused.add((offer.wish_id, edition))
