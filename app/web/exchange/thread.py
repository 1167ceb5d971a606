"""What the two sides of a drift write to each other."""

from collections.abc import Collection
from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.drift import MessageForm
from app.forms.fields import new_form_key
from app.models.base import now
from app.rules.clock import iso_time
from app.services.delivery.thread import Draft, find_thread_page, note_read
from app.services.exchange.drift import write_message
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.json_request import error_json, wants_json
from app.web.page.limits import account_key, message_rate
from app.web.page.paths import referring_page


@web.get("/drift/<int:did>/thread")
@login_required
@no_store
def thread(did: int) -> ResponseReturnValue:
    """Show what the two sides have written, and the forms to write more."""
    return _show(did, MessageForm())


@web.post("/drift/<int:did>/thread")
@login_required
@limiter.limit(message_rate, key_func=account_key)
@no_store
def write_to_thread(did: int) -> ResponseReturnValue:
    """Write to the other side."""
    form = MessageForm()
    if not form.validate_on_submit():
        return _show(did, form, 400)
    draft = Draft("" if form.chosen else form.text.data, form.chosen, form.form_key.data)
    message = write_message(current_user.id, did, draft, now())
    if wants_json():
        return jsonify(id=message.id, drift=did, written_at=iso_time(message.create_time)), 201
    flash(gettext("Your message is sent."), "success")
    page = referring_page() or url_for("web.thread", did=did)
    return redirect(f"{page}#thread-{did}", 303)


def _show(did: int, form: MessageForm, status: int = 200) -> ResponseReturnValue:
    page = find_thread_page(current_user.id, did, now())
    if form.errors and wants_json():
        return error_json(status, fields=form.errors), status
    return show_thread("drift/thread.html", page.thread.new, page=page, form=form), status


def show_thread(template: str, new: Collection[int], **values: Any) -> str:
    """Show a page with threads, of whose messages these are `new`, and note that they were shown."""
    page = render_template(template, form_key=new_form_key(), **values)
    note_read(new, now())
    return page
