"""The page of a copy: what it tells, to whom, by whose leave; lines about it; books that are left somewhere."""

import time

import pytest
from sqlalchemy import select, update

from app.models.base import db, now
from app.models.copy import Copy
from app.models.gift import Gift
from app.models.journey import IN_ORDER, JournalLine, Station
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import EmailNotConfirmed
from app.rules.exchange.way import Terms
from app.rules.journey.mark import make_mark, spaced
from app.rules.moderation.decision import Act, Ground, Verdict
from app.services.account.closing import erase_account
from app.services.correction.undo import undo_step
from app.services.exchange import drift
from app.services.exchange.gift import offer_gift
from app.services.journey.freeing import set_free, take_over
from app.services.journey.stations import Consent
from app.services.moderation.block import block
from app.services.moderation.decision import decide
from app.services.moderation.decision import take_back as take_decision_back
from tests.exchange import ask, beans_of, book, copy_of, exchange, id_of, make_certain, reader
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
LINE = "In the train to Xi'an <b>&"
BEIJING, SHANGHAI = "CN/北京市/北京市/海淀区", "CN/上海市/上海市/徐汇区"


def copy_from(gift_id):
    return db.session.scalars(select(Gift.copy_id).where(Gift.id == gift_id)).one()


def marked(copy_id):
    """Give a copy a mark and return it."""
    db.session.rollback()
    mark = make_mark()
    with db.auto_commit():
        db.session.execute(update(Copy).where(Copy.id == copy_id).values(mark=mark))
    return mark


def shelved(holder):
    """Return a private copy on a reader's shelf, and its mark."""
    with db.auto_commit():
        db.session.add(copy := Copy(book_id=id_of(book()), holder_id=holder, since=now()))
    return copy.id, marked(copy.id)


def stations_on(client, mark):
    return [" ".join(line.get_text(" ").split()) for line in client.get(f"/c/{mark}").page.select(".stations li")]


def lines_on(client, mark):
    return [line.get_text() for line in client.get(f"/c/{mark}").page.select(".messages .prose")]


def pass_on(app, giver, asker, copy_id, **consent):
    """Let a copy get from one reader to another, as its asker presses."""
    db.session.rollback()
    book_id = db.session.get_one(Copy, copy_id).book_id
    terms = Terms((Way.POST,), "", ())
    gift = offer_gift(giver, book_id, Condition.GOOD, "", None, now(), terms)
    assert copy_from(gift) == copy_id
    did = ask(asker, gift, now())
    drift.accept_request(giver, did, now())
    drift.confirm_mailed(giver, did, "", now())
    answer = press(logged_in(app, asker), f"/drift/{did}/received", data=dict.fromkeys(consent, "y"))
    assert answer.status_code == 303
    return did


def test_a_journey_over_four_readers_tells_what_each_agreed_to_and_nothing_else(app, client):
    areas = [BEIJING, SHANGHAI, SHANGHAI, BEIJING]
    names = ["海边的人", "山里的人", "河上的人", "城里的人"]
    readers = [reader(3, area=area, nickname=name, locale="zh") for area, name in zip(areas, names, strict=True)]
    copy_id = copy_from(copy_of(readers[0], now=now() - 40 * DAY))
    with db.auto_commit():
        db.session.execute(update(Gift).where(Gift.copy_id == copy_id).values(state="withdrawn"))
    mark = marked(copy_id)
    consents = [{"shows_area": 1}, {"shows_area": 1, "shows_name": 1}, {}]
    for number, consent in enumerate(consents):
        did = pass_on(app, readers[number], readers[number + 1], copy_id, **consent)
        assert len(stations_on(client, mark)) == (number + 1 if number else 0), "told before it is certain"
        make_certain(did, now())
    page = client.get(f"/c/{mark}", headers={"Accept-Language": "zh"})
    shown = [" ".join(one.get_text(" ").split()) for one in page.page.select(".stations li")]

    assert len(shown) == 4
    assert "河上的人" in shown[2]
    for name in (names[0], names[1], names[3]):
        assert name not in page.text
    for place in ("海淀", "徐汇", "Haidian", "Xuhui"):
        assert place not in page.text
    told = db.session.scalars(select(Station.area).order_by(*IN_ORDER)).all()
    assert told == [None, "CN/上海市/上海市", "CN/上海市/上海市", None]
    assert time.strftime("%Y-%m-%d") not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert len(page.data) < 20_000
    erase_account(db.session.get_one(User, readers[2]))
    assert "河上的人" not in client.get(f"/c/{mark}").text
    assert len(stations_on(client, mark)) == 4


