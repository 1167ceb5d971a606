"""A whole exchange in person between two readers, on a phone, with and without scripts."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.models.address import Address
from app.models.base import db, now
from app.models.drift import Drift
from app.rules.exchange.drift import Way
from app.rules.exchange.thread import Phrase
from app.services.delivery.thread import Draft
from app.services.exchange.drift import write_message
from app.services.exchange.my_drifts import list_drifts
from tests.browser.conftest import look, phone_of
from tests.exchange import book, copy_of, exchange, reader

ADDRESS = "[name=address], [name=phone], [name=recipient], .postal"


@pytest.mark.parametrize("scripts", [True, False])
def test_two_readers_meet_and_no_address_is_shown_or_stored(chromium: Browser, phones, scripts):
    app, url = phones
    emails = [f"{side}{int(scripts)}@example.org" for side in ("giver", "asker")]
    with app.app_context():
        giver, asker = reader(0, email=emails[0]), reader(1, email=emails[1])
        isbn = book()
        db.session.remove()
    gives, asks = (phone_of(chromium, url, email, scripts) for email in emails)

    gives.goto(f"{url}/book/{isbn}/detail")
    gives.locator(".offer summary").click()
    expect(gives.locator("[name=ways][value=meet]")).to_be_checked()
    gives.locator("[name=meeting_words]").fill("工作日 18–20 点，三教门口")
    gives.locator(".offer button[type=submit]").click()
    expect(gives.locator(".flash.success")).to_be_visible()

    asks.goto(f"{url}/book/{isbn}/detail")
    asks.locator(".trade-list a.button").click()
    expect(asks.locator("#address")).to_be_hidden()
    asks.locator("[name=way][value=meet]").check()
    expect(asks.locator("#address")).to_be_hidden()
    expect(asks.locator("[data-way][hidden]")).to_have_count(1 if scripts else 0)  # without scripts by style alone
    asks.locator("[name=first_time]").fill("周四 18:30，三教门口")
    asks.locator("[name=second_time]").fill("周六下午")
    asks.locator("main .form button[type=submit]").click()
    expect(asks.locator(".flash.success")).to_be_visible()
    expect(asks.locator(ADDRESS)).to_have_count(0)

    gives.goto(f"{url}/pending")
    expect(gives.locator(ADDRESS)).to_have_count(0)
    gives.get_by_label("周六下午").check()
    gives.locator("form.meeting button").click()
    expect(gives.locator(".drift")).to_contain_text("周六下午")
    asks.goto(f"{url}/pending")
    asks.locator("a[href$='/code']").click()
    expect(asks.locator("svg.qr")).to_be_visible()
    code = asks.locator(".hand-over-code").inner_text()
    asks.get_by_role("link", name="Write a message").click()
    asks.locator(".thread textarea").fill("Which of the two gates?")
    asks.get_by_role("button", name="Send").click()
    expect(asks.locator(".message.mine")).to_contain_text("Which of the two gates?")
    gives.goto(f"{url}/pending")
    expect(gives.locator(".thread summary").first).to_contain_text("1 new")
    gives.get_by_text("Quick phrases").click()
    gives.get_by_role("button", name="I’m here.").click()
    expect(gives.locator(".message.mine")).to_contain_text("I’m here.")
    asks.reload()
    expect(asks.locator(".message:not(.mine)")).to_contain_text("I’m here.")
    gives.goto(f"{url}/pending")
    expect(gives.locator(ADDRESS)).to_have_count(0)
    gives.locator("a[href$='/hand-over']").click()
    gives.locator("[name=code]").fill("12")
    enter = gives.get_by_role("button", name="Hand it over")
    enter.click()
    expect(gives.locator(".flash.error")).to_contain_text("This is not the code.")
    gives.locator("[name=code]").fill(code)
    enter.click()
    expect(gives.locator(".flash.success")).to_contain_text("The book is handed over.")
    asks.goto(f"{url}/pending")
    expect(asks.locator(".drift")).to_contain_text("It has arrived.")
    with app.app_context():
        row = db.session.scalars(select(Drift).where(Drift.asker_id == asker)).one()
        assert (row.way, row.state, row.giver_id, row.address) == ("meet", "received", giver, None)
        assert db.session.scalars(select(Address)).all() == []
        assert list_drifts(giver, 1, 10, row.state_time).rows[0].address is None
        db.session.remove()


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")])
def test_the_pages_of_a_meeting_fit_a_phone_and_are_accessible(chromium: Browser, phones, language, scheme):
    app, url = phones
    with app.app_context():
        copy = copy_of(reader(0), None, now(), Way.POST, Way.MEET)
        email = f"looks-{language}@example.org"
        me = reader(1, email=email, locale=language[:2])
        asked, given = exchange("accepted", now(), Way.MEET), exchange("accepted", now(), Way.MEET)
        waiting = exchange("waiting", now(), Way.MEET)
        with db.auto_commit():
            db.session.get_one(Drift, asked.drift).asker_id = me
            db.session.get_one(Drift, given.drift).giver_id = me
            db.session.get_one(Drift, waiting.drift).giver_id = me
        message = write_message(given.asker, given.drift, Draft("https://example.org/" + "x" * 200), now()).id
        write_message(me, given.drift, Draft(phrase=Phrase.LATE), now())
        db.session.remove()
    page = phone_of(chromium, url, email, scripts=True)
    page.emulate_media(color_scheme=scheme)
    paths = [f"/drift/{copy}", f"/drift/{copy}?way=meet", f"/drift/{copy}?way=post", "/personal/settings", "/pending"]
    paths += [f"/drift/{asked.drift}/code", f"/drift/{given.drift}/hand-over", f"/drift/{given.drift}/thread"]
    paths += [f"/drift/{asked.drift}/thread", f"/report/message/{message}"]
    assert look(page, url, paths) == {path: [] for path in paths}
