"""Invitations to a circle: links with QR codes, and a poster to print."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.circle import UsesForm
from app.models.base import now
from app.models.circle import Circle, CircleInvitation
from app.rules.circle.inviting import MOST_USES_OF_STEWARD, most_uses
from app.rules.circle.joining import Standing
from app.rules.refusal import Refusal
from app.services.circle import invitation as service
from app.site_links import site_link
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.circle import own_circle_at, stewarded_circle_at
from app.web.page.limits import listing_limit
from app.web.page.qr import draw_qr
from app.web.page.reader import reader
from app.web.page.refusals import refuse


@web.get("/circle/<slug>/invitations")
@login_required
@no_store
def circle_invitations(slug: str) -> ResponseReturnValue:
    """Show a member's invitations, or all of them to a steward."""
    circle, standing = own_circle_at(slug)
    return _show(circle, standing, _form(standing))


@web.post("/circle/<slug>/invitations")
@login_required
@listing_limit
def invite_into_circle(slug: str) -> ResponseReturnValue:
    """Make an invitation."""
    circle, standing = own_circle_at(slug)
    form = _form(standing)
    if not form.validate_on_submit():
        return _show(circle, standing, form, 400)
    try:
        service.invite_to_circle(reader().id, circle.id, form.uses.data or 1, now())
    except Refusal as refusal:
        refuse(form, refusal)
        return _show(circle, standing, form, refusal.status)
    return redirect(url_for("web.circle_invitations", slug=slug), 303)


@web.post("/circle/<slug>/invitations/<int:id>/revoke")
@login_required
def revoke_circle_invitation(slug: str, id: int) -> ResponseReturnValue:
    """Let nobody else in by an invitation."""
    circle, _ = own_circle_at(slug)
    service.revoke_circle_invitation(reader().id, circle.id, id, now())
    flash(gettext("The invitation no longer works."), "success")
    return redirect(url_for("web.circle_invitations", slug=slug), 303)


@web.get("/circle/<slug>/poster")
@login_required
@no_store
def circle_poster(slug: str) -> ResponseReturnValue:
    """Show a page to print and hang up, with the QR code of an invitation: the one that lets most readers in."""
    circle = stewarded_circle_at(slug)
    usable = [(row.uses_left, link) for row, link in _list_links(circle, None) if link]
    link = max(usable, default=(0, ""))[1]
    facts = {"link": link, "picture": draw_qr(link) if link else "", "most": MOST_USES_OF_STEWARD}
    return render_template("circle/poster.html", circle=circle, **facts)


@web.post("/circle/<slug>/poster")
@login_required
@listing_limit
def make_circle_poster(slug: str) -> ResponseReturnValue:
    """Make an invitation for as many as a poster may bring."""
    service.invite_to_circle(reader().id, stewarded_circle_at(slug).id, MOST_USES_OF_STEWARD, now())
    return redirect(url_for("web.circle_poster", slug=slug), 303)


def _form(standing: Standing) -> UsesForm:
    form = UsesForm()
    form.limit(most_uses(standing))
    return form


def _list_links(circle: Circle, by_id: int | None) -> list[tuple[CircleInvitation, str]]:
    rows = service.list_usable(circle.id, by_id, now())
    tokens = [(row, service.find_token(row)) for row in rows]
    return [(row, site_link("web.join", token=token) if token else "") for row, token in tokens]


def _show(circle: Circle, standing: Standing, form: UsesForm, status: int = 200) -> ResponseReturnValue:
    links = _list_links(circle, None if standing.is_steward else reader().id)
    rows = [(row, link, draw_qr(link) if link else "") for row, link in links]
    facts = {"rows": rows, "may_invite": standing.is_steward or circle.members_invite}
    return render_template("circle/invitations.html", circle=circle, standing=standing, form=form, **facts), status
