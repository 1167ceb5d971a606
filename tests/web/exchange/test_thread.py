"""Writing to the other side: on the card, in each reader's language, without scripts and for programs."""

import pytest
from sqlalchemy.exc import OperationalError

from app.models.base import db, now
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.thread import Phrase
from app.services.delivery.thread import Draft, note_read
from app.services.exchange.drift import reject_request, write_message
from app.services.exchange.my_drifts import list_drifts
from tests.exchange import exchange, reader
from tests.rows import statements_sent
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
JSON = {"Accept": "application/json"}


@pytest.fixture
def done():
    return exchange("accepted", now())


def thread_on(client, drift_id):
    return client.get("/pending").page.select_one(f"#drift-{drift_id} .thread")


def waiting(client):
    """Return the number beside the link to the exchanges."""
    count = client.get("/").page.select_one('.site-nav a[href="/pending"] .count')
    return int(count.find(string=True)) if count else 0


def test_a_message_stands_below_the_card_of_both_and_is_new_until_it_was_shown(app, done):
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    answer = press(asks, f"/drift/{done.drift}/thread", data={"text": " At six?\r\n\r\n\r\n\r\nOr at seven? "})
    assert (answer.status_code, answer.location) == (303, f"/drift/{done.drift}/thread#thread-{done.drift}")
    mine, theirs = thread_on(asks, done.drift), thread_on(gives, done.drift)
    for thread in (mine, theirs):
        assert thread.select_one(".message .prose").get_text() == "At six?\n\nOr at seven?"
        assert thread.has_attr("open")
    assert ("You" in mine.get_text(), "Report" in mine.get_text(), "1 new" in mine.get_text()) == (True, False, False)
    assert ("You" in theirs.get_text(), "Report" in theirs.get_text(), "1 new" in theirs.get_text()) == (
        False,
        True,
        True,
    )
    assert "1 new" not in thread_on(gives, done.drift).get_text()


def test_the_exchanges_in_the_head_of_pages_count_what_is_new(app, done):
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    assert (waiting(asks), waiting(gives)) == (0, 1)
    for client in (asks, asks, gives):
        press(client, f"/drift/{done.drift}/thread", data={"text": "hello"})
    assert (waiting(asks), waiting(gives)) == (1, 1), "an exchange counts once"
    asks.get("/pending")
    assert (waiting(asks), waiting(gives)) == (0, 1)


def test_each_reads_a_quick_phrase_in_their_own_language(app, done):
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    with db.auto_commit():
        db.session.get_one(User, done.giver).locale = "zh"
    for phrase in Phrase:
        press(asks, f"/drift/{done.drift}/thread", data={"phrase": phrase})
    buttons = thread_on(asks, done.drift).select("[name=phrase]")
    assert [button["value"] for button in buttons] == list(Phrase)
    in_english = [p.get_text() for p in thread_on(asks, done.drift).select(".message .prose")]
    assert (in_english[6], in_english) == ("I’m running ten minutes late.", [button.get_text() for button in buttons])
    in_chinese = [p.get_text() for p in thread_on(gives, done.drift).select(".message .prose")]
    assert (in_chinese[6], len(set(in_chinese))) == ("我要晚到十分钟。", 12)


def test_what_is_written_is_plain_text(app, done):
    with db.auto_commit():  # a new reader's first message with a link would wait
        db.session.get_one(User, done.asker).create_time = now() - 9 * DAY
    words = "https://evil.example/?a=1&b=2 <a href='//evil.example'>click</a> <script>alert(1)</script> a\u202eb"
    press(logged_in(app, done.asker), f"/drift/{done.drift}/thread", data={"text": words})
    message = thread_on(logged_in(app, done.giver), done.drift).select_one(".message .prose")
    assert message.find(True) is None
    assert message.get_text() == words.replace("\u202e", " ")


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "Please write something."),
        ({"text": " \n\t"}, "Please write something."),
        ({"text": "字" * 1001}, "At most 1,000 characters"),
        ({"text": "hello", "phrase": "buy"}, "There is no such phrase."),
        ({"text": "hello", "form_key": "k" * 33}, "32"),
    ],
)
def test_what_can_not_be_sent_is_said(app, done, fields, complaint):
    asks = logged_in(app, done.asker)
    path = f"/drift/{done.drift}/thread"
    answer = press(asks, path, data=fields)
    assert (answer.status_code, complaint in text_of(answer)) == (400, True)
    assert answer.page.find("textarea").get_text().removeprefix("\n") == fields.get("text", "").strip()
    answer = press(asks, path, data=fields, headers=JSON)
    assert (answer.status_code, complaint in answer.text) == (400, True)
    assert asks.get(path).page.select(".message") == []


def test_a_thousand_characters_of_any_kind_fit(app, done):
    asks, path = logged_in(app, done.asker), f"/drift/{done.drift}/thread"
    for sign in ("字", "🀄", "e\u0301", "\ufdfa"):
        assert press(asks, path, data={"text": sign * 1000}, headers=JSON).status_code == 201
    assert [len(p.get_text()) for p in thread_on(asks, done.drift).select(".message .prose")] == [1000] * 4


