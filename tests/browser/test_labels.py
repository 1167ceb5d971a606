"""Labels on a phone: one is made, and a stranger who finds the book opens its page."""

from playwright.sync_api import Browser, expect

from app.models.base import db, now
from app.services.copy.keeping import keep_copy
from tests.browser.conftest import look, phone_of
from tests.exchange import book, id_of, reader


def test_a_reader_prints_a_label_of_one_of_two_books_and_a_stranger_opens_its_page(chromium: Browser, phones):
    app, url = phones
    with app.app_context():
        owner = reader(0, email="labels@example.org")
        for title in ("第一本", "第二本"):
            keep_copy(owner, id_of(book(title=title)), now())
        db.session.remove()
    mine = phone_of(chromium, url, "labels@example.org", scripts=True)

    assert look(mine, url, ["/my/labels", "/my/journeys"]) == {"/my/labels": [], "/my/journeys": []}
    mine.goto(f"{url}/my/labels")
    mine.get_by_label("第二本").check()
    mine.locator("main .form button[type=submit]").click()
    expect(mine.locator(".label-mark")).to_have_count(1)
    expect(mine.locator(".label-code svg")).to_have_count(1)
    mark = mine.locator(".label-mark").inner_text()

    finder = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
    finder.goto(f"{url}/c/{mark}")
    expect(finder.locator("h1")).to_contain_text("第二本")
    path = f"/c/{mark.replace(' ', '')}"
    assert look(mine, url, [path]) == {path: []}
