"""The site without a network, in Chromium: what is there, and that nobody finds what another reader has seen."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import create_app
from app.models.base import db, now
from app.models.user import User
from app.rules.exchange.drift import Way
from config import Testing
from tests.browser.conftest import PHONE, served
from tests.exchange import book, copy_of, exchange, reader
from tests.factories import PASSWORD
from tests.servers import free_port

KEPT = "caches.keys().then(names => names.filter(name => name.startsWith('own-')))"


def wait_until(page: Page, condition: str) -> None:
    """Wait until a condition of a page holds; Playwright's own wait would need `eval`, which pages forbid."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


class Site:
    """A site that can be switched off and on again."""

    def __init__(self, app: Flask, port: int) -> None:
        self.app, self.port, self.url, self._server = app, port, f"http://127.0.0.1:{port}", ExitStack()
        self.on()

    def on(self) -> None:
        self._server.enter_context(served(self.app, self.port))

    def off(self) -> None:
        self._server.close()


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    port = free_port()
    app = create_app(
        Testing(
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/fisher.db",
            SEARCH_INDEX_PATH=f"{tmp_path}/search.db",
            COVERS_PATH=f"{tmp_path}/covers",
            SITE_URL=f"http://127.0.0.1:{port}",
        )
    )
    with app.app_context():
        db.create_all()
        db.session.remove()
    running = Site(app, port)
    yield running
    running.off()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, locale="en-GB")
    yield context
    context.close()


def store(app: Flask) -> int:
    """Store a reader A, who gives a book and is about to fetch one, and a reader B; return the exchange of A."""
    with app.app_context():
        done = exchange("accepted", now(), Way.MEET)
        names = {done.asker: "a", reader(0): "b"}
        copy_of(done.asker, book(title="A’s own book"))
        for id, name in names.items():
            _rename(id, name)
        db.session.remove()
        return done.drift


def _rename(id: int, name: str) -> None:
    with db.auto_commit():
        found = db.session.get_one(User, id)
        found.email = found.email_folded = f"{name}@example.org"
        found.nickname = found.nickname_folded = f"reader-{name}"


def log_in(context: BrowserContext, site: Site, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{site.url}/login")
    page.locator("main [name=email]").fill(f"{name}@example.org")
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{site.url}/")
    wait_until(page, "navigator.serviceWorker.controller !== null")
    return page


def see_own(page: Page, site: Site, drift: int) -> str:
    """Look at the reader's shelf and code, and return the code."""
    page.goto(f"{site.url}/my/gifts")
    page.goto(f"{site.url}/drift/{drift}/code")
    code = page.locator(".hand-over-code").inner_text()
    wait_until(page, f"{KEPT}.then(async ([name]) => name && (await (await caches.open(name)).keys()).length === 2)")
    return code


@contextmanager
def without_network(site: Site) -> Iterator[None]:
    site.off()
    yield
    site.on()


def assert_nothing_of_a(page: Page, site: Site, drift: int) -> None:
    for path in ("/my/gifts", f"/drift/{drift}/code", "/offline", "/my/books"):
        page.goto(site.url + path)
        expect(page.locator("h1")).to_have_text("You’re offline")
        for word in ("A’s own book", "reader-a", "code for"):
            expect(page.locator("body")).not_to_contain_text(word)
    assert page.evaluate(KEPT) == []


def test_a_reader_finds_the_shelf_and_the_code_without_a_network(site, browser):
    drift = store(site.app)
    page = log_in(browser, site, "a")
    code = see_own(page, site, drift)
    with without_network(site):
        page.goto(f"{site.url}/drift/{drift}/code")
        expect(page.locator(".hand-over-code")).to_have_text(code)
        expect(page.locator("svg.qr")).to_be_visible()
        expect(page.locator("#kept-note")).to_be_visible()
        assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") != "rgba(0, 0, 0, 0)"
        page.goto(f"{site.url}/my/gifts")
        expect(page.locator("main")).to_contain_text("A’s own book")
        page.goto(f"{site.url}/my/wish")
        expect(page.locator("h1")).to_have_text("You’re offline")
        expect(page.locator("#kept-pages a")).to_have_count(2)
        page.locator("#kept-pages a").last.click()
        expect(page.locator(".hand-over-code")).to_have_text(code)
    page.goto(f"{site.url}/my/gifts")
    expect(page.locator("#kept-note")).to_be_hidden()


def test_after_a_log_out_nothing_is_left(site, browser):
    drift = store(site.app)
    page = log_in(browser, site, "a")
    see_own(page, site, drift)
    page.goto(f"{site.url}/personal")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{site.url}/")
    wait_until(page, f"{KEPT}.then(names => names.length === 0)")
    with without_network(site):
        assert_nothing_of_a(page, site, drift)


def test_what_was_kept_is_gone_at_once_when_the_log_out_itself_finds_no_network(site, browser):
    drift = store(site.app)
    page = log_in(browser, site, "a")
    see_own(page, site, drift)
    page.goto(f"{site.url}/personal")
    with without_network(site):
        page.get_by_role("button", name="Log out").click()
        expect(page.locator("h1")).to_have_text("You’re offline")
        assert_nothing_of_a(page, site, drift)


def test_another_reader_in_the_same_browser_never_finds_it(site, browser):
    drift = store(site.app)
    page = log_in(browser, site, "a")
    see_own(page, site, drift)
    browser.clear_cookies()
    second = log_in(browser, site, "b")
    wait_until(second, f"{KEPT}.then(names => names.length === 0)")
    with without_network(site):
        assert_nothing_of_a(second, site, drift)
    second.goto(f"{site.url}/my/gifts")
    wait_until(second, f"{KEPT}.then(names => names.length === 1)")
    with without_network(site):
        second.goto(f"{site.url}/my/gifts")
        expect(second.locator("body")).not_to_contain_text("A’s own book")
        expect(second.locator("#kept-note")).to_be_visible()


def test_a_session_that_was_ended_elsewhere_ends_it_on_the_next_page(site, browser):
    drift = store(site.app)
    page = log_in(browser, site, "a")
    see_own(page, site, drift)
    browser.clear_cookies()
    page.goto(f"{site.url}/books")
    wait_until(page, f"{KEPT}.then(names => names.length === 0)")
    with without_network(site):
        assert_nothing_of_a(page, site, drift)


def test_a_visitor_has_no_service_worker(site, browser):
    page = browser.new_page()
    page.goto(f"{site.url}/")

    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
