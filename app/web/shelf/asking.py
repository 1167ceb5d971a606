"""Whether a reader may be asked in private for copies that they keep, and what they answer."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.models.base import now
from app.services.shelf.answering import choose_asking, keep_for_oneself
from app.web.blueprint import web
from app.web.page.paths import referring_page


@web.post("/my/books/asking/on")
@login_required
def allow_asking() -> ResponseReturnValue:
    """Let the reader be asked from now on."""
    choose_asking(current_user.id, True, now())
    return _back(gettext("We ask you in private from now on when somebody is waiting for a book that you keep."))


@web.post("/my/books/asking/off")
@login_required
def stop_asking() -> ResponseReturnValue:
    """Let the reader not be asked any more."""
    choose_asking(current_user.id, False, now())
    return _back(gettext("You are not asked any more."))


@web.post("/my/books/<int:cid>/keep")
@login_required
def keep_my_book(cid: int) -> ResponseReturnValue:
    """Answer that one does not part with a copy."""
    keep_for_oneself(current_user.id, cid, now())
    return _back(gettext("You keep it, and are not asked for it again."))


def _back(done: str) -> ResponseReturnValue:
    flash(done, "success")
    return redirect(referring_page() or url_for("web.my_books"), 303)
