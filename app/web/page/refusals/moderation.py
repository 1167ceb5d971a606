"""The words for refusals about reports, decisions and what follows from them."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.rules.account.refusals import Suspended
from app.rules.exchange.refusals import Limited
from app.rules.moderation import decision as no
from app.rules.moderation.report import AlreadyReported
from app.web.display.times import day_words
from app.web.page.refusals.register import Words, says, says_always

says_always(
    AlreadyReported,
    _l("You have reported this already."),
    _l("The people who run this site will look at it."),
)
says_always(
    no.OwnCase,
    _l("This is about you, or you have reported it."),
    _l("Somebody else of those who look after this site has to decide."),
)
says_always(
    no.AboutModerator,
    _l("This reader looks after the site, too."),
    _l("Only an operator can limit or suspend them."),
)
says_always(no.NotForThisKind, _l("This can’t be done with such a thing."))
says_always(no.EndNotSaid, _l("Please choose a day after today, on which it ends."))
says_always(
    no.NothingToHide,
    _l("There is nothing to hide: it is not shown any more, or the book is on its way already."),
    _l("You can leave it as it is, or decide about the reader."),
)
says_always(no.AlreadyTakenBack, _l("This decision was taken back already."))
says_always(no.AlreadyAppealed, _l("There was an appeal against this decision already."))
says_always(no.AlreadyAnswered, _l("Somebody else has answered this appeal."))


@says(no.RestrictedTooLong)
def _restricted_too_long(refusal: no.RestrictedTooLong) -> Words:
    return Words(gettext("At most %(days)d days, please.", days=refusal.days))


@says(Limited)
def _limited(refusal: Limited) -> Words:
    sentence = gettext(
        "Until %(day)s you can ask for no book, list none, and write nothing but quick phrases.",
        day=day_words(refusal.until),
    )
    return Words(sentence, gettext("We have written to you why, and how you can appeal."))


@says(Suspended)
def _suspended(refusal: Suspended) -> Words:
    return Words(gettext("Your account is suspended until %(day)s.", day=day_words(refusal.until)))
