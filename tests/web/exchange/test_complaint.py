"""A book that is not as described: said once and in time, answered, decided by the desk, and paid once."""

import re

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.decision import Appeal, Complaint, Decision
from app.models.drift import Drift
from app.models.notice import Notice
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.refusals import Limited
from app.rules.moderation.decision import Act, AlreadyTakenBack, Ground, OwnCase, Party, Verdict
from app.rules.trust.complaint import AlreadySettled, Fault
from app.services.account.closing import erase_account
from app.services.account.export import export_account
from app.services.errors import NotFound
from app.services.exchange.drift import confirm_received
from app.services.exchange.trust import facts_of
from app.services.moderation.appeal import answer_appeal, appeal, find_statement, make_appeal_token
from app.services.moderation.decision import decide, take_back
from app.services.trust.complaint import answer_complaint, complain, end_waits
from tests.exchange import HOME, assert_audit_is_clean, beans_of, exchange, ledger_balances, letters, reader
from tests.site.rights import SECOND_FACTOR
from tests.web.forms import mails
from tests.web.forms import text_of as said_in
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
APPEAL = re.compile(r"http://\S+(/appeal/\S+)")
TORN = "The last twenty pages are torn <b>out</b>."


@pytest.fixture
def done():
    return exchange("received", now())


@pytest.fixture
def said(done):
    complain(done.asker, done.drift, Fault.PAGES, TORN, now())
    return done


def state_of(done):
    db.session.rollback()
    return db.session.scalars(select(Complaint.state).where(Complaint.drift_id == done.drift)).one()


def moderator():
    return Party(reader(role="moderator"), "moderator")


def decide_at_desk(done, act, actor=None, at=None):
    return decide(actor or moderator(), "complaint", done.drift, Verdict(act, Ground.DESCRIBED, "Torn."), at or now())


def case_of(done):
    return f"/desk/case/complaint/{done.drift}"


def path_of(done):
    return f"/drift/{done.drift}/complaint"


def test_a_limited_reader_can_not_complain_but_answers(app, done):
    for side in (done.asker, done.giver):
        with db.auto_commit():
            db.session.get_one(User, side).limited_until = now() + DAY
    asks = logged_in(app, done.asker)
    assert asks.get(path_of(done)).status_code == 403
    with pytest.raises(Limited):
        complain(done.asker, done.drift, Fault.PAGES, TORN, now())

    complain(done.asker, done.drift, Fault.PAGES, TORN, now() + 2 * DAY)
    answer_complaint(done.giver, done.drift, True, "", now())
    assert state_of(done) == "returned"


def test_a_complaint_goes_by_pages_to_the_giver_and_to_the_desk_which_pays_once(app, done):
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    desk = logged_in(app, reader(role="moderator", **SECOND_FACTOR))
    assert asks.get("/pending").page.find("a", href=path_of(done))
    assert gives.get(path_of(done)).status_code == 404
    assert press(asks, path_of(done), data={"fault": "pages", "words": ""}).status_code == 400
    assert press(asks, path_of(done), data={"fault": "pages", "words": TORN}).status_code == 303
    assert ("drift_complained", done.giver) in letters()
    for client in (asks, gives):
        assert TORN in text_of(client.get(path_of(done)))
        assert client.get("/pending").page.find("a", href=path_of(done))
    assert TORN not in text_of(desk.get("/desk/complaints")), "the giver comes first"
    answer = {"answer": "disagree", "words": "It was whole."}
    assert press(asks, f"{path_of(done)}/answer", data=answer).status_code == 403
    assert press(gives, f"{path_of(done)}/answer", data=answer).status_code == 303
    assert press(gives, f"{path_of(done)}/answer", data=answer).status_code == 409
    listed = text_of(desk.get("/desk/complaints"))
    assert (TORN in listed, "It was whole." in listed) == (True, True)
    before, given = beans_of(done.asker), beans_of(done.giver)
    path = case_of(done)
    assert desk.get("/desk/complaints").page.find("a", href=path)
    assert "One waiting" in text_of(desk.get("/desk"))
    assert press(desk, path, data={"act": "hide", "ground": "described"}).status_code == 400
    assert press(desk, path, data={"act": "pay", "ground": "described", "words": "Torn."}).status_code == 303
    for act in ("pay", "nothing"):
        again = press(desk, path, data={"act": act, "ground": "described"})
        assert (again.status_code, again.page.find("form", action=path)) == (409, None)
    assert (beans_of(done.asker), beans_of(done.giver), state_of(done)) == (before + 1, given, "paid")
    noted = db.session.execute(select(Notice.user_id).where(Notice.kind == "drift_complaint_paid")).scalars()
    assert set(noted) == {done.asker, done.giver}
    for client in (asks, gives):
        assert "paid from the pool" in text_of(client.get(path_of(done)))
    assert_audit_is_clean()


