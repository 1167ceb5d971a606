"""Telling people from machines in forms that can be sent without an account, without asking people anything.

A form carries a signed ticket: when it was opened, and the work that the browser does while the form is filled in. A
ticket works once, for one form, for a day. Whose browser runs no scripts answers the operator's question, or, if there
is none, has had the form open for some time. Whatever is refused, the form is shown again with what was entered.
"""

import secrets
import time
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext
from itsdangerous import BadData, URLSafeTimedSerializer

from app.forms.stranger import StrangerForm
from app.rules.clock import DAY, HOUR
from app.rules.door.proof import bits_for, is_answer, is_proof, wait_for
from app.web.page.assets import asset
from app.web.page.login_limits import count_of, count_once

RECENT = "fisher:registered"
"""The key of the number of strangers' forms that were taken lately."""


class Ticket(NamedTuple):
    """What the ticket of a form says."""

    salt: str
    bits: int
    opened: float
    """In Unix seconds."""


def give_ticket(form: StrangerForm, purpose: str) -> None:
    """Let the form carry its ticket: the one that it has, if that still works, or a new one."""
    form.question.label.text = current_app.config["QUESTION"]
    ticket = _read(form.ticket.data, purpose)
    if ticket is None:
        ticket = Ticket(secrets.token_hex(12), bits_for(current_app.config["PROOF_BITS"], count_of(RECENT)), 0)
        form.ticket.data, form.proof.data = _serializer(purpose).dumps(ticket[:2]), ""
    if ticket.bits:
        worker = asset("proof_worker.js")
        form.ticket.render_kw = {"data-salt": ticket.salt, "data-bits": ticket.bits, "data-worker": worker}


def is_from_a_person(form: StrangerForm, purpose: str) -> bool:
    """Return whether a form with valid fields is taken; if not, it says what to do, and goes on with the same input."""
    said = _find_doubt(form, purpose)
    if said:
        form.form_errors.append(said)
    return not said


def _find_doubt(form: StrangerForm, purpose: str) -> str:
    if form.homepage.data:
        form.homepage.data = ""
        return str(gettext("A field that people don’t see was filled in. Please send the form once more."))
    settings = current_app.config
    if not settings["FORM_SECONDS"] and not settings["PROOF_BITS"]:
        return ""
    ticket = _read(form.ticket.data, purpose)
    if ticket is None:
        return _again(form, gettext("This page was open for more than a day. Please send the form once more."))
    age = time.time() - ticket.opened
    if age < settings["FORM_SECONDS"]:
        return str(gettext("That was very fast. Please check what you entered, and send it once more."))
    if doubt := _find_lack(form, ticket, age):
        return doubt
    if count_once(f"fisher:ticket:{ticket.salt}", DAY) > 1:
        return _again(form, gettext("This form was sent before. Please check it, and send it once more."))
    count_once(RECENT, HOUR)
    return _again(form, "")  # for when it is shown again, because the nickname is taken


def _find_lack(form: StrangerForm, ticket: Ticket, age: float) -> str:
    """Return what to do if there is no proof of work, nor what stands in for it."""
    settings = current_app.config
    if not settings["PROOF_BITS"] or is_proof(ticket.salt, form.proof.data, ticket.bits):
        return ""
    form.proof.data = ""
    if settings["QUESTION"]:
        if is_answer(form.question.data, settings["ANSWERS"]):
            return ""
        form.question.errors = [gettext("Please answer this question.")]
        return str(gettext("Something is missing or not right yet: see the marked fields."))
    left = int(wait_for(count_of(RECENT)) - age) + 1
    if left <= 0:
        return ""
    return str(
        gettext(
            "Without scripts this takes a moment, which keeps bots away: please wait %(seconds)d seconds, and send "
            "the form once more.",
            seconds=left,
        )
    )


def _again(form: StrangerForm, said: Any) -> str:
    form.ticket.data = ""
    return str(said)


def _read(text: str, purpose: str) -> Ticket | None:
    try:
        (salt, bits), opened = _serializer(purpose).loads(text, max_age=DAY, return_timestamp=True)
    except (BadData, ValueError, TypeError):
        return None
    return Ticket(str(salt), int(bits), opened.timestamp())


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"fisher.form.{purpose}")
