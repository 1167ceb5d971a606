"""A live site with books, and Chromium to open it."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.models.base import db
from app.search.write.build import build_index
from app.search.write.source import BookSource
from config import Testing
from tests.factories import PASSWORD, BookFactory
from tests.servers import free_port, program

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SAN_TI = "9787536692930"
HOSTILE = "9787020002207"
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def site_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a few dozen books."""
    folder = tmp_path_factory.mktemp("site")
    app = create_app(
        Testing(SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/fisher.db", SEARCH_INDEX_PATH=f"{folder}/search.db")
    )
    with app.app_context():
        db.create_all()
        BookFactory.create_batch(40)
        BookFactory(isbn="9780439139601", title="Harry Potter and the Goblet of Fire", authors=["J.K. Rowling"])
        script = "<script>document.title='hurt'</script><img src=x onerror=\"document.title='hurt'\">"
        BookFactory(isbn=HOSTILE, title=script, authors=[script], publisher="长" * 300, summary=script * 20)
        BookFactory(isbn=SAN_TI, title="三体", subtitle="地球往事", authors=["刘慈欣"], publisher="重庆出版社",
                    pages=302, price="23.00", summary="一九六七年，叶文洁。\n\n军方探寻外星文明。")  # fmt: skip
        build_index(folder / "search.db", BookSource(db.engine))
        db.session.remove()
    return app


@pytest.fixture(scope="session")
def site(site_app: Flask) -> Iterator[str]:
    """The URL of the running site."""
    with served(site_app) as url:
        yield url


@contextmanager
def served(app: Flask, port: int | None = None) -> Iterator[str]:
    """Serve an application until the block ends; yields its URL."""

    def read_whole(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Werkzeug's server leaves a file open when the browser disconnects while it is being sent.
        answer = app.wsgi_app(environ, start_response)
        with closing(answer) if hasattr(answer, "close") else nullcontext():
            return [b"".join(answer)]

    server = make_server("127.0.0.1", port or free_port(), read_whole, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The application of a running site, and its URL."""
    folder, port = tmp_path_factory.mktemp("phones"), free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(
        Testing(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/fisher.db",
            SEARCH_INDEX_PATH=f"{folder}/s.db",
            MAIL_FOLDER=f"{folder}/mail",
            COVERS_PATH=f"{folder}/covers",
            SITE_URL=url,
        )
    )
    with app.app_context():
        db.create_all()
        db.session.remove()
    with served(app, port):
        yield app, url


def phone_of(chromium: Browser, url: str, email: str, scripts: bool) -> Page:
    """Open a site as a reader on a phone."""
    page = chromium.new_context(viewport=PHONE, java_script_enabled=scripts, locale="en-GB").new_page()
    page.goto(f"{url}/login")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{url}/")
    return page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    executable = program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


def look(page: Page, site: str, paths: list[str]) -> dict[str, list[str]]:
    """Return what is wrong with each page."""
    found = {}
    for path in paths:
        page.goto(site + path, wait_until="load")
        page.eval_on_selector_all("details", "all => all.forEach(details => { details.open = true; })")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        axe = Axe().run(page, options={"resultTypes": ["violations"]})
        wrong = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in axe.response["violations"]]
        found[path] = wrong + ([f"{overflow} px too wide"] if overflow > 0 else [])
    return found
