from app.models.base import now
from app.rules.moderation.report import Reason
from app.services.delivery.thread import Draft
from app.services.exchange.drift import write_message
from app.services.moderation.report import report
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
