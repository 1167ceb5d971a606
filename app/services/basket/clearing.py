"""Doing what a reader has chosen for the lines of the basket. Times are in Unix seconds."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import delete, select

from app.models.base import db
from app.models.basket import BasketLine
from app.models.book import Book
from app.models.copy import Copy
from app.models.user import User
from app.rules.exchange.audience import NotInTheseCircles
from app.rules.exchange.drift import Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import EmailNotConfirmed, Limited, ShelfFull, TooManyWishes
from app.rules.exchange.way import Terms
from app.rules.refusal import Refusal
from app.rules.shelf.basket import NEEDS_BOOK, Done, LineState, Missing, Plan
from app.services.basket.report import note_done
from app.services.copy.keeping import add_private
from app.services.delivery.places import list_choices
from app.services.exchange.gift import add_listing
from app.services.exchange.locking import lock_present, lock_readers
from app.services.exchange.wish import add_wish
from app.services.transaction import changed_rows, transaction

MOST_SECONDS = 15.0
"""How long one request does what was chosen; the next one goes on."""
ENDS = (EmailNotConfirmed, Limited, NotInTheseCircles, ShelfFull, TooManyWishes)
"""After one of these, the next line with the same plan would be refused as well."""


class Choice(NamedTuple):
    """What a reader has chosen for one line, or for all; `book_id` is one of its candidates."""

    plan: Plan = Plan.OPEN
    condition: Condition | None = None
    book_id: int | None = None


@dataclass
class Cleared:
    """What was done: how many lines by plan, the refusals by the id of the line, and how many lines are left to do."""

    done: Counter[Plan] = field(default_factory=Counter)
    refused: dict[int, Refusal] = field(default_factory=dict)
    left: int = 0


def clear_basket(
    reader: User, choices: Mapping[int, Choice], for_all: Choice, now: int, circles: tuple[int, ...] = ()
) -> Cleared:
    """Store what was chosen, and do it line by line, each in a transaction of its own.

    A line goes in the transaction that does what was chosen for it, so that whoever sends the basket twice, or goes on
    after a break, has everything once.

    :param for_all: what becomes of the lines for which nothing else was chosen.
    :param circles: for whose members alone what is listed is; for everybody without any.
    """
    reader_id, area = reader.id, reader.area
    cleared = Cleared(Counter({Plan.DROP: _choose(reader_id, choices, for_all)}))
    terms = replace(usual_terms(reader_id, reader.terms, area), circles=circles)
    ended: dict[str, Refusal] = {}
    until = time.monotonic() + MOST_SECONDS
    todo = _list_chosen(reader_id)
    for place, (line_id, plan) in enumerate(todo):
        if time.monotonic() > until:
            cleared.left = len(todo) - place
            break
        if plan in ended:
            cleared.refused[line_id] = ended[plan]
            continue
        try:
            if done := _do(reader_id, line_id, terms, now):
                cleared.done[done] += 1
        except Refusal as refusal:
            cleared.refused[line_id] = refusal
            if isinstance(refusal, ENDS):
                ended[plan] = refusal
    return cleared


def usual_terms(reader_id: int, terms: Terms, area: str | None) -> Terms:
    """Return how a reader hands copies over unless they say otherwise; at places, if it was so last time."""
    open_places, last = list_choices(reader_id, area) if Way.PLACE in terms.ways else ([], [])
    places = tuple(id for id in last if any(place.id == id for place in open_places))
    ways = tuple(way for way in terms.ways if way is not Way.PLACE or places)
    return replace(terms, ways=ways or (Way.POST,), places=places)


@transaction
def _choose(reader_id: int, choices: Mapping[int, Choice], for_all: Choice) -> int:
    """Store what was chosen, take out what is not wanted, and return how many lines that were."""
    lock_readers(reader_id)
    lines = db.session.scalars(select(BasketLine).where(BasketLine.reader_id == reader_id).with_for_update()).all()
    _match(lines)
    for line in lines:
        choice = choices.get(line.id)
        if choice:
            line.set_attrs({"intent": choice.plan, "condition": choice.condition or ""})
            if choice.book_id in line.candidates:
                line.set_attrs({"book_id": choice.book_id, "state": LineState.FOUND})
        if line.intent == Plan.OPEN and for_all.plan is not Plan.OPEN and line.state == LineState.FOUND:
            line.intent = for_all.plan
        if not line.condition and for_all.condition:
            line.condition = for_all.condition
    db.session.flush()
    note_done(reader_id, [line.line_key for line in lines if line.intent == Plan.DROP], Done.DROP)
    return changed_rows(delete(BasketLine).where(BasketLine.reader_id == reader_id, BasketLine.intent == Plan.DROP))


def _match(lines: Iterable[BasketLine]) -> None:
    """Find the books that were not there when they were looked for, and are now."""
    missing = [line for line in lines if line.book_id is None and line.isbn]
    books = Book.map_by_isbn(line.isbn for line in missing if line.isbn)
    for line in missing:
        if book := books.get(line.isbn or ""):
            line.set_attrs({"book_id": book.id, "state": LineState.FOUND, "reason": ""})


def _list_chosen(reader_id: int) -> list[tuple[int, str]]:
    chosen = BasketLine.reader_id == reader_id, BasketLine.state == LineState.FOUND, BasketLine.intent.in_(NEEDS_BOOK)
    rows = db.session.execute(select(BasketLine.id, BasketLine.intent).where(*chosen).order_by(BasketLine.id))
    found = [(id, intent) for id, intent in rows.tuples()]
    db.session.rollback()
    return found


@transaction
def _do(reader_id: int, line_id: int, terms: Terms, now: int) -> Plan | None:
    """Do what was chosen for a line and take the line out; None if somebody else has, or the book is gone."""
    lock_present(reader_id)
    mine = select(BasketLine).where(BasketLine.id == line_id, BasketLine.reader_id == reader_id)
    line = db.session.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if line is None or line.book_id is None or line.intent not in NEEDS_BOOK:
        return None
    if Book.find_by_id(line.book_id) is None:
        line.set_attrs({"book_id": None, "state": LineState.UNKNOWN, "reason": Missing.NOT_KNOWN})
        return None
    plan, book_id, condition = Plan(line.intent), line.book_id, Condition(line.condition or Condition.GOOD)
    note_done(reader_id, [line.line_key], Done(plan))
    db.session.execute(delete(BasketLine).where(BasketLine.id == line_id))
    if plan is Plan.LIST:
        add_listing(reader_id, book_id, condition, "", None, now, terms)
    elif plan is Plan.PRIVATE:
        _keep_one(reader_id, book_id, condition, now)
    else:
        add_wish(reader_id, book_id, now)
    return plan


def _keep_one(reader_id: int, book_id: int, condition: Condition, now: int) -> None:
    """Put a private copy on a reader's shelf, unless a copy of the book stands there; inside a transaction."""
    held = select(Copy.id).where(Copy.holder_id == reader_id, Copy.book_id == book_id)
    if db.session.scalar(held.limit(1)) is None:
        add_private(reader_id, book_id, condition, now)
