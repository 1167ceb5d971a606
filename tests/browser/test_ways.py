"""Whole exchanges by post and by a meeting place between two readers, on a phone, with and without scripts."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from app.models.base import db, now
from app.models.drift import Drift
from app.models.message import Message
from app.rules.exchange.drift import Way
from app.services.delivery.thread import Draft
from app.services.exchange.drift import redraw_request, write_message
from tests.browser.conftest import look, phone_of
from tests.exchange import HOME, book, copy_of, exchange, place, reader

SENT = {"post": "mailed", "place": "left"}


def asked_for(page, way):
    """Fill in what the form for asking wants for a way."""
    if way == "post":
        for name in ("recipient", "phone", "address"):
            page.locator(f"[name={name}]").fill(getattr(HOME, name))
    else:
        expect(page.locator("[name=place]")).to_be_checked()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("way", SENT)
def test_two_readers_exchange_a_book_and_one_takes_a_slip_back(chromium: Browser, phones, way, scripts):
    app, url = phones
    emails = [f"{side}-{way}-{int(scripts)}@example.org" for side in ("gives", "asks")]
    with app.app_context():
        _giver, asker = reader(0, email=emails[0]), reader(1, email=emails[1])
        isbn, shelf = book(), place(name=f"Shelf {way} {scripts}")
        db.session.remove()
    gives, asks = (phone_of(chromium, url, email, scripts) for email in emails)

    gives.goto(f"{url}/book/{isbn}/detail")
    gives.locator(".offer summary").click()
    for other in Way:
        gives.locator(f"[name=ways][value={other}]").set_checked(other == way)
    if way == "place":
        gives.locator(f"[name=places][value='{shelf}']").check()
    gives.locator(".offer button[type=submit]").click()
    expect(gives.locator(".flash.success")).to_be_visible()

    asks.goto(f"{url}/book/{isbn}/detail")
    asks.locator(".trade-list a.button").click()
    expect(asks.locator("[name=address]")).to_have_count(1 if way == "post" else 0)
    asked_for(asks, way)
    asks.locator("main .form button[type=submit]").click()
    expect(asks.locator(".flash.success")).to_be_visible()

    gives.goto(f"{url}/pending")
    expect(gives.locator(".postal")).to_have_count(0)
    gives.locator("button[formaction$='/accept']").click()
    expect(gives.locator(".drift")).to_contain_text(HOME.address if way == "post" else "Shelf")
    send = "form.mailed:not(details *) button" if way == "post" else "button[formaction$='/left']"
    gives.locator(send).click()
    gives.locator(".flash.undo").get_by_role("button", name="Undo").click()
    expect(gives.locator(".flash.success")).to_be_visible()
    expect(gives.locator(".drift strong").first).to_contain_text("You promised it.")
    gives.locator(send).click()
    expect(gives.locator(".flash.undo")).to_be_visible()

    asks.goto(f"{url}/pending")
    expect(asks.locator(".drift")).to_contain_text("on its way" if way == "post" else "is waiting for you")
    asks.locator("form[action$='/received'] button").click()
    expect(asks.locator(".flash.undo")).to_contain_text("Enjoy reading!")
    expect(asks.locator(".drift")).to_contain_text("until then it counts as under way")
    gives.goto(f"{url}/pending")
    expect(gives.locator(".drift")).to_contain_text("The other reader can undo this until")
    with app.app_context():
        row = db.session.scalars(select(Drift).where(Drift.asker_id == asker)).one()
        assert (row.way, row.state, row.address is None) == (way, "received", way == "place")
        db.session.remove()


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")])
def test_the_pages_about_ways_and_mercy_fit_a_phone_and_are_accessible(chromium: Browser, phones, language, scheme):
    app, url = phones
    with app.app_context():
        email = f"ways-{language}@example.org"
        me = reader(1, email=email, locale=language[:2], role="moderator")
        shelf, mine = place(), copy_of(me, None, now(), *Way)
        shown = [
            exchange(state, now(), Way.PLACE) for state in ("waiting", "accepted", "mailed", "no_giver", "missing")
        ]
        to_send, promised = exchange("waiting", now()), exchange("accepted", now())
        objected, over = exchange("mailed", now(), Way.MEET), exchange("accepted", now())
        write_message(over.giver, over.drift, Draft("I know where you live"), now())
        redraw_request(over.asker, over.drift, now())
        with db.auto_commit():
            for done in (*shown, promised):
                db.session.get_one(Drift, done.drift).giver_id = me
            for done in (to_send, objected):
                db.session.get_one(Drift, done.drift).asker_id = me
            hidden = db.session.get_one(Drift, over.drift)
            hidden.asker_id = me
        with db.auto_commit():
            db.session.execute(update(Message).where(Message.drift_id == over.drift).values(reader_id=me))
        db.session.remove()
    page = phone_of(chromium, url, email, scripts=True)
    page.emulate_media(color_scheme=scheme)
    paths = ["/pending", f"/gifts/{mine}/edit", f"/drift/{to_send.drift}/address", "/personal/away", "/places"]
    paths += ["/places/new", f"/places/{shelf}", f"/drift/{shown[0].gift}?way=place", f"/report/thread/{over.drift}"]
    assert look(page, url, paths) == {path: [] for path in paths}
