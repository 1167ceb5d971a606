"""Asking for a copy, and the reader's drifts in both roles."""

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.drift import AcceptForm, DriftForm, MailedForm
from app.forms.fields import PostForm
from app.forms.thanks import ReceivedForm
from app.models.base import now
from app.rules.exchange.drift import DriftState, Way
from app.rules.exchange.undo import UNDO_WINDOW
from app.rules.refusal import Refusal
from app.services.delivery.meeting import AtPlace, Delivery, Meeting
from app.services.delivery.own_drift import is_free
from app.services.delivery.postal_address import PostalAddress, forget_address, list_addresses
from app.services.errors import NotFound
from app.services.exchange import drift as service
from app.services.exchange.lending import is_loan
from app.services.exchange.my_drifts import list_drifts
from app.services.exchange.request_page import find_request_page, get_ways
from app.services.journey.stations import Consent, agree_at_receipt
from app.services.notice.notices import note_drifts_seen
from app.services.trust.complaint import list_links
from app.services.trust.thanks import list_thanks, thank
from app.web.blueprint import web
from app.web.exchange.thread import show_thread
from app.web.page.area import reader_area
from app.web.page.audience import new_audience_form
from app.web.page.caching import no_store
from app.web.page.limits import account_key, asking_rate
from app.web.page.paging import last_page, page_number, page_size
from app.web.page.reader import reader
from app.web.page.refusals import show_refusal_page, words_of
from app.web.page.refused import count_when_sent
from app.web.page.undo_flash import flash_with_undo

_ARRIVED = (DriftState.RECEIVED, DriftState.LENT, DriftState.PASSED_ON)


@web.get("/drift/<int:gid>")
@login_required
@no_store
def send_drift(gid: int) -> ResponseReturnValue:
    """Show the rules with the reader's own figures, and the form to ask for a copy."""
    return _show_request(gid, _form(gid, list_addresses(current_user.id)))


@web.post("/drift/<int:gid>")
@login_required
@limiter.limit(asking_rate, key_func=account_key)
@no_store
def post_drift(gid: int) -> ResponseReturnValue:
    """Ask for a copy."""
    saved = list_addresses(current_user.id)
    form = _form(gid, saved)
    if not form.validate_on_submit():
        return _show_request(gid, form, status=400)
    try:
        did = service.request_book(
            current_user.id, gid, _delivery(form, saved), form.note.data, now(), keep=form.keep.data
        )
    except Refusal as refusal:
        return _show_refusal(gid, form, refusal)
    if is_free(did):
        flash(gettext("Your request has been sent to the giver. No beans are needed in this circle."), "success")
    else:
        flash(gettext("Your request has been sent to the giver. The bean is held until the book arrives."), "success")
    return redirect(url_for("web.pending"), 303)


def _form(gid: int, saved: list[tuple[int, PostalAddress]]) -> DriftForm:
    lines = [(id, f"{a.recipient} · {a.phone} · {a.address}") for id, a in saved]
    ways, places = get_ways(gid, current_user.id)
    return DriftForm(ways, lines, [(place.id, place.line) for place in places], request.args.get("way"))


def _delivery(form: DriftForm, saved: list[tuple[int, PostalAddress]]) -> Delivery:
    if form.way.data == Way.MEET:
        return Meeting(form.proposals)
    if form.way.data == Way.PLACE:
        return AtPlace(int(form.place.data))
    if form.is_new:
        return PostalAddress(form.recipient.data, form.phone.data, form.address.data)
    return dict(saved)[int(form.saved.data)]


def _show_request(gid: int, form: DriftForm, refusal: Refusal | None = None, status: int = 200) -> ResponseReturnValue:
    page = find_request_page(gid, current_user.id, now(), reader_area())
    answer = make_response(render_template("drift/send_drift.html", page=page, form=form, refused=refusal), status)
    if (said := refusal or page.refusal) is not None and request.method != "HEAD":
        count_when_sent(answer, said)
    return answer


