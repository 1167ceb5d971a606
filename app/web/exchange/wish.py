"""A reader's wishes, and granting another reader's."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.models.base import now
from app.models.book import Book
from app.rules.exchange.refusals import WishGone
from app.rules.exchange.wish_scope import WishScope
from app.services.errors import NotFound
from app.services.exchange.my_lists import list_my_wishes
from app.services.exchange.wish import change_scope, decline_offer, find_open_wish, wish_for_book, withdraw_wish
from app.services.exchange.wish import satisfy_wish as keep_copy_for_wish
from app.web.blueprint import web
from app.web.book.book_page import book_at
from app.web.page.area import reader_area
from app.web.page.limits import listing_limit
from app.web.page.paging import last_page, page_number, page_size
from app.web.page.reader import sight


@web.get("/my/wish")
@login_required
def my_wish() -> ResponseReturnValue:
    """List the reader's wishes, with the number of open copies for each."""
    listed = list_my_wishes(current_user.id, page_number(), page_size(), reader_area(), sight())
    if listed.page > listed.pages:
        return last_page(listed.pages)
    return render_template("wish/my_wish.html", listed=listed)


@web.post("/wish/book/<isbn>")
@login_required
@listing_limit
def save_to_wish(isbn: str) -> ResponseReturnValue:
    """Put a book on the wish list."""
    book = book_at(isbn)
    wish_for_book(current_user.id, book.id, now())
    flash(gettext("The book is on your wish list. We’ll tell you when a copy is kept for you."), "success")
    return redirect(url_for("web.book_detail", isbn=book.number), 303)


@web.post("/wish/book/<isbn>/redraw")
@login_required
def redraw_from_wish(isbn: str) -> ResponseReturnValue:
    """Take a book off the wish list."""
    wish_id = find_open_wish(current_user.id, book_at(isbn).id)
    if wish_id is None:
        raise WishGone()
    withdraw_wish(current_user.id, wish_id, now())
    flash(gettext("The book was removed from your wish list."), "success")
    return redirect(url_for("web.my_wish"), 303)


@web.post("/wish/<int:wid>/scope/<scope>")
@login_required
def change_wish_scope(wid: int, scope: str) -> ResponseReturnValue:
    """Let a wish be for one edition, for all in its language, or for all."""
    if scope not in list(WishScope):
        raise NotFound()
    change_scope(current_user.id, wid, WishScope(scope), now())
    flash(gettext("Changed. Your wish keeps its place."), "success")
    return redirect(url_for("web.my_wish"), 303)


@web.post("/offer/<int:gid>/decline")
@login_required
def decline_edition(gid: int) -> ResponseReturnValue:
    """Say that the copy on offer is not the edition that the reader waits for."""
    decline_offer(current_user.id, gid, now())
    flash(gettext("The copy goes to the next reader. Your wish keeps its place."), "success")
    return redirect(url_for("web.my_wish"), 303)


@web.post("/satisfy/wish/<int:wid>")
@login_required
@listing_limit
def satisfy_wish(wid: int) -> ResponseReturnValue:
    """Offer the reader's copy to a wisher."""
    number = Book.get_number(keep_copy_for_wish(current_user.id, wid, now()))
    flash(gettext("Your copy is kept for this reader, and we have told them."), "success")
    return redirect(url_for("web.book_detail", isbn=number), 303)
