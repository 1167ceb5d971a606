"""The words for refusals at the door of the site."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.rules.door import door as no
from app.web.page.refusals.register import Words, says, says_always

says_always(
    no.InvitationGone,
    _l("This invitation no longer works: it is used up, too old, or was revoked."),
    _l("Ask for a new one and register with it."),
)
says_always(
    no.NotLetInYet,
    _l("You have not been let in yet."),
    _l("You’ll get an e-mail as soon as it is decided."),
)
says_always(no.DecidedAlready, _l("Another moderator has already decided this."))


@says(no.TooManyInvitations)
def _too_many(refusal: no.TooManyInvitations) -> Words:
    if not refusal.most:
        return Words(gettext("At the moment only the moderators invite."))
    said = ngettext("You already have one open invitation.", "You already have %(num)d open invitations.", refusal.most)
    return Words(said, str(_l("Revoke one, or wait until one is used.")))
