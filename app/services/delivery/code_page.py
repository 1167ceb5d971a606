"""The data of the two pages on which a book is handed over: the asker shows the code, the giver enters it."""

from dataclasses import dataclass

from sqlalchemy import select

from app.mail.message import site_link
from app.models.base import db
from app.models.book import Book
from app.models.user import User
from app.rules.exchange.drift import Action, Role
from app.rules.exchange.refusals import AlreadyDone
from app.services.delivery.hand_over import ensure_code_is_wanted, find_code
from app.services.delivery.own_drift import get_own_drift
from app.services.delivery.postal_address import find_text
from app.services.delivery.thread import Thread, list_lines, thread_of


@dataclass(frozen=True)
class CodePage:
    """A book that is handed over in person."""

    drift_id: int
    title: str
    other: str
    """The nickname of the other side."""
    meeting: str | None
    """When and where the two meet."""
    thread: Thread
    is_free: bool
    """No bean is needed for it, in a circle."""


def find_code_page(reader_id: int, drift_id: int, side: Role, now: int) -> CodePage:
    """Return the data of the page of one side at `now` (Unix seconds).

    :raises NotFound: the reader has no part in the drift.
    :raises NotYourMove: it is the other side's page, or the book is not handed over in person.
    :raises AlreadyDone: the book is not to be handed over now.
    """
    drift, role = get_own_drift(reader_id, drift_id)
    ensure_code_is_wanted(drift, role, side)
    other = drift.asker_id if role is Role.GIVER else drift.giver_id
    title = db.session.scalars(select(Book.title).where(Book.id == drift.book_id)).one()
    nickname = db.session.scalars(select(User.nickname).where(User.id == other)).one()
    thread = thread_of(drift, list_lines(drift.id, reader_id), True, now)
    return CodePage(drift.id, title, nickname, find_text(drift.meeting), thread, not drift.beans)


def get_code(page: CodePage) -> tuple[str, str]:
    """Return the code that the asker shows, and the URL at which it is filled in for the giver.

    :raises AlreadyDone: there is none any more.
    """
    code = find_code(page.drift_id)
    if code is None:
        raise AlreadyDone(None, Action.HAND_OVER)
    return code, site_link("web.hand_over", did=page.drift_id, code=code)