def test_the_form_of_the_other_side_is_refused(app, done):
    """Whatever is wrong with it."""
    asks, gives = (logged_in(app, side) for side in (done.asker, done.giver))
    assert press(asks, f"{path_of(done)}/answer").status_code == 403
    complain(done.asker, done.drift, Fault.PAGES, TORN, now())
    assert press(gives, path_of(done)).status_code == 403


def test_a_giver_gives_the_bean_back_once(said):
    before = beans_of(said.asker), beans_of(said.giver)
    answer_complaint(said.giver, said.drift, True, "Sorry", now())
    assert (beans_of(said.asker), beans_of(said.giver)) == (before[0] + 1, before[1] - 1)
    with pytest.raises(AlreadySettled):
        answer_complaint(said.giver, said.drift, True, "", now())
    with pytest.raises(AlreadySettled):
        decide_at_desk(said, Act.PAY)
    assert (state_of(said), sum(ledger_balances().values())) == ("returned", 0)
    assert ("drift_bean_back", said.asker) in letters()
    assert_audit_is_clean()


def test_who_has_no_bean_is_told_what_else_can_be_done(app, said):
    with db.auto_commit():
        db.session.get_one(User, said.giver).beans = 0
    client = logged_in(app, said.giver)
    assert press(client, f"{path_of(said)}/answer", data={"answer": "return"}).status_code == 409
    assert state_of(said) == "open"


def test_without_an_answer_in_seven_days_it_counts_as_disagreed(said):
    end_waits(now() + 7 * DAY - 60)
    assert state_of(said) == "open"
    with pytest.raises(AlreadySettled):
        answer_complaint(said.giver, said.drift, False, "", now() + 7 * DAY)
    end_waits(now() + 7 * DAY)
    end_waits(now() + 7 * DAY)
    assert (state_of(said), letters().count(("drift_disagreed", said.asker))) == ("disagreed", 1)
    decide_at_desk(said, Act.NOTHING, at=now() + 8 * DAY)
    end_waits(now() + 188 * DAY)
    row = db.session.scalars(select(Complaint)).one()
    assert (row.state, row.words, row.answer, row.due_time) == ("left", None, None, None)


@pytest.mark.parametrize(("ago", "status"), [(7 * DAY - 60, 303), (7 * DAY, 409)])
def test_it_is_said_within_seven_days_by_who_received_the_book(app, done, ago, status):
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).state_time = now() - ago
    form = {"fault": "other", "words": "x"}
    assert press(logged_in(app, done.asker), path_of(done), data=form).status_code == status
    assert press(logged_in(app, done.giver), path_of(done), data=form).status_code == 403
    assert press(logged_in(app, reader()), path_of(done), data=form).status_code == 404
    assert press(logged_in(app, done.asker), path_of(done), data=form).status_code == 409


def test_a_receipt_that_can_be_undone_is_no_reason_to_complain_yet(app):
    done = exchange("mailed", now())
    confirm_received(done.asker, done.drift, now())
    client = logged_in(app, done.asker)
    assert client.get("/pending").page.find("a", href=path_of(done)) is None
    assert client.get(path_of(done)).status_code == 409


def test_nobody_decides_their_own_case(said):
    answer_complaint(said.giver, said.drift, False, "", now())
    made = decide_at_desk(said, Act.NOTHING)
    for side in (said.asker, said.giver):
        actor = Party(side, "operator")
        with pytest.raises(OwnCase):
            decide_at_desk(said, Act.PAY, actor)
        with pytest.raises(OwnCase):
            take_back(actor, made, Ground.MISTAKE, "", now())
    lost = db.session.get_one(User, said.asker)
    appeal(make_appeal_token(lost, made), "Look again", now())
    [asked] = db.session.scalars(select(Appeal.id)).all()
    for is_granted in (True, False):
        with pytest.raises(OwnCase):
            answer_appeal(Party(said.asker, "operator"), asked, is_granted, "", now())


def test_others_learn_of_a_pattern_but_not_of_a_case():
    done = [exchange("received", now()) for _ in range(3)]
    giver = done[0].giver
    with db.auto_commit():
        for one in done:
            db.session.get_one(Drift, one.drift).giver_id = giver
    told = []
    for one in done:
        complain(one.asker, one.drift, Fault.EDITION, "another one", now())
        told.append(facts_of(giver).not_described)
    answer_complaint(giver, done[2].drift, False, "", now())
    left = decide_at_desk(done[2], Act.NOTHING)
    told.append(facts_of(giver).not_described)
    take_back(moderator(), left, Ground.MISTAKE, "", now())
    paid = decide_at_desk(done[2], Act.PAY)
    told.append(facts_of(giver).not_described)
    take_back(moderator(), paid, Ground.MISTAKE, "", now())
    assert (told, facts_of(giver).not_described) == ([0, 2, 3, 2, 3], 2)


