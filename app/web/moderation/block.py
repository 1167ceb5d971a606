"""Blocking another reader, and ending that."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.models.base import now
from app.services.moderation import block as service
from app.web.blueprint import web
from app.web.page.reader import reader


@web.post("/user/<int:id>/block")
@login_required
def block(id: int) -> ResponseReturnValue:
    """Keep the reader and another one apart."""
    service.block(reader().id, id, now())
    flash(gettext("You two won’t meet here any more. The other reader is not told."), "success")
    return redirect(url_for("web.user", id=id), 303)


@web.post("/user/<int:id>/unblock")
@login_required
def unblock(id: int) -> ResponseReturnValue:
    """Let the two meet again."""
    service.unblock(reader().id, id)
    flash(gettext("You see each other again."), "success")
    return redirect(url_for("web.user_settings", _anchor="blocked"), 303)
