"""Who may open the desk: moderators and operators who log in with a second factor."""

from functools import wraps
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.rules.account.role import Role
from app.rules.moderation.decision import Party
from app.web.page.caching import no_store
from app.web.page.reader import View, reader, role_required


def for_the_desk(view: View) -> View:
    """Restrict a view to moderators with a second factor; one without it is led to the page that turns it on.

    What stands there is about others, so a stolen password must not be enough, and no browser keeps it.
    """

    @role_required(Role.MODERATOR)
    @no_store
    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not reader().has_second_factor:
            flash(gettext("The desk needs two-step verification. Please turn it on first."))
            return redirect(url_for("web.second_factor"), 303)
        return view(*args, **kwargs)

    return checked


def me() -> Party:
    """Return who decides."""
    return Party(reader().id, reader().role)
