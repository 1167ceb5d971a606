"""What is said about an exchange for which no bean is needed, where a bean is spoken of otherwise."""

from typing import Any

from flask_babel import lazy_gettext as _l

FREE_STATES: dict[tuple[str, ...], Any] = {
    ("mailed", "giver"): _l("You mailed it."),
    ("mailed", "giver", "meet"): _l("You said that you have met. It counts as given unless the other reader objects."),
    ("mailed", "giver", "place"): _l("You have left it there."),
    ("lent", "asker"): _l("You have borrowed it."),
    ("returned", "asker"): _l("It is back with its lender."),
    ("lost", "asker"): _l("You said that it is lost."),
    ("lost", "giver"): _l("The borrower lost it."),
    ("forgiven", "asker"): _l("The lender says that it is lost."),
    ("forgiven", "giver"): _l("You said that it is lost."),
    ("kept", "asker"): _l("It did not go back in time, so it counts as yours."),
    ("kept", "giver"): _l("It did not come back, so it counts as given."),
    ("lender_left", "asker"): _l("The lender has closed the account, so the book is yours."),
    ("received", "giver"): _l("It has arrived."),
    ("missing", "asker"): _l("You reported it missing."),
    ("missing", "giver"): _l("It was reported missing."),
    ("missing", "asker", "meet"): _l("You said that you have not met."),
    ("missing", "giver", "meet"): _l("The other reader says that you have not met."),
    ("missing", "asker", "place"): _l("You said that it wasn’t there."),
    ("missing", "giver", "place"): _l("The other reader did not find it."),
    ("rejected", "asker"): _l("The giver declined."),
    ("withdrawn", "asker"): _l("You cancelled the request."),
    ("cancelled", "asker"): _l("The giver can’t give it to you after all."),
    ("cancelled", "giver"): _l("You cancelled."),
    ("expired", "asker"): _l("The giver did not answer in time."),
    ("not_kept", "asker"): _l("The giver did not mail it in time."),
    ("not_kept", "asker", "meet"): _l("You did not meet in time."),
    ("not_kept", "asker", "place"): _l("The giver did not leave it there in time."),
    ("rejected_left", "asker"): _l("The giver closed the account."),
    ("asker_absent", "asker"): _l("You did not answer, so it has ended."),
    ("giver_absent", "asker"): _l("The giver did not answer, so it has ended."),
}
"""In place of those of `drift_words.STATES`."""

FREE_DEADLINES: dict[tuple[str, ...], Any] = {
    ("waiting", "asker"): _l("If there is no answer by %(due)s, the request ends."),
    ("accepted", "asker"): _l("If it has not been mailed by %(due)s, the exchange ends."),
    ("accepted", "asker", "meet"): _l("Please meet by %(end)s. After that the exchange ends."),
    ("accepted", "giver", "meet"): _l("Please meet by %(end)s. After that the exchange ends."),
    ("accepted", "asker", "place"): _l("If it has not been left there by %(due)s, the exchange ends."),
    ("no_giver", "asker"): _l("If there is no answer by %(due)s, the exchange ends."),
    ("no_asker", "asker"): _l(
        "Please answer by %(due)s. Otherwise it ends, and your profile shows a missed hand-over."
    ),
    ("overdue", "asker"): _l("It was due back by %(end)s. A book that is still not back weeks later counts as kept."),
    ("overdue", "giver"): _l("It was due back by %(end)s. If it is still not back weeks later, it counts as given."),
    ("given_back", "asker"): _l("Without an answer it counts as returned on %(end)s."),
}
"""In place of those of `drift_words.DEADLINES`."""
