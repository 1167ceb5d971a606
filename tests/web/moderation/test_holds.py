"""What is held by a rule until somebody at the desk has looked at it."""

import json

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.message import Message
from app.models.report import Hold
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import MailKind
from app.rules.exchange.listing import Condition
from app.rules.exchange.way import Terms
from app.rules.moderation.report import Reason
from app.services.account.closing import erase_account
from app.services.account.export import export_account
from app.services.correction.edit import edit_gift
from app.services.correction.undo import undo_step
from app.services.delivery.thread import Draft
from app.services.exchange.drift import confirm_received, write_message
from app.services.exchange.gift import offer_gift
from app.services.exchange.mails import find_mail_facts
from app.services.moderation.block import block, unblock
from app.services.moderation.hold import list_holds
from app.services.moderation.report import list_reports, report
from app.services.trust.thanks import take_thanks_back, thank
from tests.exchange import ask, book, copy_of, exchange, id_of, last_letter, letters, reader, wish_for
from tests.site.rights import SECOND_FACTOR
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
LURE = "buy at www.example.com"


@pytest.fixture
def desk(app):
    return logged_in(app, reader(role="moderator", **SECOND_FACTOR))


def list_copy(giver, isbn, note=LURE):
    return offer_gift(giver, id_of(isbn), Condition.GOOD, note, None, now())


def state_of(gift):
    db.session.rollback()
    return db.session.get_one(Gift, gift).state


def decide(desk, kind, ref, act):
    answer = press(desk, f"/desk/case/{kind}/{ref}", {"act": act, "ground": "spam"})
    assert answer.status_code == 303, text_of(answer)


def test_a_new_readers_first_copy_with_a_link_is_shown_once_it_was_looked_at(app, desk, client):
    giver, wisher, isbn = reader(0), reader(1), book()
    wish_for(wisher, isbn, now())
    sends = logged_in(app, giver)
    answer = press(
        sends, f"/gifts/book/{isbn}", {"condition": "good", "ways": "post", "note": LURE}, follow_redirects=True
    )
    assert "looks at it before others see it" in text_of(answer)
    [held] = list_holds()
    assert (state_of(held.ref), letters()) == ("held", [])
    assert LURE not in text_of(client.get(f"/book/{isbn}/detail"))
    assert "Nobody else sees it yet" in text_of(sends.get("/my/gifts"))
    assert "1 held" in text_of(desk.get("/desk"))
    for path in ("/desk/reports", f"/desk/case/listing/{held.ref}"):
        assert LURE in text_of(desk.get(path))
    decide(desk, "listing", held.ref, "nothing")
    assert (state_of(held.ref), letters(), list_holds()) == ("open", [("wish_offered", wisher)], [])
    assert state_of(list_copy(giver, book())) == "open"


def test_what_is_hidden_stays_off_the_shelf_and_comes_back_when_that_is_taken_back(desk):
    gift = list_copy(giver := reader(0), book())
    decide(desk, "listing", gift, "hide")
    assert (state_of(gift), list_holds()) == ("held", [])
    assert state_of(list_copy(giver, book())) == "held"
    assert press(desk, "/desk/log/1", {"ground": "mistake"}).status_code == 303
    assert state_of(gift) == "open"


@pytest.mark.parametrize("is_decided", [False, True])
def test_a_copy_that_nobody_has_seen_lets_no_later_one_through(desk, is_decided):
    gift = list_copy(giver := reader(0), book())
    if is_decided:
        decide(desk, "listing", gift, "hide")
    with db.auto_commit():
        db.session.get_one(Gift, gift).state = "withdrawn"
    assert state_of(list_copy(giver, book())) == "held"


def test_a_message_to_who_has_blocked_its_author_lets_no_later_one_through():
    done = exchange("accepted", now())
    block(done.giver, done.asker, now())
    assert write_message(done.asker, done.drift, Draft("hello"), now()).withheld == "blocked"
    unblock(done.giver, done.asker)
    with db.auto_commit():
        db.session.query(Message).update({"withheld": "blocked"})
    assert write_message(done.asker, done.drift, Draft(LURE), now()).withheld == "unchecked"


def test_a_link_that_is_written_later_is_held_as_well():
    gift = copy_of(giver := reader(0), now=now())
    edit_gift(giver, gift, Condition.GOOD, LURE, Terms(), now())
    assert (state_of(gift), [line.words for line in list_holds()]) == ("held", [LURE])
    erase_account(db.session.get_one(User, giver))
    assert list_holds() == []


@pytest.mark.parametrize(("act", "is_shown"), [("nothing", True), ("hide", False)])
def test_a_new_readers_first_message_with_a_number_is_for_its_author_until_it_was_looked_at(app, desk, act, is_shown):
    done, before = exchange("accepted", now()), len(letters())
    asker, giver = logged_in(app, done.asker), logged_in(app, done.giver)
    write_message(done.asker, done.drift, Draft("call 138 0000 1111"), now())
    path = f"/drift/{done.drift}/thread"
    assert ("138 0000" in text_of(giver.get(path)), "Only you see this for now" in text_of(asker.get(path))) == (
        False,
        True,
    )
    [held] = list_holds()
    assert (held.reason, len(letters())) == ("phone", before)
    decide(desk, "message", held.ref, act)
    assert ("138 0000" in text_of(giver.get(path)), "Only you see" in text_of(asker.get(path))) == (is_shown, False)
    db.session.rollback()
    assert letters()[before:] == [("drift_written", done.giver)] * is_shown
    write_message(done.asker, done.drift, Draft("or 139 0000 1111"), now())
    assert ("139 0000" in text_of(giver.get(path))) == is_shown


