"""The page of a copy, which its mark opens for anybody: where it has been, what is said of it, and who may keep it."""

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.journey import BindForm, ConsentForm, LineForm
from app.models.base import now
from app.models.copy import Whereabouts
from app.rules.account.role import Role
from app.rules.journey.mark import read_mark
from app.rules.journey.telling import LineState
from app.rules.refusal import Refusal
from app.services.journey.freeing import take_over
from app.services.journey.lines import settle_line, write_line
from app.services.journey.marks import is_own_blank
from app.services.journey.page import CopyPage, find_copy_page
from app.services.journey.stations import Consent
from app.web.blueprint import web
from app.web.journey.labels import show_blank
from app.web.page.caching import no_store
from app.web.page.limits import line_rate, mark_limit, visitor_key
from app.web.page.paths import referring_page
from app.web.page.reader import may_act, reader_id, sight
from app.web.page.refusals import refuse
from app.web.page.strangers import give_ticket, is_from_a_person

PURPOSE = "line"
SAID = {
    LineState.SHOWN: lambda: gettext("Thank you. Your line is on this page now."),
    LineState.HELD: lambda: gettext("Thank you. Your line is shown once somebody has looked at it."),
    LineState.HIDDEN: lambda: gettext("Thank you. Your line is shown once somebody has looked at it."),
}


@web.get("/c/<mark>")
@mark_limit
@no_store
def journey(mark: str) -> ResponseReturnValue:
    """Show where a copy has been; the reader of a blank label is asked for its book."""
    known, own_id = read_mark(mark), reader_id()
    page = _find(known or "")
    if page is None and own_id is not None and is_own_blank(own_id, known or ""):
        return show_blank(known or "", BindForm(formdata=None))
    return _show(page or abort(404), LineForm())


@web.post("/c/<mark>")
@mark_limit
@limiter.limit(line_rate, key_func=visitor_key)
@no_store
def do_journey(mark: str) -> ResponseReturnValue:
    """Write a line on the page of a copy."""
    page, form = _find(read_mark(mark) or "") or abort(404), LineForm()
    if not (form.validate_on_submit() and (current_user.is_authenticated or is_from_a_person(form, PURPOSE))):
        return _show(page, form, 400)
    try:
        state = write_line(page.mark, reader_id(), form.words.data, now())
    except Refusal as refusal:
        refuse(form, refusal)
        return _show(page, form, refusal.status)
    flash(SAID[state](), "success")
    return redirect(url_for("web.journey", mark=page.mark), 303)


@web.post("/c/<mark>/take")
@login_required
@mark_limit
@no_store
def take_copy(mark: str) -> ResponseReturnValue:
    """Keep a copy that was left somewhere."""
    form, known = ConsentForm(), read_mark(mark) or ""
    if not form.validate_on_submit():
        abort(400)
    take_over(current_user.id, known, Consent(form.shows_area.data, form.shows_name.data), now())
    flash(gettext("The book is yours now, until you pass it on. Enjoy reading!"), "success")
    return redirect(url_for("web.journey", mark=known), 303)


@web.post("/c/line/<int:id>/<any(show, hide):act>")
@login_required
def settle_journey_line(id: int, act: str) -> ResponseReturnValue:
    """Show a line on the page of a copy, or not."""
    mark = settle_line(current_user.id, id, act == "show", may_act(Role.MODERATOR))
    flash(gettext("It is shown on the page of the book.") if act == "show" else gettext("It is not shown."), "success")
    return redirect(referring_page() or url_for("web.journey", mark=mark), 303)


def _find(mark: str) -> CopyPage | None:
    return find_copy_page(mark, reader_id(), sight(), may_act(Role.MODERATOR))


def _show(page: CopyPage, form: LineForm, status: int = 200) -> ResponseReturnValue:
    give_ticket(form, PURPOSE)
    facts: dict[str, Any] = {"page": page, "form": form, "states": Whereabouts, "line_states": LineState}
    facts["may_settle"] = page.is_holder or may_act(Role.MODERATOR)
    answer = make_response(render_template("journey/journey.html", consent=ConsentForm(formdata=None), **facts), status)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
