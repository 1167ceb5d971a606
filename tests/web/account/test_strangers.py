"""Forms that can be sent without an account: what tells machines apart, and that nobody loses what they entered."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from app import create_app
from app.models.base import now
from app.rules.door.proof import is_proof
from app.web.page import login_limits
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.exchange import copy_of
from tests.exchange import reader as store_reader
from tests.factories import PASSWORD, UserFactory
from tests.web.forms import errors, token

START = 1_800_000_000.0
numbers = itertools.count(1)


@pytest.fixture
def settings(settings):
    return settings | {"FORM_SECONDS": 3, "PROOF_BITS": 4}


@pytest.fixture(autouse=True)
def clock(app):
    login_limits.fallback_limiter.storage.reset()
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def open_form(client, path="/register"):
    """Open a page; return its hidden fields, as a browser sends them, and those of a reader."""
    form = client.get(path).page.select_one("main form[method=post]")
    fields = {box["name"]: box.get("value", "") for box in form.select("input[name]") if box["type"] != "radio"}
    number = next(numbers)
    mine = {"nickname": f"小王{number}", "email": f"wang{number}@example.org", "password": PASSWORD}
    return {name: value for name, value in fields.items() if name not in mine} | mine, form.select_one("[data-bits]")


def solved(fields, ticket):
    salt, bits = ticket["data-salt"], int(ticket["data-bits"])
    return fields | {"proof": next(str(n) for n in itertools.count() if is_proof(salt, str(n), bits))}


def said_by(answer):
    assert answer.status_code == 400
    form = answer.page.select_one("main form[method=post]")
    return form, errors(answer)[0]


def kept(form, fields):
    return (form.select_one("[name=nickname]")["value"], form.select_one("[name=email]")["value"]) == (
        fields["nickname"],
        fields["email"],
    )


def again(fields, form):
    """Return the fields of the form as it was shown again, with what was entered."""
    shown = {name: form.select_one(f"[name={name}]").get("value", "") for name in ("ticket", "proof", "homepage")}
    return fields | shown


def test_a_browser_that_has_worked_registers(client, clock):
    fields = solved(*open_form(client))
    clock.shift(3)
    assert client.post("/register", data=fields).location == "/register/done"


def test_the_trap_is_neither_seen_nor_reached_nor_filled_in_by_browsers(client):
    box = client.get("/register").page.select_one("[name=homepage]")
    assert (box["tabindex"], box["autocomplete"], box.get("value", "")) == ("-1", "off", "")
    assert box.find_parent(class_="visually-hidden")["aria-hidden"] == "true"


def test_whatever_fills_in_the_trap_gets_an_empty_one_and_the_input_back(client, clock):
    fields = solved(*open_form(client)) | {"homepage": "https://example.org"}
    clock.shift(3)
    form, said = said_by(client.post("/register", data=fields))
    assert "people don’t see" in said
    assert kept(form, fields)
    assert client.post("/register", data=again(fields, form)).status_code == 302


def test_a_form_sent_at_once_is_shown_again_and_works_a_moment_later(client, clock):
    fields = solved(*open_form(client))
    clock.shift(2)
    form, said = said_by(client.post("/register", data=fields))
    assert "very fast" in said
    assert kept(form, fields)
    clock.shift(1)
    assert client.post("/register", data=again(fields, form)).status_code == 302


@pytest.mark.parametrize("ticket", ["", "x", "forged", "of another form", "old"])
def test_a_ticket_that_does_not_hold_is_replaced_and_the_input_kept(client, app_context, clock, ticket):
    fields = solved(*open_form(client))
    if ticket == "of another form":
        copy = copy_of(store_reader(0), now=now())
        fields |= {name: value for name, value in solved(*open_form(client, f"/report/listing/{copy}")).items()
                   if name in ("ticket", "proof")}  # fmt: skip
    elif ticket != "old":
        forged = fields["ticket"][:-4] + "AAAA"
        fields["ticket"] = forged if ticket == "forged" else ticket
    clock.shift(86_500 if ticket == "old" else 3)
    form, said = said_by(client.post("/register", data=fields))
    assert "more than a day" in said
    assert kept(form, fields)
    new = again(fields, form)
    assert new["ticket"] not in ("", fields["ticket"])
    clock.shift(3)
    assert client.post("/register", data=solved(new, form.select_one("[data-bits]"))).status_code == 302


def test_a_ticket_works_once_even_at_the_same_moment(app, client, clock):
    fields = solved(*open_form(client))
    clock.shift(3)

    def post(number):
        mine = Reader(app, PageResponse)
        mine.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        csrf = token(mine, "/login")
        other = {"csrf_token": csrf, "nickname": f"name {number}", "email": f"name{number}@example.org"}
        return mine.post("/register", data=fields | other)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(post, range(4)))
    assert sorted(answer.status_code for answer in answers) == [302, 400, 400, 400]
    refused = next(answer for answer in answers if answer.status_code == 400)
    assert "sent before" in said_by(refused)[1]


@pytest.mark.parametrize("proof", ["", "x", "wrong"])
def test_without_proof_and_question_one_waits(client, clock, proof):
    fields, ticket = open_form(client)
    right = solved(fields, ticket)["proof"]
    wrong = next(str(n) for n in itertools.count() if not is_proof(ticket["data-salt"], str(n), 4))
    assert right != wrong
    fields["proof"] = wrong if proof == "wrong" else proof
    clock.shift(12)
    form, said = said_by(client.post("/register", data=fields))
    assert "wait 9 seconds" in said
    assert kept(form, fields)
    clock.shift(9)
    assert client.post("/register", data=again(fields, form)).status_code == 302


def test_without_scripts_the_operators_question_is_asked(app, client, clock):
    app.config.update(QUESTION="Which animal is in our name?", ANSWERS=("鱼", "fish"))
    fields, _ = open_form(client)
    page = client.get("/register").page
    assert "Which animal" in page.noscript.get_text()
    clock.shift(60)
    form, _ = said_by(client.post("/register", data=fields | {"question": "bird"}))
    assert form.noscript is None
    assert "Please answer this question." in form.find(id="question-error").get_text()
    assert kept(form, fields)
    assert client.post("/register", data=again(fields, form) | {"question": "魚"}).status_code == 302


def test_the_work_grows_while_many_register(app, client, clock):
    login_limits.fallback_limiter.storage.incr("fisher:registered", 3600, 25)
    assert open_form(client)[1]["data-bits"] == "6"
    clock.shift(3601)
    assert open_form(client)[1]["data-bits"] == "4"


def test_a_mistake_in_another_field_costs_no_second_proof(client, clock):
    fields = solved(*open_form(client))
    clock.shift(3)
    form = client.post("/register", data=fields | {"nickname": "x"}).page.select_one("main form[method=post]")
    assert client.post("/register", data=again(fields, form)).status_code == 302


def test_a_report_without_an_account_is_asked_for_the_same(client, app_context, clock):
    path = f"/report/listing/{copy_of(store_reader(0), now=now())}"
    fields = solved(*open_form(client, path)) | {"reason": "spam", "words": "look at this"}
    answer = client.post(path, data=fields)
    assert "very fast" in said_by(answer)[1]
    assert "look at this" in answer.page.find("textarea").get_text()
    clock.shift(3)
    assert client.post(path, data=fields).status_code == 303


def test_nothing_is_asked_where_the_operator_wants_nothing(app, client):
    app.config.update(FORM_SECONDS=0, PROOF_BITS=0)
    fields, ticket = open_form(client)
    assert ticket is None
    assert client.post("/register", data=fields).status_code == 302


@pytest.mark.parametrize(("domain", "most"), [("example.org", 3), ("gmail.com", 5)])
def test_registrations_with_addresses_of_one_domain_are_limited(settings, domain, most):
    limits = {"DOMAIN_RATE_LIMIT": "3 per day", "BIG_DOMAIN_RATE_LIMIT": "5 per day", "RATELIMIT_ENABLED": True}
    app = create_app(Testing(**settings | limits | {"FORM_SECONDS": 0, "PROOF_BITS": 0}))
    app.test_client_class = Reader
    client = Reader(app, PageResponse)
    csrf = token(client, "/register")

    def register(email):
        fields = {"csrf_token": csrf, "nickname": f"name {next(numbers)}", "email": email, "password": PASSWORD}
        return client.post("/register", data=fields).status_code

    answers = [register(f"x{n}@{'mail.' * (n % 2)}{domain}") for n in range(most + 1)]
    assert answers == [302] * most + [429]
    assert register("x@elsewhere.example") == 302
    assert time.time() == START


def test_a_nickname_that_is_taken_leads_to_a_new_ticket_at_once(client, app_context, clock):
    UserFactory(nickname="小红")
    fields = solved(*open_form(client))
    clock.shift(3)
    answer = client.post("/register", data=fields | {"nickname": "小红"})
    form = answer.page.select_one("main form[method=post]")
    assert "Another reader has this nickname" in form.find(id="nickname-error").get_text()
    new = again(fields, form)
    assert new["proof"] == ""
    clock.shift(3)
    assert client.post("/register", data=solved(new, form.select_one("[data-bits]"))).status_code == 302


@pytest.mark.redis
def test_processes_that_share_redis_take_a_ticket_once(settings, redis_uri, clock):
    shared = settings | {"RATELIMIT_ENABLED": True, "RATELIMIT_STORAGE_URI": redis_uri}
    clients = [Reader(create_app(Testing(**shared)), PageResponse) for _ in range(2)]
    fields = solved(*open_form(clients[0]))
    clock.shift(3)
    assert clients[0].post("/register", data=fields).status_code == 302
    fields["csrf_token"] = token(clients[1], "/login")
    assert clients[1].post("/register", data=fields).status_code == 400
