"""The front page."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.services.book.availability import count_had
from app.services.book.search import list_front_page_books
from app.services.book.shelf_page import list_shelves_to_be_had
from app.services.exchange.glance import glance_at, see_signs_of_life
from app.services.exchange.my_lists import list_newest_gifts
from app.web.blueprint import web
from app.web.page.area import near_path
from app.web.page.caching import cached_for_visitors
from app.web.page.reader import reader, sight


@web.get("/")
@cached_for_visitors
def index() -> ResponseReturnValue:
    """Show the newest gifts, or some books while there are none, and readers how their own books stand."""
    path = near_path()
    gifts = list_newest_gifts(current_app.config["FRONT_PAGE_BOOKS"], path, sight())
    books = gifts if gifts or path else list_front_page_books()
    available = count_had((book.work_id for book in books), sight())
    shelf = tuple((book, available.get(book.work_id)) for book in books)
    shelves = tuple(list_shelves_to_be_had()) if gifts and not path else ()
    looks = {"shelf": shelf, "is_given": bool(gifts), "is_near": path is not None, "shelves": shelves}
    if current_user.is_authenticated:
        return render_template("index.html", at=glance_at(reader().id, sight()), signs=None, **looks)
    return render_template("index.html", at=None, signs=see_signs_of_life(), **looks)
