"""The navigation at the lower edge of a phone: within reach, and never over what is read or focused."""

import pytest
from playwright.sync_api import Browser, expect

from app.models.base import db
from tests.browser.conftest import look, phone_of
from tests.factories import BookFactory, UserFactory

LARGE = "document.documentElement.style.fontSize = '200%'"
# Tab stops that lie, partly or wholly, under the bar.
COVERED = """() => {
  const bar = document.querySelector('.phone-nav'), focused = document.activeElement;
  const hidden = getComputedStyle(focused).clipPath !== 'none' || bar.contains(focused) || focused === document.body;
  return hidden || focused.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top + 1
    ? null : focused.outerHTML.slice(0, 80);
}"""


@pytest.fixture
def email(phones) -> str:
    with phones[0].app_context():
        BookFactory.create_batch(12)
        email = UserFactory().email
        db.session.remove()
    return email


@pytest.mark.parametrize("text", ["", LARGE], ids=["usual letters", "large letters"])
def test_nothing_is_covered_by_the_navigation_of_a_phone(chromium: Browser, phones, email, text):
    page = phone_of(chromium, phones[1], email, scripts=True)
    page.set_viewport_size({"width": 320, "height": 720})
    page.goto(f"{phones[1]}/personal/settings")
    page.evaluate(text or "0")
    covered = []
    for _ in range(40):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(COVERED))
    assert [tag for tag in covered if tag] == []
    page.evaluate("scrollTo(0, 1e6)")
    footer, bar = page.locator(".site-footer").bounding_box(), page.locator(".phone-nav").bounding_box()
    assert footer["y"] + footer["height"] <= bar["y"] + 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_it_is_in_reach_on_a_phone_alone_and_is_not_printed(chromium: Browser, phones, email, scripts):
    page = phone_of(chromium, phones[1], email, scripts=scripts)
    nav = page.locator(".phone-nav")
    links = [link.bounding_box() for link in nav.get_by_role("link").all()]
    assert len(links) == 5
    assert all(min(box["width"], box["height"]) >= 44 and 700 < box["y"] < 844 for box in links)
    assert len({box["y"] for box in links}) == 1
    assert page.locator(".site-header").bounding_box()["height"] < 60
    if scripts:
        assert look(page, phones[1], ["/book/search", "/personal"]) == {"/book/search": [], "/personal": []}
    nav.get_by_role("link", name="Search").click()
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator(".field-error")).to_have_count(0)
    page.emulate_media(media="print")
    expect(nav).to_be_hidden()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(nav).to_be_hidden()
    expect(page.locator(".site-nav").get_by_role("link", name="My books")).to_be_visible()
    page.context.close()
