"""The list of notices, and their number in the head of each page."""

import threading

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.notice import Notice
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import MailKind
from app.services.account.login_session import find_reader, start_session
from app.services.notice.notices import note_seen
from tests.exchange import copy_of, exchange, reader
from tests.rows import statements_sent
from tests.site.pages import LOGIN_PAGES, PUBLIC_PAGES
from tests.web.readers import logged_in, press, text_of

LATELY = 3600


def head_count(client, path="/"):
    count = client.get(path).page.select_one('.site-nav a[href="/notices"] .count')
    return int(count.find(string=True)) if count else 0


def tell(reader_id, number, gift_id=None):
    """Store notices about a copy on offer."""
    notice = {"user_id": reader_id, "kind": MailKind.OFFERED, "gift_id": gift_id or copy_of(reader(0))}
    keys = [f"{reader_id}:{gift_id}:{place}" for place in range(number)]
    with db.auto_commit():
        Notice.add_all([notice | {"key": key, "show_from": now() - 1} for key in keys], now())


def test_the_head_of_each_page_counts_what_is_new_until_the_list_has_shown_it(app, app_context):
    done = exchange("waiting", now() - LATELY)
    gives = logged_in(app, done.giver)
    assert [head_count(gives, path) for path in ("/", "/books", "/my/gifts", "/no/such/page")] == [1, 1, 1, 1]
    page = gives.get("/notices").page
    [row] = page.select(".notices > li")
    assert (row["class"], row.a["href"]) == (["new"], f"/pending#drift-{done.drift}")
    assert "asks for" in row.get_text()
    assert (head_count(gives), gives.get("/notices").page.select(".notices > .new")) == (0, [])
    assert head_count(logged_in(app, done.asker)) == 0


def test_the_list_of_exchanges_shows_what_the_notices_are_about(app, app_context):
    done = exchange("waiting", now() - LATELY)
    gives = logged_in(app, done.giver)
    gives.get("/pending")
    assert head_count(gives) == 0


def test_a_message_leads_to_its_thread(app, app_context):
    from app.services.delivery.thread import Draft
    from app.services.exchange.drift import write_message

    done = exchange("accepted", now() - DAY)
    write_message(done.giver, done.drift, Draft("at six"), now() - LATELY)
    links = [link["href"] for link in logged_in(app, done.asker).get("/notices").page.select(".notices a")]
    assert links == [f"/drift/{done.drift}/thread", f"/pending#drift-{done.drift}"]


def test_who_has_none_is_told_what_will_stand_there(reader):
    page = reader.get("/notices").page
    assert page.select_one(".empty-state") is not None
    assert page.select(".notices, .pagination, form.post-button") == []


def test_what_is_on_later_pages_stays_new_until_it_is_shown_or_marked(app, app_context):
    me = reader(0)
    tell(me, 45)
    reads = logged_in(app, me)
    first = reads.get("/notices").page
    assert (len(first.select(".notices > .new")), head_count(reads)) == (20, 25)
    second = reads.get(f"/notices{first.select_one('.pagination .next')['href']}").page
    assert (len(second.select(".notices > .new")), head_count(reads)) == (20, 5)
    assert press(reads, "/notices/seen").location == "/notices"
    assert (head_count(reads), reads.get("/notices").page.select("form.post-button")) == (0, [])


@pytest.mark.parametrize("place", ["", "x", "-", "1-", "1-x", "9" * 40, f"1-{'9' * 40}", "١-١", "0-0"])
def test_an_address_that_names_no_place_shows_a_page(app, app_context, place):
    me = reader(0)
    tell(me, 1)
    answer = logged_in(app, me).get("/notices", query_string={"before": place})
    assert (answer.status_code, "Notices" in text_of(answer)) == (200, True)


def test_the_number_costs_no_statement(app, app_context):
    me, none = reader(0), reader(0)
    tell(me, 30)
    for path in ("/", "/books", "/my/gifts", "/personal"):
        numbers = set()
        for who in (me, none):
            client = logged_in(app, who)
            with statements_sent() as statements:
                client.get(path)
            numbers.add(len(statements))
            assert sum("FROM notice" in statement for statement in statements) == 1
        assert len(numbers) == 1


def test_no_page_asks_for_the_number_with_a_statement_of_its_own(app, app_context):
    client, wrong = logged_in(app, reader(0)), {}
    for path in sorted(paths[0] for paths in (PUBLIC_PAGES | LOGIN_PAGES).values()):
        with statements_sent() as statements:
            client.get(path)
        about = [statement for statement in statements if "FROM notice" in statement]
        own = [statement for statement in about if "login_session" not in statement]
        if len(about) - len(own) > 1 or len(own) > (path == "/notices"):
            wrong[path] = about
    assert wrong == {}


def test_the_number_is_right_after_notices_were_written_and_seen_at_once(any_engine_app):
    me, gift = reader(0), copy_of(reader(0))
    faults = []

    def act(action):
        with any_engine_app.app_context():
            try:
                action()
            except Exception as fault:  # noqa: BLE001  (any failure of a thread fails the test)
                faults.append(fault)

    def write(number):
        notice = {"user_id": me, "kind": MailKind.OFFERED, "gift_id": gift, "show_from": now()}
        with db.auto_commit():
            Notice.add_all([notice | {"key": f"race:{number}:{place}"} for place in range(5)], now())

    actions = [lambda number=number: write(number) for number in range(4)]
    actions += [lambda: note_seen(me, now())] * 4
    threads = [threading.Thread(target=act, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    with db.auto_commit():
        token = start_session(db.session.get_one(User, me), "test", is_remembered=False)
    unseen = db.session.scalars(select(Notice.id).where(Notice.user_id == me, Notice.seen_time.is_(None))).all()
    assert (faults, find_reader(token).unseen) == ([], len(unseen))
    assert len(db.session.scalars(select(Notice.id)).all()) == 20
