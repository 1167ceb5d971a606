"""Every page in a real browser: phone and client, light and dark."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import HOSTILE, SAN_TI

PAGES = {
    "front": "/",
    "results": "/book/search?q=海边",
    "second page of results": "/book/search?q=海边&page=2",
    "hostile result": f"/book/search?q={HOSTILE}",
    "no result": "/book/search?q=没有这样的东西",
    "refused search": "/book/search?q=&page=0",
    "book": f"/book/{SAN_TI}/detail",
    "hostile book": f"/book/{HOSTILE}/detail",
    "unknown book": "/book/9787020002214/detail",
    "wrong number": "/book/9787536692931/detail",
    "entry by hand": "/book/9787020002214/entry",
    "results of other catalogues": "/book/search/outside?q=海边",
    "language": "/language",
    "no such page": "/no/such/page",
}
# Chromium itself logs responses of 400 and above on the console.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(params=[(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")], ids=lambda p: f"{p[0]}-{p[1]}")
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A tab that records errors in `page.faults`."""
    width, scheme = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="zh-CN" if width == 390 else "en-GB"
    )
    page = context.new_page()
    page.faults = []
    page.on(
        "console", lambda m: m.type in ("error", "warning") and EXPECTED not in m.text and page.faults.append(m.text)
    )
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    # An image that is still loading when the tab moves on is no fault.
    page.on("requestfailed", lambda r: "ABORTED" in (r.failure or "") or page.faults.append(f"{r.url}: {r.failure}"))
    yield page
    context.close()


def test_every_page_fits_and_is_accessible_and_stays_at_home(page, site):
    foreign: list[str] = []
    page.on("request", lambda request: request.url.startswith(site) or foreign.append(request.url))
    found = {}
    for name, path in PAGES.items():
        page.goto(site + path, wait_until="load")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        axe = Axe().run(page, options={"resultTypes": ["violations"]})
        wrong = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in axe.response["violations"]]
        found[name] = wrong + ([f"{overflow} px too wide"] if overflow > 0 else [])

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert page.faults == []
    assert foreign == []


def test_what_is_pressed_is_large_enough(page, site):
    """WCAG 2.2, 2.5.8: 24 px; our own rule for buttons and fields: 44 px."""
    for path in ("/", "/book/search?q=海边", "/language"):
        page.goto(site + path)
        sizes = page.eval_on_selector_all(
            "a, button, input:not([type=hidden])",
            "all => all.filter(e => e.checkVisibility() && !e.closest('p, label, .skip, .book-title'))"
            ".map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])",
        )
        assert sizes
        assert [tag for tag, height in sizes if height < 44] == []
        links = page.eval_on_selector_all("p a", "all => all.map(e => [e.outerHTML, e.getBoundingClientRect().height])")
        assert [tag for tag, height in links if height < 24] == []


def test_a_hostile_book_runs_nothing(page, site):
    for path in (f"/book/{HOSTILE}/detail", f"/book/search?q={HOSTILE}", "/", f"/book/{HOSTILE}/cover"):
        page.goto(site + path)
        assert page.title() != "hurt"
    assert page.faults == []


def test_all_covers_are_drawn(page, site):
    page.goto(site + "/")
    page.eval_on_selector_all("img", "all => all.forEach(image => { image.loading = 'eager'; })")
    for image in page.locator(".shelf img").all():
        expect(image).to_have_js_property("complete", True)

    widths = page.eval_on_selector_all(".shelf img", "all => all.map(image => image.naturalWidth)")
    assert len(widths) == 30
    assert set(widths) == {240}


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_on_a_phone_no_word_is_cut_and_nothing_touches_a_heading(chromium, site, language):
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale=language)
    page = context.new_page()
    for path in ("/", "/books", "/books?letter=1", f"/book/{SAN_TI}/detail"):
        page.goto(site + path)
        words = page.eval_on_selector_all(
            ".nav-label", "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
        )
        assert words == []
        gaps = page.eval_on_selector_all(
            "main :is(h1, h2, .section-head + p)",
            "all => all.filter(e => e.nextElementSibling).map(e => [e.outerHTML,"
            " e.nextElementSibling.getBoundingClientRect().top - e.getBoundingClientRect().bottom])",
        )
        assert gaps
        assert [heading for heading, gap in gaps if gap < 2] == []
        heading = page.locator("h1").first
        size, line = heading.evaluate(
            "e => ['fontSize', 'lineHeight'].map(name => parseFloat(getComputedStyle(e)[name]))"
        )
        assert line < 1.4 * size
    context.close()
