"""The reader's own shelf: all copies that they hold, and what can be done with them."""

from collections import defaultdict
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.audience import AudienceForm
from app.forms.fields import PostForm
from app.forms.gift import CONDITIONS
from app.forms.shelf import ShelfForm, ShelfQuery
from app.models.base import now
from app.rules.exchange.listing import Condition
from app.rules.shelf.keeping import Change
from app.services.shelf.answering import list_questions
from app.services.shelf.export import export_shelf
from app.services.shelf.keeping import Changed, change_copies, forget_copy, make_private, offer_copy
from app.services.shelf.my_shelf import list_shelf
from app.services.sight.hold import waits_to_be_shown
from app.web.blueprint import web
from app.web.page.audience import new_audience_form, offer_audience
from app.web.page.caching import no_store
from app.web.page.limits import account_key, listing_limit, listing_rate
from app.web.page.paging import page_number, page_size
from app.web.page.paths import referring_page
from app.web.page.reader import reader, sight
from app.web.page.refusals import words_of

MOST_TITLES = 5
"""How many titles are named for each reason why something was not done."""


@web.get("/my/books")
@login_required
def my_books() -> ResponseReturnValue:
    """List the copies that the reader holds, or those that they have given."""
    query = ShelfQuery(request.args)
    chosen, words = query.chosen, query.words
    query.validate()
    arguments: dict[str, Any] = {name: value for name, value in (("show", chosen), ("q", words)) if value}
    listed = list_shelf(current_user.id, chosen, words, page_number(), page_size(), sight())
    if listed.page > listed.pages:
        return redirect(url_for("web.my_books", **arguments, page=listed.pages))
    questions = list_questions(current_user.id) if reader().may_be_asked else []
    facts = {
        "questions": questions,
        "show": chosen or "",
        "words": words,
        "arguments": arguments,
        "conditions": CONDITIONS,
        "audience": new_audience_form(),
    }
    return render_template("shelf/my_books.html", listed=listed, reader=reader(), now=now(), **facts)


@web.get("/my/books/export.csv")
@login_required
@no_store
def export_my_books() -> ResponseReturnValue:
    """Return the shelf as a table for spreadsheets and other programs."""
    answer = make_response(export_shelf(current_user.id))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = 'attachment; filename="fisher-books.csv"'
    return answer


@web.post("/my/books")
@login_required
@limiter.shared_limit(listing_rate, scope="listing", key_func=account_key, cost=lambda: _weight())
def change_my_books() -> ResponseReturnValue:
    """Do the same with several copies."""
    form = ShelfForm()
    offer_audience(form)
    if form.validate_on_submit():
        change = Change(form.act.data)
        condition = Condition(form.condition.data) if change is Change.CONDITION else Condition.GOOD
        _tell(change_copies(current_user.id, form.chosen, change, condition, now(), form.circles))
    else:
        _flash_error(form)
    return _back()


def _flash_error(form: PostForm) -> None:
    flash(next(iter(errors[0] for errors in form.errors.values() if errors)), "error")


def _weight() -> int:
    """Return how much a form counts under the limit: as many as the copies that it lists."""
    form = ShelfForm()
    return max(1, len(form.chosen)) if form.act.data == Change.OFFER else 1


def _tell(changed: Changed) -> None:
    """Say how many copies were changed, and of the others why not."""
    if changed.done:
        flash(ngettext("Done for one book.", "Done for %(num)d books.", changed.done), "success")
    titles: defaultdict[str, list[str]] = defaultdict(list)
    for title, refusal in changed.refused:
        titles[" ".join(filter(None, words_of(refusal)))].append(title)
    for sentence, some in titles.items():
        named = " · ".join(some[:MOST_TITLES])
        more = gettext("%(titles)s and %(number)d more", titles=named, number=len(some) - MOST_TITLES)
        flash(f"{named if len(some) <= MOST_TITLES else more}: {sentence}", "error")
    if not changed.done and not changed.refused:
        flash(gettext("None of these books is on your shelf any more."), "error")


@web.post("/my/books/<int:cid>/offer")
@login_required
@listing_limit
def offer_my_book(cid: int) -> ResponseReturnValue:
    """List a copy as it was described last, or pass on one that has just been received."""
    form = AudienceForm()
    offer_audience(form)
    if not form.validate_on_submit():
        _flash_error(form)
    elif waits_to_be_shown(offer_copy(current_user.id, cid, now(), form.circles)):
        flash(gettext("Your copy is listed. A moderator looks at it before others see it."))
    else:
        flash(gettext("Your copy is on the shelf for others. You can still change what you say about it."), "success")
    return _back()


@web.post("/my/books/<int:cid>/withdraw")
@login_required
def withdraw_my_book(cid: int) -> ResponseReturnValue:
    """Take a copy off the list; it stays on the reader's shelf."""
    make_private(current_user.id, cid, now())
    flash(gettext("The copy is private again: only you see it."), "success")
    return _back()


@web.post("/my/books/<int:cid>/forget")
@login_required
def forget_my_book(cid: int) -> ResponseReturnValue:
    """Take a private copy off the shelf."""
    forget_copy(current_user.id, cid, now())
    flash(gettext("The copy was removed from your shelf."), "success")
    return _back()


def _back() -> ResponseReturnValue:
    """Redirect to the page of the shelf or of exchanges on which the button was pressed."""
    page = referring_page() or ""
    lists = (url_for("web.my_books"), url_for("web.pending"))
    return redirect(page if page.partition("?")[0] in lists else lists[0], 303)
