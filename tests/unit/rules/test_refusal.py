"""Refusals have a status and a code."""

from app.rules.refusal import Refusal


def test_the_code_of_a_refusal_is_its_name_in_small_letters():
    class NoMoreOfIt(Refusal):
        pass

    assert (NoMoreOfIt.code, NoMoreOfIt.status) == ("no_more_of_it", 409)
