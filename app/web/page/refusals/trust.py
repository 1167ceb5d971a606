"""The words for refusals about what is said of exchanges that are over."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.rules.trust import complaint as not_so
from app.rules.trust import thanks as no
from app.web.page.refusals.register import Words, says, says_always

says_always(
    no.ThanksAreTheOthers,
    _l("The reader who received the book writes the line, and its giver decides whether it is shown."),
)
says_always(no.NotReceivedYet, _l("The book has not arrived yet."), _l("Once it has, you can thank for it."))
says_always(no.TooLateToThank, _l("A line of thanks can be written within 14 days, while the giver has an account."))
says_always(no.AlreadyThanked, _l("There already is a line of thanks for this book."))
says_always(no.NoThanks, _l("This line is no longer there."))
says_always(
    not_so.ComplaintOfTheAsker,
    _l("Only the reader who received the book can say that it is not as described, and only its giver answers."),
)
says_always(
    not_so.NotArrivedYet,
    _l("The book has not arrived yet, or you can still take that back."),
    _l("From ten minutes after you said that it arrived, you can say that it is not as described."),
)
says_always(not_so.TooLateToComplain, _l("That a book is not as described can be said within seven days."))
says_always(not_so.AlreadyComplained, _l("You have already said so about this book."))
says_always(not_so.AlreadySettled, _l("This is already answered or decided."))


@says(not_so.NoBeanToReturn)
def _no_bean_to_return(refusal: not_so.NoBeanToReturn) -> Words:
    advice = gettext("You can disagree and say so: the moderators can have the pool pay it.")
    return Words(gettext("You have too few beans to give it back: %(beans)d.", beans=refusal.beans), advice)
