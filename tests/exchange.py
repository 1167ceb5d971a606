"""Readers, copies and requests for tests of the exchange, and the queries that they share."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.book import Book
from app.models.copy import Copy
from app.models.drift import Drift, DriftEvent
from app.models.encrypted import seal
from app.models.gift import Gift, WishOffer
from app.models.message import Thanks
from app.models.outbox import Outbox
from app.models.user import Arrival, User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.correction.cancelling import Cancelling, CancelReason
from app.rules.door.door import ArrivalState
from app.rules.exchange.asking import find_refusal
from app.rules.exchange.drift import OF_BEANS, MailKind, Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.mails import TELLS
from app.rules.exchange.undo import UNDO_WINDOW
from app.rules.exchange.way import Terms
from app.rules.exchange.wish_scope import WishScope, is_covered
from app.services.bean import transfers as bean
from app.services.bean.audit import audit_beans
from app.services.correction.cancel import cancel_promise
from app.services.delivery.meeting import AtPlace, Delivery, Meeting
from app.services.delivery.places import list_place_ids_of
from app.services.delivery.postal_address import PostalAddress
from app.services.delivery.thread import Draft, add_message
from app.services.exchange import drift, gift, lending, wish
from app.services.exchange.deadlines import finish_due_steps, run_deadlines
from app.services.exchange.eligibility import find_requested_gift, get_asker_facts
from app.services.exchange.leaving import end_exchanges
from app.services.exchange.mails import EXCHANGE_MAIL
from tests.factories import BookFactory, PlaceFactory, UserFactory

NOW = 1_800_000_000
HOME = PostalAddress("王小明", "13800001111", "北京市海淀区中关村大街一号")
THURSDAY = "Thursday at six, north gate"
GONE = Cancelling(CancelReason.GONE, "my brother has it")


def listed(giver_id: int, book_id: int, **more: Any) -> Gift:
    """Add a copy of a book and its listing to the session, past all rules, and return the listing."""
    copy = Copy(book_id=book_id, holder_id=giver_id, since=NOW)
    db.session.add(copy)
    db.session.flush()
    gift = Gift(giver_id=giver_id, book_id=book_id, copy_id=copy.id, **more)
    db.session.add(gift)
    db.session.flush()
    return gift


def place(**said: Any) -> int:
    """Store a meeting place and return its id."""
    db.session.rollback()
    return PlaceFactory(**said).id


def delivery(way: Way, gift_id: int) -> Delivery:
    """Return what the askers of tests say about how the book gets to them."""
    if way is Way.PLACE:
        return AtPlace(min(list_place_ids_of(gift_id), default=0))
    return HOME if way is Way.POST else Meeting((THURSDAY, "Friday"))


def reader(beans: int = 1, confirmed: bool = True, **values: Any) -> int:
    """Store a reader with beans from the mint and return the id."""
    db.session.rollback()  # end the transaction, to see what pages have stored in the meantime
    values.setdefault("locale", "en")
    user = UserFactory(confirmed_at=NOW if confirmed else None, **values)
    if beans:
        bean.grant_beans(user.id, beans, f"test-{user.id}", NOW)
    return user.id


def knocking() -> int:
    """Store somebody who has confirmed the address and waits to be let in, and return the id."""
    waiting = reader(0, confirmed=False, waits_since=NOW)
    with db.auto_commit():
        asking = {"state": ArrivalState.ASKING, "state_time": NOW, "words": seal("我爱书")}
        db.session.add(Arrival(user_id=waiting, **asking))
    return waiting


def book(**said: Any) -> str:
    """Store a book and return its ISBN."""
    db.session.rollback()
    with db.auto_commit():  # what it reads before it writes must not be overtaken by a server
        return BookFactory(**said).isbn


def editions() -> list[str]:
    """Store three editions of a work, two of them in Chinese and one in English, and return their ISBNs."""
    number = id_of(book())
    same = {"title": f"海边的第{number}本", "work_key": f"OL{number}W"}
    return [book(**same, language=language) for language in ("zh", "zh", "en")]


def id_of(isbn: str) -> int:
    """Return the id of a book."""
    return db.session.scalars(select(Book.id).where(Book.isbn == isbn)).one()


def copy_of(giver: int, isbn: str | None = None, now: int = NOW, *ways: Way) -> int:
    """List a copy, which is sent by post unless `ways` are given, and return its id."""
    places = (place(),) if Way.PLACE in ways else ()
    terms = Terms(ways or (Way.POST,), "north gate, from six" if Way.MEET in ways else "", places)
    return gift.offer_gift(giver, id_of(isbn or book()), Condition.GOOD, "", None, now, terms)


def ask(asker: int, gift_id: int, now: int = NOW, note: str = "", way: Way = Way.POST) -> int:
    """Ask for a copy and return the id of the drift."""
    return drift.request_book(asker, gift_id, delivery(way, gift_id), note, now)


def wish_for(reader_id: int, isbn: str, now: int = NOW, scope: WishScope | None = None) -> int:
    """Wish for a book and return the id of the wish."""
    return wish.wish_for_book(reader_id, id_of(isbn), now, scope)


def withdraw_wish(reader_id: int, isbn: str, now: int = NOW) -> None:
    """Take a reader's open wish for a book off the list."""
    wish.withdraw_wish(reader_id, wish.find_open_wish(reader_id, id_of(isbn)) or 0, now)


