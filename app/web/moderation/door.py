"""The door of the site at the desk: who waits to be let in; and the page for those who wait."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.forms.door import AtTheDoorForm
from app.models.base import now
from app.rules.door.door import REFUSED_KEPT_DAYS, NotLetInYet
from app.services.moderation import door as service
from app.web.blueprint import web
from app.web.page.desk import for_the_desk, me
from app.web.page.paging import last_page, page_number, page_size


@web.get("/desk/door")
@for_the_desk
def desk_door() -> ResponseReturnValue:
    """List who waits, the longest first, and who was turned away."""
    listed = service.list_knocking(page_number(), page_size())
    if listed.page > listed.pages:
        return last_page(listed.pages)
    return render_template("moderation/desk_door.html", listed=listed)


@web.get("/desk/door/<int:id>")
@for_the_desk
def desk_knock(id: int) -> ResponseReturnValue:
    """Show what somebody wrote, and the form to decide."""
    return _show(id, AtTheDoorForm())


@web.post("/desk/door/<int:id>")
@for_the_desk
def answer_knock(id: int) -> ResponseReturnValue:
    """Let somebody in, or turn them away."""
    form = AtTheDoorForm()
    if not form.validate_on_submit():
        return _show(id, form, 400)
    service.decide_at_the_door(me(), id, form.answer.data == "in", form.words.data, now())
    flash(gettext("It is decided, and they will be told by e-mail."), "success")
    return redirect(url_for("web.desk_door"), 303)


def _show(id: int, form: AtTheDoorForm, status: int = 200) -> ResponseReturnValue:
    line, decisions = service.get_knocking(id)
    if line.is_refused:
        form.only_let_in()
    facts = {"line": line, "decisions": decisions, "form": form, "days": REFUSED_KEPT_DAYS}
    return render_template("moderation/desk_knock.html", **facts), status


@web.app_errorhandler(NotLetInYet)
def show_not_let_in(refusal: NotLetInYet) -> ResponseReturnValue:
    """Say how it stands to somebody who has given the password, and waits or was turned away."""
    decision = service.find_refusal(refusal.reader_id)
    return render_template("door/waiting.html", refused=decision, days=REFUSED_KEPT_DAYS), refusal.status
