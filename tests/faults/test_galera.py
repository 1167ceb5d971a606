"""Three nodes of a Galera cluster, each with a web process: races across them, and a node that is killed and back."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import pytest
import requests
from sqlalchemy import func, select

from app.models.base import db, now
from app.models.gift import Gift
from tests.exchange import assert_audit_is_clean, book, exchange, reader
from tests.galera import cluster
from tests.servers import wait_until
from tests.web.exchange import test_exchange_at_once as races
from tests.web.server import at_once, browser, press, served

__all__ = ["cluster"]  # a fixture
pytestmark = [pytest.mark.mariadb, pytest.mark.slow]
OFFER = {"condition": "good", "ways": "post", "note": ""}


class Turns:
    """Three sites that look like one: each use of its address is the next one's."""

    def __init__(self, sites):
        self.app, self.urls = sites[0].app, [site.url for site in sites]
        self._turns = itertools.cycle(self.urls)

    @property
    def url(self):
        return next(self._turns)


@pytest.fixture(scope="module")
def site(cluster, tmp_path_factory):
    with ExitStack() as stack:
        sites = []
        for node in cluster.nodes:
            folder = tmp_path_factory.mktemp("web")
            kind = ["--workers=1", "--threads=12"]
            sites.append(stack.enter_context(served(node.uri, folder, kind, DATABASE_BUSY_TIMEOUT=20)))
        stack.enter_context(sites[0].app.app_context())
        yield Turns(sites)


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count(model.id)))


def test_whoever_presses_at_the_same_moment_on_three_nodes_one_wins_and_all_others_are_told(site):
    races.ask_for_one_copy(site)
    races.ask_for_many_copies(site)
    races.accept_against_withdraw(site)
    races.confirm_twice_and_against_the_clock(site)
    races.offer_with_one_form(site)
    take_back_and_go_on(site)
    assert_audit_is_clean()


def take_back_and_go_on(site):
    """The giver takes a step back while the other side goes on."""
    for _ in range(4):
        done = exchange("accepted", now())
        giver, asker = browser(done.giver), browser(done.asker)
        path = f"/drift/{done.drift}"
        answers = at_once(
            [
                partial(press, giver, f"{site.url}{path}/undo"),
                partial(press, giver, f"{site.url}{path}/mailed"),
                partial(press, asker, f"{site.url}{path}/redraw"),
                partial(press, asker, f"{site.url}{path}/received"),
            ]
        )
        assert {answer.status_code for answer in answers} <= {303, 403, 404, 409}
        assert 303 in [answer.status_code for answer in answers]


def test_a_reader_sees_on_each_node_what_they_have_just_changed_on_another_that_is_ahead(site, cluster):
    client = browser(reader())
    for number in range(3):
        here, there = site.urls[number], site.urls[(number + 1) % 3]
        isbn = book()
        assert client.get(f"{there}/my/gifts", timeout=60).status_code == 200
        cluster.nodes[(number + 1) % 3].hold_back(2)
        assert press(client, f"{here}/gifts/book/{isbn}", **OFFER, form_key=f"{number:032}").status_code == 303
        page = client.get(f"{there}/my/gifts", timeout=60)
        assert page.status_code == 200
        assert isbn in page.text


def test_a_node_that_is_killed_loses_nothing_and_comes_back(site, cluster):
    before, dead = count(Gift), cluster.nodes[2]
    clients, answers = [browser(reader()) for _ in range(6)], []
    isbns = [book() for _ in range(3)]

    def offer(number):
        path = f"/gifts/book/{isbns[number % 3]}"
        url = site.urls[number % 3]
        if number == 60:
            dead.kill()
        answer = press(clients[number % 6], url + path, **OFFER, form_key=f"k{number:031}")
        return url, answer.status_code

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(offer, range(180)))

    done, unknown = ([status for _, status in answers].count(code) for code in (303, 503))
    assert {status for _, status in answers} <= {303, 409, 503}
    assert {url for url, status in answers if status == 503} <= {site.urls[2]}
    assert done > 60
    assert before + done <= count(Gift) <= before + done + unknown
    assert cluster.nodes[0].members() == 2

    cluster.bring_back(dead)
    wait_until(lambda: requests.get(site.urls[2], timeout=60).ok, 60, "the web process has not come back")
    assert cluster.nodes[0].members() == 3
    page = clients[0].get(f"{site.urls[2]}/my/gifts", timeout=60)
    assert page.status_code == 200
    path = f"{site.urls[2]}/gifts/book/{book()}"
    assert press(clients[0], path, **OFFER, form_key="f" * 32).status_code == 303
    assert dead.run("SELECT COUNT(*) FROM fisher.gift") == cluster.nodes[0].run("SELECT COUNT(*) FROM fisher.gift")
    assert_audit_is_clean()
