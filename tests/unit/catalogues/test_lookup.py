"""All catalogues together: order, one deadline, one flight, remembered answers."""

import threading
import time

import pytest
import structlog
from structlog.testing import capture_logs

from app.catalogues.api.transport import Transport
from app.catalogues.api.yushu import Yushu
from app.catalogues.base import BookRecord, CatalogueLimited, CatalogueOutOfOrder
from app.catalogues.lookup import Lookup
from tests.servers import wait_until
from tests.stand_in import StandIn, after, answer, close, drip_body, drip_head, hang
from tests.timing import shortest

DEADLINE, SHORT, PATIENT = 2.4, 0.8, 60.0
SAN_TI = "9787536692930"
BOOK = {"isbn": SAN_TI, "title": "三体", "author": ["刘慈欣"]}
UNKNOWN = answer({"code": 6000, "msg": "book_not_found"}, 404)


class Named(Yushu):
    def __init__(self, server, name):
        super().__init__(Transport("Fisher/test (reader@example.org)"), server.url, key="SECRETKEY")
        self.name = name


@pytest.fixture
def first():
    with StandIn(UNKNOWN) as server:
        yield server


@pytest.fixture
def second():
    with StandIn(UNKNOWN) as server:
        yield server


@pytest.fixture
def ask_both(first, second):
    """A function that makes a look-up in both catalogues, which remembers nothing yet."""
    return lambda seconds: Lookup([Named(first, "first"), Named(second, "second")], deadline=seconds)


@pytest.fixture
def lookup(ask_both):
    return ask_both(PATIENT)


@pytest.fixture
def hurried(ask_both):
    """The look-up that a catalogue which hangs keeps waiting: half of its time for each of the two."""
    return ask_both(DEADLINE)


def names(finding):
    return [(outcome.catalogue, outcome.word) for outcome in finding.outcomes]


def test_the_second_catalogue_is_not_asked_when_the_first_knows(lookup, first, second):
    first.behave = answer(BOOK)

    finding = lookup.find(SAN_TI)

    assert finding.record.title == "三体"
    assert second.calls == []


def test_a_book_that_only_the_second_has_is_found(lookup, second):
    second.behave = answer(BOOK)

    assert lookup.find(SAN_TI).record.title == "三体"


@pytest.mark.parametrize("behaviour", [hang, drip_head, drip_body])
def test_a_slow_catalogue_does_not_keep_the_next_one_from_answering(hurried, first, second, behaviour):
    first.behave, second.behave = behaviour, answer(BOOK)
    started = time.monotonic()

    finding = hurried.find(SAN_TI)

    assert finding.record.title == "三体"
    assert time.monotonic() - started < 0.9 * DEADLINE


def test_a_late_first_answer_still_counts(hurried, first, second):
    first.behave, second.behave = after(DEADLINE * 0.6, answer(BOOK)), hang

    assert hurried.find(SAN_TI).record.title == "三体"


@pytest.mark.parametrize("behaviour", [hang, drip_head, drip_body, close, answer("x", 500)])
def test_all_out_of_order_is_told_within_the_deadline_and_is_not_taken_for_unknown(ask_both, first, second, behaviour):
    first.behave = second.behave = behaviour

    def find():
        finding = ask_both(SHORT).find(SAN_TI)
        assert finding.record is None
        assert not finding.is_certain
        assert sorted(names(finding)) == [("first", "out of order"), ("second", "out of order")]

    assert shortest(find, SHORT + 0.5) < SHORT + 0.5


def test_a_book_unknown_to_all_is_remembered(lookup, first, second):
    for _ in range(5):
        finding = lookup.find(SAN_TI)
        assert finding.is_certain
    assert (len(first.calls), len(second.calls)) == (1, 1)


def test_out_of_order_is_remembered_for_a_minute_and_not_for_a_day(lookup, first, monkeypatch):
    first.behave = close
    lookup.find(SAN_TI)
    first.behave = answer(BOOK)
    assert lookup.find(SAN_TI).record is None
    assert len(first.calls) == 2, "one try and its retry"

    later = time.monotonic() + 61
    monkeypatch.setattr(lookup.clients[0], "clock", lambda: later)
    assert lookup.find(SAN_TI).record.title == "三体"


@pytest.mark.parametrize(
    ("behaviour", "seconds"),
    [
        (answer(BOOK), 60),
        (UNKNOWN, 86_400),
        (answer("x", 500), 60),
        (answer({}, 429, Retry_After="300"), 300),
    ],
    ids=["found", "not found", "out of order", "limited"],
)
def test_each_outcome_is_remembered_for_a_time_of_its_own(lookup, first, monkeypatch, behaviour, seconds):
    def calls_at(time):
        monkeypatch.setattr(lookup.clients[0], "clock", lambda: time)
        lookup.find(SAN_TI)
        return len(first.calls)

    first.behave = behaviour
    asked = calls_at(1000.0)

    assert calls_at(1000.0 + seconds - 1) == asked
    assert calls_at(1000.0 + seconds) > asked


def test_a_limit_is_kept_for_all_questions_as_long_as_it_says(lookup, first):
    first.behave = answer({}, 429, Retry_After="300")
    lookup.find(SAN_TI)
    lookup.find("9787506365437")
    lookup.search("三体", 15)

    assert len(first.calls) == 1
    assert 200 < lookup.clients[0].breaker.seconds_to_rest() <= 300


def test_the_breaker_opens_after_three_failures_and_closes_again(lookup, first, monkeypatch):
    first.behave = answer("x", 500)
    isbns = ["9787536692930", "9787506365437", "9787020024759", "9787020002207"]
    for isbn in isbns:
        finding = lookup.find(isbn)
    assert len(first.calls) == 3
    assert ("first", "out of order") in names(finding)

    first.behave = answer(BOOK)
    later = time.monotonic() + 61
    monkeypatch.setattr(lookup.clients[0], "clock", lambda: later)
    assert lookup.find(SAN_TI).record.title == "三体"
    assert lookup.clients[0].breaker.may_pass()


