"""What the shelves are called, on which readers look for books."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.i18n import translated
from app.rules.book.shelves import Shelf

NAMES = {
    Shelf.LITERATURE: _l("Novels & literature"),
    Shelf.SCIFI: _l("Science fiction"),
    Shelf.MYSTERY: _l("Mystery & thrillers"),
    Shelf.FANTASY: _l("Fantasy & wuxia"),
    Shelf.HISTORY: _l("History & biography"),
    Shelf.SOCIETY: _l("Ideas & society"),
    Shelf.SCIENCE: _l("Science & nature"),
    Shelf.COMPUTING: _l("Computing & technology"),
    Shelf.ART: _l("Art & living"),
    Shelf.CHILDREN: _l("Children’s books"),
}
shelf_name = translated(NAMES)


def init_app(app: Flask) -> None:
    """Register the filter."""
    app.jinja_env.filters["shelf_name"] = shelf_name
