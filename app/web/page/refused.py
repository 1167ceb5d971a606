"""Counting a refused request once its page is on its way, so that nobody waits for that."""

from flask import Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from app.logs import log
from app.models.base import now
from app.rules.refusal import Refusal
from app.services.economy.refused import count_refused_ask


def count_when_sent(answer: Response, refusal: Refusal) -> None:
    """Let a refusal be counted when the response has been sent; a count that cannot be stored is lost, with a log."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    reason, time = refusal.code, now()

    def count() -> None:
        with app.app_context():
            try:
                count_refused_ask(reason, time)
            except SQLAlchemyError as error:
                log.warning("a refused request was not counted", reason=type(error).__name__)

    answer.call_on_close(count)