@pytest.mark.parametrize(
    ("act", "loser", "sentence"),
    [(Act.PAY, "giver", "gets back from the pool what it cost"), (Act.NOTHING, "asker", "it stays as it is")],
)
def test_the_desk_mails_both_sides_and_who_loses_appeals_once(app, client, said, act, loser, sentence):
    answer_complaint(said.giver, said.drift, False, "It was whole.", now())
    desk = logged_in(app, reader(role="moderator", **SECOND_FACTOR))
    before = beans_of(said.asker)
    form = {"act": act, "ground": "described", "words": "We have seen pictures."}
    assert press(desk, case_of(said), data=form).status_code == 303
    appealed = {}
    for side in ("giver", "asker"):
        user = db.session.get_one(User, getattr(said, side))
        [letter] = [text for mail in mails(app) if mail["To"] == user.email and "Why:" in (text := said_in(mail))]
        assert (sentence in letter, "We have seen pictures." in letter, TORN in letter) == (True, True, False)
        assert "as its giver describes it" in letter
        appealed[side] = APPEAL.search(letter)
    assert [side for side, link in appealed.items() if link] == [loser]
    assert "We have seen pictures." in text_of(desk.get("/desk/log"))
    path = appealed[loser][1]
    assert [press(client, path, data={"words": "Look again"}).status_code for _ in range(2)] == [303, 409]
    db.session.rollback()
    [asked] = db.session.scalars(select(Appeal.id)).all()
    assert "Look again" in text_of(desk.get(f"/desk/appeal/{asked}"))
    assert press(desk, f"/desk/appeal/{asked}", data={"answer": "undo", "words": "Right."}).status_code == 303
    paid = before + (act is Act.PAY)
    assert (beans_of(said.asker), state_of(said)) == (paid, "left" if act is Act.PAY else "disagreed")
    assert find_statement(path.split("/")[-1]).is_taken_back
    assert_audit_is_clean()


def test_what_was_left_can_be_paid_later_and_what_was_paid_stays_and_is_paid_once(said):
    answer_complaint(said.giver, said.drift, False, "", now())
    before = beans_of(said.asker)
    for act, state, beans in ((Act.NOTHING, "disagreed", 0), (Act.PAY, "left", 1)):
        made = decide_at_desk(said, act)
        take_back(moderator(), made, Ground.MISTAKE, "", now())
        with pytest.raises(AlreadyTakenBack):
            take_back(moderator(), made, Ground.MISTAKE, "", now())
        assert (state_of(said), beans_of(said.asker)) == (state, before + beans)
    with pytest.raises(AlreadySettled):
        decide_at_desk(said, Act.PAY)
    log = [row.act for row in db.session.scalars(select(Decision).order_by(Decision.id))]
    assert (log, beans_of(said.asker)) == (["nothing", "restore", "pay", "restore"], before + 1)
    assert_audit_is_clean()


def test_a_decision_can_be_taken_back_when_who_said_so_has_left(said):
    answer_complaint(said.giver, said.drift, False, "", now())
    made = decide_at_desk(said, Act.PAY)
    erase_account(db.session.get_one(User, said.asker))
    take_back(moderator(), made, Ground.MISTAKE, "", now())
    with pytest.raises(NotFound):
        decide_at_desk(said, Act.PAY)
    assert_audit_is_clean()


def test_the_desk_does_not_read_what_the_two_sides_can_still_settle(app, said):
    desk = logged_in(app, reader(role="moderator", **SECOND_FACTOR))
    assert desk.get(case_of(said)).status_code == 404
    answer_complaint(said.giver, said.drift, True, "Sorry", now())
    assert desk.get(case_of(said)).status_code == 404
    answers = [desk.get(case_of(exchange("received", now()))), desk.get("/desk/case/complaint/99999999")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_desk_sees_no_address_of_the_two_sides(app, said):
    answer_complaint(said.giver, said.drift, False, "", now())
    desk = logged_in(app, reader(role="moderator", **SECOND_FACTOR))
    pages = [desk.get(case_of(said)), desk.get("/desk/complaints")]
    decide_at_desk(said, Act.PAY)
    pages += [desk.get(case_of(said)), desk.get("/desk/log")]
    for secret in (HOME.address, HOME.phone, HOME.recipient, *db.session.scalars(select(User.email))):
        assert not any(secret in page.text for page in pages)


@pytest.mark.parametrize("side", ["giver", "asker"])
def test_it_goes_with_the_account_of_either_side(said, side):
    user = db.session.get_one(User, getattr(said, side))
    assert TORN in export_account(user)
    erase_account(user)
    assert db.session.scalars(select(Complaint)).all() == []
