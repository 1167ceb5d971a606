"""The area that a reader types into a form about something else."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app.i18n import current_language
from app.rules.exchange.nearness import near
from app.services.account.area import choose_area_by_name, find_area_by_name, find_area_names
from app.web.page.reader import reader


def reader_area() -> str | None:
    """Return the path of the area that the reader has chosen; None for visitors."""
    return current_user.area if current_user.is_authenticated else None


def near_path() -> str | None:
    """Return the path of what is near the reader, if the address asks for no more than that."""
    area = reader_area() if request.args.get("near") else None
    return near(area) if area else None


def typed_area(text: str, known: str | None) -> str | None:
    """Return the path of the area that is typed into a form, `known` if its name is left as it is, "" for none.

    None if it is not clear which one is meant.
    """
    if not text:
        return ""
    return known if known and text == area_name(known) else find_area_by_name(text)


def unclear_area() -> str:
    """Return what is said where it is not clear."""
    return str(gettext("This is not an area we know, or there are several. Choose one of those suggested, or none."))


def area_name(area: str | None) -> str:
    """Return the name of an area in the reader's language."""
    return find_area_names(area)[current_language()]


def settle_area(text: str, target: str) -> ResponseReturnValue:
    """Store the area that is meant and redirect; to the list of those that it may be, if that is not clear."""
    if choose_area_by_name(reader(), text):
        return redirect(target, 303)
    return redirect(url_for("web.area", q=text, next=target), 303)
