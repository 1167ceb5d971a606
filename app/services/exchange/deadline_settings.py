"""The settings of the site as arguments of the rules."""

from flask import current_app

from app.rules.exchange.deadlines import Deadlines


def deadlines() -> Deadlines:
    """Return how long each state of a drift may last on this site."""
    settings = current_app.config
    return Deadlines(
        answer_days=settings["ANSWER_DAYS"],
        mail_days=settings["MAIL_DAYS"],
        reminder_days=settings["REMINDER_DAYS"],
        receipt_days=settings["RECEIPT_DAYS"],
        missing_days=settings["MISSING_DAYS"],
        offer_hours=settings["OFFER_HOURS"],
        erase_days=settings["ADDRESS_KEPT_DAYS"],
    )
