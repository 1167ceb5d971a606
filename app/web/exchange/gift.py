"""A reader's own copies."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.models.base import now
from app.rules.exchange.listing import Condition
from app.services.exchange.gift import bring_back_gift, offer_gift, withdraw_gift
from app.services.exchange.my_lists import list_my_gifts
from app.services.sight.hold import waits_to_be_shown
from app.web.blueprint import web
from app.web.book.book_page import book_at, make_offer_form, show_book_page
from app.web.display.book_filters import cites
from app.web.page.area import settle_area
from app.web.page.limits import listing_limit
from app.web.page.paging import last_page, page_number, page_size
from app.web.page.reader import reader, sight


@web.get("/my/gifts")
@login_required
def my_gifts() -> ResponseReturnValue:
    """List the reader's copies, with the number of wishes for each."""
    listed = list_my_gifts(current_user.id, page_number(), page_size(), sight())
    if listed.page > listed.pages:
        return last_page(listed.pages)
    return render_template("gift/my_gifts.html", listed=listed, reader=reader(), now=now())


@web.post("/gifts/book/<isbn>")
@login_required
@listing_limit
def save_to_gifts(isbn: str) -> ResponseReturnValue:
    """List a copy of a book."""
    book = book_at(isbn)
    form = make_offer_form()
    if not form.validate_on_submit():
        return show_book_page(book, form), 400
    condition, note, key = Condition(form.condition.data), form.note.data, form.form_key.data
    copy = offer_gift(current_user.id, book.id, condition, note, key, now(), form.terms)
    if waits_to_be_shown(copy):
        flash(gettext("Your copy is listed. A moderator looks at it before others see it."))
    else:
        flash(cites(gettext("Your copy of “%(title)s” is on the shelf.", title=book.title), book.title), "success")
    target = url_for("web.book_detail", isbn=book.number)
    if form.area_name.data and reader().area is None:
        return settle_area(form.area_name.data, target)
    return redirect(target, 303)


@web.post("/gifts/<int:gid>/redraw")
@login_required
def redraw_from_gifts(gid: int) -> ResponseReturnValue:
    """Take a copy off the list."""
    withdraw_gift(current_user.id, gid, now())
    flash(gettext("The copy is off the shelf."), "success")
    return redirect(url_for("web.my_gifts"), 303)


@web.post("/gifts/<int:gid>/back")
@login_required
def bring_gift_back(gid: int) -> ResponseReturnValue:
    """List a hidden copy again."""
    bring_back_gift(current_user.id, gid, now())
    flash(gettext("The copy is on the shelf again."), "success")
    return redirect(url_for("web.my_gifts"), 303)
