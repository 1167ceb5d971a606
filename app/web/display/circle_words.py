"""The words of circles."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.i18n import translated
from app.rules.circle.circle import Door

DOORS = {
    Door.OPEN: _l("open to all"),
    Door.ASK: _l("on request"),
    Door.LINK: _l("by invitation"),
    Door.CLOSED: _l("closed"),
}


def init_app(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(door_name=translated(DOORS))