def test_what_a_station_tells_can_be_taken_back(app, client):
    done = exchange("received", now())
    mark = marked(copy_from(done.gift))
    mine = logged_in(app, done.asker)
    name = db.session.get_one(User, done.asker).nickname
    station = db.session.scalars(select(Station).where(Station.reader_id == done.asker)).one().id
    assert name not in client.get(f"/c/{mark}").text
    assert press(mine, f"/my/journeys/{station}", data={"shows_name": "y"}).status_code == 303
    assert name in client.get(f"/c/{mark}").text
    assert press(mine, f"/my/journeys/{station}").status_code == 303
    assert name not in client.get(f"/c/{mark}").text
    assert press(logged_in(app, done.giver), f"/my/journeys/{station}", data={"shows_name": "y"}).status_code == 404


def test_a_receipt_that_is_undone_leaves_nothing(app, client):
    done = exchange("mailed", now())
    mark = marked(copy_from(done.gift))
    press(logged_in(app, done.asker), f"/drift/{done.drift}/received", data={"shows_name": "y"})
    assert stations_on(client, mark) == []
    undo_step(done.asker, done.drift, now())
    make_certain(done.drift, now())
    db.session.rollback()
    assert db.session.scalars(select(Station)).all() == []


@pytest.mark.parametrize("spell", [str.lower, spaced, lambda mark: f"{mark[:2]}-{mark[2:]}"])
def test_a_mark_opens_the_page_however_it_is_typed(client, spell):
    _, mark = shelved(reader(0))

    assert client.get(f"/c/{spell(mark)}").status_code == 200


def test_a_visitors_line_waits_for_the_holder_and_a_members_stands_at_once(app, client):
    holder, member, new = reader(0), reader(0, create_time=now() - 4 * DAY), reader(0, create_time=now())
    _, mark = shelved(holder)
    app.config.update(FORM_SECONDS=0, PROOF_BITS=0)
    assert press(client, f"/c/{mark}", data={"words": LINE}).status_code == 303
    assert press(logged_in(app, new), f"/c/{mark}", data={"words": "newcomer"}).status_code == 303
    assert lines_on(client, mark) == []
    assert press(logged_in(app, member), f"/c/{mark}", data={"words": "  at once "}).status_code == 303
    assert lines_on(client, mark) == ["at once"]

    mine = logged_in(app, holder)
    assert lines_on(mine, mark) == ["at once", "newcomer", LINE]
    assert [line.get_text() for line in mine.get("/my/journeys").page.select(".messages .prose")] == [LINE, "newcomer"]
    line = db.session.scalars(select(JournalLine.id).where(JournalLine.author_id.is_(None))).one()
    assert press(logged_in(app, member), f"/c/line/{line}/show").status_code == 403
    assert press(mine, f"/c/line/{line}/show").status_code == 303
    assert lines_on(client, mark) == ["at once", LINE]
    assert press(mine, f"/c/line/{line}/hide").status_code == 303
    assert lines_on(client, mark) == ["at once"]


def test_lines_of_strangers_ask_for_the_proof_and_have_limits(app, client):
    _, mark = shelved(reader(0))
    app.config.update(FORM_SECONDS=30, PROOF_BITS=0)
    assert press(client, f"/c/{mark}", data={"words": "quick"}).status_code == 400
    app.config.update(FORM_SECONDS=0)
    assert press(client, f"/c/{mark}", data={"words": ""}).status_code == 400
    assert press(client, f"/c/{mark}", data={"words": "x" * 201}).status_code == 400
    for number in range(5):
        assert press(client, f"/c/{mark}", data={"words": f"line {number}"}).status_code == 303
    assert press(client, f"/c/{mark}", data={"words": "one more"}).status_code == 409
    assert press(client, f"/c/{mark}", data={"words": "line 1"}).status_code == 303  # sent twice: one line
    assert len(db.session.scalars(select(JournalLine)).all()) == 5


