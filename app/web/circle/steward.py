"""What stewards do for their circle: requests, members, its texts and rules, and its end."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.circle import AnswerForm, RulesForm
from app.models.base import now
from app.models.circle import Circle
from app.rules.refusal import Refusal
from app.services.circle import members as service
from app.services.circle.founding import CircleFacts, change_circle
from app.services.circle.stewarding import count_for_checklist, list_requests, list_troubled
from app.services.circle.succession import answer_for_steward
from app.web.blueprint import web
from app.web.page.area import area_name, typed_area, unclear_area
from app.web.page.caching import no_store
from app.web.page.circle import own_circle_at, stewarded_circle_at
from app.web.page.paths import referring_page
from app.web.page.reader import reader
from app.web.page.refusals import refuse

DEEDS: dict[str, tuple[Callable[[int, int, int, int], None], Callable[[], str]]] = {
    "let-in": (service.let_in, lambda: gettext("They are in.")),
    "turn-away": (service.turn_away, lambda: gettext("They are not let in. They can ask again in 30 days.")),
    "exclude": (service.exclude, lambda: gettext("They are excluded. What they have promised is still handed over.")),
    "make-steward": (service.make_steward, lambda: gettext("They look after the circle now, as you do.")),
}


@web.get("/circle/<slug>/steward")
@login_required
@no_store
def circle_steward(slug: str) -> ResponseReturnValue:
    """Show what a circle needs, who asks to be let in, and which copies are reported or held."""
    circle = stewarded_circle_at(slug)
    checklist = count_for_checklist(circle.id, now())
    facts = {"requests": list_requests(circle.id), "troubled": list_troubled(circle.id), "checklist": checklist}
    return render_template("circle/steward.html", circle=circle, **facts)


@web.post('/circle/<slug>/readers/<int:id>/<any("let-in", "turn-away", "exclude", "make-steward"):deed>')
@login_required
def change_member(slug: str, id: int, deed: str) -> ResponseReturnValue:
    """Let a reader in or not, exclude a member, or let one look after the circle too."""
    act, said = DEEDS[deed]
    act(reader().id, stewarded_circle_at(slug).id, id, now())
    flash(said(), "success")
    return redirect(referring_page() or url_for("web.circle_steward", slug=slug), 303)


@web.post("/circle/<slug>/step-down")
@login_required
def step_down(slug: str) -> ResponseReturnValue:
    """Look after a circle no more."""
    service.step_down(reader().id, stewarded_circle_at(slug).id)
    flash(gettext("You are an ordinary member now."), "success")
    return redirect(url_for("web.circle", slug=slug), 303)


@web.post("/circle/<slug>/succeed")
@login_required
def succeed_steward(slug: str) -> ResponseReturnValue:
    """Look after a circle that nobody looks after any more, or not."""
    circle, _ = own_circle_at(slug)
    form = AnswerForm()
    if not form.validate_on_submit():
        abort(400)
    is_willing = form.answer.data == "yes"
    answer_for_steward(reader().id, circle.id, is_willing, now())
    flash(gettext("Thank you! You look after the circle now.") if is_willing else gettext("Another member is asked."))
    return redirect(url_for("web.circle_steward" if is_willing else "web.circle", slug=slug), 303)


@web.get("/circle/<slug>/rules")
@login_required
@no_store
def circle_rules(slug: str) -> ResponseReturnValue:
    """Show the form for what is said of a circle."""
    circle = stewarded_circle_at(slug)
    form = RulesForm(formdata=None, obj=circle, area_name=area_name(circle.area))
    form.ways.data = circle.ways.split()
    return _show(circle, form)


@web.post("/circle/<slug>/rules")
@login_required
def change_circle_rules(slug: str) -> ResponseReturnValue:
    """Store what is said of a circle."""
    circle, form = stewarded_circle_at(slug), RulesForm()
    area = typed_area(form.area_name.data, circle.area)
    if not form.validate_on_submit() or area is None:
        if area is None:
            form.area_name.errors = [unclear_area()]
        return _show(circle, form, 400)
    try:
        change_circle(reader().id, circle.id, CircleFacts(**form.facts(area or None)), now())
    except Refusal as refusal:
        refuse(form, refusal)
        return _show(circle, form, refusal.status)
    flash(gettext("What you say about the circle is saved."), "success")
    return redirect(url_for("web.circle_steward", slug=slug), 303)


@web.post("/circle/<slug>/end")
@login_required
def end_circle(slug: str) -> ResponseReturnValue:
    """Close a circle for good."""
    service.close_circle(reader().id, stewarded_circle_at(slug).id, now())
    flash(gettext("The circle is closed. What was listed for it alone is private again."), "success")
    return redirect(url_for("web.circles"), 303)


def _show(circle: Circle, form: RulesForm, status: int = 200) -> ResponseReturnValue:
    return render_template("circle/rules.html", circle=circle, form=form), status
