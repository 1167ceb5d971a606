"""Every page of the exchange is well-formed in both languages, in every state and for both sides."""

from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.models.base import db
from app.models.book import Book, now
from app.models.drift import Drift
from app.models.user import User
from app.rules.clock import DAY
from app.services.bean.transfers import grant_beans
from tests.exchange import HOME, PATHS, Exchange, book, copy_of, exchange, id_of, only_drift, reader, wish_for
from tests.factories import PASSWORD
from tests.site.pages import faults
from tests.web.readers import logged_in, press

pytestmark = pytest.mark.usefixtures("app_context")
HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}"


def speak(language, *reader_ids):
    for user in map(db.session.get_one, [User] * len(reader_ids), reader_ids):
        user.locale = language
    db.session.commit()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("way", "state"), [(way, state) for way, paths in PATHS.items() for state in paths])
def test_the_drifts_of_both_sides_are_whole(app, way, state, language):
    done = exchange(state, now(), way)
    speak(language, done.asker, done.giver)
    for who in (done.asker, done.giver):
        client = logged_in(app, who)
        for path in ("/pending", "/personal", "/my/gifts", f"/drift/{done.gift}", f"/user/{done.giver}"):
            page = client.get(path).page
            assert (path, faults(page), page.html["lang"]) == (path, [], language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_lists_and_the_page_of_a_book_are_whole(app, client, language):
    giver, wisher, isbn = reader(0), reader(), book()
    speak(language, giver, wisher)
    from app.rules.exchange.listing import Condition
    from app.services.exchange.gift import offer_gift

    offer_gift(giver, id_of(isbn), Condition.WORN, HOSTILE[:200], None, now())
    wish_for(wisher, isbn)
    copy_of(giver, now=now())
    for who in (giver, wisher):
        for path in ("/my/gifts", "/my/wish", f"/book/{isbn}/detail", "/", "/pending"):
            page = logged_in(app, who).get(path).page
            assert (path, faults(page)) == (path, [])
    visitor = client.get(f"/book/{isbn}/detail", headers={"Accept-Language": language})
    assert faults(visitor.page) == []
    assert "<script>alert" not in visitor.text


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(3, "It was received within a day of being mailed"), (4, "This one comes when they have given a book, too.")],
)
def test_a_giver_who_is_not_paid_yet_reads_when_the_bean_comes(app, days, sentence):
    done = exchange("received", now())
    drift = db.session.get_one(Drift, done.drift)
    drift.pay_from = drift.state_time + days * DAY
    db.session.commit()
    text = logged_in(app, done.giver).get("/pending").text
    assert sentence in text
    assert "the bean is yours" not in text
    assert sentence not in logged_in(app, done.asker).get("/pending").text


def test_the_names_of_others_lead_to_what_everybody_may_know_of_them(app, client):
    done = exchange("waiting", now())
    wisher, isbn = reader(), Book.get_number(db.session.get_one(Drift, done.drift).book_id)
    other = copy_of(done.giver, isbn, now())
    wish_for(wisher, isbn)
    for path, who, shown in (
        ("/pending", done.giver, done.asker),
        ("/pending", done.asker, done.giver),
        (f"/drift/{other}", wisher, done.giver),
        (f"/book/{isbn}/detail", done.giver, wisher),
        (f"/book/{isbn}/detail", done.asker, done.giver),
    ):
        link = logged_in(app, who).get(path).page.main.find("a", href=f"/user/{shown}")
        assert (path, link and link.get_text()) == (path, db.session.get_one(User, shown).nickname)
    assert "0 exchanges so far" in client.get(f"/user/{done.asker}").text


def test_the_ledger_tells_each_movement_with_its_balance(app):
    done = exchange("received", now())
    grant_beans(done.giver, 1, "thanks", now())
    page = logged_in(app, done.giver).get("/personal/ledger").page
    rows = [[cell.get_text(strip=True) for cell in row.select("td")][2:] for row in page.select(".ledger tbody tr")]
    assert rows == [["+1", "2"], ["+1", "1"]]
    profile = logged_in(app, done.asker).get(f"/user/{done.giver}").page.get_text(" ", strip=True)
    assert "1 exchange so far" in profile


def test_before_acceptance_nothing_that_the_giver_can_reach_holds_the_address(app, capfd, caplog):
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))  # log everything
    with structlog.testing.capture_logs() as logged:
        done = _ask_by_form(app)
        giver = logged_in(app, done.giver)
        reached = [giver.get(path).text for path in _reachable(done)]
    secrets = (HOME.recipient, HOME.phone, HOME.address)
    reached.append(press(giver, "/personal/export", data={"password": PASSWORD}).text)
    from app.services.account.export import export_account

    reached.append(export_account(db.session.get_one(User, done.giver)))
    tables = ("drift", "drift_event", "outbox", "bean_transfer", "gift", "wish", "address")
    reached.append(repr([db.session.execute(text(f"SELECT * FROM {table}")).all() for table in tables]))
    reached += [*capfd.readouterr(), caplog.text, repr(logged)]
    assert "web.post_drift" in repr(logged)
    assert [secret for secret in secrets if any(secret in seen for seen in reached)] == []
    assert HOME.address in export_account(db.session.get_one(User, done.asker))


def _ask_by_form(app):
    """Ask as a reader does: first with a form that is refused, then with one that is not."""
    asker, giver = reader(), reader(0)
    copy, asks = copy_of(giver, now=now()), logged_in(app, asker)
    address = {"saved": "new", "recipient": HOME.recipient, "phone": HOME.phone, "address": HOME.address}
    assert press(asks, f"/drift/{copy}", data=address | {"note": "x" * 201, "keep": "y"}).status_code == 400
    assert press(asks, f"/drift/{copy}", data=address | {"keep": "y"}).status_code == 303
    return Exchange(asker, giver, copy, only_drift())


def _reachable(done):
    return [
        "/pending", "/my/gifts", "/my/wish", "/personal", f"/user/{done.asker}", f"/drift/{done.gift}", "/",
        f"/drift/{done.drift}/accept", f"/drift/{done.drift}",
    ]  # fmt: skip


def test_no_browser_stores_a_page_that_shows_an_address(app):
    done, copy = exchange("accepted", now()), copy_of(reader(0), now=now())
    asks = logged_in(app, done.asker)
    refused = press(asks, f"/drift/{copy}", data={"saved": "new", "address": HOME.address})
    pages = [logged_in(app, done.giver).get("/pending"), asks.get(f"/drift/{copy}"), asks.get("/personal"), refused]
    assert HOME.address in pages[0].text
    assert [page.headers["Cache-Control"] for page in pages] == ["no-store"] * 4


@pytest.mark.sqlite("reads its file")
def test_the_file_of_the_database_does_not_hold_the_address_in_clear(app):
    exchange("accepted", now())
    db.session.remove()
    db.engine.dispose()
    file = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database
    files = [Path(file + tail) for tail in ("", "-wal")]
    stored = b"".join(path.read_bytes() for path in files if path.exists())
    for secret in (HOME.recipient, HOME.phone, HOME.address):
        assert secret.encode() not in stored
