"""`flask deadlines`, `flask beans`, `flask privacy`."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from app.models.base import db, now
from app.models.gift import Gift
from app.models.message import Message
from app.models.user import User
from app.services.site.future import DONE
from tests.exchange import beans_of, book, exchange, reader, wish_for

pytestmark = pytest.mark.usefixtures("app_context")


def run(app, *words):
    return app.test_cli_runner().invoke(args=list(words))


def test_deadlines_are_applied_and_counted(app):
    exchange("waiting", now() - 6 * 86400)
    assert run(app, "deadlines", "run").output == "0 steps, 1 drifts, 0 payments, 0 offers, 0 addresses erased\n"
    assert run(app, "deadlines", "run").output == "0 steps, 0 drifts, 0 payments, 0 offers, 0 addresses erased\n"


def test_a_drift_that_can_not_be_moved_is_named(app):
    done = exchange("waiting", now() - 6 * 86400)
    db.session.execute(update(Gift).values(state="open"))
    db.session.commit()
    result = run(app, "deadlines", "run")
    assert result.exit_code == 1
    assert f"drift {done.drift} can not be moved" in result.output


def as_of_now():
    """Move all times of the test's exchanges into the past."""
    for column in DONE:
        db.session.execute(update(column.class_).values({column: now()}))
    db.session.commit()


@pytest.mark.parametrize("words", [("beans", "pool"), ("jobs", "run", "--once")])
def test_the_pool_works_by_hand_and_by_the_worker(app, words):
    who = reader(3, last_seen=now() - 181 * 86400)
    done = run(app, *words)
    assert (done.exit_code, beans_of(who)) == (0, 0)
    assert ("the beans of 1 readers fell asleep, 0 readers got a bean" in done.output) == (words[0] == "beans")
    assert db.session.get_one(User, who).asleep_beans == 3


def test_the_audit_ends_with_0_when_clean_and_with_1_when_not(app):
    exchange("waiting")
    as_of_now()
    clean = run(app, "beans", "audit")
    sums = "0 beans with readers, 1 in escrow, 0 in the pool, 0 asleep, 0 vesting"
    assert (clean.exit_code, clean.output) == (0, f"2 transfers, {sums}, 0 faults\n")
    db.session.execute(update(User).values(beans=User.beans + 1))
    db.session.commit()
    faulty = run(app, "beans", "audit")
    assert faulty.exit_code == 1
    assert "shows 1 beans, the ledger 0" in faulty.output


@pytest.mark.parametrize("column", DONE, ids=str)
def test_the_audit_names_times_in_the_future(app, column):
    done = exchange("received")
    wish_for(done.asker, book())
    with db.auto_commit():
        db.session.add(Message(drift_id=done.drift, author_id=done.asker, reader_id=done.giver, sealed="x"))
    as_of_now()
    assert run(app, "beans", "audit").exit_code == 0
    db.session.execute(update(column.class_).values({column: now() + 3600}))
    db.session.commit()
    result = run(app, "beans", "audit")
    assert result.exit_code == 1
    [fault] = [line for line in result.output.splitlines() if "in the future" in line]
    assert fault.startswith(f"{column.class_.__tablename__}.{column.key}: ")


def test_beans_are_granted_once_a_key(app):
    who = reader(0)
    email = db.session.get_one(User, who).email
    assert run(app, "beans", "grant", email, "3", "--key", "thanks").output == "3 granted\n"
    assert "granted before" in run(app, "beans", "grant", email, "3", "--key", "thanks").output
    assert beans_of(who) == 3
    assert run(app, "beans", "grant", "nobody@example.org", "3", "--key", "x").exit_code == 2
    assert run(app, "beans", "grant", email, "0", "--key", "y").exit_code == 2
    assert "at most 70" in run(app, "beans", "grant", email, "1", "--key", "z" * 71).output
    assert run(app, "beans", "grant", email, "1", "--key", "z" * 70).exit_code == 0


def test_keys_are_made_and_rotated_and_addresses_purged(app):
    exchange("received", now() - 15 * 86400)
    assert run(app, "privacy", "purge").output == "1 addresses erased\n"
    exchange("accepted")
    key = run(app, "privacy", "new-key").output.strip()
    assert len(Fernet(key)._signing_key) == 16  # a key that can be used
    app.config["FIELD_KEYS"] = (key, *app.config["FIELD_KEYS"])
    assert run(app, "privacy", "rotate").exit_code == 0
    app.config["FIELD_KEYS"] = (Fernet.generate_key().decode(),)
    assert run(app, "privacy", "rotate").exit_code == 1


def test_suspects_are_named_and_others_are_not(app):
    assert run(app, "beans", "suspects").output == ""
    done = exchange("received")
    with db.auto_commit():
        for who in (done.asker, done.giver):
            db.session.get_one(User, who).set_attrs({"email": f"sock{who}@mine.example", "browser_hash": "b" * 64})
    assert run(app, "beans", "suspects").output.splitlines() == [
        f"quick: drift {done.drift} ended within an hour",
        f"browser: readers {done.giver} and {done.asker} deal with each other and logged in last with one browser",
        f"domain: readers {done.giver} and {done.asker} deal with each other and share a mail domain that few have",
    ]
