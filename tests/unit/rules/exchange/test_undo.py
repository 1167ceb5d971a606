"""Who can take a step back, and until when."""

import pytest

from app.rules.exchange.drift import Action, DriftState, Role
from app.rules.exchange.mails import MAIL_DELAY
from app.rules.exchange.refusals import NothingToUndo, NotYourMove
from app.rules.exchange.undo import UNDO_WINDOW, LastStep, ensure_may_undo

STEP = LastStep(DriftState.ACCEPTED, Action.MAILED, Role.GIVER, 1000)


def test_a_step_can_be_undone_for_ten_minutes_and_its_mail_is_not_sent_before():
    assert UNDO_WINDOW == 600 <= MAIL_DELAY


def test_who_took_the_step_can_undo_it_until_the_time_is_over():
    ensure_may_undo(STEP, Role.GIVER, 999)
    with pytest.raises(NothingToUndo):
        ensure_may_undo(STEP, Role.GIVER, 1000)


def test_the_other_side_can_not_undo_it():
    with pytest.raises(NotYourMove) as refused:
        ensure_may_undo(STEP, Role.ASKER, 999)
    assert vars(refused.value) == {"action": "undo", "role": "asker"}


@pytest.mark.parametrize("role", Role)
def test_a_step_that_can_not_be_undone_is_nobodys_to_undo(role):
    with pytest.raises(NothingToUndo):
        ensure_may_undo(LastStep(DriftState.WAITING, Action.REDRAW, Role.ASKER, None), role, 0)
