"""The desk: what moderators have to look at, decide and can take back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.forms.decision import AnswerForm, DecisionForm, TakeBackForm
from app.models.base import now
from app.rules.moderation.decision import ACTS, AT_THE_DOOR, Ground
from app.rules.refusal import Refusal
from app.services.journey.lines import count_waiting_lines, list_waiting
from app.services.moderation import appeal as appeals
from app.services.moderation import decision as decisions
from app.services.moderation import desk as service
from app.services.moderation.door import count_waiting, find_inviter
from app.services.moderation.hold import count_holds, list_holds
from app.services.trust.complaint import count_complaints
from app.web.blueprint import web
from app.web.page.desk import for_the_desk, me
from app.web.page.paging import last_page, page_number, page_size
from app.web.page.refusals import refuse


@web.get("/desk")
@for_the_desk
def desk() -> ResponseReturnValue:
    """Show how much waits, and where."""
    reports, appealed = service.count_open()
    counts = {"reports": reports, "appeals": appealed, "waiting": count_waiting(), "holds": count_holds()}
    counts |= {"complaints": count_complaints(), "lines": count_waiting_lines()}
    return render_template("moderation/desk.html", **counts)


@web.get("/desk/reports")
@for_the_desk
def desk_reports() -> ResponseReturnValue:
    """List what waits, the oldest first."""
    listed = service.list_open_reports(page_number(), page_size())
    if listed.page > listed.pages:
        return last_page(listed.pages)
    return render_template(
        "moderation/desk_reports.html",
        listed=listed,
        appeals=service.list_open_appeals(),
        holds=list_holds(),
        lines=list_waiting(),
    )


@web.get("/desk/case/<kind>/<int:id>")
@for_the_desk
def desk_case(kind: str, id: int) -> ResponseReturnValue:
    """Show what is known of something, and the form to decide."""
    return _show_case(kind, id, _decision_form(kind))


@web.post("/desk/case/<kind>/<int:id>")
@for_the_desk
def decide_case(kind: str, id: int) -> ResponseReturnValue:
    """Decide about something, and all open reports of it."""
    form = _decision_form(kind)
    if not form.validate_on_submit():
        return _show_case(kind, id, form, 400)
    until = decisions.beginning_of(form.until.data, service.get_case(kind, id, now()).subject.about_id)
    try:
        decisions.decide(me(), kind, id, form.verdict(until), now(), form.seen.data)
    except Refusal as refusal:
        refuse(form, refusal)
        return _show_case(kind, id, form, refusal.status)
    flash(gettext("It is decided, and both sides will be told."), "success")
    return redirect(url_for("web.desk_reports"), 303)


def _decision_form(kind: str) -> DecisionForm:
    form = DecisionForm()
    form.offer(ACTS.get(kind, ()))
    return form


def _show_case(kind: str, id: int, form: DecisionForm, status: int = 200) -> ResponseReturnValue:
    case = service.get_case(kind, id, now())
    form.seen.data, form.seen.raw_data = case.decisions[0].id if case.decisions else 0, None
    return render_template("moderation/desk_case.html", case=case, form=form), status


@web.get("/desk/log")
@for_the_desk
def desk_log() -> ResponseReturnValue:
    """List all decisions, the newest first."""
    listed = service.list_log(page_number(), page_size())
    if listed.page > listed.pages:
        return last_page(listed.pages)
    return render_template("moderation/desk_log.html", listed=listed)


@web.get("/desk/log/<int:id>")
@for_the_desk
def desk_decision(id: int) -> ResponseReturnValue:
    """Show one decision, and the form to take it back."""
    return _show_decision(id, TakeBackForm())


@web.post("/desk/log/<int:id>")
@for_the_desk
def undo_decision(id: int) -> ResponseReturnValue:
    """Take a decision back."""
    form = TakeBackForm()
    if not form.validate_on_submit():
        return _show_decision(id, form, 400)
    decisions.take_back(me(), id, Ground(form.ground.data), form.words.data, now())
    flash(gettext("The decision is reversed, and both sides will be told."), "success")
    return redirect(url_for("web.desk_log"), 303)


def _show_decision(id: int, form: TakeBackForm, status: int = 200) -> ResponseReturnValue:
    facts = {"line": service.get_logged(id), "at_the_door": AT_THE_DOOR}
    return render_template("moderation/desk_decision.html", form=form, **facts), status


@web.get("/desk/appeal/<int:id>")
@for_the_desk
def desk_appeal(id: int) -> ResponseReturnValue:
    """Show an appeal, and the form to answer it."""
    return _show_appeal(id, AnswerForm())


@web.post("/desk/appeal/<int:id>")
@for_the_desk
def answer_appeal(id: int) -> ResponseReturnValue:
    """Answer an appeal."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _show_appeal(id, form, 400)
    appeals.answer_appeal(me(), id, form.answer.data == "undo", form.words.data, now())
    flash(gettext("The appeal is answered, and the reader will be told."), "success")
    return redirect(url_for("web.desk_reports"), 303)


def _show_appeal(id: int, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    return render_template("moderation/desk_appeal.html", line=service.get_appeal(id), form=form), status


@web.get("/desk/reader/<int:id>")
@for_the_desk
def desk_reader(id: int) -> ResponseReturnValue:
    """Show what moderators may know of a reader."""
    facts = {"known": service.get_reader_page(id), "inviter": find_inviter(id)}
    return render_template("moderation/desk_reader.html", **facts, now=now())
