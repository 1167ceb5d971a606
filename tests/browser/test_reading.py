"""Finding a book with the keyboard only, and without scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SAN_TI


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=request.param, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_a_book_is_found_and_opened_by_keyboard_alone(page, site):
    page.goto(site + "/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("三体")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/search?q=*")
    result = page.locator(".book-row a").first
    expect(result).to_have_text("三体")
    for _ in range(20):
        page.keyboard.press("Tab")
        if result.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/book/{SAN_TI}/detail")

    expect(page.locator("h1")).to_have_text("三体")
    expect(page.locator(".facts")).to_contain_text("978-7-5366-9293-0")
    expect(page.locator(".prose")).to_contain_text("军方探寻外星文明。")


def test_the_language_is_chosen_and_the_reader_comes_back(page, site):
    page.goto(site + f"/book/{SAN_TI}/detail")
    page.locator("footer a[href*=language]").click()
    page.get_by_label("English").check()
    page.locator("main button").click()
    page.wait_for_url(f"**/book/{SAN_TI}/detail")

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".facts")).to_contain_text("Publisher")


def test_the_pager_leads_through_the_results(page, site):
    page.goto(site + "/book/search?q=海边")
    first = page.locator(".book-row a").first.get_attribute("href")
    page.locator(".pagination a[rel=next]").click()
    page.wait_for_url(re.compile("page=2"))

    expect(page.locator(".pagination [aria-current=page]")).to_have_text("2")
    assert page.locator(".book-row a").first.get_attribute("href") != first


def test_the_slash_key_goes_to_the_search_box(chromium, site):
    page = chromium.new_page()
    page.goto(site + f"/book/{SAN_TI}/detail")
    page.keyboard.press("/")

    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("")
    page.close()