@dataclass(frozen=True)
class Exchange:
    """One drift with its two sides and its copy."""

    asker: int
    giver: int
    gift: int
    drift: int


def exchange(state: str = "waiting", now: int = NOW, way: Way = Way.POST, lend_days: int | None = None) -> Exchange:
    """Store an exchange in a state that was entered at `now`; with `lend_days`, a loan, which may be "lent" too."""
    giver, asker = reader(0), reader(1)
    gift_id = copy_of(giver, None, now, way)
    with db.auto_commit():
        db.session.get_one(Gift, gift_id).lend_days = lend_days
    drift_id = ask(asker, gift_id, now, way=way)
    done = Exchange(asker, giver, gift_id, drift_id)
    for step in PATHS[way]["received" if state in LOANS else state]:
        step(done, now)
    make_certain(drift_id, now)
    for action in LOANS.get(state, ()):
        action(done, now)
        make_certain(drift_id, now)
    return done


LOANS: dict[str, list[Any]] = {
    "lent": [],
    "given_back": [lambda done, now: lending.say_given_back(done.asker, done.drift, now)],
    "returned": [lambda done, now: lending.confirm_returned(done.giver, done.drift, now)],
    "lost": [lambda done, now: lending.report_lost(done.asker, done.drift, now)],
    "kept": [lambda done, now: run_deadlines(now + 300 * DAY)],
}
"""What is done with a book that is lent, from its arrival on, by the state to which that leads."""


def make_certain(drift_id: int, now: int = NOW) -> None:
    """Let the time pass in which the last step of a drift, taken at `now`, can be undone."""
    finish_due_steps([drift_id], now + UNDO_WINDOW)


def _long_ago(done: Exchange, now: int) -> None:
    """Pretend that the request was made the day before, so that the giver is paid at once."""
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).create_time = now - DAY


def _wait_in_vain(reader_id: int, done: Exchange, now: int) -> None:
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).state_time = now - 2 * DAY
    drift.report_absent(reader_id, done.drift, now)


def _missing(done: Exchange, now: int) -> None:
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).state_time = now - 14 * DAY
    drift.report_missing(done.asker, done.drift, now)


def receive(asker: int, drift_id: int, now: int = NOW) -> None:
    """Receive a book that was mailed the day before, so that its giver is paid at once."""
    with db.auto_commit():
        db.session.get_one(Drift, drift_id).state_time = now - DAY
    drift.confirm_received(asker, drift_id, now)
    make_certain(drift_id, now)