def test_a_form_sent_twice_is_one_message(app, done):
    asks = logged_in(app, done.asker)
    assert thread_on(asks, done.drift).a["href"] == f"/drift/{done.drift}/thread"
    form = asks.get(f"/drift/{done.drift}/thread").page.select_one(".thread form")
    fields = {"text": "hello", "form_key": form.select_one("[name=form_key]")["value"]}
    for _ in range(2):
        assert press(asks, form["action"], data=fields).status_code == 303
    assert len(thread_on(asks, done.drift).select(".message")) == 1


def test_programs_get_json(app, done):
    asks, path = logged_in(app, done.asker), f"/drift/{done.drift}/thread"
    written = press(asks, path, data={"text": "hello", "form_key": "k"}, headers=JSON)
    assert (written.status_code, set(written.json)) == (201, {"id", "drift", "written_at"})
    assert press(asks, path, data={"text": "hello", "form_key": "k"}, headers=JSON).json == written.json
    assert press(logged_in(app, reader()), path, headers=JSON).status_code == 404
    reject = exchange("waiting", now())
    reject_request(reject.giver, reject.drift, now())
    late = press(logged_in(app, reject.asker), f"/drift/{reject.drift}/thread", data={"text": "why?"}, headers=JSON)
    assert (late.status_code, late.json["error"]["code"]) == (409, "thread_closed")


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "expired"])
def test_what_came_to_nothing_has_no_thread(app, state):
    done = exchange(state, now())
    asks = logged_in(app, done.asker)
    assert thread_on(asks, done.drift) is None
    assert asks.get(f"/drift/{done.drift}/thread").page.select(".thread form") == []
    answer = press(asks, f"/drift/{done.drift}/thread", data={"text": "hello"})
    assert (answer.status_code, "its messages are no longer shown" in text_of(answer)) == (409, True)


def test_a_full_thread_has_no_form(app, done):
    asks = logged_in(app, done.asker)
    for number in range(30):
        write_message(done.asker, done.drift, Draft(str(number)), now())
    thread = thread_on(asks, done.drift)
    assert (thread.find("form"), "as many messages as you can" in thread.get_text()) == (None, True)
    answer = press(asks, f"/drift/{done.drift}/thread", data={"text": "one more"})
    assert (answer.status_code, "You have written 30 messages" in text_of(answer)) == (409, True)


def test_a_thread_has_a_page_of_its_own_for_its_two_sides(app, done):
    path = f"/drift/{done.drift}/thread"
    write_message(done.giver, done.drift, Draft("hello"), now())
    asks = logged_in(app, done.asker)
    for is_new in (True, False):
        message = asks.get(path).page.select_one(".message")
        assert (message.select_one(".prose").get_text(), "new" in message.get_text()) == ("hello", is_new)
    assert logged_in(app, reader()).get(path).status_code == 404
    assert asks.get("/drift/999/thread").status_code == 404


def test_after_sending_a_reader_is_on_the_same_page_again(app, done):
    asks = logged_in(app, done.asker)
    for page in ("/pending?page=1", f"/drift/{done.drift}/thread"):
        referrer = {"Referer": f"http://localhost{page}"}
        answer = press(asks, f"/drift/{done.drift}/thread", data={"text": page}, headers=referrer)
        assert answer.location == f"{page}#thread-{done.drift}"


def test_a_page_with_many_messages_makes_as_many_statements_as_one_without(app, done):
    asks = logged_in(app, done.asker)
    seen = []
    for _ in range(2):
        with statements_sent() as statements:
            asks.get("/pending")
        seen.append(len(statements))
        for number in range(15):
            write_message(done.giver, done.drift, Draft(str(number)), now())
        note_read(list_drifts(done.asker, 1, 10, now()).new, now())
    assert seen == [4, 4]


def test_what_is_new_stays_new_if_it_can_not_be_noted(app, done, monkeypatch):
    write_message(done.giver, done.drift, Draft("hello"), now())
    asks = logged_in(app, done.asker)
    ids = list_drifts(done.asker, 1, 10, now()).new

    def busy(*_):
        raise OperationalError("UPDATE", None, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(db.session, "execute", busy)
        note_read(ids, now())
    assert "1 new" in thread_on(asks, done.drift).get_text()


def test_a_new_message_is_marked_in_both_languages(app, done):
    for language, mark in (("en", "new"), ("zh", "新")):
        write_message(done.giver, done.drift, Draft("hello"), now())
        with db.auto_commit():
            db.session.get_one(User, done.asker).locale = language
        asks = logged_in(app, done.asker)
        page = asks.get("/pending", headers={"Accept-Language": language}).page
        assert [found.get_text() for found in page.select(".message .count")] == [mark]
