"""A line of thanks: written at receipt or later, shown if both agree, taken back, reported, hidden and erased."""

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.message import Thanks
from app.models.notice import Notice
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState, MailKind, Role, Way
from app.rules.moderation.decision import Act, Ground, Verdict
from app.rules.moderation.report import Reason
from app.rules.trust.thanks import THANK_FOR, may_thank
from app.services.account.closing import erase_account
from app.services.account.export import export_account
from app.services.correction.undo import undo_step
from app.services.delivery.hand_over import find_code
from app.services.errors import NotFound
from app.services.exchange.drift import confirm_received, hand_over
from app.services.exchange.mails import find_mail_facts
from app.services.moderation.block import block
from app.services.moderation.decision import decide, take_back
from app.services.moderation.report import report
from app.services.trust.thanks import show_thanks, take_thanks_back, thank
from tests.exchange import exchange, letters, reader
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
LINE = "Wrapped with love <b> 谢谢"
SIDES = ["giver", "asker"]


@pytest.fixture
def done():
    return exchange("received", now())


@pytest.fixture
def said(done):
    thank(done.asker, done.drift, LINE, now())
    return done


def lines_on(client, done):
    return [line.get_text() for line in client.get(f"/user/{done.giver}").page.select(".messages .prose")]


def card(client, done):
    return " ".join(client.get("/pending").page.select_one(f"#drift-{done.drift}").get_text().split())


@pytest.mark.parametrize("way", Way)
def test_a_line_written_at_receipt_waits_for_the_giver_who_shows_and_hides_it(app, client, way):
    done = exchange("mailed", now(), way)
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    assert press(asks, f"/drift/{done.drift}/received", data={"thanks": f"  {LINE} "}).status_code == 303
    assert ("drift_thanked", done.giver) in letters()
    assert (LINE in card(asks, done), LINE in card(gives, done), lines_on(client, done)) == (True, True, [])
    for _ in range(2):
        assert press(gives, f"/drift/{done.drift}/thanks/show").status_code == 303
    assert lines_on(client, done) == lines_on(asks, done) == [LINE]
    page = client.get(f"/user/{done.giver}").page
    assert page.select(".messages .prose a, .messages b") == []
    assert page.find("a", href=f"/user/{done.asker}")
    for _ in range(2):
        press(gives, f"/drift/{done.drift}/thanks/hide")
    assert lines_on(client, done) == []


def test_without_a_line_the_book_is_received_all_the_same(app):
    done = exchange("mailed", now())
    client = logged_in(app, done.asker)
    assert press(client, f"/drift/{done.drift}/received", data={"thanks": "x" * 201}).status_code == 303
    assert "At most 200 characters" in text_of(client.get("/pending"))
    assert press(client, f"/drift/{done.drift}/received").status_code == 303
    assert db.session.scalars(select(Thanks)).all() == []
    press(client, f"/drift/{done.drift}/thanks", data={"text": "  "})
    assert "Please write something." in text_of(client.get("/pending"))


@pytest.mark.parametrize(
    ("state", "role", "after", "may"),
    [
        (DriftState.RECEIVED, Role.ASKER, 0, True),
        (DriftState.RECEIVED, Role.ASKER, THANK_FOR - 1, True),
        (DriftState.RECEIVED, Role.ASKER, THANK_FOR, False),
        (DriftState.RECEIVED, Role.GIVER, 0, False),
        (DriftState.MISSING, Role.ASKER, 0, False),
    ],
)
def test_who_received_the_book_can_thank_for_some_days(state, role, after, may):
    assert may_thank(state, role, 1000, 1000 + after) is may


def test_a_line_is_written_once_and_again_after_it_was_taken_back(app, said):
    asks, gives = logged_in(app, said.asker), logged_in(app, said.giver)
    path = f"/drift/{said.drift}/thanks"
    assert press(asks, path, data={"text": "again"}).status_code == 409
    assert press(gives, path, data={"text": "mine"}).status_code == 403
    assert press(gives, f"{path}/back").status_code == press(asks, f"{path}/show").status_code == 403
    assert press(asks, f"{path}/back").status_code == 303
    assert press(asks, f"{path}/back").status_code == press(gives, f"{path}/show").status_code == 409
    assert press(asks, path, data={"text": "better words"}).status_code == 303
    assert "better words" in card(gives, said)


