import pytest

from app.rules.door.proof import MOST_BITS, bits_for, is_answer, is_proof, wait_for

SALT = "0123456789abcdef01234567"
PROVEN = next(str(number) for number in range(100_000) if is_proof(SALT, str(number), 8))


def test_a_number_proves_the_work_for_its_salt_and_for_less_but_not_for_another():
    assert is_proof(SALT, PROVEN, 8)
    assert is_proof(SALT, PROVEN, 4)
    assert not is_proof(SALT, PROVEN, 40)
    assert sum(is_proof(SALT[::-1], str(int(PROVEN) + n), 8) for n in range(3)) < 3


@pytest.mark.parametrize("number", ["", " ", f" {PROVEN}", f"{PROVEN}\n", "-1", "1e5", "０", "x", "9" * 13, "9" * 5000])
def test_what_is_no_number_proves_nothing(number):
    assert not is_proof(SALT, number, 1)


def test_the_work_grows_while_many_register():
    assert [bits_for(16, recent) for recent in (0, 10, 11, 20, 21, 40, 10**6)] == [16, 16, 17, 17, 18, 18, 22]
    assert [bits_for(0, recent) for recent in (0, 1000)] == [0, 0]
    assert bits_for(22, 10**6) == MOST_BITS
    assert [wait_for(recent) for recent in (0, 11, 10**6)] == [20, 40, 320]


@pytest.mark.parametrize("said", ["鱼", "魚", " 鱼。", "Fish", "ＦＩＳＨ", "fish!"])
def test_an_answer_is_right_in_every_spelling(said):
    assert is_answer(said, ("鱼", "fish"))


@pytest.mark.parametrize("said", ["", " ", "。", "fishes", "鱼书"])
def test_another_answer_is_wrong(said):
    assert not is_answer(said, ("鱼", "fish", "。"))