def test_a_note_to_a_request_is_a_first_message_and_who_is_here_for_longer_is_trusted(app):
    for ago, count in ((2 * DAY, 1), (4 * DAY, 1)):
        asker = reader(1)
        with db.auto_commit():
            db.session.get_one(User, asker).create_time = now() - ago
        fields = {"saved": "new", "recipient": "A", "phone": "13800001111", "address": "Street 1", "note": LURE}
        assert press(logged_in(app, asker), f"/drift/{copy_of(reader(0), now=now())}", fields).status_code == 303
        db.session.rollback()
        assert (len(list_holds()), db.session.query(Message).filter(Message.withheld != "").count()) == (count, count)


@pytest.mark.parametrize(("ago", "is_quoted"), [(2 * DAY, False), (4 * DAY, True)])
def test_a_mail_does_not_quote_a_note_that_waits(ago, is_quoted):
    giver, asker = reader(0), reader(1)
    with db.auto_commit():
        db.session.get_one(User, asker).create_time = now() - ago
    request = ask(asker, copy_of(giver, now=now()), now(), LURE)
    facts = find_mail_facts(MailKind.ASKED, giver, request, None)
    assert ("buy at" in facts.quote) == is_quoted


def test_two_reporters_with_an_exchange_each_hide_a_copy_until_it_is_looked_at(desk):
    gift, seasoned = copy_of(reader(0), now=now()), [exchange("received", now()).asker for _ in range(2)]
    for reporter in (seasoned[0], reader(), reader()):
        report("listing", gift, reporter, Reason.SPAM, "", now())
        assert state_of(gift) == "open"
    report("listing", gift, seasoned[1], Reason.SPAM, "", now())
    assert (state_of(gift), [line.reason for line in list_holds()]) == ("held", ["reporters"])
    decide(desk, "listing", gift, "nothing")
    assert state_of(gift) == "open"


def test_a_copy_that_is_asked_for_stays_although_it_is_reported():
    done = exchange("accepted", now())
    for _ in range(2):
        report("listing", done.gift, exchange("received", now()).asker, Reason.SPAM, "", now())
    assert (state_of(done.gift), list_holds()) == ("reserved", [])


def test_the_sixth_report_of_a_day_waits_behind_those_of_others(desk):
    busy = reader()
    for _ in range(6):
        report("reader", reader(), busy, Reason.SPAM, "", now())
    report("reader", last := reader(), reader(), Reason.SPAM, "", now())
    db.session.rollback()
    links = [link["href"] for link in desk.get("/desk/reports").page.select("main a.button")]
    assert links[-2:] == [f"/desk/case/reader/{last}", f"/desk/case/reader/{next(iter(list_reports(2))).ref}"]


def test_a_new_readers_first_line_of_thanks_with_a_link_is_the_givers_once_it_was_looked_at(app, desk):
    done = exchange("received", now())
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    before = last_letter()

    press(asks, f"/drift/{done.drift}/thanks", {"text": LURE})

    db.session.rollback()
    [held] = list_holds()
    assert (held.kind, held.words, held.about_id) == ("line", LURE, done.asker)
    assert LURE in text_of(desk.get("/desk/reports"))
    assert "Only you see this for now" in text_of(asks.get("/pending"))
    assert LURE not in text_of(gives.get("/pending"))
    assert letters(before) == []
    assert press(gives, f"/drift/{done.drift}/thanks/show").status_code == 409
    assert gives.get(f"/report/line/{held.ref}").status_code == 404
    sides = (db.session.get_one(User, who) for who in (done.asker, done.giver))
    assert [len(json.loads(export_account(side))["thanks"]) for side in sides] == [1, 0]

    decide(desk, "line", held.ref, "nothing")

    db.session.rollback()
    assert list_holds() == []
    assert LURE in text_of(gives.get("/pending"))
    assert [letter for letter in letters(before) if letter[0] == "drift_thanked"] == [("drift_thanked", done.giver)]


def test_a_line_of_thanks_that_the_desk_hides_stays_hidden(app, desk):
    done = exchange("received", now())
    thank(done.asker, done.drift, LURE, now())

    decide(desk, "line", list_holds()[0].ref, "hide")

    assert LURE not in text_of(logged_in(app, done.giver).get("/pending"))
    assert "drift_thanked" not in dict(letters())


@pytest.mark.parametrize("end", ["taken back", "undone", "giver left"])
def test_a_line_that_waits_and_is_erased_is_off_the_desks_list(end):
    done = exchange("mailed", now())
    confirm_received(done.asker, done.drift, now())
    thank(done.asker, done.drift, LURE, now())

    if end == "taken back":
        take_thanks_back(done.asker, done.drift, now())
    elif end == "undone":
        undo_step(done.asker, done.drift, now())
    else:
        erase_account(db.session.get_one(User, done.giver))

    assert db.session.scalars(select(Hold)).all() == []


def test_only_the_first_line_of_thanks_of_a_new_reader_waits():
    plain, second, old = (exchange("received", now()) for _ in range(3))
    thank(plain.asker, plain.drift, "谢谢", now())
    with db.auto_commit():
        db.session.get_one(Drift, second.drift).asker_id = plain.asker
        db.session.get_one(User, old.asker).create_time = now() - 4 * DAY

    thank(plain.asker, second.drift, LURE, now())
    thank(old.asker, old.drift, LURE, now())

    assert list_holds() == []
