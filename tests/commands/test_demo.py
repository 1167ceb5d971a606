"""`flask demo fill` makes a site that passes its own audit."""

from collections import Counter
from random import Random

import pytest
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.basket import BasketLine
from app.models.bean import BeanTransfer
from app.models.book import Book
from app.models.circle import Circle, CircleInvitation, CircleTitle, Membership
from app.models.copy import Copy, CopyQuestion
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.journey import JournalLine
from app.models.outbox import Outbox
from app.models.user import User
from app.models.wish import Wish
from app.rules.circle.circle import Door
from app.rules.clock import DAY
from app.services.site.demo_silence import end_month
from tests.exchange import NOW, assert_audit_is_clean, list_left_out, reader
from tests.factories import BookFactory

pytestmark = pytest.mark.usefixtures("app_context")
SMALL = ["demo", "fill", "--readers", "20", "--lists", "120", "--drifts", "60", "--days", "60"]


@pytest.mark.slow
def test_the_demo_lives_through_all_states_with_a_clean_audit_and_only_once(app):
    BookFactory.create_batch(30)
    db.session.commit()
    first = app.test_cli_runner().invoke(args=SMALL)
    assert (first.exit_code, "audit: 0 faults" in first.output) == (0, True)
    assert "20 readers" in first.output
    again = app.test_cli_runner().invoke(args=SMALL)
    assert "nothing done" in again.output
    db.session.rollback()
    assert_audit_is_clean()
    assert len(db.session.scalars(select(Book.id).where(Book.isbn.is_(None))).all()) == 4
    reached = {"received", "waiting", "mailed", "cancelled", "lent", "returned"}
    assert reached <= set(db.session.scalars(select(Drift.state)))
    assert db.session.scalar(select(Outbox.id).where(Outbox.kind == "mail.exchange")) is None
    assert db.session.scalar(select(User.id).where(User.beans < 0)) is None
    assert list_left_out(now()) == []
    assert_books_have_lives_of_their_own()
    assert_circles_live()


def assert_books_have_lives_of_their_own():
    """Some are kept, some passed on, with labels and lines; baskets are half done, and holders are asked."""
    givers = select(Gift.copy_id).where(Gift.state != "withdrawn").group_by(Gift.copy_id)
    assert db.session.scalars(givers.having(func.count(Gift.giver_id.distinct()) > 1)).all()
    for what in (Copy.mark.is_not(None), Copy.state == "free", CopyQuestion.answer == "", JournalLine.id > 0):
        assert db.session.scalar(select(func.count()).where(what)), what
    assert set(db.session.scalars(select(BasketLine.state))) >= {"found", "wrong", "unknown"}
    assert set(db.session.scalars(select(BasketLine.intent))) == {"", "wish", "private"}


def assert_circles_live():
    """There are five of each kind, with members, copies that are for them alone, requests, invitations and words."""
    assert Counter(db.session.scalars(select(Circle.door))) == dict.fromkeys(Door, 5)
    assert set(Counter(db.session.scalars(select(Circle.about))).values()) == {5}
    assert db.session.scalars(select(Circle.id).where(Circle.announcement != "", ~Circle.lends)).all()
    sizes = select(func.count()).where(Membership.state == "in").group_by(Membership.circle_id)
    assert min(db.session.scalars(sizes)) > 1
    assert set(db.session.scalars(select(CircleTitle.circle_id))) == set(db.session.scalars(select(Circle.id)))
    assert db.session.scalars(select(Wish.id).join(CircleTitle, CircleTitle.book_id == Wish.book_id)).all()
    assert {"asked", "in", "left", "out"} <= set(db.session.scalars(select(Membership.state)))
    assert db.session.scalars(select(Membership.id).where(Membership.steward_asked_at.is_not(None))).all()
    assert db.session.scalars(select(CircleInvitation.id).where(CircleInvitation.uses_left == 5)).all()
    closed = select(Drift.id).join(Gift, Gift.id == Drift.gift_id).where(Gift.is_closed)
    assert db.session.scalars(closed.where(Drift.state == "received")).all()


def test_readers_who_fall_silent_sleep_and_some_come_back(app):
    here, silent, time = [reader(2) for _ in range(40)], [], NOW
    for _ in range(12):
        time += 30 * DAY
        end_month(here, silent, Random(time), time)
    db.session.rollback()
    reasons = Counter(db.session.scalars(select(BeanTransfer.reason)))
    assert reasons["asleep"] > reasons["awake"] > 0
    assert len(here) + len(silent) == 40
    assert_audit_is_clean()


def test_a_site_without_books_is_left_alone(app):
    assert "nothing done" in app.test_cli_runner().invoke(args=SMALL).output
