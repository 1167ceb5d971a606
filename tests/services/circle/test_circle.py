"""Circles: who gets in by which door, who looks after them, and that two at once do no harm."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.models.base import db
from app.models.circle import Circle, GiftCircle
from app.models.gift import Gift
from app.models.user import User
from app.rules.circle import refusals as no
from app.rules.circle.circle import Door, MemberState
from app.rules.circle.joining import ASK_AGAIN_DAYS, Entry
from app.rules.circle.slug import slug_of
from app.rules.clock import DAY
from app.rules.exchange.refusals import EmailNotConfirmed
from app.services.account.closing import erase_account
from app.services.circle import access, founding, invitation, joining, members, succession
from app.services.errors import NotFound
from tests.exchange import NOW, copy_of, reader

pytestmark = pytest.mark.usefixtures("app_context")


def circle(door=Door.OPEN, name="Readers of Elm Street"):
    """Found a circle, and return its steward and its id."""
    steward = reader(0)
    slug = founding.found(steward, name, "", door, NOW)
    return steward, access.get_shown(slug, steward)[0].id


def standing(circle_id, reader_id):
    db.session.rollback()
    return access.standing_of(access.find_membership(circle_id, reader_id))


def joined(circle_id, now=NOW):
    someone = reader(0)
    joining.knock(someone, circle_id, "", now)
    return someone


def test_an_open_door_lets_in_and_another_asks():
    _, wide = circle()
    _, asking = circle(Door.ASK)
    someone = reader(0)

    assert joining.knock(someone, wide, "", NOW) is Entry.IN
    assert joining.knock(someone, asking, "hello", NOW) is Entry.ASK
    assert standing(wide, someone).is_in
    assert standing(asking, someone).state is MemberState.ASKED


def test_who_was_excluded_comes_back_by_no_open_door_and_no_link():
    steward, here = circle()
    someone = joined(here)
    token = invitation.invite_to_circle(steward, here, 5, NOW)
    members.exclude(steward, here, someone, NOW)

    with pytest.raises(no.AskedBefore):
        joining.knock(someone, here, "", NOW + DAY)
    with pytest.raises(no.AskedBefore):
        joining.join_by_invitation(someone, token, NOW + DAY)
    assert joining.knock(someone, here, "", NOW + ASK_AGAIN_DAYS * DAY) is Entry.ASK


def test_an_address_of_the_domain_opens_the_door_once_it_is_confirmed():
    _, here = circle(Door.LINK)
    db.session.get_one(Circle, here).domain = "campus.example"
    db.session.commit()
    of_it = reader(0, email="a@cs.campus.example")
    unconfirmed = reader(0, confirmed=False, email="b@campus.example")

    assert joining.knock(of_it, here, "", NOW) is Entry.IN
    with pytest.raises(no.CircleByInvitation):
        joining.knock(reader(0, email="c@notcampus.example"), here, "", NOW)
    with pytest.raises(EmailNotConfirmed):
        joining.knock(unconfirmed, here, "", NOW)


def test_a_steward_opens_a_circle_to_their_own_domain_only():
    steward, here = circle()
    facts = {"name": "甲", "about": "", "door": Door.ASK}
    with pytest.raises(no.PublicDomain):
        founding.change_circle(steward, here, founding.CircleFacts(**facts, domain="qq.com"), NOW)
    with pytest.raises(no.DomainNotYours):
        founding.change_circle(steward, here, founding.CircleFacts(**facts, domain="campus.example"), NOW)


def test_an_invitation_of_one_use_lets_one_in():
    steward, here = circle(Door.LINK)
    token = invitation.invite_to_circle(steward, here, 1, NOW)
    joining.join_by_invitation(reader(0), token, NOW)

    with pytest.raises(no.CircleInvitationGone):
        joining.join_by_invitation(reader(0), token, NOW)


def test_invitations_of_an_excluded_member_let_nobody_in():
    steward, here = circle()
    someone = joined(here)
    token = invitation.invite_to_circle(someone, here, 1, NOW)
    members.exclude(steward, here, someone, NOW)

    with pytest.raises(no.CircleInvitationGone):
        joining.join_by_invitation(reader(0), token, NOW)


def test_when_the_last_steward_leaves_the_longest_standing_member_is_asked_and_then_the_next():
    steward, here = circle()
    first, second = joined(here, NOW + 1), joined(here, NOW + 2)
    joining.leave(steward, here, NOW + 3)

    assert succession.is_asked(here, first)
    assert not succession.is_asked(here, second)
    succession.ask_further(NOW + 3 + 30 * DAY)
    succession.answer_for_steward(second, here, True, NOW + 31 * DAY)
    assert standing(here, second).is_steward
    with pytest.raises(NotFound):
        succession.answer_for_steward(first, here, True, NOW + 31 * DAY)


def test_a_closed_account_leaves_its_circles():
    steward, here = circle()
    someone = joined(here)
    erase_account(db.session.get_one(User, steward))

    assert succession.is_asked(here, someone)
    assert access.find_membership(here, steward) is None


def test_without_members_a_circle_ends():
    steward, here = circle()
    joining.leave(steward, here, NOW)

    with pytest.raises(NotFound):
        joining.knock(reader(0), here, "", NOW)


def test_what_was_listed_for_the_circle_alone_is_private_after_leaving():
    _, here = circle()
    someone = joined(here)
    gift_id = copy_of(someone)
    with db.auto_commit():
        db.session.get_one(Gift, gift_id).is_closed = True
        db.session.add(GiftCircle(gift_id=gift_id, circle_id=here))
    joining.leave(someone, here, NOW)

    db.session.rollback()
    assert db.session.get_one(Gift, gift_id).state == "withdrawn"


def test_the_last_steward_cannot_step_down():
    steward, here = circle()
    with pytest.raises(no.LastSteward):
        members.step_down(steward, here)


def test_a_circle_that_is_not_listed_is_not_there_for_outsiders():
    steward, _ = circle(Door.LINK, name="Quiet readers")
    with pytest.raises(NotFound):
        access.get_shown("quiet-readers", reader(0))
    assert access.get_shown("quiet-readers", steward)[1].is_steward


def test_slugs_are_unique_and_never_words_of_the_site():
    one, other = circle(name="New")[1], circle(name="New")[1]
    slugs = {db.session.get_one(Circle, id).slug for id in (one, other)}

    assert len(slugs) == 2
    assert "new" not in slugs
    assert slug_of("《》") == "circle"


def at_once(app, *calls):
    """Run calls in threads of their own, and return what each returned or raised."""

    def run(call):
        with app.app_context():
            try:
                return call()
            except Exception as error:  # noqa: BLE001  (told by the test)
                return error

    db.session.rollback()
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_stewards_who_exclude_each_other_leave_one(app):
    steward, here = circle()
    other = joined(here)
    members.make_steward(steward, here, other, NOW)
    at_once(
        app,
        lambda: members.exclude(steward, here, other, NOW),
        lambda: members.exclude(other, here, steward, NOW),
    )

    assert standing(here, steward).is_steward != standing(here, other).is_steward


def test_ten_at_once_with_an_invitation_for_one_let_one_in(app):
    steward, here = circle(Door.LINK)
    token = invitation.invite_to_circle(steward, here, 1, NOW)
    crowd = [reader(0) for _ in range(10)]
    at_once(app, *(lambda one=one: joining.join_by_invitation(one, token, NOW) for one in crowd))

    assert sum(standing(here, one).is_in for one in crowd) == 1
    assert access.count_members(here) == 2
