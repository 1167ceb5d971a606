import pytest

from app.rules.account.role import Role, may_act_as


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("reader", {Role.READER}),
        ("moderator", {Role.READER, Role.MODERATOR}),
        ("operator", {Role.READER, Role.MODERATOR, Role.OPERATOR}),
        ("steward", {Role.READER}),
        ("", {Role.READER}),
    ],
)
def test_a_role_may_do_what_those_below_it_may_and_an_unknown_one_what_readers_may(role, may):
    assert {needed for needed in Role if may_act_as(role, needed)} == may
