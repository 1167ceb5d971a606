"""What the two sides of a loan do once the book has arrived."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.models.base import now
from app.rules.exchange.drift import Role
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


@web.post("/drift/<int:did>/give-back")
@login_required
def give_drift_back(did: int) -> ResponseReturnValue:
    """Say that the lender has the book back."""
    service.say_given_back(current_user.id, did, now())
    flash_with_undo(
        gettext("We’ll ask the lender. Your bean comes back when they confirm it, or after two weeks."), did
    )
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/returned")
@login_required
def returned_drift(did: int) -> ResponseReturnValue:
    """Say that a lent book is back."""
    service.confirm_returned(current_user.id, did, now())
    flash_with_undo(
        gettext("Great! The borrower gets the bean back, and your copy will soon be on the shelf again."), did
    )
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/lost")
@login_required
def lost_drift(did: int) -> ResponseReturnValue:
    """Say that a lent book is lost."""
    if service.report_lost(current_user.id, did, now()) is Role.ASKER:
        flash(gettext("We’re sorry. We tell the lender, who gets the bean."), "success")
    else:
        flash(gettext("We’re sorry. The borrower has the bean back."), "success")
    return redirect(url_for("web.pending"), 303)
