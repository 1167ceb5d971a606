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
        meet_days=settings["MEET_DAYS"],
        meet_reminder_days=settings["MEET_REMINDER_DAYS"],
        absent_days=settings["ABSENT_DAYS"],
        objection_hours=settings["OBJECTION_HOURS"],
        place_days=settings["PLACE_DAYS"],
        place_reminder_days=settings["PLACE_REMINDER_DAYS"],
        not_there_hours=settings["NOT_THERE_HOURS"],
        loan_reminder_days=settings["LOAN_REMINDER_DAYS"],
        keep_days=settings["LOAN_KEPT_DAYS"],
        return_days=settings["RETURN_DAYS"],
        return_reminder_days=settings["RETURN_REMINDER_DAYS"],
        offer_hours=settings["OFFER_HOURS"],
        erase_days=settings["ADDRESS_KEPT_DAYS"],
    )
