"""The words for refusals about reports, decisions and what follows from them."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.rules.account.refusals import Suspended
from app.rules.exchange.refusals import Limited
from app.rules.moderation import decision as no
from app.rules.moderation.block import OwnAccount, TooManyBlocked
from app.rules.moderation.report import AlreadyReported
from app.web.display.times import day_words
from app.web.page.refusals.register import Words, says, says_always

says_always(
    AlreadyReported,
    _l("You have already reported this."),
    _l("A moderator will look at it."),
)
says_always(
    no.OwnCase,
    _l("This is about you, or you have reported it."),
    _l("Another moderator has to decide."),
)
says_always(
    no.AboutModerator,
    _l("This reader is a moderator, too."),
    _l("Only an operator can limit or suspend them."),
)
says_always(no.NotForThisKind, _l("This can’t be done with this kind of content."))
says_always(no.EndNotSaid, _l("Please choose a day after today, on which it ends."))
says_always(
    no.NothingToHide,
    _l("There is nothing to hide: it is no longer shown, or the book is already on its way."),
    _l("You can leave it as it is, or decide about the reader."),
)
says_always(
    no.NotEnteredByHand,
    _l("This entry comes from a catalogue, and no reader has written it."),
    _l("Only what a reader entered by hand can be hidden. You can leave it as it is."),
)
says_always(
    no.DecidedMeanwhile,
    _l("Somebody else has decided this since you opened the page."),
    _l("See the decision below. If something still has to be done, decide again."),
)
says_always(no.AlreadyTakenBack, _l("This decision was already reversed."))
says_always(no.AlreadyAppealed, _l("There already is an appeal against this decision."))
says_always(no.AlreadyAnswered, _l("Somebody else has answered this appeal."))


says_always(OwnAccount, _l("This is you."))


@says(TooManyBlocked)
def _too_many_blocked(refusal: TooManyBlocked) -> Words:
    sentence = gettext("You have blocked %(most)d readers and can’t block more.", most=refusal.most)
    return Words(sentence, gettext("Report whoever pesters you: the moderators can stop them from writing to anybody."))


@says(no.RestrictedTooLong)
def _restricted_too_long(refusal: no.RestrictedTooLong) -> Words:
    return Words(gettext("At most %(days)d days, please.", days=refusal.days))


@says(Limited)
def _limited(refusal: Limited) -> Words:
    sentence = gettext(
        "Until %(day)s you can’t ask for books, list any, or write anything but quick phrases.",
        day=day_words(refusal.until),
    )
    return Words(sentence, gettext("We have written to you why, and how you can appeal."))


@says(Suspended)
def _suspended(refusal: Suspended) -> Words:
    return Words(gettext("Your account is suspended until %(day)s.", day=day_words(refusal.until)))
