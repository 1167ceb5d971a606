"""Workers in which several readers change who belongs to a circle at the same moment, on MariaDB."""

from functools import partial

import pytest

from app.models.base import db
from app.models.circle import CircleInvitation, Membership
from app.models.drift import Drift
from app.rules.circle.circle import Door, MemberRole, MemberState
from app.rules.refusal import Refusal
from app.services.circle import joining, members
from app.services.circle.invitation import invite_to_circle
from app.services.errors import NotFound
from tests.circles import put_in
from tests.exchange import NOW, ask, assert_audit_is_clean, reader
from tests.processes import in_processes
from tests.services.circle.test_inside import club, copy_in

pytestmark = [pytest.mark.slow, pytest.mark.mariadb, pytest.mark.usefixtures("app_context")]


@pytest.fixture
def app_uri(mariadb_uri_with_tables):
    return mariadb_uri_with_tables


def attempt(action, *arguments):
    """Do something that may come too late; any other fault, such as a deadlock, is one."""
    try:
        action(*arguments)
    except (Refusal, NotFound):
        return


def stewards_of(circle_id):
    db.session.rollback()
    mine = {"circle_id": circle_id, "state": MemberState.IN, "role": MemberRole.STEWARD}
    return db.session.query(Membership).filter_by(**mine).count()


def test_an_invitation_for_one_lets_in_one_of_ten():
    here, steward = club(door=Door.LINK)
    token = invite_to_circle(steward, here, 1, NOW)
    strangers = [reader(0) for _ in range(10)]
    db.session.rollback()
    join = [partial(attempt, joining.join_by_invitation, stranger, token, NOW) for stranger in strangers]
    assert in_processes(join) == [0] * 10
    db.session.rollback()
    inside = db.session.query(Membership.user_id).filter_by(circle_id=here, state=MemberState.IN)
    assert len({row.user_id for row in inside} & set(strangers)) == 1
    assert db.session.query(CircleInvitation.uses_left).scalar() == 0


def test_stewards_who_exclude_each_other_leave_one():
    for _ in range(4):
        here, one = club()
        other = reader(0)
        put_in(here, other, role=MemberRole.STEWARD)
        exclude = [partial(attempt, members.exclude, *who, NOW) for who in ((one, here, other), (other, here, one))]
        assert in_processes(exclude) == [0, 0]
        assert stewards_of(here) == 1


def test_stewards_who_step_down_at_once_leave_one():
    here, one = club()
    other = reader(0)
    put_in(here, other, role=MemberRole.STEWARD)
    assert in_processes([partial(attempt, members.step_down, who, here) for who in (one, other)]) == [0, 0]
    assert stewards_of(here) == 1


def test_who_leaves_while_asking_leaves_nothing_half_done():
    for _ in range(4):
        giver, asker = reader(0), reader(1)
        here, _ = club(giver, asker)
        copy = copy_in(giver, here)
        db.session.rollback()
        acts = [partial(attempt, ask, asker, copy), partial(attempt, joining.leave, asker, here, NOW)]
        acts.append(partial(attempt, joining.leave, giver, here, NOW))
        assert in_processes(acts) == [0, 0, 0]
        db.session.rollback()
        asked = db.session.query(Drift).filter_by(asker_id=asker).all()
        assert len(asked) <= 1
    assert_audit_is_clean()
