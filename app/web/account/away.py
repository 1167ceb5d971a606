"""A reader who goes away for some time, and comes back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.away import AwayForm
from app.models.base import now
from app.rules.exchange.refusals import AwayTooLong, ReturnNotAhead
from app.services.account import away as service
from app.web.blueprint import web
from app.web.display.times import day_of
from app.web.page.reader import reader
from app.web.page.refusals import refuse


@web.get("/personal/away")
@login_required
def away() -> ResponseReturnValue:
    """Show until when the reader is away, and the form."""
    me = reader()
    back = day_of(me.away_until) if me.away_until is not None and me.is_away(now()) else None
    form = AwayForm(back=back, words=me.away_words if back else "")
    return render_template("user/away.html", form=form, reader=me, now=now())


@web.post("/personal/away")
@login_required
def go_away() -> ResponseReturnValue:
    """Say that the reader is away until a day."""
    form = AwayForm()
    if form.validate_on_submit() and form.back.data is not None:
        try:
            service.go_away(reader().id, form.back.data, form.words.data, now())
        except (ReturnNotAhead, AwayTooLong) as refusal:
            refuse(form, refusal)
        else:
            flash(gettext("You are away. Nobody can ask for your books until you are back."), "success")
            return redirect(url_for("web.personal"), 303)
    return render_template("user/away.html", form=form, reader=reader(), now=now()), 400


@web.post("/personal/away/end")
@login_required
def come_back() -> ResponseReturnValue:
    """End the absence."""
    service.come_back(reader().id, now())
    flash(gettext("Welcome back. Others can ask for your books again."), "success")
    return redirect(url_for("web.personal"), 303)
