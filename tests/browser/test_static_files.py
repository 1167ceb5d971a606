"""The style sheet means the same after it was minified."""

import re

from playwright.sync_api import Browser

from app.static_files import MINIFY, SOURCE

READ = """text => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return [...sheet.cssRules].map(rule => rule.cssText)
}"""


def test_the_minified_style_sheet_has_the_same_rules(chromium: Browser) -> None:
    written = (SOURCE / "style.css").read_bytes()
    page = chromium.new_page()
    rules, minified = (page.evaluate(READ, text.decode()) for text in (written, MINIFY[".css"](written)))
    page.close()

    assert len(rules) > 200
    assert [re.sub(r",\s+", ",", rule) for rule in rules] == [re.sub(r",\s+", ",", rule) for rule in minified]