ACCEPT = lambda done, now: drift.accept_request(done.giver, done.drift, now)  # noqa: E731
MAIL = lambda done, now: drift.confirm_mailed(done.giver, done.drift, "", now)  # noqa: E731
ACCEPT_MEETING = lambda done, now: drift.accept_request(done.giver, done.drift, now, THURSDAY)  # noqa: E731
LEAVE = lambda done, now: drift.confirm_left(done.giver, done.drift, now)  # noqa: E731
NO_GIVER = lambda done, now: _wait_in_vain(done.asker, done, now)  # noqa: E731
NO_ASKER = lambda done, now: _wait_in_vain(done.giver, done, now)  # noqa: E731
MEET = lambda done, now: drift.confirm_met(done.giver, done.drift, now)  # noqa: E731
RECEIVE = lambda done, now: drift.confirm_received(done.asker, done.drift, now)  # noqa: E731
CANCEL = lambda done, now: cancel_promise(done.giver, done.drift, GONE, now)  # noqa: E731
WAY_TO: dict[str, list[Any]] = {
    "waiting": [],
    "accepted": [ACCEPT],
    "mailed": [ACCEPT, MAIL],
    "received": [
        ACCEPT,
        MAIL,
        lambda done, now: receive(done.asker, done.drift, now),
    ],
    "missing": [ACCEPT, MAIL, _missing],
    "rejected": [lambda done, now: drift.reject_request(done.giver, done.drift, now)],
    "withdrawn": [lambda done, now: drift.redraw_request(done.asker, done.drift, now)],
    "expired": [lambda done, now: _lapse(done, now)],
    "cancelled": [ACCEPT, CANCEL],
}
PATHS: dict[Way, dict[str, list[Any]]] = {
    Way.POST: WAY_TO,
    Way.MEET: WAY_TO
    | {
        "accepted": [ACCEPT_MEETING],
        "no_asker": [ACCEPT_MEETING, NO_ASKER],
        "no_giver": [ACCEPT_MEETING, NO_GIVER],
        "mailed": [ACCEPT_MEETING, MEET],
        "received": [_long_ago, ACCEPT_MEETING, RECEIVE],
        "cancelled": [ACCEPT_MEETING, CANCEL],
        "missing": [ACCEPT_MEETING, MEET, lambda done, now: drift.object_to(done.asker, done.drift, now)],
    },
    Way.PLACE: WAY_TO
    | {
        "no_giver": [ACCEPT, NO_GIVER],
        "mailed": [ACCEPT, LEAVE],
        "received": [_long_ago, ACCEPT, LEAVE, RECEIVE],
        "missing": [ACCEPT, LEAVE, _missing],
    },
}


def _lapse(done: Exchange, now: int) -> None:
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).set_attrs({"state_time": now - 5 * DAY, "due_time": now})
    run_deadlines(now)


def beans_of(reader_id: int) -> int:
    """Return the balance of a reader."""
    db.session.rollback()
    return db.session.scalars(select(User.beans).where(User.id == reader_id)).one()


def escrow() -> int:
    """Return how many beans are held."""
    return ledger_balances()["escrow"]


def ledger_balances() -> Counter[str]:
    """Return the balance of each account in the ledger; the mint's is negative."""
    db.session.rollback()
    balances: Counter[str] = Counter()
    for source, target, amount in db.session.execute(
        select(BeanTransfer.source, BeanTransfer.target, BeanTransfer.amount)
    ):
        balances[source] -= amount
        balances[target] += amount
    return balances


def only_drift() -> int:
    """Return the id of the only drift."""
    db.session.rollback()
    return db.session.scalars(select(Drift.id)).one()


def letters(since: int = 0) -> list[tuple[str, int]]:
    """Return the mails queued after the row `since`: kind and recipient."""
    rows = select(Outbox).where(Outbox.id > since, Outbox.kind == EXCHANGE_MAIL).order_by(Outbox.id)
    return [(row.payload["letter"], row.payload["user_id"]) for row in db.session.scalars(rows)]


