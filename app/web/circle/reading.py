"""The reading list of a circle: for its members, and for its stewards, who change it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.extensions import limiter
from app.forms.circle import CircleQuery, TitleForm
from app.models.base import now
from app.models.circle import Circle
from app.rules.circle.joining import Standing
from app.rules.circle.reading import noon_of, usual_day
from app.rules.refusal import Refusal
from app.services.book.search import search_books
from app.services.circle import reading as service
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.circle import own_circle_at, stewarded_circle_at
from app.web.page.limits import listing_limit, search_rate
from app.web.page.reader import reader, sight
from app.web.page.refusals import refuse

HITS = 8


@web.get("/circle/<slug>/reading")
@login_required
@limiter.limit(search_rate, exempt_when=lambda: "q" not in request.args)
@no_store
def circle_reading(slug: str) -> ResponseReturnValue:
    """Show what a circle wants to read, and to its stewards the books that they look for."""
    circle, standing = own_circle_at(slug)
    return _show(circle, standing, TitleForm(formdata=None, wanted_by=usual_day(now())))


@web.post("/circle/<slug>/reading")
@login_required
@listing_limit
def add_to_reading(slug: str) -> ResponseReturnValue:
    """Put a book on the list."""
    circle = stewarded_circle_at(slug)
    form = TitleForm()
    if not form.validate_on_submit() or form.wanted_by.data is None:
        return _refused(slug, form, 400)
    try:
        service.add_title(reader().id, circle.id, form.book.data or 0, noon_of(form.wanted_by.data), now())
    except Refusal as refusal:
        refuse(form, refusal)
        return _refused(slug, form, refusal.status)
    flash(gettext("It is on the reading list."), "success")
    return redirect(url_for("web.circle_reading", slug=slug), 303)


@web.post("/circle/<slug>/reading/<int:id>/take-off")
@login_required
def take_off_reading(slug: str, id: int) -> ResponseReturnValue:
    """Take a book off the list."""
    service.take_off_title(reader().id, stewarded_circle_at(slug).id, id)
    flash(gettext("It is off the reading list."), "success")
    return redirect(url_for("web.circle_reading", slug=slug), 303)


@web.post("/circle/<slug>/reading/<int:id>/need")
@login_required
@listing_limit
def need_title(slug: str, id: int) -> ResponseReturnValue:
    """Wish for a book of the list."""
    circle, _ = own_circle_at(slug)
    service.need_title(reader().id, circle.id, id, now())
    flash(gettext("The book is on your wish list. We’ll tell you when a copy is kept for you."), "success")
    return redirect(url_for("web.circle_reading", slug=slug), 303)


def _refused(slug: str, form: TitleForm, status: int) -> ResponseReturnValue:
    circle, standing = own_circle_at(slug)
    return _show(circle, standing, form, status)


def _show(circle: Circle, standing: Standing, form: TitleForm, status: int = 200) -> ResponseReturnValue:
    words = CircleQuery(request.args).words if standing.is_steward else ""
    hits = search_books(words, size=HITS).books[:HITS] if words else ()
    titles = service.list_reading(circle.id, reader().id, sight())
    facts = {"titles": titles, "words": words, "hits": hits, "form": form, "today": now()}
    return render_template("circle/reading.html", circle=circle, standing=standing, **facts), status
