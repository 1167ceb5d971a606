"""The devices on which a reader is logged in."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.services.account import login_session as sessions
from app.web.blueprint import web
from app.web.page.reader import reader


@web.get("/personal/sessions")
@login_required
def session_list() -> ResponseReturnValue:
    """List the devices."""
    devices = [(device, sessions.is_this_device(reader(), device)) for device in sessions.list_sessions(reader())]
    return render_template("account/session_list.html", devices=devices)


@web.post("/personal/sessions/end")
@login_required
def end_other_sessions() -> ResponseReturnValue:
    """Log out all other devices."""
    sessions.end_other_sessions(reader())
    flash(gettext("All other devices are logged out."), "success")
    return redirect(url_for("web.session_list"))
