"""Handing a book over in person: the asker shows a code, the giver scans or enters it."""

import segno
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required
from markupsafe import Markup

from app.forms.drift import HandOverForm
from app.models.base import now
from app.rules.exchange.drift import Role
from app.rules.exchange.refusals import CodeRests, WrongHandOverCode
from app.services.delivery.code_page import find_code_page, get_code
from app.services.exchange.drift import hand_over as hand_book_over
from app.web.blueprint import web
from app.web.exchange.thread import show_thread
from app.web.page.caching import no_store
from app.web.page.refusals import refuse
from app.web.page.undo_flash import flash_with_undo


@web.get("/drift/<int:did>/code")
@login_required
@no_store
def hand_over_code(did: int) -> ResponseReturnValue:
    """Show the asker's code, and its picture for the giver's camera."""
    page = find_code_page(current_user.id, did, Role.ASKER, now())
    code, address = get_code(page)
    drawing = segno.make(address, error="m").svg_inline(border=4, light="#fff", svgclass="qr", omitsize=True)
    picture = Markup(drawing)  # noqa: S704  (drawn here, of squares)
    return show_thread("drift/hand_over_code.html", page.thread.new, page=page, code=code, picture=picture)


@web.get("/drift/<int:did>/hand-over")
@login_required
@no_store
def hand_over(did: int) -> ResponseReturnValue:
    """Show the giver the field for the code; a scanned one is in it already."""
    return _show(did, HandOverForm(code=request.args.get("code", "")[:40]))


@web.post("/drift/<int:did>/hand-over")
@login_required
@no_store
def do_hand_over(did: int) -> ResponseReturnValue:
    """Hand the book over."""
    form = HandOverForm()
    if not form.validate_on_submit():
        return _show(did, form, 400)
    try:
        hand_book_over(current_user.id, did, form.code.data, now())
    except (WrongHandOverCode, CodeRests) as refusal:
        refuse(form, refusal)
        return _show(did, form, refusal.status)
    flash_with_undo(gettext("The book is handed over. Thank you for giving it!"), did)
    return redirect(url_for("web.pending"), 303)


def _show(did: int, form: HandOverForm, status: int = 200) -> ResponseReturnValue:
    page = find_code_page(current_user.id, did, Role.GIVER, now())
    return show_thread("drift/hand_over.html", page.thread.new, page=page, form=form), status
