"""The page of the desk on which other numbers of the economy are tried."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import limiter
from app.forms.economy import WhatIfForm
from app.models.base import now
from app.rules.economy.figures import DEFAULT_DAYS
from app.services.economy.rehearsal import TooMuchToRehearse, WhatIf, try_out
from app.web.blueprint import web
from app.web.page.desk import for_the_desk
from app.web.page.limits import account_key

MOST_REQUESTS = 5_000
"""Requests that a page rehearses, within a second or two; for more there is the command."""


@web.get("/desk/economy/what-if")
@for_the_desk
@limiter.limit("30 per minute", key_func=account_key)
def desk_what_if() -> ResponseReturnValue:
    """Show what the last days would have come to under other numbers, and the form to try some."""
    form = WhatIfForm(request.args)
    is_right = form.validate()
    tried: WhatIf | None = None
    asked = 0
    if request.args and is_right:
        try:
            tried = try_out(DEFAULT_DAYS, now(), form.changed, MOST_REQUESTS)
        except TooMuchToRehearse as error:
            asked = error.asked
    shown = {"form": form, "tried": tried, "asked": asked, "days": DEFAULT_DAYS}
    return render_template("moderation/desk_what_if.html", **shown), 200 if is_right else 400
