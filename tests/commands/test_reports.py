from sqlalchemy import select

from app.models.base import db, now
from app.models.decision import Appeal
from app.models.encrypted import seal
from app.models.outbox import Outbox
from app.models.report import Report
from app.models.user import User
from app.rules.clock import DAY
from app.rules.moderation.report import KEPT_ABOUT_LEAVER, KEPT_DECIDED, Reason
from app.services.account.closing import erase_account
from app.services.delivery.thread import Draft
from app.services.exchange.drift import write_message
from app.services.moderation.decision import DECIDED
from app.services.moderation.report import report
from app.services.moderation.report_end import erase_old_reports
from tests.exchange import exchange


def test_moderators_read_what_was_reported(app):
    run = app.test_cli_runner().invoke
    assert run(args=["reports", "list"]).output == ""
    with app.app_context():
        done = exchange("accepted", now())
        for words in ("first", "pay me\n\n50 for it"):
            message = write_message(done.giver, done.drift, Draft(words), now())
            report("message", message.id, done.asker, Reason.SPAM, "look", now())
    both, last = (run(args=["reports", "list", *limit]).output for limit in ([], ["--limit", "1"]))
    assert both.index("reported: first") < both.index("reported: pay me") < both.index("reported: 50 for it")
    assert ("spam" in last, "says: look" in last, "first" in last) == (True, True, False)
    app.config["FIELD_KEYS"] = ("0" * 43 + "=",)
    assert "no key of this site decrypts it" in run(args=["reports", "list"]).output


def test_a_report_is_closed_once_with_the_others_of_its_thing_and_erased_in_time(app):
    run = app.test_cli_runner().invoke
    with app.app_context():
        done = exchange("accepted", now())
        for _ in range(2):
            message = write_message(done.giver, done.drift, Draft("pay me"), now())
            report("message", message.id, done.asker, Reason.SPAM, "look", now())
    closed = run(args=["reports", "close", "1"])
    assert (closed.exit_code, closed.output) == (0, "closed, both sides are told\n")
    assert run(args=["reports", "close", "1"]).output == "closed before, nothing done\n"
    assert run(args=["reports", "close", "3"]).exit_code == 2
    listed, everything = (run(args=["reports", "list", *said]).output for said in ([], ["--all"]))
    assert (listed.count("reported:"), everything.count("reported:")) == (1, 2)
    with app.app_context():
        assert [kind for kind in db.session.scalars(select(Outbox.kind)) if kind == DECIDED] == [DECIDED] * 2
        assert erase_old_reports(now() + KEPT_DECIDED - DAY) == 0
        appeal = Appeal(decision_id=1, reader_id=done.asker, words=seal("no"), create_time=now())
        with db.auto_commit():
            db.session.add(appeal)
        assert erase_old_reports(now() + KEPT_DECIDED + DAY) == 0
        with db.auto_commit():
            db.session.get_one(Appeal, 1).answer_time = now()
        assert erase_old_reports(now() + KEPT_DECIDED + DAY) == 1
        assert db.session.scalars(select(Report.id)).all() == [2]


def test_what_is_reported_about_a_reader_who_has_left_is_erased_after_a_month(app_context):
    done = exchange("accepted", now())
    write_message(done.giver, done.drift, Draft("I know where you live"), now())
    erase_account(db.session.get_one(User, done.giver))
    report("thread", done.drift, done.asker, Reason.THREAT, "", now())
    assert erase_old_reports(now() + KEPT_ABOUT_LEAVER - DAY) == 0
    assert erase_old_reports(now() + KEPT_ABOUT_LEAVER + DAY) == 1
