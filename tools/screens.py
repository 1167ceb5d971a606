"""Pictures of every page of the demo, at two widths, in both themes and every language, as WebP.

Run by `make screens`. The pages are those that the tests open, so missing books, refusals and
faulty forms are among them.
"""

import io
import re
import sys
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.services.site.demo import PASSWORD
from tests.site.pages import BOOK, LOGIN_PAGES, PUBLIC_PAGES

WIDTHS = {390: 844, 1280: 800}
"""Height of the window at each width, in CSS pixels."""
THEMES = ("light", "dark")
TALLEST = 4000
"""CSS pixels of a page that are drawn."""
READER = "reader1@example.org"
SHOWN = {
    "front": "/",
    "browse": "/books",
    "search": "/book/search?q=santi",
    "book": f"/book/{BOOK}/detail",
    "exchanges": "/pending",
    "mine": "/personal",
}
"""The pictures of the README: a window of a phone, as the reader sees it."""


def main() -> None:
    """Write the pictures into the folder that is named on the command line: those of the paths behind it, or all.

    With `readme` in place of paths, those that the README shows.
    """
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    app = create_app()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        site = f"http://127.0.0.1:{server.server_port}"
        if wanted == ["readme"]:
            draw_shown(browser, site, folder)
        else:
            for language, reader in product(app.config["LANGUAGES"], (None, READER)):
                draw_all(browser, site, language, reader, folder, wanted)
        browser.close()
    server.shutdown()


def draw_all(browser: Browser, site: str, language: str, reader: str | None, folder: Path, wanted: list[str]) -> None:
    """Draw the pages that a visitor, or a reader, can open."""
    with browser.new_context(base_url=site) as first:
        choose(first, language, reader)
        state = first.storage_state()
    for (width, height), theme in product(WIDTHS.items(), THEMES):
        with browser.new_context(
            base_url=site, storage_state=state, color_scheme=theme, viewport={"width": width, "height": height}
        ) as context:
            page = context.new_page()
            for path in paths(reader is not None, wanted):
                page.set_viewport_size({"width": width, "height": height})
                page.goto(path)
                page.wait_for_load_state("networkidle")
                name = f"{'reader' if reader else 'visitor'}-{language}-{width}-{theme}"
                # In a window as high as the page, what sticks to the edge of a window is where it belongs.
                tall = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": width, "height": max(height, min(tall, TALLEST))})
                write(page.screenshot(), width, folder / file_name(path) / f"{name}.webp")


def draw_shown(browser: Browser, site: str, folder: Path) -> None:
    """Draw what the README shows, in English."""
    with browser.new_context(base_url=site, viewport={"width": 390, "height": WIDTHS[390]}) as context:
        choose(context, "en", READER)
        page = context.new_page()
        for name, path in SHOWN.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            write(page.screenshot(), 390, folder / f"{name}.webp")


def choose(context: BrowserContext, language: str, reader: str | None) -> None:
    """Log in, if there is a reader, and set the language."""
    page = context.new_page()
    if reader:
        page.goto("/login")
        page.fill("[name=email]", reader)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
    page.goto("/language")
    page.check(f"[name=language][value={language}]")
    page.click("main form button[type=submit]")


def paths(is_reader: bool, wanted: list[str]) -> Iterator[str]:
    """Yield the paths of the pages that were asked for; all if none was."""
    pages = {**PUBLIC_PAGES, **LOGIN_PAGES} if is_reader else PUBLIC_PAGES
    for path in (path for of_endpoint in pages.values() for path in of_endpoint):
        if not wanted or path in wanted:
            yield path


def file_name(path: str) -> str:
    """Return the path as the name of a folder."""
    return re.sub(r"[^\w=.-]+", "-", path).strip("-")[:80] or "front"


def write(png: bytes, width: int, target: Path) -> None:
    """Store a picture as WebP, without what is below `TALLEST`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(png)) as picture:
        picture.crop((0, 0, width, min(picture.height, TALLEST))).convert("RGB").save(
            target, "WEBP", quality=70, method=6
        )


if __name__ == "__main__":
    main()
