"""What a decision does to the exchange, how it is taken back, and who may decide."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.decision import Decision
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.message import Message
from app.models.report import Report
from app.models.user import LoginSession, User
from app.rules.account.refusals import Suspended
from app.rules.clock import DAY
from app.rules.exchange.refusals import CopyNotOpen, GiverAway, Limited
from app.rules.exchange.thread import Phrase
from app.rules.moderation import decision as no
from app.rules.moderation.decision import Act, Ground, Party, Verdict
from app.rules.moderation.report import Reason
from app.services.account.login_session import start_session
from app.services.delivery.thread import Draft
from app.services.errors import NotFound
from app.services.exchange import gift as gifts
from app.services.exchange.drift import write_message
from app.services.exchange.looking_again import look_for_readers
from app.services.moderation.appeal import answer_appeal, appeal, find_statement, make_appeal_token
from app.services.moderation.decision import decide, lift_restrictions, take_back
from app.services.moderation.report import report
from tests.exchange import NOW, ask, beans_of, book, copy_of, escrow, exchange, last_letter, letters, reader, wish_for

pytestmark = pytest.mark.usefixtures("app_context")
LATER = NOW + 30 * DAY


def party(role):
    return Party(reader(role=role), role)


def restrict(act, reader_id, until=LATER):
    return decide(None, "reader", reader_id, Verdict(act, Ground.SPAM, "", until), NOW)


def hide(kind, ref):
    return decide(None, kind, ref, Verdict(Act.HIDE, Ground.SPAM), NOW)


def state_of(model, id):
    db.session.expire_all()
    return db.session.get_one(model, id).state


def test_a_hidden_message_is_there_for_nobody_and_comes_back():
    done = exchange()
    message = write_message(done.giver, done.drift, Draft("buy this"), NOW).id
    number = hide("message", message)
    assert db.session.scalars(select(Message.id).where(Message.id == message)).all() == []
    with pytest.raises(no.NothingToHide):
        hide("message", message)
    take_back(None, number, Ground.MISTAKE, "", NOW)
    assert db.session.scalars(select(Message.id).where(Message.id == message)).all() == [message]


def test_a_hidden_copy_can_not_be_asked_for_nor_brought_back_and_goes_to_who_waits_when_it_is_restored():
    giver, asker, isbn = reader(0), reader(), book()
    copy = copy_of(giver, isbn)
    number = hide("listing", copy)
    assert state_of(Gift, copy) == "held"
    with pytest.raises(CopyNotOpen):
        ask(asker, copy)
    with pytest.raises(gifts.listing.GiftGone):
        gifts.bring_back_gift(giver, copy, NOW)
    wish_for(asker, isbn)
    take_back(None, number, Ground.MISTAKE, "", NOW)
    db.session.expire_all()
    back = db.session.get_one(Gift, copy)
    assert (back.state, back.offered_to) == ("open", asker)


@pytest.mark.parametrize("state", ["waiting", "accepted"])
def test_what_is_asked_of_a_hidden_copy_ends_and_the_asker_is_told(state):
    done, before = exchange(state), last_letter()
    hide("listing", done.gift)
    assert (state_of(Gift, done.gift), state_of(Drift, done.drift)) == ("held", "rejected")
    assert (beans_of(done.asker), escrow()) == (1, 0)
    assert letters(before) == [("drift_rejected", done.asker)]


def test_a_copy_that_is_on_its_way_is_not_hidden_any_more():
    done = exchange("mailed")
    with pytest.raises(no.NothingToHide):
        hide("listing", done.gift)
    assert (state_of(Gift, done.gift), state_of(Drift, done.drift)) == ("reserved", "mailed")
    assert db.session.scalars(select(Decision)).all() == []


def test_a_limited_reader_begins_nothing_and_finishes_what_is_under_way():
    done = exchange("mailed")
    other = copy_of(reader(0))
    restrict(Act.LIMIT, done.asker)
    with pytest.raises(Limited):
        ask(done.asker, other)
    with pytest.raises(Limited):
        copy_of(done.asker)
    with pytest.raises(Limited):
        write_message(done.asker, done.drift, Draft("hello"), NOW)
    write_message(done.asker, done.drift, Draft(phrase=Phrase.THANKS), NOW)
    assert state_of(Drift, done.drift) == "mailed"
    copy_of(done.asker, None, LATER)
    lift_restrictions(done.asker, NOW)
    write_message(done.asker, done.drift, Draft("hello"), NOW)


def test_no_copy_is_offered_to_a_limited_reader_until_the_limit_ends():
    wisher, isbn = reader(), book()
    wish_for(wisher, isbn)
    restrict(Act.LIMIT, wisher)
    copy = copy_of(reader(0), isbn)
    assert db.session.get_one(Gift, copy).offered_to is None
    look_for_readers(LATER, 10)
    db.session.expire_all()
    assert db.session.get_one(Gift, copy).offered_to == wisher


def test_a_suspended_reader_is_out_and_their_copies_are_not_asked_for():
    giver, asker = reader(0), reader()
    copy, user = copy_of(giver), db.session.get_one(User, giver)
    with db.auto_commit():
        start_session(user, "phone", is_remembered=True)
    far = 4_000_000_000
    decide(None, "reader", giver, Verdict(Act.SUSPEND, Ground.THREAT, "", far), far - DAY)
    assert db.session.scalars(select(LoginSession)).all() == []
    with pytest.raises(Suspended), db.auto_commit():
        start_session(db.session.get_one(User, giver), "phone", is_remembered=True)
    with pytest.raises(GiverAway):
        ask(asker, copy)
    assert lift_restrictions(giver, NOW) == 1
    with db.auto_commit():
        start_session(db.session.get_one(User, giver), "phone", is_remembered=True)
    ask(asker, copy)


@pytest.mark.parametrize(("side", "state"), [("asker", "withdrawn"), ("giver", "rejected")])
def test_what_a_suspended_reader_has_not_handed_over_ends_and_the_other_is_told(side, state):
    for begun in ("waiting", "accepted"):
        done, before = exchange(begun, NOW - DAY), last_letter()
        restrict(Act.SUSPEND, getattr(done, side))
        other = done.giver if side == "asker" else done.asker
        assert (state_of(Drift, done.drift), letters(before)) == (state, [(f"drift_{state}", other)])
        assert beans_of(done.asker) == 1
        assert state_of(Gift, done.gift) == ("open" if side == "asker" else "hidden")
    assert escrow() == 0


def test_a_book_on_its_way_still_arrives_when_one_side_is_suspended():
    for side in ("asker", "giver"):
        done = exchange("mailed")
        restrict(Act.SUSPEND, getattr(done, side))
        assert state_of(Drift, done.drift) == "mailed"


def test_of_two_suspensions_the_longer_one_holds():
    who = reader()
    restrict(Act.SUSPEND, who, NOW + 9 * DAY)
    longer = restrict(Act.SUSPEND, who)
    take_back(None, longer, Ground.MISTAKE, "", NOW)
    db.session.expire_all()
    assert db.session.get_one(User, who).suspended_until == NOW + 9 * DAY
    with pytest.raises(no.AlreadyTakenBack):
        take_back(None, longer, Ground.MISTAKE, "", NOW)


def test_one_decision_closes_all_reports_of_a_thing_and_nothing_opens_them_again():
    giver = reader(0)
    copy = copy_of(giver)
    for _ in range(2):
        report("listing", copy, reader(), Reason.SPAM, "", NOW)
    number = decide(None, "listing", copy, Verdict(Act.NOTHING, Ground.NO_BREACH), NOW)
    assert db.session.scalars(select(Report.decision_id)).all() == [number, number]
    take_back(None, number, Ground.MISTAKE, "", NOW)
    assert db.session.scalars(select(Report.decision_id)).all() == [None, None]


def test_nobody_decides_about_themselves_or_what_they_reported_and_only_operators_about_moderators():
    moderator, operator, giver = party("moderator"), party("operator"), reader(0)
    copy = copy_of(giver)
    report("listing", copy, moderator.id, Reason.SPAM, "", NOW)
    verdict = Verdict(Act.SUSPEND, Ground.SPAM, "", LATER)
    for who, kind, ref, refusal in (
        (moderator, "listing", copy, no.OwnCase),
        (moderator, "reader", moderator.id, no.OwnCase),
        (operator, "reader", operator.id, no.OwnCase),
        (party("moderator"), "reader", moderator.id, no.AboutModerator),
    ):
        with pytest.raises(refusal):
            decide(who, kind, ref, verdict, NOW)
    decide(operator, "reader", moderator.id, verdict, NOW)


@pytest.mark.parametrize(
    ("kind", "verdict", "refusal"),
    [
        ("reader", Verdict(Act.HIDE, Ground.SPAM), no.NotForThisKind),
        ("reader", Verdict(Act.RESTORE, Ground.SPAM), no.NotForThisKind),
        ("reader", Verdict(Act.SUSPEND, Ground.SPAM), no.EndNotSaid),
        ("reader", Verdict(Act.LIMIT, Ground.SPAM, "", NOW), no.EndNotSaid),
        ("reader", Verdict(Act.LIMIT, Ground.SPAM, "", NOW + 367 * DAY), no.RestrictedTooLong),
        ("book", Verdict(Act.NOTHING, Ground.SPAM), NotFound),
    ],
)
def test_what_can_not_be_decided(kind, verdict, refusal):
    with pytest.raises(refusal):
        decide(None, kind, reader(), verdict, NOW)
    assert db.session.scalars(select(Decision)).all() == []


def test_there_is_one_appeal_by_whom_it_concerns_and_granting_it_takes_the_decision_back():
    who, operator = reader(), party("operator")
    number = restrict(Act.LIMIT, who)
    token = make_appeal_token(db.session.get_one(User, who), number)
    appeal(token, "it was not me", NOW)
    with pytest.raises(no.AlreadyAppealed):
        appeal(token, "again", NOW)
    asked = find_statement(token).appeal.id
    answer_appeal(operator, asked, True, "sorry", NOW)
    said = find_statement(token)
    assert (said.is_taken_back, said.answer, said.may_appeal) == (True, "sorry", False)
    db.session.expire_all()
    assert db.session.get_one(User, who).limited_until is None
    with pytest.raises(no.AlreadyAnswered):
        answer_appeal(operator, asked, False, "", NOW)
