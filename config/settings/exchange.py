"""Settings: exchange."""

from dataclasses import dataclass

from config.values import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Exchange:
    """The deadlines of an exchange."""

    ANSWER_DAYS: int = setting(5, "a request waits for the giver's answer", "days")
    MAIL_DAYS: int = setting(7, "a giver who accepted has to mail the book, or leave it at its place", "days")
    REMINDER_DAYS: tuple[int, ...] = setting((7, 14, 21), "is it there? asked after mailing", "days")
    RECEIPT_DAYS: int = setting(30, "a mailed book counts as received", "days")
    MISSING_DAYS: int = setting(14, "a mailed book can be reported missing", "days")
    MEET_DAYS: int = setting(14, "readers who want to meet have time for it", "days")
    MEET_REMINDER_DAYS: tuple[int, ...] = setting((10,), "have you met? asked after the giver accepted", "days")
    ABSENT_DAYS: int = setting(2, "after acceptance one side can say that the other did not come", "days")
    OBJECTION_HOURS: int = setting(48, "a reader can object to what the other one says", "hours")
    PLACE_DAYS: int = setting(5, "a book left at a meeting place counts as received", "days")
    PLACE_REMINDER_DAYS: tuple[int, ...] = setting((3,), "have you found it? asked after it was left", "days")
    NOT_THERE_HOURS: int = setting(24, "the asker can say that it is not there", "hours")
    LOAN_REMINDER_DAYS: tuple[int, ...] = setting(
        (-3, 0, 7, 21), "a borrower is reminded, before (less than 0) or after the day on which the book is due", "days"
    )
    LOAN_KEPT_DAYS: int = setting(45, "after that day a book that is not back is the borrower's", "days")
    RETURN_DAYS: int = setting(14, "a book that its borrower has given back counts as returned", "days")
    RETURN_REMINDER_DAYS: tuple[int, ...] = setting((7,), "is it back? asked after the borrower said so", "days")
    OFFER_HOURS: int = setting(48, "a copy is kept for a reader who wished for it", "hours")
    ADDRESS_KEPT_DAYS: int = setting(14, "an address is erased after the drift ended", "days")
