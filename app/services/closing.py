"""Closing an account: what is personal is erased, what others took part in stays without a name."""

import secrets

from sqlalchemy import delete

from app.jobs import enqueue
from app.models.base import db, now
from app.models.outbox import Outbox
from app.models.user import LoginSession, User
from app.rules.account import WrongPassword
from app.services.leaving import end_exchanges
from app.services.password import is_password
from app.services.second_factor import forget_second_factor
from app.services.transaction import transaction


def close_account(user: User, password: str) -> None:
    """Close the account of a reader who says so with the password.

    :raises WrongPassword: it is not the reader's password.
    """
    if not is_password(user, password):
        raise WrongPassword
    erase_account(user)


@transaction
def erase_account(user: User) -> None:
    """Erase what is personal; the row stays, so that the history of others keeps its shape."""
    end_exchanges(user.id, now())
    farewell = {"to": user.email, "locale": user.locale, "nickname": user.nickname}
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    db.session.execute(delete(Outbox).where(Outbox.user_id == user.id))
    forget_second_factor(user)
    # A name that no form lets through can not be taken by anybody; the random part makes it unique.
    nobody = f"left:{secrets.token_hex(8)}"
    user.set_attrs({"nickname": nobody, "email": nobody, "new_email": None, "password_hash": ""})
    user.set_attrs({"confirmed_at": None, "muted_notices": [], "last_seen": None, "session_version": 0})
    user.delete()
    enqueue("mail.account_deleted", farewell)
