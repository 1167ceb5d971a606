"""The words of circles."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.i18n import translated
from app.rules.circle.checklist import Item
from app.rules.circle.circle import Door

DOORS = {
    Door.OPEN: _l("open to all"),
    Door.ASK: _l("on request"),
    Door.LINK: _l("by invitation"),
    Door.CLOSED: _l("closed"),
}

ITEMS = {
    Item.READERS: _l("readers"),
    Item.COPIES: _l("books on offer"),
    Item.WISHES: _l("wishes"),
}


def init_app(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(door_name=translated(DOORS), item_name=translated(ITEMS))
