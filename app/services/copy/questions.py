"""Jobs that look for somebody to ask for a private copy, and what is noted of the answer. Times are Unix seconds."""

from sqlalchemy import select, update

from app.models.base import db
from app.models.copy import CopyQuestion
from app.models.user import User
from app.rules.clock import MINUTE
from app.rules.exchange.mails import MAIL_DELAY
from app.rules.shelf.asking import Answer
from app.services.outbox import enqueue
from app.services.transaction import changed_rows

ASK_FOR_WISH = "copy.ask_for_wish"
ASK_HOLDER = "copy.ask_holder"
SLOT = 10 * MINUTE
"""Within it, one job looks at all that a reader puts on the shelf."""


def queue_wish(wish_id: int, reader_id: int, now: int, delay: int = MAIL_DELAY) -> None:
    """Let holders be looked for who could be asked for a wish; inside a transaction.

    The job is the same whether anybody keeps such a copy or not: the wisher, who can export it, learns nothing.
    """
    job = {"user_id": reader_id, "wish_id": wish_id}
    enqueue(ASK_FOR_WISH, job, f"{ASK_FOR_WISH}:{wish_id}:{now}", now + delay)


def queue_holder(holder_id: int, now: int) -> None:
    """Let wishes be looked for that a reader's private copies would grant, if the reader allows it.

    Inside a transaction.
    """
    if db.session.scalar(select(User.may_be_asked).where(User.id == holder_id)):
        slot = now // SLOT
        # A transaction takes less than a minute, so that the job sees all that was written within its slot.
        enqueue(ASK_HOLDER, {"user_id": holder_id}, f"{ASK_HOLDER}:{holder_id}:{slot}", (slot + 1) * SLOT + MINUTE)


def note_answer(copy_id: int, holder_id: int, answer: Answer) -> bool:
    """Note what a holder has said to the question about a copy; False if it was answered or never asked.

    Inside a transaction.
    """
    asked = CopyQuestion.copy_id == copy_id, CopyQuestion.holder_id == holder_id, CopyQuestion.answer == Answer.NONE
    return changed_rows(update(CopyQuestion).where(*asked).values(answer=answer)) == 1
