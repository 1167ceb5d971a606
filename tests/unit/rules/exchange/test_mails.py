"""Which mails are out of date."""

import pytest

from app.rules.exchange.drift import DriftState, MailKind
from app.rules.exchange.mails import MAIL_DELAY, OF_A_LOAN, TELLS, is_overtaken, was_never_told
from app.rules.exchange.steps import STEPS, lent


def test_each_letter_of_a_step_tells_of_the_state_that_the_step_leads_to():
    told = {kind: step.to for steps in STEPS.values() for step in steps.values() for _, kind in step.mails}
    loans = [lent(state, action, step) for steps in STEPS.values() for (state, action, _), step in steps.items()]
    told |= {kind: step.to for step in loans for _, kind in step.mails}
    told |= {said: TELLS[kind] for kind, said in OF_A_LOAN.items()}
    no_steps = {MailKind.ARRIVED: DriftState.RECEIVED, MailKind.ADDRESS_CHANGED: DriftState.ACCEPTED}
    after_receipt = [MailKind.THANKED, MailKind.COMPLAINED, MailKind.BEAN_BACK, MailKind.DISAGREED]
    after_receipt += [MailKind.COMPLAINT_PAID, MailKind.COMPLAINT_LEFT]
    no_steps |= dict.fromkeys(after_receipt, DriftState.RECEIVED)
    assert told | no_steps == TELLS


@pytest.mark.parametrize("state", DriftState)
def test_a_letter_is_overtaken_in_every_other_state(state):
    assert is_overtaken(MailKind.ASKED, None, state, 5) is (state is not DriftState.WAITING)


def test_a_letter_of_a_step_that_was_undone_is_overtaken_even_if_the_step_is_taken_again():
    assert is_overtaken(MailKind.MAILED, 5, DriftState.MAILED, 8)
    assert not is_overtaken(MailKind.MAILED, 8, DriftState.MAILED, 8)


def test_who_was_never_told_of_a_beginning_is_told_of_an_end_only_after_ten_minutes():
    assert MAIL_DELAY == 600
    assert was_never_told(1000, 1599)
    assert not was_never_told(1000, 1600)