def _show_refusal(gid: int, form: DriftForm, refusal: Refusal) -> ResponseReturnValue:
    """Show the refusal on the page of the request, or as a page of its own if the reader may no longer see the copy."""
    try:
        return _show_request(gid, form, refusal, refusal.status)
    except NotFound:
        answer = make_response(show_refusal_page(refusal))
        count_when_sent(answer, refusal)
        return answer


@web.post("/address/<int:aid>/forget")
@login_required
def forget_saved_address(aid: int) -> ResponseReturnValue:
    """Erase one of the reader's saved addresses."""
    if not forget_address(current_user.id, aid):
        abort(404)
    flash(gettext("The address is deleted."), "success")
    return redirect(url_for("web.user_settings", _anchor="privacy"), 303)


@web.get("/pending")
@login_required
@no_store
def pending() -> ResponseReturnValue:
    """List the reader's drifts: those waiting for the reader, those waiting for the other side, and the ended ones."""
    drifts = list_drifts(current_user.id, page_number(), page_size(), now())
    if drifts.page > drifts.pages:
        return last_page(drifts.pages)
    complaints = list_links(current_user.id, [row.drift for row in drifts.rows], now())
    said = list_thanks(current_user.id, [row.drift for row in drifts.rows], now())
    shown = {"drifts": drifts, "said": said, "complaints": complaints}
    if any(row.drift.may_pass_on for row in drifts.rows):
        shown["audience"] = new_audience_form()
    answer = show_thread("drift/pending.html", drifts.new, **shown)
    if reader().unseen:
        note_drifts_seen(reader().id, now(), [row.drift.id for row in drifts.rows])
    return answer


@web.post("/drift/<int:did>/accept")
@login_required
def accept_drift(did: int) -> ResponseReturnValue:
    """Accept a request, and say when and where to meet if the book is handed over in person."""
    form = AcceptForm()
    if not form.validate_on_submit():
        return show_errors(form)
    service.accept_request(current_user.id, did, now(), form.meeting)
    return _done(
        gettext("You promised the book. Below you find what you need to hand it over before the date beside it.")
    )


@web.post("/drift/<int:did>/reject")
@login_required
def reject_drift(did: int) -> ResponseReturnValue:
    """Decline a request."""
    service.reject_request(current_user.id, did, now())
    minutes = UNDO_WINDOW // 60
    if is_free(did):
        said = gettext(
            "You declined the request. In %(minutes)d minutes your copy is on the shelf again.", minutes=minutes
        )
        return _done(said, did)
    return _done(
        gettext(
            "You declined the request. In %(minutes)d minutes the bean goes back and your copy is on the shelf again.",
            minutes=minutes,
        ),
        did,
    )


@web.post("/drift/<int:did>/redraw")
@login_required
def redraw_drift(did: int) -> ResponseReturnValue:
    """Withdraw a request."""
    service.redraw_request(current_user.id, did, now())
    return _done(
        gettext("You cancelled the request.")
        if is_free(did)
        else gettext("You cancelled the request, and your bean is back.")
    )


@web.post("/drift/<int:did>/mailed")
@login_required
def mailed_drift(did: int) -> ResponseReturnValue:
    """Confirm that the book has been mailed."""
    form = MailedForm()
    if not form.validate_on_submit():
        return show_errors(form)
    service.confirm_mailed(current_user.id, did, form.tracking.data, now())
    if is_loan(did):
        return _done(gettext("The book is on its way. The loan starts on the day it arrives."), did)
    if is_free(did):
        return _done(gettext("The book is on its way."), did)
    return _done(gettext("The book is on its way. You get the bean when it arrives."), did)


