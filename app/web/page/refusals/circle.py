"""The words for refusals of circles."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.forms.gift import WAYS
from app.rules.circle import refusals as no
from app.rules.exchange import audience
from app.rules.exchange.way import in_order
from app.web.page.refusals.register import Words, says, says_always

says_always(no.CircleClosed, _l("This circle takes nobody in at present."))
says_always(
    no.CircleByInvitation,
    _l("Only invited readers get into this circle."),
    _l("Ask a member for an invitation."),
)
says_always(
    no.CircleInvitationGone,
    _l("This invitation to a circle does not work any more: it is used up, too old, or was taken back."),
    _l("Ask for a new one."),
)
says_always(no.NotBackByThemselves, _l("Only a steward of this circle can let you in again."))
says_always(no.MemberAlready, _l("This has changed meanwhile: look at the list again."))
says_always(no.OnlyStewardsInvite, _l("In this circle only the stewards invite."))
says_always(
    no.LastSteward,
    _l("You are the only one who looks after this circle."),
    _l("Make another member a steward first."),
)
says_always(no.DayNotAhead, _l("This day has passed."), _l("Please choose one that is ahead."))
says_always(no.DayTooFar, _l("This day is more than two years away."), _l("Please choose an earlier one."))
says_always(no.CircleFull, _l("This circle is full."))
says_always(no.DomainNotYours, _l("You can open a circle only to the domain of your own confirmed address."))
says_always(no.PublicDomain, _l("Anybody can get an address of this domain, so it proves nothing."))
says_always(
    audience.NotInTheseCircles,
    _l("You are no longer in the circle for which the copy was to be."),
    _l("Choose again who may see it."),
)
says_always(
    no.LinksNotYet,
    _l("As long as you are new here, you can’t write links or phone numbers in a circle."),
    _l("Please take them out."),
)


says_always(
    audience.NoSharedCircle,
    _l("The two of you are no longer in a circle for which this copy is."),
    _l("Decline the request, so that the bean goes back."),
)


@says(audience.OtherWaysInCircle)
def _other_ways(refusal: audience.OtherWaysInCircle) -> Words:
    ways = " · ".join(str(WAYS[way]) for way in in_order(refusal.ways.split()))
    said = gettext(
        "In the circle %(circle)s books are handed over only like this: %(ways)s.", circle=refusal.circle, ways=ways
    )
    return Words(said)


@says(audience.NoLendingInCircle)
def _no_lending(refusal: audience.NoLendingInCircle) -> Words:
    return Words(gettext("In the circle %(circle)s nothing is lent: books are given for good.", circle=refusal.circle))


@says(no.AskedBefore)
def _asked_before(refusal: no.AskedBefore) -> Words:
    said = ngettext("You can ask again in %(num)d day.", "You can ask again in %(num)d days.", refusal.days)
    return Words(said)


@says(no.TooManyCircles)
def _too_many_circles(refusal: no.TooManyCircles) -> Words:
    return Words(gettext("Nobody can be in more than %(most)d circles.", most=refusal.most))


@says(no.TooManyFounded)
def _too_many_founded(refusal: no.TooManyFounded) -> Words:
    return Words(gettext("Nobody can look after more than %(most)d circles.", most=refusal.most))


@says(no.TooManyCircleInvitations)
def _too_many_invitations(refusal: no.TooManyCircleInvitations) -> Words:
    said = gettext("You can have no more than %(most)d open invitations to a circle.", most=refusal.most)
    return Words(said, gettext("Take one back, or wait until one is used."))


@says(no.TooManyTitles)
def _too_many_titles(refusal: no.TooManyTitles) -> Words:
    said = gettext("A reading list has no more than %(most)d titles.", most=refusal.most)
    return Words(said, gettext("Take one off first."))