def test_the_desk_hides_a_line_of_anybody_and_shows_it_again(app, client):
    member = reader(0, create_time=now() - 4 * DAY)
    _, mark = shelved(reader(0))
    press(logged_in(app, member), f"/c/{mark}", data={"words": LINE})
    line = db.session.scalars(select(JournalLine.id)).one()
    assert LINE in client.get(f"/report/journey/{line}").page.get_text()
    with db.auto_commit():
        db.session.add(JournalLine(copy_id=1, words="a visitor's", state="shown"))
    for id in (line, line + 1):
        decided = decide(None, "journey", id, Verdict(Act.HIDE, Ground.SPAM), now())
        assert len(lines_on(client, mark)) == (1 if id == line else 0)
        take_decision_back(None, decided, Ground.MISTAKE, "", now())
        decide(None, "journey", id, Verdict(Act.HIDE, Ground.SPAM), now())
    assert client.get(f"/report/journey/{line}").status_code == 404


def test_a_copy_that_is_set_free_is_the_finders_and_no_bean_moves(app, client):
    holder, finder, late = reader(1), reader(1, nickname="找到的人"), reader(0)
    copy_id, mark = shelved(holder)
    assert (
        press(logged_in(app, holder), f"/my/books/{copy_id}/free", data={"words": "a shelf"}).location == f"/c/{mark}"
    )
    page = client.get(f"/c/{mark}")
    assert "a shelf" in page.text
    assert db.session.get_one(User, holder).nickname not in page.text
    assert press(client, f"/c/{mark}/take").status_code == 302
    assert press(logged_in(app, finder), f"/c/{mark}/take", data={"shows_name": "y"}).status_code == 303
    assert press(logged_in(app, late), f"/c/{mark}/take").status_code == 409
    assert press(logged_in(app, holder), f"/my/books/{copy_id}/back").status_code == 404
    db.session.rollback()
    assert db.session.get_one(Copy, copy_id).holder_id == finder
    assert (beans_of(holder), beans_of(finder)) == (1, 1)
    assert "a shelf" not in client.get(f"/c/{mark}").text
    assert ["找到的人" in station for station in stations_on(client, mark)] == [False, True]


def test_who_left_a_copy_takes_it_back(app):
    holder = reader(0)
    copy_id, _ = shelved(holder)
    set_free(holder, copy_id, "a shelf", now())
    mine = logged_in(app, holder)
    assert "a shelf" in text_of(mine.get("/my/journeys"))
    assert press(mine, f"/my/books/{copy_id}/back").status_code == 303
    db.session.rollback()
    copy = db.session.get_one(Copy, copy_id)
    assert (copy.holder_id, copy.state, copy.left_at, copy.freed_by_id) == (holder, "kept", "", None)


def test_a_listed_copy_and_an_unconfirmed_finder_are_refused(app):
    gift = copy_of(giver := reader(0), now=now())
    copy_id = copy_from(gift)
    assert press(logged_in(app, giver), f"/my/books/{copy_id}/free", data={"words": "a shelf"}).status_code == 409
    free, mark = shelved(giver)
    set_free(giver, free, "a shelf", now())
    with pytest.raises(EmailNotConfirmed):
        take_over(reader(0, confirmed=False), mark, Consent(), now())


def test_blocked_readers_find_copies_of_each_other_and_learn_nothing(app):
    holder, other = reader(0), reader(0)
    copy_id, mark = shelved(holder)
    block(holder, other, now())
    set_free(holder, copy_id, "a shelf", now())
    seen = [text_of(logged_in(app, one).get(f"/c/{mark}")) for one in (other, reader(0))]
    assert [("a shelf" in text, "I have found it" in text) for text in seen] == [(True, True)] * 2
    assert press(logged_in(app, other), f"/c/{mark}/take").status_code == 303