@web.post("/drift/<int:did>/left")
@login_required
def left_drift(did: int) -> ResponseReturnValue:
    """Confirm that the book is at its place."""
    service.confirm_left(current_user.id, did, now())
    if is_loan(did):
        return _done(gettext("We’ll tell the other reader. The loan starts on the day they find it."), did)
    if is_free(did):
        return _done(gettext("We’ll tell the other reader."), did)
    return _done(gettext("We’ll tell the other reader. You get the bean when they have found it."), did)


@web.post("/drift/<int:did>/met")
@login_required
def met_drift(did: int) -> ResponseReturnValue:
    """Confirm that the book has been handed over."""
    service.confirm_met(current_user.id, did, now())
    if is_loan(did):
        return _done(
            gettext("We’ll ask the other reader. Unless they object, the book counts as lent in two days."), did
        )
    if is_free(did):
        said = gettext("We’ll ask the other reader. Unless they object, the book counts as received in two days.")
        return _done(said, did)
    return _done(gettext("We’ll ask the other reader. Unless they object, you get the bean in two days."), did)


@web.post("/drift/<int:did>/absent")
@login_required
def absent_drift(did: int) -> ResponseReturnValue:
    """Say that the other side did not come, or did not leave the book."""
    service.report_absent(current_user.id, did, now())
    return _done(gettext("We’ll ask the other reader. Unless they answer within two days, the exchange ends."))


@web.post("/drift/<int:did>/object")
@login_required
def object_drift(did: int) -> ResponseReturnValue:
    """Object to what the other side says."""
    state = service.object_to(current_user.id, did, now(), request.args.get("seen"))
    if state is DriftState.LENT:
        return _done(gettext("We’ll tell the borrower that the book is not back. Please write to each other."))
    if state is DriftState.ACCEPTED:
        return _done(gettext("The exchange goes on, and both of you know. Please agree on a time and place."))
    if is_free(did):
        return _done(gettext("All right. If you get the book after all, tell us here."))
    return _done(gettext("Your bean is back. If you get the book after all, tell us here."))


@web.post("/drift/<int:did>/received")
@login_required
def received_drift(did: int) -> ResponseReturnValue:
    """Confirm that the book has arrived."""
    form = ReceivedForm()
    if not form.validate_on_submit():
        return show_errors(form)
    step = service.confirm_received(current_user.id, did, now())
    if (form.shows_area.data or form.shows_name.data) and step.to in _ARRIVED:
        agree_at_receipt(current_user.id, did, Consent(form.shows_area.data, form.shows_name.data))
    if form.thanks.data:
        try:
            thank(current_user.id, did, form.thanks.data, now())
        except Refusal as refusal:
            flash(words_of(refusal).sentence, "error")
    undo = did if step.can_be_undone else None
    if step.to in (DriftState.LENT, DriftState.PASSED_ON):
        return _done(gettext("Enjoy reading! You’ll see below when to give it back."), undo)
    if is_free(did):
        return _done(gettext("Enjoy reading!"), undo)
    return _done(gettext("Enjoy reading! The bean goes to the giver."), undo)


@web.post("/drift/<int:did>/missing")
@login_required
def missing_drift(did: int) -> ResponseReturnValue:
    """Report that the book has not arrived."""
    service.report_missing(current_user.id, did, now())
    if is_free(did):
        return _done(gettext("We’re sorry. If the book still turns up, tell us here."))
    return _done(gettext("We’re sorry. Your bean is back; if the book still turns up, tell us here."))


def show_errors(form: PostForm) -> ResponseReturnValue:
    """Lead back to the list of drifts, whose forms have no room of their own for errors."""
    for errors in form.errors.values():
        flash(" ".join(map(str, errors)), "error")
    return redirect(url_for("web.pending"), 303)


def _done(sentence: str, can_be_undone: int | None = None) -> ResponseReturnValue:
    """Lead back to the list of drifts; with the number of a drift, the sentence has a button to undo the step."""
    if can_be_undone is None:
        flash(sentence, "success")
    else:
        flash_with_undo(sentence, can_be_undone)
    return redirect(url_for("web.pending"), 303)
