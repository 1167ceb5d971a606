"""Many readers at the same time, against a real server: exactly one of them succeeds."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import requests
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.message import Message
from app.models.user import User
from app.rules.clock import DAY
from app.services.account.closing import erase_account
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import HOME, assert_audit_is_clean, book, copy_of, exchange, letters, reader
from tests.web.server import ANY_KIND, KINDS, at_once, browser, press, served

pytestmark = pytest.mark.slow

ADDRESS = {"saved": "new", "recipient": HOME.recipient, "phone": HOME.phone, "address": HOME.address, "note": ""}


@pytest.fixture(params=ANY_KIND)
def site(request, any_database_uri, tmp_path):
    with served(any_database_uri, tmp_path, KINDS[request.param]) as site, site.app.app_context():
        yield site


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count(model.id)))


def test_whoever_presses_at_the_same_moment_one_wins_and_all_others_are_told(site):
    ask_for_one_copy(site)
    ask_for_many_copies(site)
    accept_against_withdraw(site)
    confirm_twice_and_against_the_clock(site)
    offer_with_one_form(site)
    write_with_one_form_and_with_many(site)
    write_to_who_leaves(site)
    block_against_ask(site)
    thank_complain_and_give_back_once(site)
    assert_audit_is_clean()


def ask_for_one_copy(site):
    copy, askers = copy_of(reader(0), now=now()), [browser(reader()) for _ in range(64)]
    answers = at_once([partial(press, asker, f"{site.url}/drift/{copy}", **ADDRESS) for asker in askers])
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 63}
    refused = [answer.text for answer in answers if answer.status_code == 409]
    assert all("Somebody else has just asked for this copy." in page for page in refused)
    assert count(Drift) == 1


def ask_for_many_copies(site):
    for asker in (reader(1), reader(5)):  # the second has beans for more, but may have one request under way
        before, copies, client = count(Drift), [copy_of(reader(0), now=now()) for _ in range(32)], browser(asker)
        answers = at_once([partial(press, _twin(client), f"{site.url}/drift/{copy}", **ADDRESS) for copy in copies])
        assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 31}
        assert count(Drift) == before + 1


def block_against_ask(site):
    for _ in range(4):
        giver, asker, before = reader(0), reader(), count(Drift)
        copy, gives, asks = copy_of(giver, now=now()), browser(giver), browser(asker)
        ask = partial(press, asks, f"{site.url}/drift/{copy}", **ADDRESS)
        blocked, asked = at_once([partial(press, gives, f"{site.url}/user/{asker}/block"), ask])
        assert (blocked.status_code, asked.status_code in (303, 404, 409)) == (303, True)
        assert count(Drift) - before == (asked.status_code == 303)


def thank_complain_and_give_back_once(site):
    done = exchange("received", now())
    sides = {"asker": browser(done.asker), "giver": browser(done.giver)}
    for side, form, fields in (
        ("asker", "thanks", {"text": "Thank you"}),
        ("asker", "complaint", {"fault": "pages", "words": "torn"}),
        ("giver", "complaint/answer", {"answer": "return"}),
    ):
        path = f"{site.url}/drift/{done.drift}/{form}"
        answers = at_once([partial(press, _twin(sides[side]), path, **fields) for _ in range(4)])
        assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 3}, form


def accept_against_withdraw(site):
    for _ in range(4):
        done = exchange("waiting", now())
        giver, asker = browser(done.giver), browser(done.asker)
        answers = at_once(
            [
                partial(press, giver, f"{site.url}/drift/{done.drift}/accept"),
                partial(press, giver, f"{site.url}/drift/{done.drift}/reject"),
                partial(press, asker, f"{site.url}/drift/{done.drift}/redraw"),
            ]
        )
        statuses = [answer.status_code for answer in answers]
        db.session.rollback()
        steps = db.session.scalars(select(DriftEvent.action).where(DriftEvent.drift_id == done.drift)).all()
        assert sorted(set(statuses)) in ([303, 409], [303])
        # Only a request that was accepted first can be withdrawn by a second step.
        assert len(steps) - 1 == statuses.count(303) <= (2 if "accept" in steps else 1)


def confirm_twice_and_against_the_clock(site):
    twice = exchange("mailed", now())
    clients = [browser(twice.asker) for _ in range(2)]
    answers = at_once([partial(press, one, f"{site.url}/drift/{twice.drift}/received") for one in clients])
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 1}
    raced = exchange("mailed", now() - 31 * DAY)
    client = browser(raced.asker)
    clock = threading.Thread(target=_run_clock, args=(site,))
    clock.start()
    assert press(client, f"{site.url}/drift/{raced.drift}/received").status_code in (303, 409)
    clock.join()
    for drift in (twice.drift, raced.drift):
        db.session.rollback()
        arrived = select(func.count(DriftEvent.id)).where(
            DriftEvent.drift_id == drift, DriftEvent.to_state == "received"
        )
        assert db.session.scalar(arrived) == 1


def _run_clock(site):
    with site.app.app_context():
        run_deadlines(now())


def offer_with_one_form(site):
    isbn, before = book(), count(Gift)
    client = browser(reader(0))
    form = {"condition": "good", "ways": "post", "note": "", "form_key": "f" * 32}
    same = [partial(press, _twin(client), f"{site.url}/gifts/book/{isbn}", **form) for _ in range(32)]
    answers = at_once(same)
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 31}
    assert count(Gift) == before + 1


def write_with_one_form_and_with_many(site):
    done = exchange("accepted", now())
    client = browser(done.giver)
    path = f"{site.url}/drift/{done.drift}/thread"
    same = [partial(press, _twin(client), path, text="hello", form_key="f" * 32) for _ in range(16)]
    assert Counter(answer.status_code for answer in at_once(same)) == {303: 16}
    assert count(Message) == 1
    many = [partial(press, _twin(client), path, text=str(number)) for number in range(32)]
    assert Counter(answer.status_code for answer in at_once(many)) == {303: 29, 409: 3}
    assert count(Message) == 30
    assert [kind for kind, _ in letters()].count("drift_written") == 1


def write_to_who_leaves(site):
    for _ in range(4):
        done = exchange("accepted", now())
        client = browser(done.giver)

        def close(leaver=done.asker):
            with site.app.app_context():
                erase_account(db.session.get_one(User, leaver))

        leaving = threading.Thread(target=close)
        leaving.start()
        path = f"{site.url}/drift/{done.drift}/thread"
        answers = at_once([partial(press, _twin(client), path, text=str(number)) for number in range(8)])
        leaving.join()
        assert {answer.status_code for answer in answers} <= {303, 409}
        assert press(client, path, text="too late").status_code == 409
        db.session.rollback()
        to_the_leaver = select(func.count(Message.id)).where(Message.reader_id == done.asker)
        assert db.session.scalar(to_the_leaver) == 0


def _twin(client):
    twin = requests.Session()
    twin.cookies.update(client.cookies)
    return twin


ACTIONS = ["accept", "reject", "redraw", "mailed", "received", "missing"]


ON_MARIADB = pytest.param("mariadb", marks=pytest.mark.mariadb)


@pytest.mark.parametrize("any_database_uri", ["sqlite", ON_MARIADB], indirect=True)
def test_a_worker_killed_in_the_middle_of_the_work_loses_no_bean(any_database_uri, tmp_path):
    with served(any_database_uri, tmp_path, KINDS["processes"]) as site, site.app.app_context():
        people = [reader(3) for _ in range(6)]
        isbns = [book() for _ in range(3)]
        copies = [copy_of(person, random.Random(7).choice(isbns), now()) for person in people for _ in range(4)]
        clients = [browser(person) for person in people]
        chance, broken = random.Random(11), Counter()

        def act(number):
            client = _twin(clients[number % 6])
            address = chance.choice(
                [
                    f"/drift/{chance.choice(copies)}",
                    f"/drift/{chance.randint(1, 40)}/{chance.choice(ACTIONS)}",
                    f"/wish/book/{chance.choice(isbns)}",
                    f"/gifts/book/{chance.choice(isbns)}",
                ]
            )
            form = ADDRESS | {"condition": "good", "ways": "post", "form_key": f"{number:032}"}
            try:
                broken[press(client, site.url + address, **form).status_code] += 1
            except requests.RequestException:  # refused, or cut off in the middle of the response
                broken["connection"] += 1
            if number in (150, 300):
                site.kill_a_worker()

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(act, range(500)))
        assert broken[500] == 0
        assert broken[303] > 20
        db.session.rollback()
        assert_audit_is_clean()
        open_drifts = db.session.scalars(select(Drift.open_gift_id).where(Drift.open_gift_id.is_not(None))).all()
        reserved = db.session.scalars(select(Gift.id).where(Gift.state == "reserved")).all()
        assert sorted(open_drifts) == sorted(reserved)
