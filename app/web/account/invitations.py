"""A reader's invitations to the site."""

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.door import InviteForm
from app.models.base import now
from app.rules.door.door import Door, is_usable
from app.rules.refusal import Refusal
from app.services.door import invitation as service
from app.services.door.arrival import current_door
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.reader import reader
from app.web.page.refusals import refuse


@web.get("/personal/invitations")
@login_required
@no_store
def invitations() -> ResponseReturnValue:
    """Show the reader's invitations; the link of a new one once."""
    return _show(_form(), 200, session.pop("invitation", ""))


@web.post("/personal/invitations")
@login_required
def make_invitation() -> ResponseReturnValue:
    """Make an invitation."""
    form = _form()
    if not form.validate_on_submit():
        return _show(form, 400)
    try:
        session["invitation"] = service.invite(reader().id, form.uses.data or 1, now())
    except Refusal as refusal:
        refuse(form, refusal)
        return _show(form, refusal.status)
    return redirect(url_for("web.invitations"), 303)


@web.post("/personal/invitations/<int:id>/revoke")
@login_required
def revoke_invitation(id: int) -> ResponseReturnValue:
    """Let nobody else in by an invitation."""
    service.revoke_invitation(reader().id, id, now())
    flash(gettext("The invitation no longer works."), "success")
    return redirect(url_for("web.invitations"), 303)


def _form() -> InviteForm:
    form = InviteForm()
    form.limit(current_app.config["INVITATION_USES"])
    return form


def _show(form: InviteForm, status: int, token: str = "") -> ResponseReturnValue:
    rows = [
        (row, is_usable(row.uses_left, row.end_time, row.revoke_time, now()))
        for row in service.list_invitations(reader().id)
    ]
    link = service.invitation_link(token) if token else ""
    facts = {"rows": rows, "link": link, "is_needed": current_door() is Door.INVITE}
    return render_template("door/invitations.html", form=form, **facts), status
