"""The mails of an exchange for which no bean is needed, where a bean is spoken of otherwise."""

from typing import Any

from flask_babel import lazy_gettext as _l

FREE_TEXTS: dict[str, Any] = {
    "drift_asked": _l(
        "%(name)s would like to read your copy of “%(title)s”; no beans are needed in this circle. Please "
        "accept or decline by %(due)s; after that the request ends and your copy is hidden."
    ),
    "loan_asked": _l(
        "%(name)s would like to borrow your copy of “%(title)s”; no beans are needed in this circle. Please "
        "accept or decline by %(due)s; after that the request ends and your copy is hidden."
    ),
    "loan_begun": _l(
        "%(name)s has your book “%(title)s” and should give it back by %(due)s. When the book is back, please"
        " confirm it under Exchanges."
    ),
    "loan_received": _l("You have “%(title)s” from %(name)s, and should give it back by %(due)s. Enjoy reading!"),
    "loan_reminder": _l(
        "“%(title)s” is due back with %(name)s by %(due)s. If you have given it back, please say so. A book "
        "that is still not back some weeks later counts as kept."
    ),
    "loan_given_back": _l(
        "%(name)s says that you have “%(title)s” back. Please tell us whether that’s so: if we don’t hear "
        "from you within two weeks, it counts as returned."
    ),
    "loan_not_back": _l(
        "%(name)s says that “%(title)s” is not back. It is still due by %(due)s. Please write to each other."
    ),
    "loan_ended": _l("“%(title)s” is back with %(name)s. Thank you!"),
    "loan_assumed_back": _l(
        "We have not heard from you, so “%(title)s” counts as returned by %(name)s. Your copy is on the shelf"
        " again; if you don’t have it, take it off the shelf."
    ),
    "loan_kept": _l("“%(title)s” did not get back to %(name)s in time, so it counts as yours."),
    "loan_not_returned": _l("“%(title)s”, which you lent to %(name)s, did not come back. It counts as given."),
    "loan_lost": _l("%(name)s says that “%(title)s”, which you lent, is lost."),
    "loan_forgiven": _l("%(name)s says that “%(title)s”, which was lent to you, is lost. The loan has ended."),
    "loan_lender_left": _l("%(name)s, who lent you “%(title)s”, has closed their account. The book is yours."),
    "drift_accepted": _l(
        "%(name)s promised you “%(title)s” and will mail it before %(due)s. No beans are needed in this circle."
    ),
    "meeting_reminder": _l(
        "As far as we know, “%(title)s” has not been handed over yet. Please meet %(name)s, or tell us that "
        "you have met: otherwise the exchange ends in a few days."
    ),
    "drift_handed_over": _l("%(name)s entered your code, so “%(title)s” is yours. Enjoy reading!"),
    "drift_met": _l(
        "%(name)s says that you have met and that “%(title)s” is yours. If that’s not so, please say so by "
        "%(due)s; after that it counts as received."
    ),
    "drift_not_met": _l(
        "“%(title)s” was not handed over in time, so the exchange with %(name)s has ended. The copy is on the"
        " shelf again."
    ),
    "drift_will_leave": _l(
        "%(name)s promised you “%(title)s” and will leave it for you at “%(place)s” before %(due)s. No beans "
        "are needed in this circle."
    ),
    "drift_no_asker": _l(
        "%(name)s says that you did not come to get “%(title)s”. If that’s not so, or if you need another "
        "time, please say so by %(due)s. Without an answer the exchange ends; your profile then shows a "
        "missed hand-over."
    ),
    "drift_no_show": _l("%(name)s has not answered, so the exchange of “%(title)s” has ended."),
    "drift_not_heard": _l(
        "%(name)s waited for you, and we have not heard from you. The exchange of “%(title)s” has ended, and "
        "your profile now shows a missed hand-over."
    ),
    "drift_rejected": _l("Unfortunately %(name)s can’t give you “%(title)s”."),
    "drift_cancelled": _l(
        "%(name)s promised you “%(title)s” and can’t give it to you after all. You’ll find the reason under Exchanges."
    ),
    "drift_expired": _l("We have not heard from %(name)s about “%(title)s” in time, so the request has ended."),
    "drift_mailed": _l("%(name)s has mailed “%(title)s”. Please tell us when it arrives."),
    "drift_reminder": _l(
        "%(name)s mailed you “%(title)s”. If it has arrived, please say so. If we don’t hear from you for "
        "some weeks, it is marked as received."
    ),
    "drift_received": _l("“%(title)s” has reached %(name)s. Thank you for giving it!"),
    "drift_assumed_received": _l("We have not heard from you, so “%(title)s” from %(name)s is marked as received."),
    "drift_missing": _l("“%(title)s” has not reached %(name)s."),
    "drift_complained": _l(
        "%(name)s says that “%(title)s” is not as described; you’ll find the details under Exchanges. Please "
        "agree or disagree within seven days; after that a moderator will look at it."
    ),
    "drift_bean_back": _l("%(name)s agrees that “%(title)s” is not as described. The book is yours to keep."),
    "drift_complaint_paid": _l("The moderators have looked at “%(title)s” and agree that it is not as described."),
    "wish_offered": _l(
        "%(name)s is giving away “%(title)s”, which is on your wish list; no beans are needed in this circle."
        " A copy is kept for you until %(due)s: ask for it by then if you want it."
    ),
}
"""In place of the texts of `exchange.MAIL_TEXTS`."""

FREE_SUBJECTS: dict[str, Any] = {
    "loan_ended": _l("“%(title)s” is back"),
    "loan_forgiven": _l("“%(title)s”: the loan has ended"),
    "drift_expired": _l("“%(title)s”: the request has ended"),
    "drift_bean_back": _l("“%(title)s”: the giver agrees"),
    "drift_complaint_paid": _l("“%(title)s”: it is not as described"),
}
"""In place of their subjects."""
