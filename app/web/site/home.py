"""The front page."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.services.book.availability import count_had
from app.services.book.search import list_front_page_books
from app.services.exchange.my_lists import list_newest_gifts
from app.web.blueprint import web
from app.web.page.area import near_path
from app.web.page.caching import cached_for_visitors


@web.get("/")
@cached_for_visitors
def index() -> ResponseReturnValue:
    """Show the newest gifts below a large search box, or some books while there are none."""
    path = near_path()
    gifts = list_newest_gifts(current_app.config["FRONT_PAGE_BOOKS"], path)
    books = gifts if gifts or path else list_front_page_books()
    available = count_had(book.work_id for book in books)
    shelf = tuple((book, available.get(book.work_id)) for book in books)
    return render_template("index.html", shelf=shelf, is_given=bool(gifts), is_near=path is not None)
