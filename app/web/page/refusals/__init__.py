"""Showing refusals as pages, as JSON, in forms and in templates; their words are in its other modules."""

from typing import Any

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import NotFound as PageNotFound

from app.rules.account import refusals as no
from app.rules.circle.refusals import DomainNotYours, PublicDomain
from app.rules.exchange.refusals import AwayTooLong, ReturnNotAhead
from app.rules.moderation.decision import EndNotSaid, RestrictedTooLong
from app.rules.refusal import Refusal
from app.services.errors import NotFound
from app.web.page.errors import ensure_reader, error_page, show_error
from app.web.page.paths import redirect_back
from app.web.page.refusals import account, book, circle, door, exchange, journey, moderation, shelf, trust
from app.web.page.refusals.register import words_of

__all__ = [
    "account",
    "book",
    "circle",
    "door",
    "exchange",
    "journey",
    "moderation",
    "refuse",
    "shelf",
    "show_dead_link",
    "show_refusal_page",
    "trust",
    "words_of",
]

FIELDS: dict[type[Refusal], tuple[str, ...]] = {
    AwayTooLong: ("back",),
    ReturnNotAhead: ("back",),
    DomainNotYours: ("domain",),
    PublicDomain: ("domain",),
    EndNotSaid: ("until",),
    RestrictedTooLong: ("until",),
    no.NicknameTaken: ("nickname",),
    no.PasswordTooEasy: ("password",),
    no.SameEmail: ("email",),
    no.WrongCode: ("code",),
    no.WrongPassword: ("present", "password"),
}
"""The field that a refusal is about: the first of these that the form has."""


def init_app(app: Flask) -> None:
    """Register the error handlers of refusals, and filters that give templates their words."""
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(no.LinkNotValid, show_dead_link)
    app.register_error_handler(NotFound, show_not_found)
    app.jinja_env.filters.update(
        sentence=lambda refusal: words_of(refusal).sentence, advice=lambda refusal: words_of(refusal).advice
    )


def show_refusal(refusal: Refusal) -> ResponseReturnValue:
    """Show the words on the page whose button was pressed, or else as a page of their own or as JSON."""
    return redirect_back(" ".join(filter(None, words_of(refusal)))) or show_refusal_page(refusal)


def show_refusal_page(refusal: Refusal) -> ResponseReturnValue:
    """Show a refusal as a page of its own."""
    sentence, advice = words_of(refusal)
    if not advice:
        sentence, advice = gettext("This can’t be done now"), sentence
    return error_page(refusal.status, sentence, advice, code=refusal.code)


def show_dead_link(refusal: Refusal) -> ResponseReturnValue:
    """Say why a link from a mail does not work."""
    ensure_reader()
    return render_template("account/link_not_valid.html", text=words_of(refusal).sentence), 400


def show_not_found(_error: NotFound) -> ResponseReturnValue:
    """Show 404 for what does not exist or is not this reader's."""
    return show_error(PageNotFound())


def refuse(form: Any, refusal: Refusal) -> None:
    """Show the refusal in the form, at the field that it is about if the form has that."""
    field = next((form[name] for name in FIELDS.get(type(refusal), ()) if name in form), None)
    if field is not None:
        field.errors = [*field.errors, words_of(refusal).sentence]
    else:
        form.form_errors.append(words_of(refusal).sentence)