def test_what_is_on_offer_can_be_asked_for_from_its_page_unless_the_two_are_apart(app, client):
    gift = copy_of(giver := reader(0), now=now())
    mark = marked(copy_from(gift))
    blocked = reader(0)
    block(giver, blocked, now())

    def link(page):
        return [a["href"] for a in page.page.select("main a") if a["href"].startswith("/drift/")]

    assert link(client.get(f"/c/{mark}")) == [f"/drift/{gift}"]
    assert link(logged_in(app, giver).get(f"/c/{mark}")) == []
    assert link(logged_in(app, blocked).get(f"/c/{mark}")) == []


def test_labels_are_made_once_and_printed_three_by_eight(app):
    holder = reader(0)
    ids = [shelved(holder)[0] for _ in range(3)]
    with db.auto_commit():
        db.session.execute(update(Copy).where(Copy.id.in_(ids[:2])).values(mark=None))
    mine = logged_in(app, holder)
    page = mine.get(f"/my/labels?copy={ids[0]}").page
    assert len(page.select("input[name=copies]")) == 3
    assert [box["value"] for box in page.select("input[name=copies][checked]")] == [str(ids[0])]
    answer = press(mine, "/my/labels", data={"copies": [str(id) for id in ids]})
    sheet = mine.get(answer.location)
    marks = [mark.get_text().replace(" ", "") for mark in sheet.page.select(".label-mark")]
    assert len(set(marks)) == 3
    assert len(sheet.page.select(".label svg")) == 3
    press(mine, "/my/labels", data={"copies": [str(id) for id in ids]})
    assert [m.get_text().replace(" ", "") for m in mine.get(answer.location).page.select(".label-mark")] == marks
    other = logged_in(app, reader(0))
    assert other.get(answer.location).page.select(".label") == []
    assert press(other, "/my/labels", data={"copies": str(ids[0])}).status_code == 400


def test_blank_labels_are_bound_once_by_their_own_reader(app, client):
    holder, other = reader(0), reader(0)
    with db.auto_commit():
        db.session.add(copy := Copy(book_id=id_of(book()), holder_id=holder, since=now()))
    copy_id, isbn = copy.id, book()
    mine = logged_in(app, holder)
    for _ in range(4):
        assert press(mine, "/my/labels", data={"blank": "1"}).status_code == 303
    assert press(mine, "/my/labels", data={"blank": "1"}).status_code == 409
    printed = mine.get("/my/labels/sheet?blank=1").page.select(".label-mark")
    marks = [mark.get_text().replace(" ", "") for mark in printed]
    assert len(set(marks)) == 96
    assert logged_in(app, other).get(f"/c/{marks[0]}").status_code == 404
    assert press(logged_in(app, other), f"/c/{marks[0]}/bind", data={"copy": str(copy_id)}).status_code == 404
    assert mine.get(f"/c/{marks[0]}").status_code == 200
    assert press(mine, f"/c/{marks[0]}/bind", data={"copy": "x"}).status_code == 400
    assert press(mine, f"/c/{marks[0]}/bind", data={"isbn": "nonsense"}).status_code == 400
    assert press(mine, f"/c/{marks[0]}/bind", data={"copy": str(copy_id)}).status_code == 303
    assert press(mine, f"/c/{marks[1]}/bind", data={"copy": str(copy_id)}).status_code == 409
    assert press(mine, f"/c/{marks[0]}/bind", data={"copy": str(copy_id)}).status_code == 404
    assert press(mine, f"/c/{marks[1]}/bind", data={"isbn": isbn}).status_code == 303
    assert client.get(f"/c/{marks[0]}").status_code == 200
    assert client.get(f"/c/{marks[1]}").status_code == 200


def test_my_page_says_where_my_books_are(app):
    done = exchange("received", now())
    lost = exchange("missing", now())
    mine = text_of(logged_in(app, done.giver).get("/my/journeys"))
    assert "With another reader since" in mine
    assert "With you since" in text_of(logged_in(app, done.asker).get("/my/journeys"))
    assert logged_in(app, lost.asker).get("/my/journeys").status_code == 200