def bring_to_what_is_told(done: Exchange, kind: MailKind) -> dict[str, int]:
    """Bring drift and copy into the state that a mail is about; return what the mail refers to."""
    if kind is MailKind.WRITTEN:
        message = add_message(db.session.get_one(Drift, done.drift), done.giver, Draft("hello"), NOW)
        return {"drift_id": done.drift, "message_id": message.id}
    if kind in OF_BEANS:
        return {}
    if kind is MailKind.THANKED:
        db.session.add(Thanks(drift_id=done.drift, author_id=done.asker, reader_id=done.giver, words="Thank you"))
    if kind in TELLS:
        db.session.get_one(Drift, done.drift).state = TELLS[kind]
        return {"drift_id": done.drift}
    db.session.get_one(Gift, done.gift).offered_to = done.asker
    return {"gift_id": done.gift}


def last_letter() -> int:
    """Return the id of the newest row of the outbox."""
    return db.session.scalar(select(Outbox.id).order_by(Outbox.id.desc()).limit(1)) or 0


def events(drift_id: int) -> list[tuple[str, str]]:
    """Return the history of a drift: action and actor."""
    rows = select(DriftEvent).where(DriftEvent.drift_id == drift_id).order_by(DriftEvent.id)
    return [(row.action, row.actor) for row in db.session.scalars(rows)]


def snapshot() -> dict[str, Any]:
    """Return everything that an action may change, but for when readers have a summary: it may have nothing to tell."""
    db.session.rollback()
    columns = {
        model: [column for column in model.__table__.c if column is not User.__table__.c.digest_time]
        for model in (Gift, Wish, Drift, DriftEvent, User, Outbox, Book)
    }
    return {
        model.__tablename__: [tuple(row) for row in db.session.execute(select(*shown).order_by(model.id))]
        for model, shown in columns.items()
    } | {"ledger": ledger_balances()}


def list_left_out(now: int) -> list[tuple[int, int]]:
    """Return the readers and copies of which a reader may ask for a copy that grants a wish, and was never told.

    Counted without the wish queue: by the rules of asking, and by what was offered for a wish.
    """
    db.session.rollback()
    waiting, told = aliased(Wish), aliased(Wish)
    wished, copy = aliased(Book), aliased(Book)
    pairs = (
        select(waiting, wished, Gift, copy)
        .join(wished, wished.id == waiting.book_id)
        .join(copy, copy.work_id == wished.work_id)
        .join(Gift, Gift.book_id == copy.id)
        .where(waiting.state == "open", Gift.state == "open", Gift.giver_id != waiting.user_id)
    )
    offers = select(told.user_id, WishOffer.gift_id, WishOffer.wish_id, Gift.book_id, WishOffer.refused, Gift.giver_id)
    offers = offers.add_columns(WishOffer.create_time)
    offers = offers.join(told, told.id == WishOffer.wish_id).join(Gift, Gift.id == WishOffer.gift_id)
    rows = db.session.execute(offers).all()
    had, refused = {row[:2] for row in rows}, {row[2:4] for row in rows if row.refused}
    today = {(row.user_id, row.giver_id) for row in rows if row.create_time > now - DAY}
    on_its_way = set(db.session.scalars(select(Drift.wish_id).where(Drift.open_gift_id.is_not(None))))
    kept = set(db.session.scalars(select(Gift.offered_wish_id)))
    left_out = []
    for wish_row, wanted, gift_row, edition in db.session.execute(pairs).tuples():
        is_told = (wish_row.user_id, gift_row.id) in had or (wish_row.id, gift_row.book_id) in refused
        is_told |= (wish_row.user_id, gift_row.giver_id) in today
        is_served = wish_row.id in on_its_way | kept or not is_covered(wish_row.scope, wanted, edition)
        facts, requested = get_asker_facts(wish_row.user_id, now), find_requested_gift(gift_row, wish_row.user_id, now)
        if (
            not (is_told or is_served or facts.is_away)
            and find_refusal(wish_row.user_id, facts, requested, now) is None
        ):
            left_out.append((wish_row.user_id, gift_row.id))
    return left_out


def assert_audit_is_clean() -> None:
    """Assert that the audit of beans finds nothing."""
    assert audit_beans().faults == []


def leave(reader_id: int, now: int = NOW) -> None:
    """Close a reader's account."""
    with db.auto_commit():
        end_exchanges(reader_id, now)
        db.session.get_one(User, reader_id).delete()
