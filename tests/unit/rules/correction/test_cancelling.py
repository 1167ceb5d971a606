"""What a giver says who cannot keep a promise."""

from app.rules.correction.cancelling import LONGEST_EXPLANATION, Cancelling, CancelReason


def test_stored_reasons_stay_the_same():
    assert " ".join(CancelReason) == "no_time gone no_answer other"


def test_a_giver_need_not_say_more_than_a_reason_and_keeps_the_copy_on_the_shelf():
    assert Cancelling(CancelReason.GONE) == Cancelling(CancelReason.GONE, words="", is_copy_withdrawn=False)
    assert LONGEST_EXPLANATION == 200
