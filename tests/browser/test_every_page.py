"""Every page, for a visitor, a newcomer and a reader, at each width, in both themes and every language.

Each page is opened in one of the languages, the next one in another, and checked once with all rules and once for its
colours in the dark; with FISHER_TEST_EVERY_LOOK=1 in each language, at each width, in both themes, which takes long.
"""

import os
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from app.models.base import db
from app.models.user import User
from app.rules.account.role import Role
from app.search.write.build import build_index
from app.search.write.source import BookSource
from tests.browser.conftest import HOSTILE, phone_of
from tests.factories import BookFactory, UserFactory
from tests.site.pages import BOOK, ERROR_PAGES, LOGIN_PAGES, PUBLIC_PAGES, ROLE_PAGES
from tests.site.rows import add_rows

pytestmark = pytest.mark.slow
LONG = "Featherstonehaugh-Llanfai"[:24]
LANGUAGES = {"zh": "zh-CN", "zh_Hant": "zh-TW", "en": "en-GB"}
WIDTHS = (320, 390, 768, 1280)
WHOLE = {"zh": 390, "zh_Hant": 768, "en": 1280}
"""The width at which all rules are checked in a language; at others, and in the dark, those of `LAYOUT`."""
LAYOUT = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
EVERY_LOOK = os.environ.get("FISHER_TEST_EVERY_LOOK") == "1"
EMPTY = [
    "/", "/personal", "/my/books", "/my/gifts", "/my/wish", "/pending", "/notices", "/my/journeys", "/circles",
    "/personal/settings", f"/book/{BOOK}/detail", f"/book/{HOSTILE}/detail", "/user/1", "/personal/ledger",
]  # fmt: skip
FAULTY = {
    "visitor": ["/login", "/register", "/reset/password"],
    "newcomer": ["/circle/new", "/book/new", "/change/password", "/change/email"],
    "reader": ["/personal/delete", "/places/new", "/report/message/1", "/book/9787506365437/entry"],
}
"""Pages whose form is sent empty, which it refuses."""
SEEN = """() => {
  const faults = [], root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth - root.clientWidth} px too wide`);
  for (const element of document.querySelectorAll('main :is(p, li, h1, h2, h3, a, dt, dd, label)')) {
    if (!element.checkVisibility() || element.children.length || element.textContent.trim().length < 12) continue;
    const box = element.getBoundingClientRect(), size = parseFloat(getComputedStyle(element).fontSize);
    const isColumn = box.width && box.width < 3 * size && box.height > 5 * size;
    if (isColumn) faults.push(`a column of letters: ${element.outerHTML.slice(0, 120)}`);
  }
  return faults;
}"""
"""What axe does not see: a page that scrolls sideways, and words that stand one letter below the other."""


def everything(pages: dict[str, list[str]]) -> list[str]:
    return [path for paths in pages.values() for path in paths]


@pytest.fixture(scope="module")
def people(phones: tuple[Flask, str]) -> dict[str, int]:
    """A reader who is concerned by every page, and a newcomer who has done nothing yet; their ids."""
    app = phones[0]
    script = "<script>document.title='hurt'</script>"
    with app.app_context():
        with db.auto_commit():
            reader = UserFactory(nickname=LONG, email="reader@example.org", role=Role.OPERATOR)
            newcomer = UserFactory(email="newcomer@example.org")
            ids = {"reader": reader.id, "newcomer": newcomer.id}
            BookFactory(isbn=BOOK, title="三体", subtitle="地球往事", summary="一\n二", entered_by_hand=True)
            BookFactory(isbn=HOSTILE, title=script, authors=[script], publisher="长" * 300, summary=script * 20)
            BookFactory.create_batch(40)
            add_rows(reader.id)
        build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))
        db.session.remove()
    return ids


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, phones: tuple[Flask, str], people: dict[str, int]) -> str:
    with phones[0].app_context(), db.auto_commit():
        for user_id in people.values():
            db.session.get_one(User, user_id).set_attrs({"locale": request.param, "totp_since": None})
    return request.param


@pytest.mark.parametrize("who", FAULTY)
def test_every_page_is_accessible_everywhere(phones, chromium, people, language, who):
    app, url = phones
    page = opened_by(who, chromium, url, language)
    roles = [path for pages in ROLE_PAGES.values() for path in everything(pages)]
    paths = {
        "visitor": [*everything(PUBLIC_PAGES), *ERROR_PAGES],
        "newcomer": EMPTY,
        "reader": [*EMPTY, *everything(LOGIN_PAGES), *roles],
    }[who]
    if who == "reader":
        with app.app_context(), db.auto_commit():
            db.session.get_one(User, people[who]).totp_since = 1

    found: dict[str, list[str]] = {}
    is_missing_seen = False
    turn = list(LANGUAGES).index(language)
    unique = list(dict.fromkeys(paths))
    for path in unique if EVERY_LOOK else unique[turn :: len(LANGUAGES)]:
        is_missing = page.goto(url + path).status == HTTPStatus.NOT_FOUND
        if not (is_missing and is_missing_seen):
            found[path] = [*look_everywhere(page, WHOLE[language])]
        is_missing_seen |= is_missing
        assert who == "visitor" or "/login" not in page.url, path
    for path in FAULTY[who]:
        page.goto(url + path)
        send_empty(page)
        assert page.locator("main [aria-invalid=true], main .error, main [role=alert]").count(), path
        found[f"{path}, sent empty"] = [*look_everywhere(page, WHOLE[language])]
    page.context.close()

    assert {path: faults for path, faults in found.items() if faults} == {}


def opened_by(who: str, chromium: Browser, url: str, language: str) -> Page:
    """Return a tab of a reader, or of a visitor."""
    if who == "visitor":
        return chromium.new_context(locale=LANGUAGES[language]).new_page()
    return phone_of(chromium, url, f"{who}@example.org", scripts=True)


def send_empty(page: Page) -> None:
    """Send the first form of a page without anything in its fields, past the checks of the browser."""
    page.locator("main form[method=post]").first.evaluate(
        "form => { for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) field.value = '';"
        " form.noValidate = true; }"
    )
    with page.expect_navigation():
        page.locator("main form[method=post]").first.evaluate("form => form.submit()")


def look_everywhere(page: Page, whole: int) -> Iterator[str]:
    """Yield what is wrong with the page that is open, with everything on it that can be opened."""
    page.eval_on_selector_all("details", "all => all.forEach(details => { details.open = true; })")
    page.evaluate(Axe().axe_script)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            faults = page.evaluate(SEEN) if theme == "light" else []
            if EVERY_LOOK or width == whole:
                faults += broken_rules(page, None if theme == "light" and width == whole else LAYOUT)
            for fault in faults:
                yield f"{width} {theme}: {fault}"


def broken_rules(page: Page, rules: list[str] | None) -> list[str]:
    only = {"runOnly": rules} if rules else {}
    return page.evaluate(
        "options => axe.run(document, options).then(result => result.violations.map("
        "broken => `${broken.id}: ${broken.nodes[0].html.slice(0, 120)}`))",
        {"resultTypes": ["violations"], "preload": False, "iframes": False, **only},
    )