def test_undoing_the_receipt_takes_the_line_with_it():
    done = exchange("mailed", now())
    confirm_received(done.asker, done.drift, now())
    thank(done.asker, done.drift, LINE, now())
    undo_step(done.asker, done.drift, now() + 1)
    assert db.session.scalars(select(Thanks)).all() == []


def test_and_so_does_a_giver_who_takes_the_hand_over_back():
    done = exchange("accepted", now(), Way.MEET)
    hand_over(done.giver, done.drift, find_code(done.drift), now())
    thank(done.asker, done.drift, LINE, now())
    undo_step(done.giver, done.drift, now() + 1)
    assert db.session.scalars(select(Thanks)).all() == []


def test_a_line_that_is_taken_back_and_written_anew_is_told_once(done):
    for passed in range(3):
        thank(done.asker, done.drift, LINE, now() + passed)
        take_thanks_back(done.asker, done.drift, now() + passed)
    thank(done.asker, done.drift, LINE, now() + 3)
    assert letters().count(("drift_thanked", done.giver)) == 1
    [told] = db.session.scalars(select(Notice).where(Notice.kind == MailKind.THANKED))
    assert told.show_from is not None


def test_who_is_limited_confirms_the_receipt_but_writes_no_line(app):
    done = exchange("mailed", now())
    decide(None, "reader", done.asker, Verdict(Act.LIMIT, Ground.SPAM, until=now() + DAY), now())
    client = logged_in(app, done.asker)
    press(client, f"/drift/{done.drift}/received", data={"thanks": LINE})
    text = text_of(client.get("/pending"))
    assert ("write anything but quick phrases" in text, "Enjoy reading" in text, LINE in text) == (True, True, False)


def test_who_is_apart_from_its_author_can_not_report_a_line_and_does_not_read_it_there(app, said):
    line, other = db.session.scalars(select(Thanks.id)).one(), reader()
    show_thanks(said.giver, said.drift, True, now())
    assert logged_in(app, other).get(f"/report/line/{line}").status_code == 200
    block(said.asker, other, now())
    assert logged_in(app, other).get(f"/report/line/{line}").status_code == 404
    with pytest.raises(NotFound):
        report("line", line, other, Reason.SPAM, "", now())


def test_a_shown_line_is_reported_by_everybody_and_hidden_by_the_desk(app, client, said):
    line = db.session.scalars(select(Thanks.id)).one()
    assert client.get(f"/report/line/{line}").status_code == 404
    assert LINE in text_of(logged_in(app, said.giver).get(f"/report/line/{line}"))
    show_thanks(said.giver, said.drift, True, now())
    assert LINE in text_of(client.get(f"/report/line/{line}"))
    report("line", line, reader(), Reason.SPAM, "", now())
    decision = decide(None, "line", line, Verdict(Act.HIDE, Ground.SPAM), now())
    asks = logged_in(app, said.asker)
    assert (lines_on(client, said), client.get(f"/report/line/{line}").status_code) == ([], 404)
    assert (LINE in card(asks, said), "Thank " in card(asks, said)) == (False, False)
    assert press(asks, f"/drift/{said.drift}/thanks", data={"text": "again"}).status_code == 409
    take_back(None, decision, Ground.MISTAKE, "", now())
    assert lines_on(client, said) == [LINE]


@pytest.mark.parametrize("side", SIDES)
def test_a_line_goes_with_the_account_of_either_side(said, side):
    for who in SIDES:
        assert LINE in export_account(db.session.get_one(User, getattr(said, who)))
    erase_account(db.session.get_one(User, getattr(said, side)))
    assert db.session.scalars(select(Thanks).execution_options(include_deleted=True)).all() == []


def test_a_line_that_was_taken_back_is_not_told(app, said):
    about = MailKind.THANKED, said.giver, said.drift, None
    assert find_mail_facts(*about).kind == "drift_thanked"
    take_thanks_back(said.asker, said.drift, now())
    assert find_mail_facts(*about) is None


@pytest.mark.parametrize("side", SIDES)
def test_who_has_blocked_the_other_does_not_meet_their_line(app, client, said, side):
    show_thanks(said.giver, said.drift, True, now())
    who, other = getattr(said, side), said.giver if side == "asker" else said.asker
    block(who, other, now())
    giver = logged_in(app, said.giver)
    assert (lines_on(client, said), lines_on(giver, said)) == ([LINE], [])
    assert (LINE in card(giver, said), LINE in card(logged_in(app, said.asker), said)) == (False, True)
