"""3: a newcomer who lists books to learn where readers live."""

import re
from collections import Counter
from functools import partial

import pytest

from app.models.base import now
from tests.attack.people import asker_of, logged_in, requests_for, sign_up, state_of, step, twin
from tests.attack.time_travel import pass_time
from tests.exchange import exchange
from tests.web.server import at_once

pytestmark = [pytest.mark.mariadb, pytest.mark.xdist_group("attack")]


def homes_seen_by(site, client):
    """Return the postal addresses that a reader sees on any page about exchanges."""
    pages = [
        client.get(site.url + path, timeout=60).text
        for path in ("/pending", "/pending?page=2", "/personal", "/personal/settings")
    ]
    return set(re.findall(r"海边路 \d+ 号 · \d+", " ".join(pages)))


def test_a_newcomer_learns_one_address_however_many_ask(site):
    giver = sign_up(site)
    drifts, client = requests_for(site, giver, 5), logged_in(giver)
    assert homes_seen_by(site, client) == set()
    answers = Counter(step(site, client, drift, "accept").status_code for drift in drifts)

    assert answers == {303: 1, 409: 4}
    assert len(homes_seen_by(site, client)) == 1


def test_nor_do_buttons_pressed_at_the_same_moment_show_more(site):
    for _ in range(3):
        giver = sign_up(site)
        drifts, client = requests_for(site, giver, 8), logged_in(giver)
        accept = [partial(step, site, twin(client), drift, "accept") for drift in drifts]
        answers = Counter(answer.status_code for answer in at_once(accept))

        assert answers == {303: 1, 409: 7}
        assert len(homes_seen_by(site, client)) == 1


def test_a_book_said_to_be_mailed_makes_no_room_for_the_next_address(site):
    giver = sign_up(site)
    drifts, client = requests_for(site, giver, 2), logged_in(giver)
    for action in ("accept", "mailed"):
        assert step(site, client, drifts[0], action).status_code == 303

    assert step(site, client, drifts[1], "accept").status_code == 409
    assert len(homes_seen_by(site, client)) == 1


def test_an_address_goes_when_its_request_is_taken_back(site):
    giver = sign_up(site)
    drifts, client = requests_for(site, giver, 2), logged_in(giver)
    step(site, client, drifts[0], "accept")
    asker = logged_in(asker_of(drifts[0]))
    assert step(site, asker, drifts[0], "redraw").status_code == 303
    assert step(site, client, drifts[1], "accept").status_code == 303

    assert len(homes_seen_by(site, client)) == 1


def test_who_accepts_and_never_mails_learns_one_address_a_week(site):
    giver = sign_up(site)
    drifts, client, seen = requests_for(site, giver, 3), logged_in(giver), set()
    for _ in range(7):
        for drift in drifts:
            step(site, client, drift, "accept")
        seen |= homes_seen_by(site, client)
        pass_time(86_400)

    assert len(seen) == 1
    assert homes_seen_by(site, client) == set()


def test_who_has_given_one_book_has_three_addresses_at_a_time(site):
    giver = exchange("received", now()).giver
    drifts, client = requests_for(site, giver, 5), logged_in(giver)
    accept = [partial(step, site, client, drift, "accept") for drift in drifts]

    assert Counter(answer.status_code for answer in at_once(accept)) == {303: 3, 409: 2}
    assert sorted(map(state_of, drifts)) == ["accepted"] * 3 + ["waiting"] * 2
