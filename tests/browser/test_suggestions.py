"""Suggestions below the search box while a reader types."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import SAN_TI

SUGGEST = "**/suggest?q=*"
PLACES = "[...document.querySelectorAll('header, main, main *, footer, #q')].filter(e => !e.closest('#suggestions'))\
.map(e => e.getBoundingClientRect().top)"
IN_FRONT = """e => {
  const { left, top } = e.getBoundingClientRect();
  return e.contains(document.elementFromPoint(left + 20, top + 20));
}"""
TELL_WHAT_IS_SHOWN = """list => {
  const shown = [];
  new MutationObserver(() => shown.push(list.innerText.trim())).observe(list, { childList: true });
  return shown;
}"""
TYPE_AT_ONCE = """(box, text) => {
  for (const letter of text) {
    box.value += letter;
    box.dispatchEvent(new InputEvent("input"));
  }
}"""
AWAY = 700
"""Milliseconds after which a question would have been asked, and what was shown for an earlier text is gone."""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tab that records the questions in `page.asked` and errors in `page.faults`."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.asked, page.faults = [], []
    page.on("request", lambda request: "/suggest?" in request.url and page.asked.append(request.url))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    assert page.faults == []
    context.close()


@pytest.fixture
def box(page: Page, site: str):
    """The search box of the front page, with the cursor in it."""
    page.goto(f"{site}/")
    box = page.get_by_role("combobox", name="Search books")
    box.focus()
    return box


def options(page: Page):
    return page.get_by_role("option")


def answer(*texts: str) -> str:
    one = {"kind": "book", "detail": "", "url": "/language", "available": 0}
    return json.dumps({"suggestions": [one | {"text": text} for text in texts]})


def test_what_is_typed_brings_suggestions_that_a_screen_reader_hears(page, box):
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("santi")

    expect(options(page)).to_have_count(1)
    expect(options(page)).to_contain_text("三体 刘慈欣 · 2014")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-controls", page.get_by_role("listbox").get_attribute("id"))
    expect(page.get_by_role("status").filter(has_text="Suggestions")).to_have_text("Suggestions: 1")
    assert [url.split("=")[1] for url in page.asked] == ["santi"]


def test_a_suggestion_opens_its_book_by_pointer(page, box, site):
    box.press_sequentially("santi")
    options(page).first.click()
    page.wait_for_url(f"{site}/book/{SAN_TI}/detail")


def test_a_suggestion_opens_by_touch(chromium, site):
    context = chromium.new_context(
        locale="zh-CN", has_touch=True, is_mobile=True, viewport={"width": 360, "height": 640}
    )
    page = context.new_page()
    page.goto(f"{site}/")
    page.locator("#q").tap()
    page.keyboard.insert_text("三体")
    options(page).first.tap()
    page.wait_for_url(f"{site}/book/{SAN_TI}/detail")
    context.close()


def test_arrows_go_round_and_the_cursor_stays_in_the_box(page, box):
    page.route(SUGGEST, lambda route: route.fulfill(body=answer("one", "two", "three")))
    box.press_sequentially("xx")
    expect(options(page)).to_have_count(3)
    selected = page.locator("[role=option][aria-selected=true]")

    seen = []
    for key in ("ArrowDown", "ArrowDown", "End", "ArrowDown", "ArrowUp", "Home", "ArrowUp", "Home"):
        box.press(key)
        seen.append(selected.text_content().strip() if selected.count() else "")
        assert box.get_attribute("aria-activedescendant") == (selected.get_attribute("id") if seen[-1] else "")
    assert seen == ["one", "two", "three", "", "three", "one", "", ""]
    expect(box).to_be_focused()
    assert box.evaluate("e => [e.value, e.selectionStart]") == ["xx", 0]


def test_enter_opens_what_is_selected_and_else_searches(page, box, site):
    box.press_sequentially("三体")
    expect(options(page)).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"{site}/book/{SAN_TI}/detail")

    page.go_back()
    expect(options(page)).to_have_count(0)
    box.fill("三体")
    expect(options(page)).to_have_count(1)
    box.press("Enter")
    page.wait_for_url("**/book/search?q=*")


def test_escape_closes_then_clears_and_down_opens_again(page, box):
    box.press_sequentially("三体")
    expect(options(page)).to_have_count(1)
    box.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box).to_have_value("三体")
    box.press("ArrowDown")
    expect(options(page)).to_have_count(1)
    box.press("Escape")
    box.press("Escape")
    expect(box).to_have_value("")
    page.wait_for_timeout(AWAY)
    assert len(page.asked) == 1


@pytest.mark.parametrize("leave", ["Tab", "pointer"])
def test_leaving_the_box_closes_the_list(page, box, leave):
    box.press_sequentially("三体")
    expect(options(page)).to_have_count(1)
    if leave == "Tab":
        box.press("Tab")
        expect(page.get_by_role("button", name="Search")).to_be_focused()
    else:
        page.locator("h1").click()

    expect(options(page)).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")


def test_an_input_method_asks_only_for_what_it_has_composed(page, box):
    keyboard = page.context.new_cdp_session(page)
    for letters in ("s", "sa", "san"):
        keyboard.send(
            "Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)}
        )
        page.wait_for_timeout(200)
    expect(box).to_have_value("san")
    assert page.asked == []
    keyboard.send("Input.insertText", {"text": "三体"})

    expect(options(page)).to_have_count(1)
    assert [url.split("=")[1] for url in page.asked] == ["%E4%B8%89%E4%BD%93"]


def test_an_answer_for_an_earlier_text_is_never_shown(page, box):
    """The first answer arrives after the second one."""
    held = []

    def reply(route: Route) -> None:
        if route.request.url.endswith("=aa"):
            held.append(route)
        else:
            route.fulfill(body=answer("new"))

    page.route(SUGGEST, reply)
    with page.expect_request("**/suggest?q=aa"):
        box.press_sequentially("aa")
    box.press_sequentially("bb")
    expect(options(page)).to_have_text(["new"], use_inner_text=True)
    held[0].fulfill(body=answer("old"))
    page.wait_for_timeout(AWAY)
    expect(options(page)).to_have_text(["new"], use_inner_text=True)


def test_an_answer_that_comes_after_a_letter_more_is_not_shown(page, box):
    """In the time between a letter and its question, too."""
    shown = page.locator("#suggestions").evaluate_handle(TELL_WHAT_IS_SHOWN)

    def reply(route: Route) -> None:
        if route.request.url.endswith("=aa"):
            box.evaluate("e => { e.value = 'aab'; e.dispatchEvent(new InputEvent('input')); }")
            route.fulfill(body=answer("old"))
        else:
            route.fulfill(body=answer("new"))

    page.route(SUGGEST, reply)
    box.press_sequentially("aa")
    expect(options(page)).to_have_text(["new"], use_inner_text=True)
    assert [text for text in shown.json_value() if text] == ["new"]


def test_what_was_shown_for_an_earlier_text_goes_when_the_answer_is_late(page, box):
    page.route(SUGGEST, lambda route: route.fulfill(body=answer("old")) if route.request.url.endswith("=aa") else None)
    box.press_sequentially("aa")
    expect(options(page)).to_have_count(1)
    box.press_sequentially("b")

    expect(options(page)).to_have_count(0)


def test_recent_answers_are_not_asked_for_again(page, box):
    box.press_sequentially("三体")
    expect(options(page)).to_have_count(1)
    with page.expect_response(SUGGEST):
        box.press_sequentially("没")
    expect(options(page)).to_have_count(0)
    box.press("Backspace")
    expect(options(page)).to_have_count(1)

    assert len(page.asked) == 2


def test_a_burst_of_letters_is_one_question(page, box):
    box.evaluate(TYPE_AT_ONCE, "harry potter")
    expect(options(page)).to_have_count(1)

    assert len(page.asked) == 1


@pytest.mark.parametrize(("status", "body"), [(429, "{}"), (500, "<h1>"), (200, "{"), (0, "")])
def test_it_is_silent_and_pauses_when_there_is_no_answer(page, box, status, body):
    def reply(route: Route) -> None:
        if status:
            route.fulfill(status=status, body=body, headers={"Retry-After": "60"})
        else:
            route.abort()

    page.route(SUGGEST, reply)
    box.press_sequentially("aa")
    page.wait_for_timeout(AWAY)
    box.press_sequentially("bb")
    page.wait_for_timeout(AWAY)

    assert len(page.asked) == 1
    expect(options(page)).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")


def test_hostile_titles_are_text(page, box):
    page.route(
        SUGGEST, lambda route: route.fulfill(body=answer("<img src=x onerror=document.title='hurt'>", "长" * 200))
    )
    box.press_sequentially("aa")

    expect(options(page)).to_have_count(2)
    assert page.locator("#suggestions img").count() == 0
    assert page.title() != "hurt"


PATHS = {
    360: ["/", "/book/search?q=海边", "/no/such/page"],  # elsewhere, the bar of phones leads to the page of search
    1280: ["/", "/books", "/book/search?q=海边", "/no/such/page"],
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "width"), [(path, width) for width, paths in PATHS.items() for path in paths])
def test_the_list_lies_over_the_page_moves_nothing_and_is_accessible(chromium, site, path, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    one = {
        "kind": "author",
        "text": "很长的名字" * 30,
        "detail": "很长的书名" * 30,
        "url": "/language",
        "available": 12,
    }
    page.route(SUGGEST, lambda route: route.fulfill(body=json.dumps({"suggestions": [one] * 8})))
    page.goto(site + path)
    before = page.evaluate(PLACES)
    page.locator("#q").fill("三体")
    expect(options(page)).to_have_count(8)
    page.locator("#q").press("ArrowDown")

    assert page.evaluate(PLACES) == before
    assert page.evaluate("document.documentElement.scrollWidth") == width
    heights = page.eval_on_selector_all("[role=option]", "all => all.map(e => e.getBoundingClientRect().height)")
    assert all(44 <= height < 64 for height in heights)
    lines = page.eval_on_selector_all("[role=option] > *", "all => all.map(e => e.getBoundingClientRect().height)")
    assert max(lines) < 32
    assert options(page).nth(2).evaluate(IN_FRONT)
    axe = Axe().run(page, options={"resultTypes": ["violations"]})
    assert [v["id"] for v in axe.response["violations"]] == []
    context.close()


def test_without_scripts_the_box_is_a_plain_field(chromium, site):
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/")
    page.get_by_role("searchbox", name="Search books").press_sequentially("三体")
    expect(page.locator("#suggestions")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/search?q=*")
    context.close()


def test_the_module_is_small():
    assert (
        Path(__file__).parents[2] / "app" / "static" / "suggest.js"
    ).stat().st_size <= 4_300  # for books and for areas