def test_a_hundred_look_ups_of_one_unknown_book_make_one_call(lookup, first, second):
    first.behave = second.behave = after(0.1, UNKNOWN)
    findings = []
    threads = [threading.Thread(target=lambda: findings.append(lookup.find(SAN_TI))) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(findings) == 100
    assert all(finding.is_certain for finding in findings)
    assert (len(first.calls), len(second.calls)) == (1, 1)


def test_a_flood_of_different_questions_to_a_hanging_catalogue_is_bounded(first):
    first.behave = hang
    lookup = Lookup([Named(first, "first")], deadline=PATIENT)
    lookup.clients[0].breaker._patience = 1000
    isbns = [f"97871111{number:05d}" for number in range(60)]
    threads = [threading.Thread(target=lookup.find, args=(isbn,)) for isbn in isbns]
    for thread in threads:
        thread.start()
    wait_until(lambda: sum(thread.is_alive() for thread in threads) <= 16, PATIENT, "too many wait for an answer")
    asked = len(first.calls)
    first.let_go()
    for thread in threads:
        thread.join()

    assert asked <= 16


def test_a_machine_without_a_thread_left_asks_again_when_it_has_one(lookup, first, monkeypatch):
    first.behave = answer(BOOK)
    start = threading.Thread.start

    def fail(thread):
        if thread.name.startswith("ask-"):
            raise RuntimeError("can't start new thread")
        start(thread)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        started = time.monotonic()
        assert names(lookup.find(SAN_TI)) == [("first", "out of order"), ("second", "out of order")]
        assert time.monotonic() - started < PATIENT / 2
    later = time.monotonic() + 1.1
    monkeypatch.setattr(lookup.clients[0], "clock", lambda: later)

    assert lookup.find(SAN_TI).record.title == "三体"


def test_hits_of_all_catalogues_are_merged_by_isbn_in_their_order(lookup, first, second):
    other = {"isbn": "9787506365437", "title": "活着"}
    first.behave = answer({"books": [BOOK], "total": 1})
    second.behave = answer({"books": [BOOK | {"title": "三体（另一版）"}, other], "total": 70})

    findings = lookup.search("三体", 15)

    assert [record.title for record in findings.records] == ["三体", "活着"]
    assert findings.total == 70
    assert findings.is_complete


def test_hits_that_are_there_at_the_deadline_are_shown_without_the_rest(ask_both, first, second):
    first.behave, second.behave = hang, answer({"books": [BOOK], "total": 1})

    def search():
        findings = ask_both(DEADLINE).search("三体", 15)
        assert [record.title for record in findings.records] == ["三体"]
        assert not findings.is_complete

    assert shortest(search, DEADLINE + 0.5) < DEADLINE + 0.5


def test_details_unite_what_the_catalogues_say(lookup, first, second):
    first.behave = answer(BOOK | {"summary": "短"})
    second.behave = answer(BOOK | {"title": "三體", "summary": "长一些的简介", "pages": "302"})

    assert lookup.find_details(SAN_TI).record == BookRecord(
        isbn=SAN_TI,
        title="三体",
        authors=("刘慈欣",),
        summary="长一些的简介",
        pages=302,
        language="zh",
        source="yushu",
    )


@pytest.fixture(autouse=True)
def logged():
    """What is logged; an application of another test may have set the level or a file that is closed by now."""
    structlog.reset_defaults()
    with capture_logs() as lines:
        yield lines


def test_one_line_is_logged_for_a_failure_and_it_holds_no_secret(hurried, first, second, logged):
    body = {"code": 104, "msg": "invalid_apikey: SECRETKEY from 203.0.113.9", "request": "GET /v2?apikey=SECRETKEY"}
    first.behave = answer(body, 400)
    second.behave = hang

    hurried.find(SAN_TI)
    hurried.find(SAN_TI)

    # Each catalogue's line is logged by the thread that asked it, maybe after everybody has been answered.
    wait_until(lambda: len(logged) > 1, PATIENT, "no line is logged")
    said = [(line["catalogue"], line["outcome"], line["reason"]) for line in logged]
    assert sorted(said) == [
        ("first", "out of order", "refused with code 104"),
        ("second", "out of order", "no answer in time"),
    ]
    for secret in ("SECRETKEY", "203.0.113.9", "127.0.0.1", SAN_TI):
        assert secret not in str(logged)


def test_a_fault_in_our_own_reading_is_malformed_and_no_crash(lookup, first, monkeypatch, logged):
    def broken(self, isbn, seconds):
        raise KeyError("bug")

    monkeypatch.setattr(Named, "find_book", broken)

    assert [word for _, word in names(lookup.find(SAN_TI))] == ["malformed", "malformed"]
    assert any("our own reading" in line["event"] and line["exc_info"] for line in logged)


def test_without_catalogues_nothing_is_found_at_once():
    lookup = Lookup([])
    assert lookup.find(SAN_TI).record is None
    assert lookup.find(SAN_TI).is_certain
    assert lookup.search("x", 15).records == ()


def test_each_catalogue_can_be_asked_by_name(lookup, first, second):
    second.behave = answer({}, 429)

    outcomes = lookup.ask_each("second", SAN_TI, "", 1)

    assert [type(outcome.error) for outcome in outcomes] == [CatalogueLimited]
    assert first.calls == []
    assert isinstance(lookup.ask_each("second", None, "words", 1)[0].error, CatalogueOutOfOrder)
