"""What the two sides of a loan do once the book has arrived."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.models.base import now
from app.rules.exchange.drift import Role
from app.services.delivery.own_drift import is_free
from app.services.exchange import lending as service
from app.web.blueprint import web
from app.web.display.times import day_words
from app.web.page.undo_flash import flash_with_undo


@web.post("/drift/<int:did>/extend")
@login_required
def extend_drift(did: int) -> ResponseReturnValue:
    """Keep a borrowed book for longer."""
    until = service.extend_loan(current_user.id, did, now())
    flash(gettext("You have the book until %(day)s. We’ll tell the lender.", day=day_words(until)), "success")
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/pass-on")
@login_required
def pass_drift_on(did: int) -> ResponseReturnValue:
    """Offer a borrowed book to the next reader, or let its borrower do so."""
    if service.pass_on(current_user.id, did, now()) is Role.ASKER:
        flash(gettext("We ask whoever waits next. How you hand it over can be changed under My gifts."), "success")
    else:
        flash(gettext("The borrower can pass it on now. We’ll tell you who has it then."), "success")
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/call-home")
@login_required
def call_drift_home(did: int) -> ResponseReturnValue:
    """Offer a borrowed book to the next reader no longer, or let its borrower not do so."""
    if service.call_home(current_user.id, did, now()) is Role.ASKER:
        flash(gettext("You offer it to nobody now. Please give it back in time."), "success")
    else:
        flash(gettext("The book comes back to you before anybody else gets it."), "success")
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/give-back")
@login_required
def give_drift_back(did: int) -> ResponseReturnValue:
    """Say that the lender has the book back."""
    service.say_given_back(current_user.id, did, now())
    flash_with_undo(
        gettext("We’ll ask the lender. It counts as returned when they confirm it, or after two weeks.")
        if is_free(did)
        else gettext("We’ll ask the lender. Your bean comes back when they confirm it, or after two weeks."),
        did,
    )
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/returned")
@login_required
def returned_drift(did: int) -> ResponseReturnValue:
    """Say that a lent book is back."""
    service.confirm_returned(current_user.id, did, now())
    flash_with_undo(
        gettext("Great! Your copy will soon be on the shelf again.")
        if is_free(did)
        else gettext("Great! The borrower gets the bean back, and your copy will soon be on the shelf again."),
        did,
    )
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/lost")
@login_required
def lost_drift(did: int) -> ResponseReturnValue:
    """Say that a lent book is lost."""
    is_borrower, needs_none = service.report_lost(current_user.id, did, now()) is Role.ASKER, is_free(did)
    if is_borrower:
        said = gettext("We’re sorry. We tell the lender, who gets the bean.")
        flash(gettext("We’re sorry. We tell the lender.") if needs_none else said, "success")
    else:
        said = gettext("We’re sorry. The borrower has the bean back.")
        flash(gettext("We’re sorry. The loan has ended.") if needs_none else said, "success")
    return redirect(url_for("web.pending"), 303)
