"""From founding a circle to a book that goes from hand to hand in it, on two phones, with and without scripts."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from tests.browser.conftest import PHONE, phone_of
from tests.exchange import book, reader
from tests.factories import PASSWORD
from tests.web.forms import link_in, mails


@pytest.mark.parametrize("scripts", [True, False])
def test_a_circle_is_founded_found_by_its_poster_and_a_book_changes_hands_in_it(chromium: Browser, phones, scripts):
    app, url = phones
    emails = [f"{side}-of-circle{int(scripts)}@example.org" for side in ("founder", "newcomer")]
    with app.app_context():
        reader(0, email=emails[0])
        isbn = book()
        db.session.remove()
    founds = phone_of(chromium, url, emails[0], scripts)

    founds.goto(f"{url}/personal")
    founds.locator("main").get_by_role("link", name="Circles").click()
    founds.get_by_role("link", name="Found a circle").click()
    founds.locator("[name=name]").fill(f"Elm Street {int(scripts)}")
    founds.locator("[name=about]").fill("The house with the red door.")
    founds.locator("[name=door][value=link]").check()
    founds.get_by_role("button", name="Found the circle").click()
    expect(founds.locator(".flash.success")).to_contain_text("Your circle is founded.")
    home = founds.url
    founds.get_by_role("link", name="Look after the circle").click()
    founds.get_by_role("link", name="A poster to print and hang up").click()
    founds.get_by_role("button", name="Make the poster").click()
    expect(founds.locator(".poster-code svg")).to_be_visible()
    assert_fits(founds, scripts)
    link = founds.locator(".poster-link").inner_text()

    joins = chromium.new_context(viewport=PHONE, java_script_enabled=scripts, locale="en-GB").new_page()
    joins.goto(home)
    expect(joins.locator("h1")).not_to_contain_text("Elm Street")
    joins.goto(link)
    expect(joins.locator("h1")).to_contain_text("Elm Street")
    assert_fits(joins, scripts)
    joins.locator("main").get_by_role("link", name="Register").click()
    joins.locator("main [name=nickname]").fill(f"Newcomer {int(scripts)}")
    joins.locator("main [name=email]").fill(emails[1])
    joins.locator("main [name=password]").fill(PASSWORD)
    joins.locator("main button[type=submit]").click()
    joins.goto(url + link_in(mails(app)[-1]))
    joins.locator("main button").click()
    expect(joins.locator(".flash.success").first).to_be_visible()
    joins.goto(home)
    expect(joins.locator("h1")).to_contain_text("Elm Street")

    founds.goto(f"{url}/book/{isbn}/detail")
    founds.locator(".offer summary").click()
    founds.locator("[name=ways][value=meet]").check()
    founds.locator("[name=meeting_words]").fill("evenings, at the red door")
    founds.locator("[name=audience][value=everybody]").uncheck()
    founds.get_by_label(f"Elm Street {int(scripts)}").check()
    founds.locator(".offer button[type=submit]").click()
    expect(founds.locator(".flash.success")).to_be_visible()

    joins.goto(home)
    joins.locator("#circle-shelf").locator("xpath=ancestor::section").locator(".book-card a").click()
    joins.locator(".trade-list a.button").click()
    joins.locator("[name=way][value=meet]").check()
    joins.locator("[name=first_time]").fill("tonight, at the red door")
    joins.locator("main .form button[type=submit]").click()
    expect(joins.locator(".flash.success")).to_be_visible()

    founds.goto(f"{url}/pending")
    founds.get_by_label("tonight, at the red door").check()
    founds.locator("form.meeting button").click()
    joins.goto(f"{url}/pending")
    joins.locator("a[href$='/code']").click()
    code = joins.locator(".hand-over-code").inner_text()
    founds.goto(f"{url}/pending")
    founds.locator("a[href$='/hand-over']").click()
    founds.locator("[name=code]").fill(code)
    founds.get_by_role("button", name="Hand it over").click()
    expect(founds.locator(".flash.success")).to_contain_text("The book is handed over.")
    with app.app_context():
        asker = db.session.scalars(select(User.id).where(User.email == emails[1])).one()
        row = db.session.scalars(select(Drift).where(Drift.asker_id == asker)).one()
        assert (row.state, db.session.get_one(Gift, row.gift_id).is_closed) == ("received", True)
        db.session.remove()


def assert_fits(page, scripts):
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
