"""Closing an account: personal data is erased; exchanges with others remain, without the name."""

import secrets

from sqlalchemy import delete, or_, select, update

from app.models.base import db, now
from app.models.basket import BasketLine, BroughtRow
from app.models.copy import CopyQuestion
from app.models.decision import Appeal, Complaint, Decision
from app.models.encrypted import seal
from app.models.message import Thanks
from app.models.notice import Notice
from app.models.outbox import Outbox
from app.models.report import Hold, Report
from app.models.user import Block, LoginSession, User
from app.rules.account.role import Role
from app.services.account.password import ensure_password
from app.services.account.second_factor import ensure_code, forget_second_factor
from app.services.bean.first_bean import remember_mailbox
from app.services.circle.leaving import leave_circles
from app.services.door.arrival import forget_arrival
from app.services.door.invitation import erase_invitations
from app.services.exchange.leaving import end_exchanges
from app.services.journey.leaving import leave_journeys
from app.services.outbox import enqueue
from app.services.sight.hold import forget_line_holds
from app.services.transaction import transaction


def close_account(user: User, password: str, code: str) -> None:
    """Close the account of a reader who confirms it with the password, and a code if the second factor is on.

    :raises WrongPassword: it is not the reader's password.
    :raises WrongCode: see `ensure_code`.
    """
    ensure_password(user, password)
    _close(user, code)


@transaction
def _close(user: User, code: str) -> None:
    ensure_code(user, code)
    _erase(user)


@transaction
def erase_account(user: User) -> None:
    """Erase personal data; the row remains, so that the history of others stays complete."""
    _erase(user)


@transaction
def erase_stranger(user: User) -> None:
    """Erase the data of somebody who was never let in, without a farewell."""
    _erase_data(user)


def _erase(user: User) -> None:
    farewell = {"to": user.email, "locale": user.locale, "nickname": user.nickname}
    _erase_data(user)
    enqueue("mail.account_deleted", farewell)


def _erase_data(user: User) -> None:
    end_exchanges(user.id, now())
    leave_circles(user.id, now())
    _erase_reports(user.id)
    if user.is_confirmed:
        remember_mailbox(user.email, now())
    leave_journeys(user.id)
    forget_arrival(user.id)
    erase_invitations(user.id)
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    db.session.execute(delete(Outbox).where(Outbox.user_id == user.id))
    db.session.execute(delete(Complaint).where(or_(Complaint.author_id == user.id, Complaint.about_id == user.id)))
    forget_line_holds(Thanks.reader_id == user.id)
    db.session.execute(delete(Thanks).where(or_(Thanks.author_id == user.id, Thanks.reader_id == user.id)))
    db.session.execute(delete(BasketLine).where(BasketLine.reader_id == user.id))
    db.session.execute(delete(BroughtRow).where(BroughtRow.reader_id == user.id))
    db.session.execute(delete(CopyQuestion).where(CopyQuestion.holder_id == user.id))
    db.session.execute(delete(Notice).where(Notice.user_id == user.id))
    db.session.execute(delete(Block).where(or_(Block.reader_id == user.id, Block.blocked_id == user.id)))
    forget_second_factor(user)
    # No form accepts this name, so nobody can register it; the random part makes it unique.
    nobody = f"left:{secrets.token_hex(8)}"
    user.set_attrs({"nickname": nobody, "email": nobody, "new_email": None, "password_hash": "", "login_version": 0})
    user.set_attrs(
        {
            "confirmed_at": None,
            "mail_paces": "",
            "digest_time": None,
            "last_seen": None,
            "browser_hash": None,
            "area": None,
        }
    )
    user.set_attrs({"meeting_words": "", "look_time": None, "away_until": None, "away_words": "", "about": ""})
    user.set_attrs({"may_be_asked": False, "limited_until": None, "suspended_until": None, "waits_since": None})
    user.feed_number = 0
    user.role = Role.READER
    user.delete()


def _erase_reports(reader_id: int) -> None:
    """Erase what was reported about a reader, and what was said of it; what they reported is kept without their name.

    The log keeps what was decided, without words.
    """
    mine = select(Decision.id).where(Decision.about_id == reader_id)
    db.session.execute(delete(Appeal).where(or_(Appeal.reader_id == reader_id, Appeal.decision_id.in_(mine))))
    db.session.execute(update(Decision).where(Decision.about_id == reader_id).values(words=seal("")))
    db.session.execute(delete(Report).where(Report.about_id == reader_id))
    db.session.execute(delete(Hold).where(Hold.about_id == reader_id))
    db.session.execute(update(Report).where(Report.reporter_id == reader_id).values(reporter_id=None))
