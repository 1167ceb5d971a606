"""The basket: what becomes of each of the books that a reader has brought."""

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user, login_required

from app.forms.basket import PLANS, BasketForm, read_choices
from app.forms.gift import CONDITIONS
from app.models.base import now
from app.rules.exchange.listing import Condition
from app.rules.refusal import Refusal
from app.rules.shelf.basket import Plan
from app.services.basket.clearing import Choice, Cleared, clear_basket
from app.services.basket.listing import count_states, show_basket
from app.services.basket.looking import look_again
from app.services.shelf.answering import has_private_copies
from app.web.blueprint import web
from app.web.page.audience import offer_audience
from app.web.page.json_request import wants_json
from app.web.page.limits import listing_limit
from app.web.page.paging import last_page, page_number
from app.web.page.reader import reader, sight

LINES_PER_PAGE = 100


@web.get("/my/books/basket")
@login_required
def basket() -> ResponseReturnValue:
    """Show the basket; a program is told how many of its books are in which state."""
    if wants_json():
        return jsonify(count_states(current_user.id))
    return _show_page(BasketForm(formdata=None))


@web.post("/my/books/basket")
@login_required
@listing_limit
def clear_my_basket() -> ResponseReturnValue:
    """Do what was chosen for the books; those that can not be listed, kept or wished for stay, each with its reason."""
    form = BasketForm()
    offer_audience(form)
    choices = read_choices(request.form)
    if not form.validate_on_submit() or choices is None:
        said = gettext("Please choose again: something that you sent is no longer on the page.")
        form.form_errors.extend((form.audience and form.audience.errors) or [said])
        return _show_page(form, status=400)
    if "again" in request.form:
        look_again(current_user.id, now())
        return redirect(url_for("web.basket"), 303)
    for_all = Choice(Plan(form.plan.data or ""), Condition(form.condition.data or Condition.GOOD))
    chosen = {id: Choice(*choice) for id, choice in choices.items()}
    cleared = clear_basket(reader(), chosen, for_all, now(), form.circles)
    _flash(cleared)
    if cleared.refused:
        return _show_page(BasketForm(formdata=None), cleared.refused, 409)
    return redirect(url_for("web.basket"), 303)


def _show_page(
    form: BasketForm, refused: Mapping[int, Refusal] | None = None, status: int = 200
) -> ResponseReturnValue:
    if form.audience and form.audience.raw_data is None:
        offer_audience(form)
    shown = show_basket(current_user.id, page_number(), LINES_PER_PAGE, sight())
    if shown.lines.page > shown.lines.pages:
        return last_page(shown.lines.pages)
    is_to_be_offered = not shown.lines.rows and not reader().may_be_asked and has_private_copies(current_user.id)
    said: dict[str, Any] = {
        "offers_asking": is_to_be_offered,
        "refused": refused or {},
        "plans": PLANS,
        "conditions": CONDITIONS,
    }
    return render_template("basket/basket.html", basket=shown, form=form, **said), status


def _flash(cleared: Cleared) -> None:
    done = cleared.done
    if n := done[Plan.LIST]:
        flash(ngettext("One book is listed.", "%(num)d books are listed.", n), "success")
    if n := done[Plan.PRIVATE]:
        flash(ngettext("One is on your private shelf.", "%(num)d are on your private shelf.", n), "success")
    if n := done[Plan.WISH]:
        flash(ngettext("One is on your wish list.", "%(num)d are on your wish list.", n), "success")
    if n := done[Plan.DROP]:
        flash(ngettext("One was removed from the basket.", "%(num)d were removed from the basket.", n), "success")
    if n := cleared.left:
        flash(ngettext("One is left to do: press again.", "%(num)d are left to do: press again.", n))
    if n := len(cleared.refused):
        flash(ngettext("One stays in the basket: see why.", "%(num)d stay in the basket: see why.", n), "error")
