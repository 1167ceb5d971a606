"""No text on any page is squeezed into a column of a few letters, whatever state the reader is in."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import update

from app import create_app
from app.models.base import db, now
from app.models.user import User
from app.rules.exchange.listing import Condition
from app.services.exchange.gift import offer_gift
from config import Testing
from tests.browser.conftest import served
from tests.exchange import ask, copy_of, exchange, id_of, reader, wish_for
from tests.factories import BookFactory
from tests.servers import free_port
from tests.web.readers import logged_in

WIDTHS = (320, 360, 390, 480, 768, 1280)
# Each text could be as wide as its block, and must have room for 8 letters in a line. Texts below a cover are as wide
# as the cover, and cut after two lines.
SQUEEZED = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    let block = walker.currentNode.parentElement;
    if (text.length < 3 || !block.checkVisibility() || block.closest('.visually-hidden, .skip, .book-card')) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size < 2) continue;
    while (getComputedStyle(block).display.startsWith('inline')) block = block.parentElement;
    const style = getComputedStyle(block);
    const room = block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const letter = parseFloat(style.fontSize) * (/[\\u2e80-\\uffef]/.test(text) ? 1 : 0.5);
    if (room < 8 * letter) found.push(`${Math.round(room)} px: ${text.slice(0, 60)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def site_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A running site with one book, for readers in every state."""
    folder, port = tmp_path_factory.mktemp("columns"), free_port()
    app = create_app(
        Testing(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/fisher.db",
            SEARCH_INDEX_PATH=f"{folder}/search.db",
            SITE_URL=f"http://127.0.0.1:{port}",
        )
    )
    with app.app_context():
        db.create_all()
        app.extensions["columns"] = fill()
        db.session.remove()
        with served(app, port):
            yield app


def fill() -> dict[str, tuple[int | None, list[str]]]:
    """Store a book in demand, readers in every state and their exchanges; return which pages each opens."""
    moment = now()
    isbn = BookFactory(title="Freakonomics: A Rogue Economist Explores the Hidden Side of Everything").isbn
    givers = [
        reader(0, nickname=name)
        for name in ("一个名字很长很长很长的读者也要放得下二十四", "Wolfeschlegelsteinhausen", "阿青")
    ]
    note = "书脊略有磨损，内页干净，扉页上有前一位读者写的一段话，介意的请不要拿。"
    copies = [offer_gift(giver, id_of(isbn), Condition.GOOD, note, None, moment) for giver in givers]
    mine = exchange("received", moment)
    waiting = reader(1)
    ask(waiting, copy_of(givers[0], BookFactory().isbn, moment), moment)
    kept = reader(1)
    wish_for(kept, other := BookFactory(title="百年孤独与霍乱时期的爱情合集").isbn, moment)
    copy_of(givers[0], other, moment)  # is on offer to the one who waits
    wish_for(kept, isbn, moment)
    asking = [f"/book/{isbn}/detail", f"/book/{other}/detail", f"/drift/{copies[0]}"]
    own = ["/personal", "/personal/ledger", "/personal/settings", "/my/gifts", "/my/wish", "/pending"]
    return {
        "a visitor": (None, ["/", "/books", f"/user/{givers[0]}", *asking[:2]]),
        "without beans": (reader(0), asking),
        "with a request under way": (waiting, [*asking, "/pending"]),
        "has to give first": (mine.asker, [*asking, *own]),
        "waits for it": (kept, [*asking, *own]),
        "gives it": (givers[1], [*asking, *own]),
        "can ask": (reader(1), asking),
    }


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_no_text_is_squeezed(chromium: Browser, site_app: Flask, language: str):
    with db.auto_commit():
        db.session.execute(update(User).values(locale=language[:2]))
    site = site_app.config["SITE_URL"]
    found = {}
    for state, (who, pages) in site_app.extensions["columns"].items():
        context = chromium.new_context(locale=language)
        if who:
            client = logged_in(site_app, who)
            cookie = client.get_cookie(site_app.config["SESSION_COOKIE_NAME"])
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        page = context.new_page()
        for path in pages:
            page.goto(site + path, wait_until="load")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                if squeezed := page.evaluate(SQUEEZED):
                    found[f"{path} for who is {state}, {width} px"] = squeezed
        context.close()
    assert found == {}
