"""Ten people who confirm with one invitation at the same moment, against a real server."""

from functools import partial

import pytest
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.user import Invitation, User
from app.services.account.link_token import Purpose, make_link_token
from app.services.account.registration import Knock, register
from app.services.door.invitation import invite_for_the_site
from tests.attack.people import visitor
from tests.factories import PASSWORD
from tests.web.server import ANY_KIND, KINDS, at_once, press, served

pytestmark = pytest.mark.slow

PEOPLE = 10


@pytest.mark.parametrize("kind", ANY_KIND)
def test_an_invitation_for_one_lets_one_in(any_database_uri, tmp_path, kind):
    with served(any_database_uri, tmp_path, KINDS[kind], DOOR="invite") as site, site.app.app_context():
        _, token = invite_for_the_site(1, 3, now())
        for number in range(PEOPLE):
            register(f"name {number}", f"name{number}@example.org", PASSWORD, "en", knock=Knock(token))
        people = db.session.scalars(select(User)).all()
        links = [f"{site.url}/confirm/{make_link_token(Purpose.CONFIRM, user)}" for user in people]
        db.session.rollback()
        at_once([partial(press, visitor(), link) for link in links])
        db.session.rollback()
        confirmed = select(func.count(User.id)).where(User.confirmed_at.is_not(None))
        assert (db.session.scalar(confirmed), db.session.scalar(select(Invitation.uses_left))) == (1, 0)
