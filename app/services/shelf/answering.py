"""What a reader answers who was asked in private for a copy, and whether they may be asked. Times are Unix seconds."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Table, select, update

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.copy import Copy, CopyQuestion, Whereabouts
from app.models.notice import Notice
from app.models.user import User
from app.models.wish import Wish
from app.rules.book.local_number import number_of
from app.rules.exchange.listing import WishState
from app.rules.shelf.asking import Answer
from app.services.copy.keeping import find_own_copy, is_listed
from app.services.copy.questions import note_answer, queue_holder, queue_wish
from app.services.exchange.editions import is_granted_by
from app.services.exchange.locking import lock_present
from app.services.sight.visible import are_apart
from app.services.transaction import changed_rows, transaction

MOST = 20
"""Questions that a page or a mail shows."""

_COPY, _WISH, _BOOK = (cast("Table", table.__table__) for table in (Copy, Wish, Book))
_QUESTION, _WISHED = cast("Table", CopyQuestion.__table__), cast("Table", Book.__table__).alias("wished_book")


class Question(NamedTuple):
    """A private copy that somebody waits for."""

    copy_id: int
    book_id: int
    isbn: str | None
    title: str

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.book_id)


def list_questions(holder_id: int, mail_time: int | None = None) -> Sequence[Question]:
    """Return the questions that a reader has not answered and that still matter, the oldest first.

    :param mail_time: only those of which the mail of this time tells.
    """
    rows = select(_COPY.c.id, _BOOK.c.id.label("book_id"), _BOOK.c.isbn, _BOOK.c.title)
    rows = rows.join_from(_QUESTION, _COPY, _COPY.c.id == _QUESTION.c.copy_id)
    rows = rows.join(_BOOK, _BOOK.c.id == _COPY.c.book_id)
    rows = rows.where(_QUESTION.c.holder_id == holder_id, _QUESTION.c.answer == Answer.NONE)
    rows = rows.where(_COPY.c.holder_id == holder_id, _COPY.c.state == Whereabouts.KEPT, ~is_listed(_COPY.c.id))
    rows = rows.where(_is_waited_for(holder_id), _BOOK.c.status == LIVE)
    if mail_time is not None:
        rows = rows.where(_QUESTION.c.mail_time == mail_time)
    return [Question(*row) for row in db.session.execute(rows.order_by(_QUESTION.c.id).limit(MOST))]


def _is_waited_for(holder_id: int) -> ColumnElement[bool]:
    waits = select(_WISH.c.id).join(_WISHED, _WISHED.c.id == _WISH.c.book_id)
    waits = waits.where(_WISHED.c.work_id == _BOOK.c.work_id, is_granted_by(_WISHED, _BOOK))
    waits = waits.where(_WISH.c.state == WishState.OPEN, _WISH.c.status == LIVE, _WISH.c.user_id != holder_id)
    return waits.where(~are_apart(holder_id, _WISH.c.user_id)).exists()


@transaction
def keep_for_oneself(holder_id: int, copy_id: int, now: int) -> None:
    """Answer that one keeps a copy: one is never asked for it again, and the next holder may be.

    :raises NotFound: the reader does not hold the copy.
    """
    lock_present(holder_id)
    find_own_copy(holder_id, copy_id)
    asked = select(CopyQuestion.wish_id, Wish.user_id).join(Wish, Wish.id == CopyQuestion.wish_id)
    asked = asked.where(CopyQuestion.copy_id == copy_id, CopyQuestion.holder_id == holder_id)
    question = db.session.execute(asked).one_or_none()
    if question is None or not note_answer(copy_id, holder_id, Answer.NO):
        return
    about = Notice.user_id == holder_id, Notice.copy_id == copy_id, Notice.seen_time.is_(None)
    changed_rows(update(Notice).where(*about).values(seen_time=now))
    queue_wish(question.wish_id, question.user_id, now, delay=0)


@transaction
def choose_asking(reader_id: int, may_be_asked: bool, now: int) -> None:
    """Say whether one may be asked in private for the copies that one keeps.

    :raises NotFound: the reader's account has just been closed.
    :raises EmailNotConfirmed: the reader has not confirmed the address.
    """
    lock_present(reader_id)
    changed_rows(update(User).where(User.id == reader_id).values(may_be_asked=may_be_asked))
    queue_holder(reader_id, now)


def has_private_copies(holder_id: int) -> bool:
    """Return whether a reader keeps a copy that is not listed."""
    kept: Any = select(_COPY.c.id).where(_COPY.c.holder_id == holder_id, ~is_listed(_COPY.c.id)).limit(1)
    return db.session.scalar(kept) is not None
