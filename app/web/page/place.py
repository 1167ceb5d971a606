"""The area that a reader types into a form about something else."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.services.account.area import choose_area_by_name
from app.web.page.reader import reader


def settle_place(text: str, target: str) -> ResponseReturnValue:
    """Store the area that is meant and redirect; to the list of those that it may be, if that is not clear."""
    if choose_area_by_name(reader(), text):
        return redirect(target, 303)
    return redirect(url_for("web.area", q=text, next=target), 303)
